"""What `clinics import` makes of files of every form, and the one plain line it has for those it cannot use."""

import json
import stat
from pathlib import Path

import pytest

from directory.clinics.importing.columns import ColumnMap, Layout
from directory.clinics.importing.encodings import FileUnusable
from directory.clinics.importing.reader import open_table

HEADER = "name,city,postal_code,country\n"
ROWS = HEADER + "Zürich SMP,Leeds,LS1 4AP,GB\nÉclat “Noir”,York,YO1 8AW,GB\n"


def read(path: Path) -> list[tuple[int, dict[str, str], str]]:
    """(line, texts by column, fault) of every row, as the import sees them."""
    table = open_table(path, ColumnMap().knows)
    layout = Layout(table.header, ColumnMap())
    found = [(line, {} if fault else layout.pick(cells), fault) for line, cells, fault in table.rows()]
    assert len(found) == table.count
    return found


def names(path: Path) -> list[tuple[int, str]]:
    return [(line, texts.get("name", "")) for line, texts, _ in read(path)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(ROWS.replace(",", delimiter).encode(encoding))
    assert names(file) == [(2, "Zürich SMP"), (3, "Éclat “Noir”")]


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Mikropigmentacja skóry głowy Łódź", "cp1250"),
        ("Klinika Tomáš Dvořák Plzeň", "cp1250"),
        ("Saç Ekim Kliniği Şişli", "cp1254"),
        ("Müller Größe Schönheit", "cp1252"),
        ("Клиника микропигментации волос", "cp1251"),
        ("Κλινική μικροχρωματισμού τριχωτού κεφαλής", "cp1253"),
        ("頭皮クリニック東京", "shift_jis"),
    ],
)
def test_older_code_pages(tmp_path: Path, text: str, page: str) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(f"{HEADER}{text},X,1,PL\n".encode(page))
    assert names(file) == [(2, text)]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_end(tmp_path: Path, ending: str) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(ROWS.replace("\n", ending).encode())
    assert names(file) == [(2, "Zürich SMP"), (3, "Éclat “Noir”")]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f'Export of today\n\n{HEADER}"A\nB",Leeds,LS1,GB\n\nC,York,YO1,GB\n', encoding="utf-8")
    assert names(file) == [(4, "A\nB"), (7, "C")]


def test_excels_hint_line_is_understood(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("sep=;\r\n" + HEADER.replace(",", ";") + "A, B;Leeds;LS1;GB\r\n", encoding="utf-8")
    assert names(file) == [(3, "A, B")]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Organisation Name,Town,Post Code,Latitude,LONGITUDE", "name,city,postal_code,lat,lon"),
        ("Firma;Straße;Hausnummer;PLZ;Ort;Land", "name,address,address,postal_code,city,country"),
        ("Nom,Adresse,Code postal,Ville,Pays,Téléphone", "name,address,postal_code,city,country,phone"),
        ("Nombre,Dirección,Código Postal,Ciudad,País,Correo", "name,address,postal_code,city,country,email"),
        ("addr:street,addr:city,name,website", "address,city,name,website"),
    ],
)
def test_columns_are_known_by_many_names(tmp_path: Path, header: str, columns: str) -> None:
    file = tmp_path / "list.csv"
    cells = header.replace(";", ",").count(",") + 1
    delimiter = ";" if ";" in header else ","
    file.write_text(f"{header}\n{delimiter.join('x' for _ in range(cells))}\n", encoding="utf-8")
    assert set(read(file)[0][1]) == set(columns.split(","))


PLACE = {"name": "A", "city": "Leeds", "country": "GB"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", json.dumps([PLACE], indent=1)),
        ("a.json", json.dumps({"total": 1, "next": None, "results": [PLACE]})),
        ("a.jsonl", json.dumps(PLACE)),
        ("a.json", f"{json.dumps(PLACE)}\n"),
        ("a.txt", json.dumps([PLACE])),
        ("a.json", json.dumps([{"name": "A", "address": {"city": "Leeds", "country": "GB"}}])),
    ],
)
def test_json_in_its_forms(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    ((_, texts, fault),) = read(file)
    assert not fault
    assert texts == PLACE


def test_geojson_has_longitude_first(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-1.55, 53.8]}, "properties": PLACE}
    shape = {**feature, "geometry": {"type": "Polygon", "coordinates": []}}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, shape]}), encoding="utf-8")
    good, bad = read(file)
    assert (good[1]["lat"], good[1]["lon"]) == ("53.8", "-1.55")
    assert bad[2] == "geometry is Polygon; only points are read"


def test_a_json_record_that_breaks_rules_costs_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(
        '[{"name": "A", "city": "X"},\n{"name": "B", "name": "C"},\n{"lat": NaN},\n5,\n{"name": "D"}]', encoding="utf-8"
    )
    assert [(line, fault) for line, _, fault in read(file)] == [
        (1, ""),
        (2, "a key stands twice in one object"),
        (3, "NaN is no number of JSON"),
        (4, "is not an object with named values"),
        (5, ""),
    ]


def test_a_long_json_file_is_read_in_pieces(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    long = [{**PLACE, "name": f"Clinic {n}", "lat": n / 1000} for n in range(40_000)]
    file.write_text(json.dumps(long), encoding="utf-8")
    found = read(file)
    assert len(found) == 40_000
    assert all(
        texts["name"] == f"Clinic {n}" and float(texts["lat"]) == n / 1000 for n, (_, texts, _) in enumerate(found)
    )


def test_a_row_in_another_encoding_is_named_by_line_and_byte(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(ROWS.encode() + "Müller,Leeds,LS1,GB\n".encode("cp1252"))
    assert [fault for _, _, fault in read(file)] == ["", "", "byte 2 (0xFC) is not UTF-8, as the rest of the file is"]
    file.write_bytes(ROWS.encode("cp1252") + "Müller,Leeds,LS1,GB\n".encode())
    assert [fault for _, _, fault in read(file)] == ["", "", "byte 2: this line is UTF-8, the rest of the file cp1252"]


def test_faults_that_cost_one_row(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        f'{HEADER}"A "x" B",Leeds,LS1,GB\nC,Leeds,LS1,GB,more\n{"x" * 10_001},Leeds,LS1,GB\nD,Leeds\n', encoding="utf-8"
    )
    assert [(line, fault) for line, _, fault in read(file)] == [
        (2, "broken quotes: text follows a closing quote"),
        (3, "has 5 cells where the header has 4"),
        (4, "a cell is longer than 10,000 letters"),
        (5, ""),
    ]


BAD = [
    ("empty.csv", b"", "empty.csv is empty"),
    ("blank.csv", b"\n \n\n", "blank.csv is empty"),
    ("header.csv", HEADER.encode(), "header.csv has a header and no rows"),
    (
        "none.csv",
        b"Foo,Leeds,LS1 4AP\nBar,York,YO1\n",
        "the header lacks a column for a name; it has: Foo, Leeds, LS1 4AP",
    ),
    ("placeless.csv", b"name,phone\nA,1\n", "lacks a column for a place (lat and lon, postal_code, or city)"),
    (
        "open.csv",
        f'{HEADER}A,Leeds,LS1,GB\n"B,Leeds,LS1,GB\nC,York,YO1,GB\n'.encode(),
        "line 3: a quoted cell begins here and is never closed",
    ),
    (
        "far.csv",
        f'{HEADER}"B,Leeds,LS1,GB\n{"C,York,YO1,GB" + chr(10)}'.encode() + b"D,York,YO1,GB\n" * 300,
        "line 2: a quoted cell begins here and is still open 200 lines further on",
    ),
    (
        "wrong.csv",
        f'{HEADER}"B,Leeds,LS1,GB\nC,York,YO1,GB\n"D",York,YO1,GB\n'.encode(),
        "line 2: broken quotes: a quoted cell begins here and ends wrongly on line 4",
    ),
    (
        "wide.csv",
        ",".join(f"c{n}" for n in range(100_000)).encode() + b"\nx\n",
        "has 100,000 columns; at most 500 are read",
    ),
    ("nul.csv", f"{HEADER}A\0B,Leeds,LS1,GB\n".encode(), "line 2, byte 2 is a NUL"),
    ("long.csv", b"x" * 4_100_000, "line 1 is longer than 4,000,000 bytes"),
    ("book.xlsx", b"PK\x03\x04" + b"x" * 99, "an Excel workbook; save the sheet as CSV"),
    ("odd16.csv", ROWS.encode("utf-16") + b"\x00", "is not valid UTF-16"),
    ("broken.json", b'[{"name": "A"},\n{"name": }]', "line 2: the JSON is broken: Expecting value"),
    ("cut.json", b'[{"name": "A", "city": "B"},\n', "line 2: the JSON is broken"),
    ("deep.json", b"[" * 200_000, "the JSON is nested too deeply"),
    ("text.json", b'"text"', "is neither a list nor an object of JSON"),
    ("object.json", b'{"a": 1}', "no list of clinics in the JSON"),
]


@pytest.mark.parametrize(("name", "content", "complaint"), BAD, ids=[name for name, _, _ in BAD])
def test_a_file_that_cannot_be_used_is_refused_in_one_plain_line(
    tmp_path: Path, name: str, content: bytes, complaint: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(FileUnusable) as refused:
        read(file)
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_is_no_file(tmp_path: Path) -> None:
    for path, complaint in (
        (tmp_path, "is a folder, not a file"),
        (tmp_path / "gone.csv", "No such file or directory"),
        (Path("/dev/null"), "is not an ordinary file"),
    ):
        with pytest.raises(FileUnusable, match=complaint):
            read(path)


def test_a_file_one_may_not_read(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(ROWS, encoding="utf-8")
    file.chmod(0)
    if stat.S_IMODE(file.stat().st_mode) == 0 and not _is_readable(file):
        with pytest.raises(FileUnusable, match="Permission denied"):
            read(file)


def _is_readable(file: Path) -> bool:
    """root reads everything, whatever the mode says."""
    try:
        file.read_bytes()
    except PermissionError:
        return False
    return True


def test_a_bad_file_writes_nothing_and_ends_with_2(app, run, tmp_path: Path) -> None:
    """600 good rows come before the fault; none of them is in afterwards."""
    file = tmp_path / "list.csv"
    good = "".join(f"Clinic {n},Leeds,LS1 4AP,GB\n" for n in range(600))
    file.write_text(f'{HEADER}{good}"B,Leeds,LS1,GB\n', encoding="utf-8")
    result = run("clinics", "import", file, "--report", tmp_path / "report.csv")
    assert result.exit_code == 2
    assert result.output.strip() == "Not imported: line 602: a quoted cell begins here and is never closed."
    assert not (tmp_path / "report.csv").exists()
    assert "0 listings" in run("clinics", "export", tmp_path / "all.csv").output
