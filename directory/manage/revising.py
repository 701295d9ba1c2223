"""Saving a section of the profile and taking a change back, with what follows where name or address changed."""

from directory.accounts.models import User
from directory.claims.reopening import reopen
from directory.clinics.drafts import drop_draft
from directory.clinics.editing import Revision, change, undo
from directory.clinics.membership import OWNER, is_staff
from directory.clinics.models import Clinic
from directory.clinics.sections import Values, material
from directory.errors import Refused


def owns(user: User, clinic: Clinic) -> bool:
    return is_staff(user, clinic.slug, OWNER)


def save(clinic: Clinic, section: str, values: Values, *, by: User, seen: str) -> Revision | None:
    """Write a section; the person's draft of it is used up. Raises Conflict as `change` does, Refused for editors
    where only an owner may change it.
    """
    _refuse_editors(clinic, section, set(values), by)
    made = change(clinic, section, values, by=by, seen=seen)
    _look_again(clinic, made, by)
    drop_draft(by, clinic, section)
    return made


def take_back(revision: Revision, *, by: User) -> Revision:
    """Undo a change. Raises Refused as `undo` does, and for editors where only an owner may."""
    _refuse_editors(revision.clinic, revision.section, set(revision.after), by)
    made = undo(revision, by=by)
    _look_again(revision.clinic, made, by)
    return made


def _refuse_editors(clinic: Clinic, section: str, keys: set[str], by: User) -> None:
    if keys & material(section) and not owns(by, clinic):
        raise Refused("Only an owner changes the clinic's name and address.")


def _look_again(clinic: Clinic, made: Revision | None, by: User) -> None:
    """A clinic with another name or at another address is looked at by the desk."""
    if made is not None and made.after.keys() & material(made.section):
        what = "name" if made.section == "identity" else "address"
        reopen(clinic, {what}, by=by, before=made.before)
