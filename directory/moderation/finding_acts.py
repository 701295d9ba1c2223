"""What authorities published at the desk: its two kinds of item, and the verbs of their decisions."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from directory import mail
from directory.accounts.models import User
from directory.cases.models import Case
from directory.clinics.membership import Membership
from directory.clinics.models import Clinic
from directory.credentials.outside import Found
from directory.db import db
from directory.errors import Refused
from directory.moderation.acts import Work
from directory.moderation.carrying import KINDS, Act, Kind


def show(work: Work) -> None:
    """On the page, with a statement to whoever it is about."""
    if not isinstance(work.thing, Found):
        raise Refused(_("This is gone."))
    work.restrict(f"{work.case.kind}_shown")
    work.thing.show(role=work.role)
    if work.thing.clinic_id is not None:
        _tell_owners(work.thing.clinic_id)


def drop(work: Work) -> None:
    if not isinstance(work.thing, Found):
        raise Refused(_("This is gone."))
    work.thing.drop(role=work.role)


def _tell_owners(clinic_id: int) -> None:
    """A letter that says that there is a decision to read, and nothing of it."""
    clinic = db.session.get_one(Clinic, clinic_id)
    query = select(User.email).join(Membership, Membership.user_id == User.id)
    owners = query.where(Membership.clinic_id == clinic_id, Membership.level == "owner").order_by(User.id)
    for address in db.session.scalars(owners):
        mail.post("desk/about_you", to=address, link=mail.link("manage.decisions", slug=clinic.slug))


def _two(case: Case) -> bool:
    return True


DROP = Act(_l("Do not show it"), "r", drop, _l("Nothing is shown, and nobody is told."))
KINDS["inspection"] = Kind(
    _l("Inspection by an authority"),
    "desk/items/finding.html",
    {
        "show": Act(
            _l("Show it"), "a", show, _l("It stands on the clinic's page. The clinic reads your words and may appeal.")
        ),
        "drop": DROP,
    },
    "checker",
)
KINDS["sanction"] = Kind(
    _l("Measure of an authority"),
    "desk/items/finding.html",
    {
        "show": Act(
            _l("Show it"),
            "a",
            show,
            _l("It stands on the page of whoever it is about, who reads your words and may appeal."),
            _two,
            grave=True,
        ),
        "drop": DROP,
    },
    "checker",
)
