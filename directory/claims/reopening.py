"""What reopens verification: a clinic's new name, address or owner is marked at once and looked at by the desk."""

from collections.abc import Mapping, Set
from typing import Any

from directory.accounts.models import User
from directory.cases.opening import case_about, open_case
from directory.clinics.closing import move_back
from directory.clinics.material import ADDRESS, OWNER, WHATS, ClinicChange, columns_before, open_change
from directory.clinics.membership import EDITOR, owner_of, put_owner
from directory.clinics.models import Clinic
from directory.db import db, now
from directory.ledger import record

KIND = "claim"
REASONS = {
    "name": "A claimed clinic has another name",
    "address": "A claimed clinic is at another address",
    "owner": "A clinic was handed over to another owner",
}


def reopen(
    clinic: Clinic,
    changed: Set[str],
    *,
    by: User | None,
    before: Mapping[str, Any] | None = None,
    was_owner: User | None = None,
) -> list[ClinicChange]:
    """Mark what changed ("name", "address", "owner") and open a case for each; returns the open changes.

    Call it in the transaction of the change: before its flush, or with `before`, the columns as they were. A change
    that puts everything back as it was closes its case. `was_owner` is who owned the listing until now.
    """
    unknown = changed - set(WHATS)
    if unknown:
        raise ValueError(f"not material: {', '.join(sorted(unknown))}")
    was = {what: columns_before(clinic, what, before or {}) for what in WHATS if what in changed}
    found = [_reopen_one(clinic, what, by, columns, was_owner) for what, columns in was.items()]
    return [one for one in found if one is not None]


def _reopen_one(
    clinic: Clinic, what: str, by: User | None, columns: dict[str, Any], was_owner: User | None
) -> ClinicChange | None:
    change = open_change(clinic.id, what)
    if change is None:
        change = ClinicChange(clinic=clinic, what=what, before=columns)
        change.was_owner_id = was_owner.id if was_owner is not None and what == OWNER else None
        db.session.add(change)
    change.at, change.by_id = now(), by.id if by is not None else None
    db.session.flush()
    record(f"change.{what}", role="clinic", subject=f"clinic:{clinic.public_id}")
    if change.is_undone():
        change.undo(role="clinic")
        case = case_about(KIND, change.subject)
        if case is not None:
            case.withdraw()
        return None
    open_case(
        KIND,
        subject=change.subject,
        subject_id=change.id,
        clock="claim",
        priority="medium",
        reason=REASONS[what],
        clinic_id=clinic.id,
        author_id=by.id if by is not None else None,
        opened_by_id=by.id if by is not None else None,
    )
    return change


def put_back(change: ClinicChange, *, role: str) -> None:
    """The desk found that it is not so: name and address as before; the listing is its former owner's again.

    A page that was made by a move to that address leads back to the one it left.
    """
    made = change.clinic if _made_a_page(change) else None
    change.refuse(role=role)
    if made is not None:
        move_back(made, role=role)
    if change.what == OWNER:
        _swap_owners(change)


def _made_a_page(change: ClinicChange) -> bool:
    """Whether this is the move itself, and not a later word about the new address."""
    left = db.session.get(Clinic, change.clinic.moved_from_id) if change.clinic.moved_from_id is not None else None
    same = left is not None and all(getattr(left, column) == value for column, value in change.before.items())
    return change.what == ADDRESS and same


def reinstate(change: ClinicChange, *, role: str) -> None:
    """An appeal was won: what was put back holds after all."""
    change.reinstate(role=role)
    if change.what == OWNER:
        _swap_owners(change)


def _swap_owners(change: ClinicChange) -> None:
    """The former owner owns it again and the present one edits; nothing happens when the former one is gone."""
    former = db.session.get(User, change.was_owner_id) if change.was_owner_id else None
    if former is None:
        return
    present = owner_of(change.clinic_id)
    if present is not None:
        present.level = EDITOR
        db.session.flush()
    put_owner(change.clinic, former)
    change.was_owner_id = present.user_id if present is not None else None
