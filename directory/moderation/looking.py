"""Looks at sealed documents, counted: whoever opens many of them within an hour is asked why by a lead.

Nobody is stopped by it, for a full desk may have a reason; but nobody browses unseen.
"""

from flask_babel import lazy_gettext as _l

from directory.accounts.models import User
from directory.allowance import Allowance, spend
from directory.cases.opening import open_case
from directory.keyed import pseudonym
from directory.ledger import record
from directory.moderation.acts import Work, role_of
from directory.moderation.carrying import KINDS, Act, Kind

MOST = 30
LOOKS = Allowance("documents/looks", MOST, 3600)
ALARMS = Allowance("documents/alarms", 1, 3600)
KIND = "many_looks"


def looked(by: User) -> None:
    """Count one more look. Past MOST within an hour a case goes to a lead, once an hour, and a row to the record."""
    if spend(LOOKS, by.public_id) or not spend(ALARMS, by.public_id):
        return
    subject = f"checker:{pseudonym('checker', by.public_id)[:22]}"
    open_case(
        KIND,
        subject=subject,
        subject_id=by.id,
        clock="urgent",
        priority="high",
        reason=f"More than {MOST} documents were opened within an hour.",
        opened_by_id=by.id,
    )
    record(f"{subject.partition(':')[0]}.alarm", role=role_of(by), subject=subject, looks=MOST)


def heard(work: Work) -> None:
    """The lead asked, and wrote down what came of it."""


KINDS[KIND] = Kind(
    _l("Many looks at documents"),
    "desk/items/many_looks.html",
    {
        "heard": Act(
            _l("Asked, and explained"), "a", heard, _l("Your words are kept with the case; nothing else happens.")
        )
    },
    "lead",
)
