"""No picture is shown without the consent of the person in it, and it is gone the moment that is taken back."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from directory import jobs
from directory.config import Settings
from directory.db import db, now, writing
from directory.factory import create_app
from directory.ledger import LedgerRow
from directory.portfolio.jobs import forget_pictures
from tests.accounts.people import letters
from tests.backup.test_restore import _command as command
from tests.backup.test_restore import _empty as empty_place
from tests.moderation.cast import decide, moderator, open_cases
from tests.portfolio import clinic as at
from tests.portfolio.clinic import Run
from tests.reading import text_of

CANARY = b"canary-of-the-camera"


def _files(app: Flask) -> list[Path]:
    folder = app.config["SETTINGS"].data / "files" / "pictures"
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_a_picture_is_seen_once_the_person_agreed_and_a_moderator_read_it(app: Flask, run: Run) -> None:
    """Nothing of it before that; then with its stage, light and length, for everybody, in every size."""
    owner = at.owner(app, run)
    path = at.begin(owner, reference="client 4471", pigment="Black 5")
    assert at.add(owner, path, at.a_picture(comment=CANARY)).status_code == 303
    (picture,) = at.ids(app)
    visitor, address = app.test_client(), f"/pictures/{picture}/800.webp"
    assert not any(CANARY in file.read_bytes() for file in _files(app))
    assert "client 4471" in text_of(owner.get(path))
    assert at.send(owner, path).status_code == 409
    link = at.link_of(app)
    page = visitor.get(link)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "client 4471" not in page.text
    assert visitor.get(f"{link}/{picture}/400.webp").status_code == 200
    assert at.agree(app, link, picture).status_code == 303
    assert visitor.get(address).status_code == 404
    assert at.send(owner, path).status_code == 303
    assert visitor.get(address).status_code == 404
    (case,) = open_cases(app, "result")
    desk = moderator(app)
    assert "agreed by the person at their link" in text_of(desk.get(f"/desk/items/{case}"))
    assert decide(desk, case, "publish").status_code == 303
    said = text_of(visitor.get("/clinics/one"))
    for words in ("Hairline, healed for 12 months", "Harsh, direct light, shaved to the skin", "Black 5", "Not shown"):
        assert words in said
    assert "client 4471" not in said
    for size in ("400.webp", "800.webp", "1600.webp", "1600.jpg"):
        answer = visitor.get(f"/pictures/{picture}/{size}")
        assert answer.status_code == 200
        assert CANARY not in answer.data
    assert visitor.get("/pictures/x/800.webp").status_code == 404
    assert visitor.get("/clinics/one/results").status_code == 200
    told = letters(app, "owner@one.example")[-1]
    assert told["Subject"] == "Your pictures are shown at Hairline"
    assert "/manage/one/results" in told.get_content()


def test_one_press_takes_it_back_in_every_worker(app: Flask, run: Run, settings: Settings) -> None:
    """The next request in another process finds nothing; all files go; a neutral gap stays, and a row of the day."""
    owner, path, link = at.shown(app, run)
    early = at.add(owner, path, at.a_picture(7), kind="24m", taken=at.month_ago(0))
    assert early.status_code == 422
    assert re.search(r"That month does not fit the stage: it is \d+ months? after the last session\.", text_of(early))
    assert at.add(owner, path, at.a_picture(9), kind="fresh", taken=at.month_ago(12)).status_code == 303
    (first, *more) = at.ids(app)
    at.agree(app, link, more[-1])
    at.send(owner, path)
    (case,) = open_cases(app, "result")
    assert decide(moderator(app, "third"), case, "publish").status_code == 303
    other = create_app(settings).test_client()
    assert other.get(f"/pictures/{first}/800.webp").status_code == 200
    answer = at.post(app.test_client(), link, f"{link}/withdraw", picture=first)
    assert answer.status_code == 303
    for size in ("400.webp", "800.webp", "1600.webp", "1600.jpg"):
        assert other.get(f"/pictures/{first}/{size}").status_code == 404
    said = text_of(other.get("/clinics/one"))
    assert "A picture was withdrawn by the person in it." in said
    assert "Hairline, fresh only" in said
    held = len(_files(app))
    with app.app_context():
        jobs.drain()
        row = db.session.query(LedgerRow).filter_by(act="picture.withdrawn").one()
        assert (row.role, row.at % 86_400_000_000) == ("person", 0)
    assert len(_files(app)) == held - 4
    at.post(app.test_client(), link, f"{link}/withdraw")
    said = text_of(app.test_client().get("/clinics/one"))
    assert "1 result was withdrawn by the person in it." in said
    assert "Hairline, fresh only" not in said
    with app.app_context():
        jobs.drain()
        assert db.session.execute(text("SELECT hair, skin, pigment, sessions FROM result_set")).one() == (
            "",
            "",
            "",
            None,
        )
    assert _files(app) == []
    assert "No picture of you is here" in text_of(app.test_client().get(link))


def test_the_clinic_withdraws_with_one_press_and_leaves_no_gap(app: Flask, run: Run) -> None:
    owner, path, _link = at.shown(app, run)
    (picture,) = at.ids(app)
    assert at.post(owner, path, f"{path}/withdraw").status_code == 303
    visitor = app.test_client()
    assert visitor.get(f"/pictures/{picture}/800.webp").status_code == 404
    assert "withdrawn by the" not in text_of(visitor.get("/clinics/one"))
    assert visitor.get("/clinics/one/results").status_code == 404


def test_what_was_agreed_to_cannot_change_behind_the_persons_back(app: Flask, run: Run) -> None:
    """Another stage, light or pigment needs the consent anew, and so does a button pressed on an old page."""
    owner = at.owner(app, run)
    path = at.begin(owner)
    at.add(owner, path)
    (picture,), link = at.ids(app), at.link_of(app)
    assert at.post(app.test_client(), link, f"{link}/agree", picture=picture, stated="old").status_code == 409
    at.agree(app, link, picture)
    described = f"/manage/one/pictures/{picture}"
    told = {"kind": "12m", "taken": at.month_ago(1), "light": "daylight", "hair_length": "1mm", "unedited": "y"}
    assert at.post(owner, described, described, **told).status_code == 303
    assert at.send(owner, path).status_code == 409
    at.agree(app, link, picture)
    facts = {"goal": "crown", "variant": "permanent", "finished": at.month_ago(13)}
    assert at.post(owner, f"{path}/facts", f"{path}/facts", **facts).status_code == 303
    assert at.send(owner, path).status_code == 409
    at.agree(app, link, picture)
    assert at.send(owner, path).status_code == 303
    assert owner.get(f"{path}/facts").status_code == 409
    assert owner.get(described).status_code == 404


def test_a_form_on_paper_does_not_do_for_a_face(app: Flask, run: Run) -> None:
    owner = at.owner(app, run)
    path = at.begin(owner)
    at.add(owner, path, recognisable="y")
    at.add(owner, path, at.a_picture(5), light="daylight")
    face, plain = at.ids(app)
    assert at.post(owner, path, f"/manage/one/pictures/{face}/consent").status_code == 409
    assert at.post(owner, path, f"/manage/one/pictures/{plain}/consent").status_code == 303
    assert "You hold a signed form" in text_of(owner.get(path))
    at.send(owner, path)
    assert at.states(app) == ["draft", "pending"]


@pytest.mark.parametrize(
    "change",
    [
        "state = 'published'",
        "state = 'pending'",
        "consent_how = 'form'",
        "consent_how = 'nobody', consent_at = created_at",
        "recognisable = true, consent_how = 'form', consent_at = created_at",
        "result_id = NULL",
        "ended_by = 'person'",
        "state = 'published', consent_how = 'link', consent_at = created_at, unedited = false",
        "state = 'published', consent_how = 'link', consent_at = created_at, consent_ended_at = created_at,"
        " ended_by = 'clinic'",
    ],
)
def test_the_database_refuses_what_no_rule_allows(app: Flask, run: Run, change: str) -> None:
    owner = at.owner(app, run)
    at.add(owner, at.begin(owner))
    with app.app_context(), writing(), pytest.raises(IntegrityError):
        db.session.execute(text(f"UPDATE clinic_picture SET {change}"))


def test_a_restored_backup_does_not_show_what_was_taken_back_since(
    app: Flask, run: Run, settings: Settings, tmp_path: Path
) -> None:
    _owner, _path, link = at.shown(app, run)
    old = run("backup", "create", tmp_path / "vault").output.strip()
    assert at.post(app.test_client(), link, f"{link}/withdraw").status_code == 303
    with time_machine.travel(now() + timedelta(minutes=15), tick=True):
        assert run("backup", "create", tmp_path / "vault").exit_code == 0
    with empty_place(settings, tmp_path) as elsewhere:
        done = command(elsewhere, "backup", "restore", old)
        assert done.exit_code == 0, done.output
        assert at.states(elsewhere) == ["withdrawn"]
        with elsewhere.app_context():
            jobs.drain()
        assert _files(elsewhere) == []


def test_drafts_and_what_was_refused_do_not_stay(app: Flask, run: Run) -> None:
    owner, path, _link = at.shown(app, run)
    at.add(owner, path, at.a_picture(3), light="daylight")
    assert len(_files(app)) == 8
    for days, left in ((89, 8), (91, 4)):
        with time_machine.travel(now() + timedelta(days=days)), app.app_context():
            forget_pictures()
            jobs.drain()
        assert len(_files(app)) == left, days
    assert at.states(app) == ["published"]
