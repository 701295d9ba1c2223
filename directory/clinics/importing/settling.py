"""What a person decides about two listings that may be one place."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from directory.clinics.duplicates import DuplicatePair, lead
from directory.clinics.models import CLOSED, Clinic
from directory.db import now
from directory.errors import Refused


def pairs(session: Session, *, all_of_them: bool) -> Sequence[DuplicatePair]:
    """Pairs in the order they were found, with both listings; the open ones only unless asked."""
    query = select(DuplicatePair).options(joinedload(DuplicatePair.first), joinedload(DuplicatePair.second))
    if not all_of_them:
        query = query.where(DuplicatePair.verdict == "open")
    return session.scalars(query.order_by(DuplicatePair.id)).all()


def open_pair(session: Session, pair_id: int) -> DuplicatePair:
    """A pair that waits for its decision. Raises Refused when there is none or it is settled."""
    pair = session.get(DuplicatePair, pair_id)
    if pair is None:
        raise Refused(f"There is no pair {pair_id}.")
    if pair.verdict != "open":
        raise Refused(f"Pair {pair_id} was settled as {pair.verdict} on {pair.decided_at:%Y-%m-%d}.")
    return pair


def settle_different(pair: DuplicatePair) -> None:
    """Two places after all; the pair is not put forward again."""
    pair.verdict, pair.decided_at = "different", now()


def settle_same(session: Session, pair: DuplicatePair, keep: str) -> tuple[Clinic, Clinic]:
    """One place: the listing with slug `keep` stays, the other leads to it, with all that was said of it.

    Returns (kept, closed). The closed listing keeps its source rows, so that importing the file again finds it
    closed and does not list it anew. Its open pairs with third listings pass to the kept one.
    Raises Refused when `keep` is neither of the two, or the other one is kept by its clinic.
    """
    sides = {pair.first.slug: (pair.first, pair.second), pair.second.slug: (pair.second, pair.first)}
    if keep not in sides:
        raise Refused(f"{keep} is neither of the two: keep {' or '.join(sides)}.")
    kept, closed = sides[keep]
    if closed.claimed_at and not kept.claimed_at:
        raise Refused(f"{closed.slug} is kept by its clinic; keep that one instead.")
    if kept.status == CLOSED:
        raise Refused(f"{kept.slug} is closed; it cannot be the one kept.")
    lead(closed, kept)
    pair.verdict, pair.decided_at = "same", now()
    _pass_on(session, pair, kept, closed)
    return kept, closed


def _pass_on(session: Session, pair: DuplicatePair, kept: Clinic, closed: Clinic) -> None:
    """Open pairs of the closed listing with a third one become pairs of the kept listing, where not known yet."""
    others = session.scalars(
        select(DuplicatePair)
        .where(
            DuplicatePair.id != pair.id,
            DuplicatePair.verdict == "open",
            (DuplicatePair.first_id == closed.id) | (DuplicatePair.second_id == closed.id),
        )
        .order_by(DuplicatePair.id)
    ).all()
    for other in others:
        third = other.second_id if other.first_id == closed.id else other.first_id
        first, second = sorted((kept.id, third))
        known = session.scalars(
            select(DuplicatePair.id)
            .where(DuplicatePair.first_id == first, DuplicatePair.second_id == second)
            .order_by(DuplicatePair.id)
        ).first()
        if known is None:
            session.add(DuplicatePair(first_id=first, second_id=second, reasons=other.reasons))
        session.delete(other)
