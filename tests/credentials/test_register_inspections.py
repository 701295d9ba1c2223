"""Inspections that stand in an official list: read by the mapping, proposed at the desk, shown by a second person."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.clinics.importing.encodings import FileUnusable
from directory.credentials.outside import Inspection
from directory.credentials.register_layouts import read_layout
from directory.credentials.register_lists import Reading, read_list
from directory.db import db, now, writing
from tests.credentials.holding import found_in_register
from tests.credentials.lists import PREMISES, mapping, text_file
from tests.factories import clinic
from tests.moderation.cast import decide, open_cases, with_role
from tests.reading import text_of

Run = Callable[..., Any]
KEY = "xx-premises"
VISITS = PREMISES.replace(
    'type = "Kind"\n\n[status]',
    'type = "Kind"\ninspected = "Inspected"\noutcome = "Result"\ninspection_url = "Report"\n\n'
    '[dates]\nformats = ["%d/%m/%Y"]\n\n[outcome]\nSatisfactory = "passed"\n"Not satisfactory" = "failed"\n\n[status]',
)
HEADER = "Ref|Premises|Trading as|Formerly|State|Street|Unit|Town|Postcode|Kind|Inspected|Result|Report"
REPORT = "https://council.example/reports/7"
OTHERS = [f"P/{n}|Other {n} Ltd|||current|{n} Street||Leeds|LS1 1AA|skin piercing|||" for n in range(100, 160)]
WHY = "It stands so on the council's own page, read today."


def premises(on: str, result: str, report: str = REPORT, *, town: str = "Leeds|LS1 4AP", number: str = "P/7") -> str:
    return f"{number}|Example Ltd|Crown Leeds||current|1 Example Street||{town}|skin piercing|{on}|{result}|{report}"


def read(folder: Path, *rows: str) -> Reading:
    file = text_file(folder / "list.csv", [HEADER, *rows])
    return read_list(file, read_layout(KEY, mapping(folder, VISITS)))


@pytest.fixture
def load(run: Run, tmp_path: Path) -> Run:
    def go(*rows: str, expected: int = 0, by: tuple[str, ...] = ("--as", "loader@desk.example")) -> Any:
        file = text_file(tmp_path / "list.csv", [HEADER, *rows, *OTHERS])
        done = run("registers", "load", KEY, file, "--map", mapping(tmp_path, VISITS), *by)
        assert done.exit_code == expected, done.output
        return done

    return go


@pytest.fixture
def loader(app: Flask) -> FlaskClient:
    """Whoever loads the lists; and a clinic, Crown Leeds, whose premises somebody found in the list before."""
    browser = with_role(app, "loader@desk.example", "checker")
    with app.app_context(), writing():
        found_in_register(clinic("Crown Leeds", slug="crown"), "P/7").issuer.key = KEY
        db.session.commit()
    return browser


def proposed(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        found = db.session.scalars(select(Inspection).order_by(Inspection.id))
        return [(str(one.inspected_on), one.outcome, one.state) for one in found]


def test_a_row_tells_of_a_visit_in_their_words_and_ours(tmp_path: Path) -> None:
    reading = read(tmp_path, premises("03/02/2026", "Not Satisfactory"), premises("", "", "", number="P/8"))
    visit = reading.lines["P7"].visit
    assert visit is not None
    assert (str(visit.on), visit.outcome, visit.word, visit.url) == ("2026-02-03", "failed", "Not Satisfactory", REPORT)
    assert reading.lines["P8"].visit is None


def test_the_newest_visit_of_a_licence_counts_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    older, newer = premises("03/02/2025", "Satisfactory"), premises("03/02/2026", "Not satisfactory")
    for rows in ((older, newer), (newer, older), (newer, premises("", "", ""))):
        visit = read(tmp_path, *rows).lines["P7"].visit
        assert visit is not None
        assert str(visit.on) == "2026-02-03"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (premises("03/02/2026", "So so"), "Result", "no meaning to the outcome 'So so'"),
        (premises("03/02/2026", ""), "Result", "'an empty cell'"),
        (premises("", "Satisfactory"), "Inspected", "no day"),
        (premises("2026-02-03", "Satisfactory"), "Inspected", "no date of the form"),
        (premises("03/02/2026", "Satisfactory", "http://council.example/7"), "Report", "must begin with https://"),
        (premises("03/02/2026", "Satisfactory", "javascript:alert(1)"), "Report", "must begin with https://"),
    ],
)
def test_half_a_visit_is_refused_with_its_column(tmp_path: Path, row: str, column: str, reason: str) -> None:
    (fault,) = read(tmp_path, row, OTHERS[0]).faults
    assert (fault.line, fault.column) == (2, column)
    assert reason in fault.reason


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (VISITS.replace('outcome = "Result"\n', ""), "both inspected and outcome"),
        (VISITS.replace('inspection_url = "Report"\n', ""), "needs a public address"),
        (VISITS.replace('= "passed"', '= "fine"'), "gives 'Satisfactory' a meaning"),
        (VISITS.replace('kind = "premises"', 'kind = "persons"').replace('address = ["Street", "Unit"]\n', ""),
         "keeps no inspections"),
    ],
)  # fmt: skip
def test_a_mapping_that_names_half_a_visit_is_refused(tmp_path: Path, wrong: str, says: str) -> None:
    with pytest.raises(FileUnusable, match=says):
        read_layout(KEY, mapping(tmp_path, wrong))


def test_a_visit_in_the_list_is_shown_by_somebody_else_than_who_loaded_it(
    load: Run, app: Flask, loader: FlaskClient
) -> None:
    load(premises("03/02/2026", "Not satisfactory"))
    assert proposed(app) == [("2026-02-03", "failed", "proposed")]
    page = app.test_client().get("/clinics/crown")
    assert REPORT not in page.text, "nothing is shown by a list alone"
    (case,) = open_cases(app, "inspection")
    assert "You are part of this yourself" in text_of(loader.get(f"/desk/items/{case}"))
    checker = with_role(app, "checker@desk.example", "checker")
    item = text_of(checker.get(f"/desk/items/{case}"))
    assert "An official list tells of an inspection." in item
    assert REPORT in item
    assert decide(checker, case, "show", "finding", WHY).status_code == 303
    shown = app.test_client().get("/clinics/crown")
    assert "Not passed" in text_of(shown)
    assert REPORT in shown.text


def test_the_same_visit_is_brought_once_even_when_it_was_dropped(load: Run, app: Flask, loader: FlaskClient) -> None:
    load(premises("03/02/2026", "Satisfactory"))
    (case,) = open_cases(app, "inspection")
    checker = with_role(app, "checker@desk.example", "checker")
    assert decide(checker, case, "drop", "finding", "It is the shop next door.").status_code == 303
    load(premises("03/02/2026", "Satisfactory"), "P/8|Next Ltd|||current|2 Street||Leeds|LS1 1AA|skin piercing|||")
    assert proposed(app) == [("2026-02-03", "passed", "dropped")]
    load(premises("04/03/2026", "Satisfactory"))
    assert [state for _day, _outcome, state in proposed(app)] == ["dropped", "proposed"]


def test_only_a_licence_that_the_list_bears_out_brings_a_visit(load: Run, app: Flask, loader: FlaskClient) -> None:
    tomorrow = (now() + timedelta(days=1)).strftime("%d/%m/%Y")
    load(premises("03/02/2026", "Satisfactory", number="P/9"))
    load(premises("03/02/2026", "Satisfactory", town="York|YO1 7AA"))
    load(premises(tomorrow, "Satisfactory"))
    load(premises("03/02/2026", "Satisfactory"), by=())
    assert proposed(app) == [], "nobody is named as the one who loaded it"


def test_a_list_that_waits_brings_and_raises_nothing(load: Run, app: Flask, loader: FlaskClient) -> None:
    load(premises("", "", ""), *[row.replace("P/", "Q/") for row in OTHERS])
    done = load(premises("03/02/2026", "Satisfactory"), expected=3)
    assert "waits:" in done.output
    assert proposed(app) == []
