"""A credential and its checks: what may follow what, and what the database itself refuses."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from directory.credentials.models import Credential
from directory.credentials.queries import same_number
from directory.credentials.transitions import STATUSES, TRANSITIONS
from directory.db import db, writing
from directory.errors import Refused
from directory.ledger import LedgerRow
from tests import factories
from tests.credentials import papers

WHO, OTHER = "checker@example.org", "second@example.org"


def _verbs() -> dict[str, Callable[[Credential], object]]:
    one, two = papers.person(WHO), papers.person(OTHER)
    ended = {"source": papers.SOURCE, "by": one, "second": two}
    found = {"matched": ["name", "number", "status"], "source": papers.SOURCE, "by": one}
    return {
        "submitted": lambda c: c.submit(),
        "in_review": lambda c: c.take_up(one),
        "needs_info": lambda c: c.ask_info("Which council is it?", one),
        "verified_document": lambda c: c.verify(method="document", **found),
        "verified_primary": lambda c: c.verify(method="register", **found),
        "rejected": lambda c: c.refuse("The number belongs to somebody else.", one),
        "suspended": lambda c: c.suspend(**ended),
        "revoked": lambda c: c.revoke(**ended),
        "withdrawn": lambda c: c.withdraw(),
        "disputed": lambda c: c.dispute(),
        "superseded": lambda c: c.supersede(),
        "unverifiable": lambda c: c.give_up("The academy is gone.", one),
    }


def _in(status: str, number: str) -> Credential:
    """A credential brought to that status along the table."""
    amara = factories.practitioner()
    db.session.flush()
    made = Credential.of(papers.kind("gb-eng-person"), holder=amara, number=number, authority="Leeds")
    db.session.add(made)
    db.session.flush()
    way = {"draft": [], "in_review": ["in_review"], "needs_info": ["needs_info"], "rejected": ["rejected"],
           "verified_document": ["verified_document"], "submitted": []}.get(status)  # fmt: skip
    if status != "draft":
        made.submit()
    for step in (["verified_primary"] if way is None else way) + ([status] if way is None else []):
        if made.status != step:
            _verbs()[step](made)
    assert made.status == status
    return made


def test_every_pair_of_the_table_and_no_other(app: Flask) -> None:
    """Each verb is tried on a credential of each status: it works exactly where the table says so."""
    with app.app_context(), writing():
        papers.rules()
        number = 0
        for before in STATUSES:
            for after, verb in _verbs().items():
                number += 1
                one = _in(before, f"N{number}")
                wanted = (before, after) in TRANSITIONS
                if (before, after) == ("verified_primary", "verified_document"):
                    wanted = None  # a paper seen again leaves what a register said as it is
                try:
                    verb(one)
                except Refused:
                    assert wanted in {False, None}, (before, after)
                    assert one.status == before
                else:
                    assert wanted in {True, None}, (before, after)


def test_a_name_alone_is_never_enough(app: Flask) -> None:
    with app.app_context(), writing():
        papers.rules()
        one = _in("in_review", "4711")
        for method in ("issuer", "register", "register_watched", "badge"):
            with pytest.raises(Refused, match="name alone"):
                one.verify(method=method, matched=["name"], source=papers.SOURCE)
        with pytest.raises(Refused, match="active"):
            one.verify(method="register", matched=["name", "number"], source=papers.SOURCE)
        assert one.level(one.created_at) == 0


def test_two_people_cannot_hold_one_number(app: Flask) -> None:
    with app.app_context(), writing():
        papers.rules()
        first, second = _in("verified_primary", "SP-0042"), _in("in_review", "sp 42")
        assert same_number(second) == [first]
        with pytest.raises(Refused, match="Somebody else holds this number"):
            second.verify(method="register", matched=["name", "number", "status"], source=papers.SOURCE)
        assert second.status == "in_review"
        db.session.commit()


def test_a_renewal_takes_the_place_of_what_it_renews(app: Flask) -> None:
    with app.app_context(), writing():
        papers.rules()
        old = _in("verified_primary", "SP-1")
        new = old.renew(issued_on=date(2026, 11, 1), expires_on=date(2027, 11, 1))
        db.session.flush()
        new.submit()
        new.verify(method="register", matched=["name", "number", "status"], source=papers.SOURCE)
        assert (old.status, new.status) == ("superseded", "verified_primary")


REFUSED = {
    "a status without a check": "UPDATE credential SET status = 'verified_primary', check_id = NULL",
    "a status that its check does not give": "UPDATE credential SET status = 'revoked'",
    "a check of another credential": "UPDATE credential SET check_id = (SELECT max(id) FROM credential_check) "
    "WHERE id = (SELECT min(id) FROM credential)",
    "two holders": "UPDATE credential SET clinic_id = (SELECT min(id) FROM clinic)",
    "no holder": "UPDATE credential SET practitioner_id = NULL",
    "an end before its beginning": "UPDATE credential SET issued_on = '2026-01-02', expires_on = '2026-01-01'",
    "an unknown status": "UPDATE credential SET status = 'gold'",
    "a revocation by one": "UPDATE credential_check SET status = 'revoked', result = 'failed', second_key = by_key",
    "a revocation without a source": "UPDATE credential_check SET status = 'revoked', result = 'failed', "
    "second_key = 'x', source = ''",
    "verified by nobody's look": "UPDATE credential_check SET method = 'attestation'",
    "a refusal without a reason": "UPDATE credential_check SET status = 'rejected', result = 'failed', note = ''",
    "one number for two": "UPDATE credential SET number_key = 'SAME'",
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses(app: Flask, what: str) -> None:
    with app.app_context(), writing():
        papers.rules()
        factories.clinic()
        _in("verified_primary", "A-1")
        _in("verified_primary", "A-2")
        db.session.commit()
        with pytest.raises(IntegrityError):
            db.session.execute(text(REFUSED[what]))
        db.session.rollback()


def test_every_act_is_a_row_of_the_record_without_a_word_of_anybody(app: Flask) -> None:
    with app.app_context(), writing():
        papers.rules()
        one = _in("in_review", "SECRET-4711")
        one.ask_info("Is your second name Canary?", papers.person(WHO))
        one.answer("Yes, Canary.", papers.person(OTHER))
        one.refuse("Canary does not stand in the register.", papers.person(WHO))
        db.session.commit()
        query = select(LedgerRow).where(LedgerRow.subject == one.subject).order_by(LedgerRow.seq)
        rows = list(db.session.scalars(query))
        acts = [row.act.removeprefix("credential.") for row in rows]
        assert acts == ["submitted", "taken_up", "asked", "answered", "refused"]
        assert not [row for row in rows if "anary" in row.facts or "4711" in row.facts]
