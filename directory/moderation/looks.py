"""Looks: what a person at the desk opened of an item. What nobody opened is not decided as seen.

A look is kept for each picture and each page that was sent to whoever holds the case, one row a person and case. Looks
at sealed documents stand in the public record beside (`evidence.seen`, `proof.looked`); those at photos do not.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.cases.again import later_of
from directory.cases.decisions import Decision
from directory.cases.models import Case
from directory.cases.opening import OPEN
from directory.credentials.evidence import evidence_of
from directory.credentials.models import Credential
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused
from directory.moderation.subjects import (
    Thing,
    photos_called,
    photos_in_question,
    review_of,
    stages_in_question,
    stages_told,
    thing_of,
)
from directory.moderation.ties import appeal_of, conflict
from directory.portfolio.models import Picture
from directory.reviews.photos import Photo

# Acts after which readers see the photos that wait; acts that settle and destroy the proof of a visit.
SHOWS = ("publish", "redact")
SETTLES_PROOF = {"publish", "redact", "refuse"}
WITH_COPIES = ("photo", "result")
# A thumbnail shows too little to judge anything by.
TOO_SMALL = "400.webp"


class Look(Base):
    """One person had one thing of one case before them. `what` is `photo:public_id` or `paper:public_id:page`."""

    __tablename__ = "desk_look"
    __table_args__ = (UniqueConstraint("case_id", "by_id", "what", name="uq_desk_look_case_id_by_id_what"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


def page_of(kind: str, public_id: str, number: int) -> str:
    """How a look names one page of a document."""
    return f"{kind}:{public_id}:{number}"


def photo_called(public_id: str) -> str:
    """How a look names one photo."""
    return f"photo:{public_id}"


def in_hand(user: User, case: Case) -> Case | None:
    """The case by which this person may open what belongs to `case` now: itself, an appeal against its decision,
    or another look at it.

    A second person holds the case as the first one did. Whoever has a tie to it holds nothing.
    """
    held = case if case.is_leased_by(user.id) else _appeal_in_hand(user, case) or _look_in_hand(user, case)
    return held if held is not None and not conflict(user, held) else None


def _appeal_in_hand(user: User, case: Case) -> Case | None:
    decided = select(Decision.id).where(Decision.case_id == case.id)
    query = select(Case).where(
        Case.kind == "appeal",
        Case.subject_id.in_(decided),
        Case.state.in_(OPEN),
        Case.leased_by_id == user.id,
        Case.leased_until > now(),
    )
    return db.session.scalars(query.order_by(Case.id).limit(1)).first()


def _look_in_hand(user: User, case: Case) -> Case | None:
    later = later_of(case)
    return later if later is not None and later.is_leased_by(user.id) else None


def in_hand_about(user: User, kind: str, subject: str) -> Case | None:
    """The case by which this person may open what belongs to a case of that kind about that thing."""
    query = select(Case).where(Case.kind == kind, Case.subject == subject).order_by(Case.id.desc()).limit(10)
    found = (in_hand(user, case) for case in db.session.scalars(query))
    return next((case for case in found if case is not None), None)


def photos_open_to(case: Case, held: Case) -> list[Photo | Picture]:
    """The pictures of a case for whoever holds it, or holds an appeal: who reads that sees all that was sent in."""
    thing = thing_of(case)
    stages = stages_in_question(thing) if held is case else stages_told(thing)
    copies = photos_called(case.facts.get("copies", [])) if case.kind in WITH_COPIES else []
    return [*photos_in_question(thing, stages), *copies]


def was_seen(user: User, case: Case, what: str) -> bool:
    """Whether this person's look at it is kept already."""
    query = select(Look.id).where(Look.case_id == case.id, Look.by_id == user.id, Look.what == what)
    return bool(db.session.scalar(select(query.exists())))


def keep(user: User, case: Case, what: str) -> None:
    """Keep the look; a second one at the same thing adds nothing. Commit before a byte leaves."""
    try:
        with db.session.begin_nested():
            db.session.add(Look(case_id=case.id, by_id=user.id, what=what))
            db.session.flush()
    except IntegrityError:
        return


def _seen(user: User, case: Case) -> set[str]:
    query = select(Look.what).where(Look.case_id == case.id, Look.by_id == user.id).order_by(Look.id)
    return set(db.session.scalars(query))


def refuse_unseen(case: Case, act: str, extra: Mapping[str, Any], by: User) -> None:
    """Raises Refused and names what this person would decide as seen and never opened."""
    thing, seen = thing_of(case), _seen(by, case)
    _refuse_unseen_photos(_photos_shown_by(case, thing, act), set(extra.get("photos", [])), seen)
    if case.kind in {"review", "stage"} and act in SETTLES_PROOF:
        _refuse_unseen_proof(thing, str(extra.get("proof", "")), seen)
    if isinstance(thing, Credential) and act == "document":
        _refuse_unseen_papers(thing, seen)


def _photos_shown_by(case: Case, thing: Thing | None, act: str) -> list[tuple[int, Photo | Picture]]:
    """The photos that readers would see after this act, by their number on the page."""
    if act == "reverse":
        return _photos_put_back(case)
    found = list(enumerate(photos_in_question(thing, stages_in_question(thing)), 1)) if act in SHOWS else []
    return [(number, photo) for number, photo in found if photo.state == "pending"]


def _photos_put_back(case: Case) -> list[tuple[int, Photo | Picture]]:
    appeal = appeal_of(case)
    if appeal is None:
        return []
    told = {statement.id for statement in appeal.decision.statements}
    thing = thing_of(appeal.decision.case)
    found = enumerate(photos_in_question(thing, stages_told(thing)), 1)
    return [(number, photo) for number, photo in found if photo.statement_id in told and photo.key]


def _refuse_unseen_photos(found: list[tuple[int, Photo | Picture]], kept_back: set[str], seen: set[str]) -> None:
    """One that is kept back needs a look too, unless its file is gone: that one is only ever kept back."""
    for number, photo in found:
        if photo_called(photo.public_id) in seen:
            continue
        if photo.public_id in kept_back and photo.bytes("800.webp") is None:
            continue
        raise Refused(_("Look at photo %(number)s first: nobody else does before readers see it.", number=number))


def _refuse_unseen_proof(thing: Thing | None, answer: str, seen: set[str]) -> None:
    """A page that does not open any more is no reason to say yes, and none to wait for ever."""
    review = review_of(thing)
    proof = review.proof if review is not None else None
    if proof is None or proof.state != "waiting" or not answer:
        return
    for number in range(1, proof.pages + 1):
        if page_of("proof", proof.public_id, number) in seen:
            continue
        if answer == "accept" or proof.page(number) is not None:
            raise Refused(_("Look at page %(number)s of the proof first: it is destroyed then.", number=number))


def _refuse_unseen_papers(credential: Credential, seen: set[str]) -> None:
    papers = [paper for paper in evidence_of(credential.id) if paper.destroyed_at is None]
    if not papers:
        raise Refused(_("There is no paper here that could show it."))
    for paper in papers:
        for number in range(1, paper.pages + 1):
            if page_of("paper", paper.public_id, number) not in seen:
                raise Refused(
                    _("Look at page %(number)s of the paper first: readers are told that it was seen.", number=number)
                )


def _exported(user: User) -> list[dict[str, str]]:
    query = select(Look).where(Look.by_id == user.id).order_by(Look.id)
    return [{"what": look.what, "at": look.at.isoformat()} for look in db.session.scalars(query)]


covers("desk_look", title="What you opened at the desk", export=_exported)
