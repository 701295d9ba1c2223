"""The figures of a quarter: counted from what was decided, small numbers closed, promises beside what was kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.accounts.models import User
from directory.cases.clocks import CLOCKS, due_after
from directory.cases.decisions import Appeal, Decision, Statement
from directory.cases.models import Case
from directory.db import db, writing
from directory.moderation.quarters import Quarter, quarter_of, quarters_since
from directory.moderation.reports import Report
from directory.moderation.transparency import read_figures
from tests.reading import reads_of, text_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORDS = "It names a person who is not listed here."
THIS = Quarter(2026, 4)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def _decided(
    number: int,
    act: str,
    *,
    kind: str = "stage",
    clock: str = "review",
    rule: str = "r4",
    stars: int | None = None,
    hours: float = 3,
    at: datetime = NOW,
    appeal: str = "",
    automated: bool = False,
    carried_out: bool = True,
) -> None:
    opened = at - timedelta(hours=hours)
    case = Case(
        kind=kind,
        subject=f"{kind}:{number}",
        subject_id=number,
        clock=clock,
        opened_at=opened,
        due_at=due_after(clock, opened),
        state="decided" if carried_out else "waiting",
        closed_at=at if carried_out else None,
    )
    decision = Decision(
        act=act,
        rule=rule,
        statement=WORDS,
        at=at,
        stars=stars,
        needs_second=not carried_out,
        carried_out_at=at if carried_out else None,
    )
    case.decisions.append(decision)
    db.session.add(case)
    if act != "publish":
        user = User(email=f"{number}@example.org")
        db.session.add(user)
        db.session.flush()
        told = Statement(restriction=act, facts=WORDS, to_user_id=user.id, at=at, automated=automated)
        decision.statements.append(told)
        if appeal:
            answer = {"outcome": appeal, "reply": WORDS, "answered_at": at} if appeal != "open" else {}
            db.session.add(Appeal(decision=decision, by_id=user.id, text=WORDS, **answer))


@pytest.fixture
def quarter(app: Flask) -> Flask:
    """Reviews of every star, reports, an appeal won and one lost; some of it in the quarter before."""
    with app.app_context(), writing():
        number = iter(range(1, 10_000))
        for stars, published, refused in ((1, 20, 10), (2, 30, 6), (3, 40, 2), (4, 40, 0), (5, 50, 25)):
            for _item in range(published):
                _decided(next(number), "publish", stars=stars, rule="r1")
            for _item in range(refused):
                _decided(next(number), "refuse", stars=stars, hours=60)
        for act, appeal in (
            ("remove", "reversed"),
            ("redact", "upheld"),
            ("remove", "open"),
            ("keep", ""),
            ("keep", ""),
        ):
            _decided(next(number), act, kind="report", clock="report", rule="r6", appeal=appeal)
        _decided(next(number), "remove", kind="dispute", clock="report", rule="r6", carried_out=False)
        _decided(next(number), "refuse", stars=1, at=NOW - timedelta(days=90))
        db.session.commit()
    return app


def test_the_share_not_shown_stands_for_each_star(quarter: Flask) -> None:
    with quarter.app_context():
        stars = {line.stars: line for line in read_figures(THIS).stars}
    assert [(stars[n].decided, stars[n].not_shown) for n in (1, 2, 5)] == [(30, 10), (36, 6), (75, 25)]
    assert [(stars[n].decided, stars[n].not_shown) for n in (3, 4)] == [(None, None)] * 2
    assert stars[1].share == pytest.approx(1 / 3)
    assert stars[3].share is None


def test_the_page_tells_the_quarter(quarter: Flask, client: FlaskClient) -> None:
    text = text_of(client.get("/transparency"))
    assert "1 star 30 10 33.3 %" in text
    assert "3 stars not told" in text
    assert "Nothing was refused or taken down by a machine" in text
    assert "Quarter 4 of 2026" in text
    assert "Report 5 3 60.0 %" in text
    assert "Dispute of a clinic 0 0 too few to say" in text  # proposed, not carried out
    assert "1 changed the decision" in text


def test_rules_stand_with_what_appeals_changed(quarter: Flask) -> None:
    with quarter.app_context():
        rules = {line.rule: line for line in read_figures(THIS).rules}
    assert rules["r4"][1:] == (43, 43, 0, 0, 0)
    assert rules["r6"][1:] == (5, 2, 1, 2, 1)


def test_times_stand_against_the_promise(quarter: Flask, client: FlaskClient) -> None:
    with quarter.app_context():
        waited = {line.clock: line for line in read_figures(THIS).waited}
    assert waited.keys() == CLOCKS.keys()
    review = waited["review"]
    assert (review.closed, review.median, review.ninth) == (223, 3 * 3600, 60 * 3600)
    assert review.in_time == pytest.approx(180 / 223)
    assert waited["report"][3:5] == (5, 3 * 3600)
    assert waited["legal"].closed is None
    text = text_of(client.get("/transparency"))
    assert "New review: 48 hours, 10 days at the most 223 3 hours 60 hours 80.7 %" in text


@pytest.mark.parametrize("count", [5, 6, 9, 10, 11, 20, 21])
def test_median_and_ninth_decile_are_items_that_exist(app: Flask, count: int) -> None:
    with app.app_context(), writing():
        for number in range(count):
            _decided(number, "publish", hours=number + 1)
        db.session.commit()
        line = next(line for line in read_figures(THIS).waited if line.clock == "review")
    assert line.median == -(-count // 2) * 3600
    assert line.ninth == -(-count * 9 // 10) * 3600


def test_a_machine_that_took_part_is_not_kept_quiet(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), writing():
        _decided(1, "refuse", automated=True)
        db.session.commit()
    text = text_of(client.get("/transparency"))
    assert "by a machine" not in text.partition("figures")[0].replace("Decided by a machine", "")
    assert "a machine took part" in text


def test_each_quarter_has_its_own_page_from_the_first_case_on(quarter: Flask, client: FlaskClient) -> None:
    assert "Quarter 3 of 2026" in text_of(client.get("/transparency"))
    before = text_of(client.get("/transparency/2026-q3"))
    assert "Decided 1" in before
    assert client.get("/transparency/2026-q4").status_code == 200
    for missing in ("2026-q2", "2027-q1", "2026-q5", "2026", "Q"):
        assert client.get(f"/transparency/{missing}").status_code == 404


def test_before_the_first_case_the_page_says_that_nothing_was_decided(client: FlaskClient) -> None:
    text = text_of(client.get("/transparency"))
    assert "No decision in this quarter" in text
    assert "Nothing was refused or taken down by a machine" in text


def test_the_figures_take_few_queries_whatever_they_count(quarter: Flask, client: FlaskClient) -> None:
    assert len(reads_of(quarter, client, "/transparency/2026-q3")) <= 9


def test_quarters_follow_each_other() -> None:
    assert quarter_of(datetime(2026, 1, 1, tzinfo=UTC)) == Quarter(2026, 1)
    assert quarter_of(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == Quarter(2026, 4)
    assert Quarter(2026, 4).ends == datetime(2027, 1, 1, tzinfo=UTC)
    keys = [one.key for one in quarters_since(datetime(2026, 2, 3, tzinfo=UTC))]
    assert keys == ["2026-q4", "2026-q3", "2026-q2", "2026-q1"]
    assert [one.key for one in quarters_since(None)] == ["2026-q4"]


def test_reports_stand_by_what_they_were_about_unless_they_are_few(quarter: Flask, client: FlaskClient) -> None:
    with quarter.app_context(), writing():
        for number, (ground, act) in enumerate([("fake", "remove")] * 6 + [("fake", "keep")] * 3 + [("facts", "keep")]):
            _decided(20_000 + number, act, kind="report", clock="report", rule="tie")
            case = db.session.scalars(select(Case).where(Case.subject == f"report:{20_000 + number}")).one()
            db.session.add(Report(case=case, kind="notice", ground=ground, digest=f"{number:064}", created_at=NOW))
        db.session.commit()
        grounds = {line.ground: line[1:] for line in read_figures(THIS).grounds}
    # One ground alone would be hidden; so that the sum does not give it away, the other is too.
    assert grounds == {"facts": (None, None, None), "fake": (None, None, None)}
    with quarter.app_context(), writing():
        for number in range(6):
            _decided(30_000 + number, "redact", kind="report", clock="report", rule="tie")
            case = db.session.scalars(select(Case).where(Case.subject == f"report:{30_000 + number}")).one()
            db.session.add(Report(case=case, kind="notice", ground="threat", digest=f"t{number:063}", created_at=NOW))
        db.session.commit()
        grounds = {line.ground: line[1:] for line in read_figures(THIS).grounds}
    assert grounds == {"facts": (None, None, None), "fake": (9, 9, 6), "threat": (None, None, None)}
    text = text_of(client.get("/transparency"))
    assert "tie to the clinic or to a rival 9 9 6 66.7 %" in text


def test_what_is_hidden_for_the_time_being_is_no_decision(app: Flask, client: FlaskClient) -> None:
    """Six reports, one of them hidden and still open: five are decided, by any way of counting."""
    with app.app_context(), writing():
        for number in range(1, 6):
            _decided(number, "keep", kind="report", clock="report", rule="none_broken")
        _decided(6, "hold", kind="report", clock="urgent", rule="personal")
        db.session.query(Case).filter_by(subject_id=6).update({"state": "open", "closed_at": None})
        db.session.commit()
        figures = read_figures(THIS)
    assert (figures.received, figures.decided) == (6, 5)
    (report,) = figures.kinds
    assert (report.received, report.decided, report.acts) == (6, 5, [("keep", 5), ("hold", 1)])
    assert [line.rule for line in figures.rules] == ["none_broken"]
    assert figures.complaints[0].decided == 5
    assert "hidden for a day at the most, until it is decided 1" in text_of(client.get("/transparency"))


def test_what_was_published_but_for_a_picture_counts_in_part(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), writing():
        _decided(1, "publish_part", kind="result", rule="picture_true")
        _decided(2, "publish_part", kind="review", rule="personal", stars=2)
        db.session.commit()
        rules = {line.rule: line for line in read_figures(THIS).rules}
    assert [rules[key][1:4] for key in ("picture_true", "personal")] == [(1, 0, 1), (1, 0, 1)]
    assert "published, but for some pictures 1" in text_of(client.get("/transparency"))
