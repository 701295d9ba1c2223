"""The verbs of decisions about a credential that was handed in; each is the credential's own verb, by the decider."""

from flask_babel import gettext as _

from directory.accounts.models import User
from directory.credentials.checking import refuse_against_register, source_of
from directory.credentials.models import Credential
from directory.db import db
from directory.errors import Refused
from directory.moderation.acts import Carry, Work


def _of(work: Work) -> tuple[Credential, User]:
    by = db.session.get(User, work.decision.by_id) if work.decision.by_id else None
    if not isinstance(work.thing, Credential) or by is None:
        raise Refused(_("This credential is gone."))
    return work.thing, by


def verify(method: str) -> Carry:
    """It holds, known by `method`; what agreed and the source are what the checker ticked and typed."""

    def carry(work: Work) -> None:
        one, by = _of(work)
        matched, mismatched = work.extra.get("matched", []), work.extra.get("mismatched", [])
        if not matched:
            raise Refused(_("Tick the fields that you compared and that agree."))
        if method == "register":
            refuse_against_register(one)
        one.verify(
            method=method,
            matched=matched,
            mismatched=mismatched,
            source=source_of(one, method, work.extra.get("source", "")),
            by=by,
            note=work.decision.statement,
            role=work.role,
        )

    return carry


def ask_info(work: Work) -> None:
    one, by = _of(work)
    work.restrict("needs_info")
    one.ask_info(work.decision.statement, by, role=work.role)


def refuse(work: Work) -> None:
    one, by = _of(work)
    work.restrict("not_verified")
    one.refuse(work.decision.statement, by, role=work.role)


def give_up(work: Work) -> None:
    one, by = _of(work)
    one.give_up(work.decision.statement, by, role=work.role)
