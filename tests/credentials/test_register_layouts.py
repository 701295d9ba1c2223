"""Lists as issuers hand them out: four layouts, the mapping files, and hostile files with an error that says where."""

from pathlib import Path
from typing import Any

import pytest

from directory.clinics.importing.encodings import FileUnusable
from directory.credentials.register_layouts import SHIPPED, read_layout
from directory.credentials.register_lists import Reading, read_list
from tests.credentials.lists import FIXED, PERSONS, PREMISES, chicago, mapping, person, persons, text_file


def read_persons(folder: Path, *rows: str) -> Reading:
    return read_list(persons(folder, *rows), read_layout("xx-somewhere", mapping(folder, PERSONS)))


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_mapping_is_sound(path: Path) -> None:
    layout = read_layout(path.stem, None)
    assert layout.title
    assert layout.licence
    assert layout.source_url.startswith("https://")
    assert not layout.link or "{number}" in layout.link


def test_terms_of_one_licence_become_one_entry(tmp_path: Path) -> None:
    def term(began: str, ended: str, status: str = "AAI", name: str = "ADA MUSTER") -> dict[str, str]:
        return {
            "LICENSE NUMBER": "41",
            "LEGAL NAME": name,
            "LICENSE TERM START DATE": began,
            "LICENSE TERM EXPIRATION DATE": ended,
            "LICENSE STATUS": status,
        }

    file = chicago(
        tmp_path,
        term("01/16/2024", "01/15/2026", name="ADA ALT"),
        term("01/16/2026", "01/15/2028", "REV"),
        term("01/16/2022", "01/15/2024"),
        {"DOING BUSINESS AS NAME": "CROWN CLINIC"},
    )
    reading = read_list(file, read_layout("us-il-chicago", None))
    assert (reading.rows, len(reading.lines), reading.faults) == (4, 2, [])
    line = reading.lines["41"]
    assert (line.status, line.name, line.other_names) == ("revoked", "ADA MUSTER", ["ADA ALT"])
    assert str(line.expires) == "2028-01-15"
    assert reading.lines["7000003"].other_names == ["CROWN CLINIC"]
    assert reading.lines["7000003"].address == "4 W EXAMPLE AVE"


def test_name_in_one_field_and_german_dates(tmp_path: Path) -> None:
    reading = read_persons(tmp_path, "SP-00017;Müller Ada Maria;gültig;01.02.2020;31.12.2027;Graz;8010 Graz")
    line = reading.lines["17"]
    assert (line.number, line.name, line.status, line.status_word) == (
        "SP-00017",
        "Ada Maria Müller",
        "active",
        "gültig",
    )
    assert (str(line.issued), str(line.expires)) == ("2020-02-01", "2027-12-31")
    assert line.city == "Graz"


def test_a_list_of_persons_keeps_no_door(tmp_path: Path) -> None:
    line = read_persons(tmp_path, person(1)).lines["1"]
    assert (line.postal_area, line.address) == ("8010", "")
    with pytest.raises(FileUnusable, match="keeps no address"):
        read_layout("xx-somewhere", mapping(tmp_path, PERSONS.replace("[name]", 'address = "Adresse"\n[name]')))


def test_premises_only_with_trade_and_former_names(tmp_path: Path) -> None:
    rows = [
        "Ref|Premises|Trading as|Formerly|State|Street|Unit|Town|Postcode|Kind",
        "P/7|Example Ltd|Crown Clinic|Old Crown|Current|1 Example Street|Unit 4|Leeds|LS1 4AP|Skin Piercing",
        "P/8|Kennel Ltd|||Current|2 Example Street||Leeds|LS1 4AP|Animal boarding",
        "P/9|Shut Ltd|||closed|3 Example Street||Leeds|LS1 4AP|skin piercing",
    ]
    file = text_file(tmp_path / "premises.csv", rows, encoding="cp1252")
    reading = read_list(file, read_layout("xx-premises", mapping(tmp_path, PREMISES)))
    assert (reading.rows, reading.filtered, sorted(reading.lines)) == (3, 1, ["P7", "P9"])
    line = reading.lines["P7"]
    assert (line.name, line.other_names) == ("Example Ltd", ["Crown Clinic", "Old Crown"])
    assert (line.address, line.postal_area) == ("1 Example Street Unit 4", "LS1 4AP")


def test_fixed_width(tmp_path: Path) -> None:
    rows = ["00000017MUSTER          ADA         A20271231", "00000018MUSTER          BEA         S20990101"]
    file = text_file(tmp_path / "fixed.txt", rows)
    reading = read_list(file, read_layout("xx-fixed", mapping(tmp_path, FIXED)))
    assert [(line.number_key, line.name, line.status) for line in reading.lines.values()] == [
        ("17", "ADA MUSTER", "active"),
        ("18", "BEA MUSTER", "suspended"),
    ]


REFUSED_ROWS = [
    ("SP-00002;Muster Ada;lebt;01.02.2020;;Graz;8010", "Status", "gives no meaning to the status 'lebt'"),
    ("SP-00002;Muster Ada;;01.02.2020;;Graz;8010", "Status", "an empty cell"),
    ("SP-00002;Muster Ada;gültig;2020-02-01;;Graz;8010", "Seit", "no date of the form %d.%m.%Y"),
    ("SP-00002;Muster Ada;gültig;01.02.2020;31.02.2027;Graz;8010", "Bis", "no date"),
    (";Muster Ada;gültig;01.02.2020;;Graz;8010", "Registernummer", "there is no number"),
    ("none;Muster Ada;gültig;01.02.2020;;Graz;8010", "Registernummer", "this is no number"),
    ("SP-00002;;gültig;01.02.2020;;Graz;8010", "Inhaber", "there is no name"),
    ('SP-00002;"=HYPERLINK(""x"")";gültig;01.02.2020;;Graz;8010', "Inhaber", "holds a formula"),
    ("@SUM(1);Muster Ada;gültig;01.02.2020;;Graz;8010", "Registernummer", "holds a formula"),
    (f"SP-00002;{'A' * 201};gültig;01.02.2020;;Graz;8010", "Inhaber", "longer than 200 letters"),
    ("SP-00002;Muster Ada;gültig", "", "breaks off"),
    ("SP-00002;Muster Ada;gültig;01.02.2020;;Graz;8010;more", "", "8 cells where the header has 7"),
]


@pytest.mark.parametrize(("row", "column", "reason"), REFUSED_ROWS)
def test_a_refused_row_says_line_column_and_reason(tmp_path: Path, row: str, column: str, reason: str) -> None:
    reading = read_persons(tmp_path, person(1), row, person(3))
    (fault,) = reading.faults
    assert (fault.line, fault.column) == (3, column)
    assert reason in fault.reason
    assert sorted(reading.lines) == ["1", "3"]


def test_a_number_of_two_holders_stands_for_neither(tmp_path: Path) -> None:
    rows = [
        person(1),
        person(2, "Muster Ada"),
        person(2, "Anders Bea"),
        person(2, "Muster Ada"),
        person(2, "Muster Ada"),
    ]
    reading = read_persons(tmp_path, *rows)
    assert sorted(reading.lines) == ["1"]
    assert [(fault.line, fault.column) for fault in reading.faults] == [(n, "Registernummer") for n in (3, 4, 5, 6)]
    assert "line 3 already" in reading.faults[1].reason


def test_numbers_that_only_look_alike_are_two(tmp_path: Path) -> None:
    rows = ["1-23;Muster Ada;gültig;;;Graz;8010", "12-3;Muster Ada;gültig;;;Graz;8010"]
    assert len(read_persons(tmp_path, *rows).faults) == 2


def test_the_same_row_twice_is_one_entry_and_the_worse_status_counts(tmp_path: Path) -> None:
    reading = read_persons(tmp_path, person(1), person(1), person(1, status="widerrufen"))
    assert [line.status for line in reading.lines.values()] == ["revoked"]
    assert reading.faults == []


def hostile(folder: Path, kind: str) -> Path:
    good = (("Registernummer;Inhaber;Status;Seit;Bis;Ort;PLZ\n" + person(1) + "\n") * 1).encode()
    bodies: dict[str, bytes] = {
        "nul": good + b"SP-2;Mus\x00ter;x;;;;\n",
        "long": good + b"S" * 10_000_000 + b"\n",
        "header": b"Nummer;Inhaber;Status;Seit;Bis;Ort;PLZ\n" + person(1).encode() + b"\n",
        "empty": b"",
        "only header": b"Registernummer;Inhaber;Status;Seit;Bis;Ort;PLZ\n",
        "quotes": good + b'"SP-2;Muster;x;;;;\n' + b"SP-3;b;c;;;;\n" * 3,
        "workbook": b"PK\x03\x04" + b"x" * 100,
    }
    path = folder / "hostile.csv"
    path.write_bytes(bodies[kind])
    return path


UNUSABLE = [
    ("nul", "line 3, byte 9 is a NUL"),
    ("long", "line 3 is longer than"),
    ("header", r"line 1: the header lacks 'Registernummer' \(number\); it has: Nummer"),
    ("empty", "is empty"),
    ("only header", "no rows"),
    ("quotes", "line 3: a quoted cell begins here"),
    ("workbook", "an Excel workbook"),
]


@pytest.mark.parametrize(("kind", "words"), UNUSABLE)
def test_an_unusable_file_says_where(tmp_path: Path, kind: str, words: str) -> None:
    layout = read_layout("xx-somewhere", mapping(tmp_path, PERSONS))
    with pytest.raises(FileUnusable, match=words):
        read_list(hostile(tmp_path, kind), layout)


def test_a_wrong_encoding_is_named(tmp_path: Path) -> None:
    text = PERSONS + '\n[file]\nencoding = "cp1252"\n'
    file = text_file(tmp_path / "list.csv", ["Registernummer;Inhaber;Status;Seit;Bis;Ort;PLZ", person(1)])
    with pytest.raises(FileUnusable, match="the mapping says cp1252, and line 2 is UTF-8"):
        read_list(file, read_layout("xx-somewhere", mapping(tmp_path, text)))


def test_a_line_in_another_encoding_costs_that_line(tmp_path: Path) -> None:
    file = persons(tmp_path, *[person(n) for n in range(1, 5)])
    file.write_bytes(file.read_bytes() + "SP-9;Müller Ada;gültig;;;Graz;8010\n".encode("latin-1"))
    (fault,) = read_list(file, read_layout("xx-somewhere", mapping(tmp_path, PERSONS))).faults
    assert fault.line == 6
    assert "byte 7 (0xFC) is not UTF-8" in fault.reason


BAD_MAPPINGS: list[tuple[Any, Any, str]] = [
    ('kind = "persons"', 'kind = "people"', "kind must be"),
    ('issuer = "xx-somewhere"', 'issuer = "xx-other"', "is for the issuer 'xx-other'"),
    ('number = "Registernummer"', "", "must say where number stands"),
    ('number = "Registernummer"', "number = 7", "number must be a text"),
    ('"ruht" = "suspended"', '"ruht" = "asleep"', "gives 'ruht' a meaning"),
    ('formats = ["%d.%m.%Y"]', "", "must say formats"),
    ("[columns]", "[colums]", "unknown parts: colums"),
    ("[columns]", '[columns]\nfoo = "bar"', "columns has foo"),
    ("[columns]", "[columns", "not valid TOML"),
]


@pytest.mark.parametrize(("old", "new", "words"), BAD_MAPPINGS)
def test_a_wrong_mapping_says_file_and_key(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(FileUnusable, match=r"mapping\.toml") as caught:
        read_layout("xx-somewhere", mapping(tmp_path, PERSONS.replace(old, new)))
    assert words in str(caught.value)


def test_an_issuer_without_a_mapping_is_told_which_are_shipped() -> None:
    with pytest.raises(FileUnusable, match="us-il-chicago"):
        read_layout("../../etc/passwd", None)
