"""Two people at one page, what was changed, taking it back, drafts: nothing is overwritten and nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.clinics.drafts import Draft
from directory.clinics.editing import Revision
from directory.clinics.jobs import drop_old_drafts
from directory.clinics.models import Clinic
from directory.db import db, now, writing
from tests import factories
from tests.accounts.people import submit
from tests.manage.staff import staff
from tests.manage.typing import fields_of, retyped, save
from tests.reading import reads_of, text_of

Run = Callable[..., Any]
POLICIES, IDENTITY = "/manage/one/profile/policies", "/manage/one/profile/identity"


@pytest.fixture
def owner(app: Flask, run: Run) -> FlaskClient:
    factories.saved(app, lambda: factories.clinic(slug="one", name="First Name"))
    return staff(app, run, "owner@example.org", "one")


@pytest.fixture
def editor(app: Flask, run: Run, owner: FlaskClient) -> FlaskClient:
    return staff(app, run, "editor@example.org", "one", "editor")


def _public(app: Flask) -> str:
    return text_of(app.test_client().get("/clinics/one"))


def test_the_slower_of_two_chooses_field_by_field(app: Flask, owner: FlaskClient, editor: FlaskClient) -> None:
    mine = editor.get(POLICIES)
    save(owner, POLICIES, {"deposit": "10 % of the price", "patch_test_hours": "24"})
    typed: dict[str, object] = {"patch_test_hours": "48", "cooling_off_days": "3"}
    told = editor.post(POLICIES, data=retyped(mine, typed))
    assert told.status_code == 409
    words = text_of(told)
    assert "This was changed meanwhile" in words
    for line in ("48 hours before", "24 hours before", "10 % of the price", "3 days"):
        assert line in words
    assert "48 hours" not in _public(app)
    # What I never touched is theirs; where both wrote, one is taken: theirs for the patch test, mine for the days.
    proposed = fields_of(told)
    assert proposed["take-deposit"] == "theirs"
    assert proposed["take-patch_test_hours"] == "mine"
    proposed["take-patch_test_hours"] = "theirs"
    assert editor.post(POLICIES, data=proposed).status_code == 303
    words = _public(app)
    for line in ("24 hours before", "10 % of the price", "3 days"):
        assert line in words
    with app.app_context():
        assert db.session.scalars(select(Revision.number).order_by(Revision.number)).all() == [1, 2]


def test_a_third_change_in_between_is_told_again(owner: FlaskClient, editor: FlaskClient) -> None:
    mine = editor.get(POLICIES)
    save(owner, POLICIES, {"deposit": "First"})
    told = editor.post(POLICIES, data=retyped(mine, {"under_18": "Never"}))
    save(owner, POLICIES, {"deposit": "Second"})
    again = editor.post(POLICIES, data=fields_of(told))
    assert again.status_code == 409
    assert "Second" in text_of(again)


def test_the_same_words_from_two_people_are_no_quarrel(owner: FlaskClient, editor: FlaskClient) -> None:
    mine = editor.get(POLICIES)
    save(owner, POLICIES, {"deposit": "The same"})
    assert editor.post(POLICIES, data=retyped(mine, {"deposit": "The same"})).status_code == 303


def test_of_two_at_the_same_moment_one_wins_and_the_other_is_told(
    app: Flask, owner: FlaskClient, editor: FlaskClient
) -> None:
    sent = [
        (browser, retyped(browser.get(POLICIES), {"deposit": who})) for browser, who in ((owner, "A"), (editor, "B"))
    ]
    gate, answers = Barrier(2), []

    def press(browser: FlaskClient, fields: Any) -> None:
        gate.wait()
        answers.append(browser.post(POLICIES, data=fields).status_code)

    presses = [Thread(target=press, args=one) for one in sent]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert sorted(answers) == [303, 409]
    with app.app_context():
        assert len(db.session.scalars(select(Revision)).all()) == 1


def test_the_history_tells_who_and_what_and_takes_it_back(app: Flask, owner: FlaskClient, editor: FlaskClient) -> None:
    save(owner, IDENTITY, {"description": "Calm and slow."})
    save(editor, IDENTITY, {"description": "Fast and cheap."})
    words = text_of(owner.get("/manage/one/history"))
    assert words.index("by an editor") < words.index("by you")
    assert "Calm and slow. Fast and cheap." in words
    early = submit(owner, "/manage/one/history/1/undo", page="/manage/one/history")
    assert early.status_code == 303
    assert "changed again since" in text_of(owner.get("/manage/one/history"))
    assert "Fast and cheap." in _public(app)
    submit(owner, "/manage/one/history/2/undo", page="/manage/one/history")
    assert "Calm and slow." in _public(app)
    assert "Takes back change 2" in text_of(owner.get("/manage/one/history"))
    submit(owner, "/manage/one/history/3/undo", page="/manage/one/history")
    assert "Fast and cheap." in _public(app)
    with app.app_context(), writing():
        told = {"clinic_id": db.session.scalars(select(Clinic.id)).one(), "section": "policies", "role": "owner"}
        for number in range(10, 40):
            db.session.add(Revision(number=number, before={"deposit": "A"}, after={"deposit": "B"}, **told))
        db.session.commit()
    reads = reads_of(app, owner, "/manage/one/history")
    assert len(reads) <= 16, "\n\n".join(reads)


def test_prices_and_hours_are_taken_back_too(app: Flask, owner: FlaskClient) -> None:
    prices, hours = "/manage/one/profile/prices", "/manage/one/profile/hours"
    save(owner, prices, {"lines-0-goal": "crown", "lines-0-low": "900"})
    save(owner, prices, {"lines-0-low": "1000", "lines-1-goal": "hairline", "lines-1-low": "700"})
    save(owner, hours, {"days-0-opens": "09:00", "days-0-closes": "17:00"})
    assert "£1,000" in _public(app)
    for number in (2, 3):
        submit(owner, f"/manage/one/history/{number}/undo", page="/manage/one/history")
    told = app.test_client().get("/api/v1/clinics/one").json
    assert [(line["goal"], line["price_min"]) for line in told["services"]] == [("crown", 90000)]
    assert told["opening_hours"] == ""


def test_an_editor_takes_no_name_back(app: Flask, owner: FlaskClient, editor: FlaskClient) -> None:
    save(owner, IDENTITY, {"name": "Second Name"})
    submit(editor, "/manage/one/history/1/undo", page="/manage/one/history")
    assert "Only an owner" in text_of(editor.get("/manage/one/history"))
    submit(owner, "/manage/one/history/1/undo", page="/manage/one/history")
    assert "First Name" in _public(app)


def test_a_draft_is_kept_as_typed_and_seen_by_nobody_else(app: Flask, owner: FlaskClient, editor: FlaskClient) -> None:
    typed: dict[str, object] = {"patch_test_hours": "many", "deposit": "zqx-unsaved", "patch_test_parts": ["pigment"]}
    assert save(owner, POLICIES, typed, to=POLICIES + "/draft").status_code == 303
    kept = fields_of(owner.get(POLICIES))
    assert (kept["patch_test_hours"], kept["deposit"]) == ("many", "zqx-unsaved")
    assert "This is your draft" in text_of(owner.get(POLICIES))
    assert "draft" in text_of(owner.get(IDENTITY))
    assert fields_of(editor.get(POLICIES))["deposit"] == ""
    assert "zqx-unsaved" not in _public(app)
    # Somebody else is quicker: the draft remembers from which state it was drawn.
    save(editor, POLICIES, {"under_18": "Never"})
    told = owner.post(POLICIES, data={**fields_of(owner.get(POLICIES)), "patch_test_hours": "48"})
    assert told.status_code == 409
    assert owner.post(POLICIES, data=fields_of(told)).status_code == 303
    assert "zqx-unsaved" in _public(app)
    assert "This is your draft" not in text_of(owner.get(POLICIES))


def test_drafts_are_thrown_away_at_once_or_after_sixty_days(app: Flask, owner: FlaskClient) -> None:
    save(owner, POLICIES, {"deposit": "Away"}, to=POLICIES + "/draft")
    submit(owner, POLICIES + "/draft/drop", page=POLICIES)
    assert fields_of(owner.get(POLICIES))["deposit"] == ""
    for section in ("policies", "identity"):
        save(owner, f"/manage/one/profile/{section}", {}, to=f"/manage/one/profile/{section}/draft")
    with app.app_context(), writing():
        old = db.session.scalars(select(Draft).where(Draft.section == "policies")).one()
        old.saved_at = now() - timedelta(days=61)
        db.session.commit()
    with app.app_context():
        assert drop_old_drafts() == "deleted 1 drafts"
        assert db.session.scalars(select(Draft.section)).all() == ["identity"]


def test_an_erased_listing_leaves_nothing_in_its_history(app: Flask, owner: FlaskClient) -> None:
    save(owner, IDENTITY, {"description": "zqx-once-said"})
    save(owner, POLICIES, {"deposit": "zqx-unsaved"}, to=POLICIES + "/draft")
    with app.app_context(), writing():
        db.session.scalars(select(Clinic)).one().erase()
        db.session.commit()
    with app.app_context():
        one = db.session.scalars(select(Revision)).one()
        assert (one.number, one.before, one.after) == (1, {}, {})
        assert db.session.scalars(select(Draft)).all() == []
