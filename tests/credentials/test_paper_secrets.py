"""Two hundred marks in what holders hand in, and eighty hostile files: what of them is ever seen anywhere."""

import sqlite3
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, PngImagePlugin

from directory import jobs
from directory.config import Settings
from directory.credentials.evidence import Evidence
from directory.db import Base, db, writing
from directory.practitioners.accounts import PractitionerAccount
from tests import factories
from tests.accounts.people import form_token, member
from tests.credentials import hostile, papers
from tests.credentials.test_handing_in import AMARA, add, begin
from tests.imaging import corpus
from tests.moderation.cast import open_cases, take, with_role

FILES, PLACES, EACH = 10, 10, 2  # two hundred marks


def _mark(file: int, place: int) -> str:
    """Two of them, to hide in one place of a file."""
    return " ".join(f"zqpaper{file:02d}x{place}x{number}" for number in range(EACH))


def _pdf(file: int) -> bytes:
    """Marks as words on the page, as a number, in its notes, in files inside, in scripts, behind its end."""
    marks = [_mark(file, place) for place in range(PLACES)]
    packed = f"{marks[4]} {marks[5]}".encode()
    return (
        corpus.pdf(
            [f"Licence no. {marks[0]}", f"of {marks[1]}"],
            trailer=f"/Info<</Title({marks[2]})/Author({marks[3]})>>",
            more=f"100 0 obj<</Length {len(packed)}>>stream\n{packed.decode()}\nendstream endobj\n",
            catalogue=f"/Metadata 100 0 R/OpenAction<</S/JavaScript/JS({marks[6]})>>/Lang({marks[7]})",
        )
        + f"\n%{marks[8]} {marks[9]}".encode()
    )


def _picture(file: int) -> bytes:
    """The same in a picture: texts, a profile, a note of the camera, behind its end."""
    marks, sheet, told = [_mark(file, place) for place in range(PLACES)], BytesIO(), PngImagePlugin.PngInfo()
    for mark in marks[:5]:
        told.add_text("Comment", mark)
        told.add_itxt("Description", mark)
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x8298] = marks[5], marks[6], marks[7]
    corpus.photo(70, 50, seed=file).save(sheet, "PNG", pnginfo=told, exif=exif)
    return sheet.getvalue() + f"{marks[8]}{marks[9]}".encode()


def _stored(settings: Settings, temporary: Path) -> Iterator[tuple[str, bytes]]:
    """Every byte that a thief of the disk would have: files, database, write-ahead log, temporary files."""
    for folder in (settings.data, temporary):
        yield from ((str(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file())
    if not db.engine.dialect.name.startswith("postgres"):
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("CHECKPOINT"))
        cluster = Path(connection.execute(sa.text("SHOW data_directory")).scalar_one())
    yield from ((str(path), path.read_bytes()) for path in cluster.rglob("*") if path.is_file())


@pytest.fixture
def amara(app: Flask) -> FlaskClient:
    browser = member(app, AMARA)
    with app.app_context(), writing():
        _studio, person = papers.leeds()
        db.session.add(PractitionerAccount(practitioner_id=person.id, user_id=papers.person(AMARA).id))
        factories.commit()
    return browser


def _hand_in(browser: FlaskClient, address: str, name: str, content: bytes) -> int:
    token = form_token(browser.get(address))
    data = {"csrf_token": token, "document": (BytesIO(content), name)}
    return browser.post(f"{address}/papers", data=data).status_code


def test_two_hundred_marks_are_found_nowhere(
    app: Flask, amara: FlaskClient, settings: Settings, tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setenv("TMPDIR", str(temporary))
    desk = with_role(app, "checker@desk.example", "checker")
    answers: list[bytes] = []
    for at in range(0, FILES, 5):
        address = begin(amara, f"LCC/SP/{at:05}")
        for file in range(at, at + 5):
            content = _pdf(file) if file % 2 else _picture(file)
            assert _hand_in(amara, address, f"{_mark(file, 0)}.pdf", content) == 303
        token = form_token(amara.get(address))
        amara.post(f"{address}/submit", data={"csrf_token": token})
        answers += [amara.get(path).data for path in (address, "/account/credentials/", "/account/data")]
        answers.append(app.test_client().get(f"/credentials/{address.rpartition('/')[2]}").data)
    for case in open_cases(app, "credential"):
        take(desk, case)
        shown = desk.get(f"/desk/items/{case}")
        links = [part.split('"')[0] for part in shown.text.split('href="/desk/papers/')[1:]]
        assert len(links) >= 5
        pages = [desk.get(f"/desk/papers/{link}").data for link in links]
        assert all(page.startswith(b"\x89PNG") for page in pages)
        answers += [shown.data, *pages]
    answers += [app.test_client().get(path).data for path in ("/practitioners/amara", "/transparency/log.jsonl")]
    mark = b"zqpaper"
    with app.app_context():
        jobs.drain()
        rows = [
            repr(tuple(row)) for table in Base.metadata.sorted_tables for row in db.session.execute(sa.select(table))
        ]
        assert not [row for row in rows if "zqpaper" in row]
        assert db.session.query(Evidence).count() == FILES
        db.session.rollback()
        assert not [name for name, content in _stored(settings, temporary) if mark in content]
    assert not [number for number, answer in enumerate(answers) if mark in answer]
    said = capfd.readouterr()
    assert "zqpaper" not in said.out + said.err
    assert "papers" in said.err, "the log was read"


def test_the_scan_finds_what_is_planted(app: Flask, settings: Settings, tmp_path: Path) -> None:
    """It would be no proof otherwise: a mark written to the database is in its files."""
    with app.app_context(), writing():
        factories.clinic("Zqpaper House", slug="zqpaper")
        factories.commit()
    with app.app_context():
        if settings.database_url.startswith("sqlite"):
            sqlite3.connect(settings.data / "hairline.sqlite").close()
        assert [name for name, content in _stored(settings, tmp_path / "none") if b"zqpaper" in content]


def test_whatever_is_handed_in_the_checker_sees_a_drawing_or_nothing(app: Flask, amara: FlaskClient) -> None:
    """Some of the eighty; `python -m benchmarks.hostile` sends all, and measures the site meanwhile."""
    address = begin(amara)
    chosen = [*hostile.pdfs()[:20:4], *hostile.pictures()[:22:4]]
    statuses = []
    for number, content in enumerate(chosen):
        if statuses.count(303) == 6:
            address = begin(amara, f"LCC/SP/{number:05}")
            statuses = []
        statuses.append(_hand_in(amara, address, "paper.pdf", content))
        assert statuses[-1] in {303, 413, 422}
    with app.app_context():
        kept = db.session.query(Evidence).order_by(Evidence.id).all()
        assert len(kept) >= 3
        for paper in kept:
            for number in range(1, paper.pages + 1):
                assert hostile.is_a_drawing(paper.page(number) or b"")


def test_more_than_thirty_looks_an_hour_are_put_before_a_lead(app: Flask, amara: FlaskClient) -> None:
    address = begin(amara)
    assert add(amara, address).status_code == 303
    token = form_token(amara.get(address))
    amara.post(f"{address}/submit", data={"csrf_token": token})
    desk = with_role(app, "checker@desk.example", "checker")
    (case,) = open_cases(app, "credential")
    take(desk, case)
    link = desk.get(f"/desk/items/{case}").text.split('href="/desk/papers/')[1].split('"')[0]
    for _ in range(30):
        assert desk.get(f"/desk/papers/{link}").status_code == 200
    assert open_cases(app, "many_looks") == []
    for _ in range(3):
        assert desk.get(f"/desk/papers/{link}").status_code == 200, "nobody is stopped in the middle of work"
    (alarm,) = open_cases(app, "many_looks")
    assert desk.get(f"/desk/items/{alarm}").status_code == 404
    lead = with_role(app, "lead@desk.example", "lead")
    assert "checker@desk.example" in lead.get(f"/desk/items/{alarm}").text
    log = app.test_client().get("/transparency/log.jsonl").text
    assert "checker.alarm" in log
    assert "checker@desk.example" not in log
