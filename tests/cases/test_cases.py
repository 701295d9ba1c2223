"""An item is worked by one person, decided with reasons, by two where it must be, and appealed to somebody else."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from directory.accounts.models import User
from directory.accounts.registry import erase_person, export_person
from directory.cases.decisions import Appeal, Statement
from directory.cases.models import LEASE, TRANSITIONS, Case
from directory.db import db, now, writing
from directory.errors import Refused
from directory.ledger import LedgerRow

REASON = "It names a person who is not listed here."


@pytest.fixture
def desk(app: Flask) -> Iterator[dict[str, int]]:
    """A moderator, a second one, a lead and an author, inside a writing context."""
    with app.app_context(), writing():
        people = {name: User(email=f"{name}@example.org") for name in ("first", "second", "lead", "author")}
        db.session.add_all(people.values())
        db.session.commit()
        yield {name: user.id for name, user in people.items()}
        db.session.rollback()


def _case(desk: dict[str, int], subject: str = "stage:abc", **columns: object) -> Case:
    case = Case.open(
        "stage",
        subject=subject,
        subject_id=1,
        clock="review",
        priority="medium",
        reason="new review",
        author_id=desk["author"],
        words="evidence",
        **columns,
    )
    db.session.add(case)
    db.session.commit()
    return case


def test_one_person_holds_an_item_at_a_time(desk: dict[str, int]) -> None:
    case = _case(desk)
    case.lease_to(desk["first"])
    case.lease_to(desk["first"])  # pressing again prolongs it
    with pytest.raises(Refused, match="Somebody else"):
        case.lease_to(desk["second"])
    db.session.commit()
    with time_machine.travel(now() + LEASE + timedelta(seconds=1)):
        case.lease_to(desk["second"])
        assert case.is_leased_by(desk["second"])
        assert not case.is_leased_by(desk["first"])


def test_eight_moderators_who_press_at_once(app: Flask, desk: dict[str, int]) -> None:
    case_id = _case(desk).id
    db.session.rollback()  # reading the number began a transaction, which would lock the others out
    got: list[int] = []

    def press(user_id: int) -> None:
        with app.app_context(), writing():
            try:
                db.session.get_one(Case, case_id).lease_to(user_id)
                db.session.commit()
                got.append(user_id)
            except Refused:
                db.session.rollback()

    threads = [threading.Thread(target=press, args=(desk[name],)) for name in ("first", "second", "lead", "author")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1


def test_a_decision_needs_the_item_a_rule_and_reasons(desk: dict[str, int]) -> None:
    case = _case(desk)
    with pytest.raises(Refused, match="Take the item"):
        case.decide("refuse", rule="r4", statement=REASON, by_id=desk["first"], role="moderator", two_people=False)
    case.lease_to(desk["first"])
    for rule, statement in (("", REASON), ("r4", "no"), ("r4", "   ")):
        with pytest.raises(Refused, match="rule and a statement"):
            case.decide("refuse", rule=rule, statement=statement, by_id=desk["first"], role="m", two_people=False)
    case.decide("refuse", rule="r4", statement=REASON, by_id=desk["first"], role="moderator", two_people=False)
    db.session.commit()
    assert case.state == "decided"
    assert db.session.scalars(sa.select(LedgerRow.act)).all() == ["stage.refuse.decided"]


def test_two_people_are_two_people(desk: dict[str, int]) -> None:
    case = _case(desk)
    case.lease_to(desk["first"])
    decision = case.decide("remove", rule="r4", statement=REASON, by_id=desk["first"], role="m", two_people=True)
    db.session.commit()
    assert (case.state, decision.carried_out_at) == ("waiting", None)
    with pytest.raises(Refused, match="somebody else"):
        case.second(decision, agrees=True, by_id=desk["first"], role="m")
    case.second(decision, agrees=True, by_id=desk["second"], role="m")
    db.session.commit()
    assert case.state == "decided"
    assert decision.carried_out_at is not None


def test_the_database_itself_wants_two_people_and_reasons(desk: dict[str, int]) -> None:
    case = _case(desk)
    case.lease_to(desk["first"])
    decision = case.decide("remove", rule="r4", statement=REASON, by_id=desk["first"], role="m", two_people=True)
    db.session.commit()
    for change in ({"second_id": decision.by_id}, {"carried_out_at": now()}, {"statement": "short"}):
        with pytest.raises(sa.exc.IntegrityError):
            db.session.execute(sa.update(type(decision)).values(**change))
        db.session.rollback()


def test_a_second_report_joins_the_open_case(desk: dict[str, int]) -> None:
    first = _case(desk)
    with pytest.raises(sa.exc.IntegrityError):
        _case(desk)
    db.session.rollback()
    first.withdraw()
    db.session.commit()
    _case(desk)


def test_priority_only_rises(desk: dict[str, int]) -> None:
    case = _case(desk)
    case.raise_priority("low", "calm")
    assert (case.priority, case.reason) == ("medium", "new review")
    case.raise_priority("high", "personal data")
    assert (case.priority, case.rank, case.reason) == ("high", 1, "personal data")


STATES = ("open", "waiting", "decided", "withdrawn")


@pytest.mark.parametrize("start", STATES)
@pytest.mark.parametrize("end", STATES)
def test_transitions(start: str, end: str) -> None:
    case = Case(state=start)
    if (start, end) in TRANSITIONS:
        case._become(end)
        assert case.state == end
    else:
        with pytest.raises(Refused):
            case._become(end)


def test_an_appeal_is_answered_by_somebody_else(desk: dict[str, int]) -> None:
    case = _case(desk)
    case.lease_to(desk["first"])
    decision = case.decide("refuse", rule="r4", statement=REASON, by_id=desk["first"], role="m", two_people=False)
    appeal = Appeal(decision=decision, by_id=desk["author"], text="The person is listed.", outcome="open")
    db.session.add(appeal)
    db.session.commit()
    with pytest.raises(Refused, match="took no part"):
        appeal.answer("reversed", reply=REASON, by_id=desk["first"], role="m")
    with pytest.raises(Refused, match="why"):
        appeal.answer("reversed", reply="ok", by_id=desk["second"], role="m")
    appeal.answer("reversed", reply="The name is on the clinic's page.", by_id=desk["second"], role="m")
    db.session.commit()
    with pytest.raises(Refused, match="already"):
        appeal.answer("upheld", reply=REASON, by_id=desk["lead"], role="lead")


def test_an_erased_author_leaves_the_decision_and_no_word(desk: dict[str, int]) -> None:
    case = _case(desk)
    case.lease_to(desk["first"])
    decision = case.decide("refuse", rule="r4", statement=REASON, by_id=desk["first"], role="m", two_people=False)
    db.session.flush()
    told = Statement(decision=decision, to_user_id=desk["author"], restriction="refused", facts="You wrote: secret")
    db.session.add_all([told, Appeal(decision=decision, by_id=desk["author"], text="secret", outcome="open")])
    db.session.commit()
    author = db.session.get_one(User, desk["author"])
    assert export_person(author)["Reasons you were given"][0]["reasons"] == "You wrote: secret"
    erase_person(author)
    db.session.commit()
    kept = [repr(tuple(row)) for table in db.metadata.sorted_tables for row in db.session.execute(table.select())]
    assert not [row for row in kept if "secret" in row or "author@example.org" in row]
    assert db.session.scalars(sa.select(LedgerRow.seq)).all() == [1]
