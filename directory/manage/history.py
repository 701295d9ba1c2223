"""What was done at a clinic's desk, in words, with the names of those it was done to."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from directory.accounts.models import User
from directory.clinics.deeds import Deed
from directory.clinics.models import Clinic, Organisation
from directory.db import db
from directory.practitioners.models import Practitioner

WORDS = {
    "person.named": _l("named %(whom)s"),
    "person.asked": _l("asked %(whom)s whether they work here"),
    "person.changed": _l("changed what is said of %(whom)s"),
    "person.ended": _l("gave %(whom)s a last day"),
    "person.resumed": _l("took back the last day of %(whom)s"),
    "colleague.invited": _l("sent a link to a colleague"),
    "colleague.uninvited": _l("took back a link"),
    "colleague.joined": _l("began to work on this listing"),
    "colleague.left": _l("left this listing"),
    "colleague.removed": _l("took %(whom)s off this listing"),
    "ownership.offered": _l("offered the ownership to %(whom)s"),
    "ownership.taken": _l("took the ownership from %(whom)s"),
    "ownership.kept": _l("ended the offer of the ownership"),
    "organisation.joined": _l("put the clinic into %(whom)s"),
    "organisation.left": _l("took the clinic out of %(whom)s"),
    "organisation.declined": _l("did not join %(whom)s"),
    "clinic.closing": _l("announced that the clinic closes"),
    "clinic.closed": _l("closed the clinic"),
    "clinic.stays": _l("took back that the clinic closes"),
    "clinic.reopened": _l("opened the clinic again"),
    "clinic.moved": _l("moved the clinic to %(whom)s"),
}
_NAMES = {
    "user": (User, User.email),
    "practitioner": (Practitioner, Practitioner.name),
    "organisation": (Organisation, Organisation.name),
    "clinic": (Clinic, Clinic.name),
}


class Line(NamedTuple):
    """One act: when, by whom (an address; empty when the account is erased), what."""

    at: datetime
    by: str
    words: str


def told(deeds: Sequence[Deed]) -> list[Line]:
    """The acts in words; at most one statement for each kind of thing."""
    names = _names({deed.about for deed in deeds if deed.about})
    lines = []
    for deed in deeds:
        words = WORDS.get(deed.act)
        whom = names.get(deed.about) or _("somebody who is gone")
        said = str(words) % {"whom": whom} if words is not None else deed.act.replace(".", " ")
        lines.append(Line(deed.at, deed.by.email if deed.by else "", said))
    return lines


def _names(wanted: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, (model, name) in _NAMES.items():
        ids = [one.partition(":")[2] for one in wanted if one.startswith(f"{kind}:")]
        if ids:
            query = select(model.public_id, name).where(model.public_id.in_(ids)).order_by(model.id)  # type: ignore[attr-defined]
            found |= {f"{kind}:{public_id}": words for public_id, words in db.session.execute(query)}
    return found
