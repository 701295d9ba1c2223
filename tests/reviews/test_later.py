"""Later stages of one episode: added by the author, asked for by letter once each, mended or lapsed."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from directory.cases.decisions import Decision, Statement
from directory.cases.models import Case
from directory.db import db, now, writing
from directory.reviews.episodes import can_tell, is_new_episode, letter_stage, next_letter, stage_for
from directory.reviews.jobs import ask_for_later_stages, drop_drafts, lapse_unmended
from directory.reviews.stages import Stage
from tests.accounts.people import empty_outbox, form_token, letters, links, sign_in, submit
from tests.reviews.authors import (
    ANN,
    TEXT,
    author,
    begin,
    clinic,
    draft,
    fill,
    judged,
    publish,
    reviews,
    send,
    signed,
    visited,
)

TODAY = datetime(2026, 11, 28, tzinfo=UTC).date()

STAGES = [
    ("2026-11", "fresh"),  # this month
    ("2026-10", "6w"),  # four to eight weeks: the author may say fresh
    ("2026-06", "6w"),
    ("2026-05", "6m"),
    ("2025-12", "6m"),
    ("2025-11", "12m"),
    ("2020-01", "12m"),
    ("2027-01", "fresh"),  # not yet: the form refuses it
]


@pytest.mark.parametrize(("month", "stage"), STAGES)
def test_the_stage_follows_from_the_month(month: str, stage: str) -> None:
    assert stage_for(month, TODAY) == stage


LETTERS = [
    # treated, told, when the next letter goes out, the stage it asks for
    ("2026-11", {"fresh"}, "2027-01", "6w"),
    ("2026-08", {"fresh"}, "2027-02", "6m"),  # the six weeks are over: nobody is asked about the past
    ("2026-08", {"6w"}, "2027-02", "6m"),
    ("2026-05", {"6m"}, "2027-05", "12m"),
    ("2025-11", {"12m"}, None, ""),
    ("2020-01", {"fresh"}, None, ""),
]


@pytest.mark.parametrize(("month", "told", "due", "stage"), LETTERS)
def test_when_the_next_letter_is_due(month: str, told: set[str], due: str | None, stage: str) -> None:
    moment = next_letter(month, told, TODAY)
    assert (f"{moment:%Y-%m}" if moment else None) == due
    assert moment is None or letter_stage(month, moment.date()) == stage


EPISODES = [
    # told before, the treatment, whether it is a new episode
    ([], "2026-01", "hairline", True),
    ([("2026-01", "hairline")], "2026-06", "hairline", False),
    ([("2026-01", "hairline")], "2027-01", "hairline", True),
    ([("2026-01", "hairline")], "2026-06", "correction", True),
    ([("2026-01", "hairline")], "2026-01", "correction", False),  # mends what it mends later
    ([("2026-01", "hairline")], "2025-12", "removal", False),
    ([("2026-01", "hairline"), ("2026-06", "correction")], "2026-09", "removal", False),  # one a year
    ([("2026-01", "hairline"), ("2026-06", "correction")], "2027-06", "removal", True),
    ([("2025-01", "hairline"), ("2026-06", "hairline")], "2026-08", "crown", False),
]


@pytest.mark.parametrize(("before", "month", "goal", "new"), EPISODES)
def test_a_new_treatment_is_a_new_episode_after_a_year_or_when_it_mends(
    before: list[tuple[str, str]], month: str, goal: str, new: bool
) -> None:
    assert is_new_episode(before, month, goal) is new


def test_a_stage_is_told_when_its_time_has_come() -> None:
    assert not can_tell("12m", "2026-10", TODAY)


def test_step_one_saved_again_is_held_to_the_same_rule(app: Flask) -> None:
    """Begun as a correction, then turned into the treatment told before: one person would have two voices."""
    clinic(app)
    ann = author(app)
    send(ann)
    again = "/clinics/one/reviews/new?again=1"
    answer = fill(ann, again, **visited(5, goal="correction"))
    assert answer.status_code == 303
    visit = answer.location.replace("/result", "/visit")
    for wrong in (visited(7), visited(7, goal="correction"), visited(5)):
        refused = fill(ann, visit, **wrong)
        assert refused.status_code == 422, wrong
        assert "Add a later stage to it instead" in refused.text
    assert fill(ann, visit, **visited(4, goal="removal")).status_code == 303
    assert [(review.goal, review.episode) for review in reviews(app)] == [("hairline", 1), ("removal", 2)]


def test_a_stage_is_added_months_later(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = send(ann)
    assert submit(ann, f"{address}/later", page=address).status_code == 409  # nothing new to tell yet
    publish(app)
    with time_machine.travel(now() + timedelta(days=160)):
        ann = sign_in(app, ANN)
        assert "Tell how it is now" in ann.get(address).text
        assert submit(ann, f"{address}/later", page=address).location == f"{address}/result"
        assert "Step 1 of 2" in ann.get(f"{address}/result").text
        later = judged(stage="12m", overall="3", text="A year on it has faded a little at the temples.")
        assert submit(ann, f"{address}/result", **later).location == f"{address}/sign"
        page = ann.get(f"{address}/sign").text
        assert "pseudonym" not in page
        assert "Your consent" not in page  # given before, still held
        assert fill(ann, f"{address}/sign", own="y", no_tie="y", incentive="no").location == address
    (review,) = reviews(app)
    assert [(stage.stage, stage.state) for stage in review.stages] == [("6m", "published"), ("12m", "pending")]
    with app.app_context():
        case = db.session.scalars(select(Case).where(Case.kind == "stage")).one()
    assert case.subject == f"stage:{review.stages[1].public_id}"


def test_one_letter_for_each_stage_and_one_click_ends_them(app: Flask) -> None:
    clinic(app, name="First Rooms")
    ann = author(app)
    address = begin(ann, **{key: str(value) for key, value in (("month", now().month), ("year", now().year))})
    submit(ann, f"{address}/result", **judged(stage="fresh"))
    fill(ann, f"{address}/sign", **signed())
    publish(app)
    letters(app)
    empty_outbox(app)
    with app.app_context():
        assert ask_for_later_stages() == "sent 0 letters"
    with time_machine.travel(now() + timedelta(days=63)):
        with app.app_context():
            assert ask_for_later_stages() == "sent 1 letters"
            assert ask_for_later_stages() == "sent 0 letters"
        (letter,) = letters(app, ANN)
        body = letter.get_content()
        for word in ("First Rooms", "hair", "scalp", "treat", "heal", "clinic"):
            assert word not in body.lower()
        own, end = links(letter)
        assert own == address
        visitor = app.test_client()
        assert "Do not ask again" in visitor.get(end).text  # opening it is not pressing it
        assert reviews(app)[0].letter_at is not None
        answer = visitor.post(end, data={"csrf_token": form_token(visitor.get(end))})
        assert "We will not ask again" in answer.text
        assert visitor.get(end + "x").status_code == 404
    with time_machine.travel(now() + timedelta(days=400)), app.app_context():
        assert ask_for_later_stages() == "sent 0 letters"


def test_an_edit_waits_while_the_old_words_stay(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = send(ann)
    publish(app)
    (stage,) = reviews(app)[0].stages
    path = f"{address}/stages/{stage.public_id}/edit"
    assert TEXT in ann.get(path).text
    assert fill(ann, path, text="short").status_code == 422
    assert fill(ann, path, text=TEXT + " It still looks right.").location == address
    (stage,) = reviews(app)[0].stages
    assert (stage.state, stage.text, stage.proposed_text) == ("published", TEXT, TEXT + " It still looks right.")
    with app.app_context():
        assert db.session.scalars(select(Case).where(Case.kind == "stage")).one().reason == "Edit of something public"
    publish(app)
    assert reviews(app)[0].stages[0].text.endswith("It still looks right.")


def sent_back(app: Flask) -> str:
    """A moderator asks Ann for a change; the statement's public id."""
    with app.app_context(), writing():
        case = db.session.scalars(select(Case).where(Case.kind == "review")).one()
        stage = db.session.scalars(select(Stage)).one()
        words = "It names somebody who is not listed with the clinic."
        decision = Decision(case=case, act="ask_edit", rule="personal", statement=words)
        told = Statement(decision=decision, to_user_id=case.author_id, restriction="needs_edit", facts=words)
        db.session.add(told)
        db.session.flush()
        stage.ask_edit(told.id)
        case.state, case.closed_at = "decided", now()
        db.session.commit()
        return told.public_id


def test_mended_it_is_read_again(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = send(ann)
    statement = sent_back(app)
    page = ann.get(address).text
    assert f"/account/statements/{statement}" in page
    assert "within seven days" in ann.get(f"/account/statements/{statement}").text
    (stage,) = reviews(app)[0].stages
    fill(ann, f"{address}/stages/{stage.public_id}/edit", text=TEXT + " Nobody is named now.")
    (stage,) = reviews(app)[0].stages
    assert (stage.state, stage.text) == ("pending", TEXT + " Nobody is named now.")
    with app.app_context():
        open_one = db.session.scalars(select(Case).where(Case.state == "open")).one()
    assert (open_one.kind, open_one.reason) == ("review", "Mended by its author")


def test_not_mended_in_a_week_it_is_not_published_for_the_same_reason(app: Flask) -> None:
    clinic(app)
    send(author(app))
    sent_back(app)
    letters(app)
    empty_outbox(app)
    with time_machine.travel(now() + timedelta(days=6)), app.app_context():
        assert lapse_unmended() == "0 lapsed"
    with time_machine.travel(now() + timedelta(days=8)):
        with app.app_context():
            assert lapse_unmended() == "1 lapsed"
        assert len(letters(app, ANN)) == 1
    (stage,) = reviews(app)[0].stages
    assert stage.state == "refused"
    assert stage.statement_id is not None


def test_a_draft_nobody_touched_goes_after_thirty_days(app: Flask) -> None:
    clinic(app)
    draft(author(app))
    with time_machine.travel(now() + timedelta(days=29)), app.app_context():
        assert drop_drafts() == "erased 0 drafts"
    with time_machine.travel(now() + timedelta(days=31)), app.app_context():
        assert drop_drafts() == "erased 1 drafts"
    assert reviews(app) == []


def test_a_second_treatment_too_soon_is_a_later_stage(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = send(ann)
    assert ann.get("/clinics/one/reviews/new").location == address
    again = "/clinics/one/reviews/new?again=1"
    soon = {"goal": "hairline", "month": str(now().month), "year": str(now().year)}
    answer = fill(ann, again, **soon)
    assert answer.status_code == 422
    assert "Add a later stage to it instead" in answer.text
    assert fill(ann, again, **{**soon, "goal": "correction"}).status_code == 303
    assert [review.episode for review in reviews(app)] == [1, 2]
