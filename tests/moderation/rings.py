"""Reviews that reach a clinic as the author's page sends them, from whatever network and device a test says."""

from typing import Any

from sqlalchemy import select

from directory import jobs
from directory.accounts.devices import mark_of, network_of
from directory.accounts.models import User
from directory.accounts.sessions import UserSession
from directory.cases.opening import open_case
from directory.clinics.membership import Membership
from directory.clinics.models import Clinic
from directory.db import db, now
from directory.moderation import suspicion
from directory.reviews.models import Review, Stage
from directory.words import new_public_id


def user(email: str, **facts: Any) -> User:
    """Somebody with a confirmed address."""
    made = User(email=email, confirmed_at=now(), **facts)
    db.session.add(made)
    db.session.flush()
    return made


def signed_in(who: User, network: str = "", device: str = "") -> None:
    """A session of that person from that address and device."""
    db.session.add(
        UserSession(
            user_id=who.id, digest=new_public_id(), epoch=1, network=network_of(network), device_mark=mark_of(device)
        )
    )
    db.session.flush()


def staff(email: str, clinic: Clinic, level: str = "owner") -> User:
    made = user(email)
    db.session.flush()
    db.session.add(Membership(user_id=made.id, clinic_id=clinic.id, level=level))
    db.session.flush()
    return made


def send(clinic: Clinic, who: User, overall: int = 5, **facts: Any) -> Review:
    """Sent in, at the desk, its trace noted; not examined yet. Committed."""
    number = who.id
    text = facts.pop("text", f"Visit {number}: calm people.")
    network, device = facts.pop("network", f"10.{number}.7.9"), facts.pop("device", "")
    review = Review(
        clinic_id=clinic.id,
        author_id=who.id,
        pseudonym="grey fox",
        treated_month="2026-03",
        verification="visit" if facts.pop("proven", False) else "contact",
        **facts,
    )
    stage = Stage(review=review, stage="fresh", overall=overall, text=text, state="pending", submitted_at=now())
    db.session.add_all([review, stage])
    db.session.flush()
    open_case(
        "review",
        subject=f"review:{review.public_id}",
        subject_id=review.id,
        clock="review",
        priority="low",
        reason="new review",
        clinic_id=clinic.id,
        author_id=who.id,
    )
    suspicion.note_submission(stage, caller=network, device=device)
    db.session.commit()
    return review


def publish(review: Review) -> None:
    """A moderator found nothing wrong with it."""
    for stage in review.stages:
        stage.publish()
    review.recount()
    db.session.commit()


def examined() -> None:
    """Let the jobs process work."""
    db.session.commit()
    jobs.drain()
    db.session.expire_all()


def reviews() -> list[Review]:
    return list(db.session.scalars(select(Review).order_by(Review.id)))
