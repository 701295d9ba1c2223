"""The verbs of decisions about official registers: a list that waits, and a credential that a list contradicts."""

from flask_babel import gettext as _

from directory.accounts.models import User
from directory.credentials import register_loads
from directory.credentials.models import Credential
from directory.credentials.registers import RegisterLoad
from directory.db import db, now
from directory.errors import Refused
from directory.moderation.acts import Carry, Work


def settle_load(word: str) -> Carry:
    """`accept` puts the list in force, `refuse` drops it."""

    def carry(work: Work) -> None:
        load = db.session.get(RegisterLoad, work.case.subject_id)
        if load is None or work.decision.by_id is None:
            raise Refused(_("This list is gone."))
        if word == "accept":
            register_loads.accept(load, by_id=work.decision.by_id, role=work.role, today=now().date())
        else:
            register_loads.refuse(load, role=work.role)

    return carry


def leave_fallen(work: Work) -> None:
    """Nothing more is said: it counts again by itself when the register bears it out."""


def end_credential(word: str) -> Carry:
    """`suspend` or `revoke`, by the register as its source and by two people."""

    def carry(work: Work) -> None:
        credential = db.session.get(Credential, work.case.subject_id)
        people = [db.session.get(User, key) for key in (work.decision.by_id, work.decision.second_id) if key]
        if credential is None or len(people) != 2 or None in people:
            raise Refused(_("This needs two people who are still here."))
        by, second = people
        assert by is not None and second is not None  # noqa: S101, PT018 (None was refused above)
        source = str(work.case.facts.get("link") or work.case.facts.get("register", ""))
        verb = credential.suspend if word == "suspend" else credential.revoke
        verb(source=source, by=by, second=second, note=work.decision.statement, role=work.role)

    return carry
