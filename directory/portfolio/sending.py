"""Sending pictures in: a case for the desk, and a look after the commit at whether they stand with another clinic."""

from collections.abc import Sequence

from sqlalchemy import select

from directory import ledger, queue
from directory.cases.opening import case_about, open_case
from directory.db import db
from directory.errors import Refused
from directory.imaging.hashing import SAYS_NOTHING
from directory.portfolio.consent import CLINIC, PERSON
from directory.portfolio.models import Picture, ResultSet, hold

KIND = "result"
# Carried out by the room that knows the photos of reviews too (`reviews.copies`).
COMPARE = "pictures.compare"


def send_set(result: ResultSet, *, by_id: int) -> int:
    """Put every picture that can be shown before a moderator; how many. Raises Refused when there is none."""
    hold(result.pictures)
    ready = [picture for picture in result.pictures if picture.may_be_sent]
    if not ready:
        raise Refused("Nothing here can be sent in yet: each picture needs the consent of the person in it.")
    _send(result.subject, result.id, result.clinic_id, ready, by_id)
    return len(ready)


def send_place(picture: Picture, *, by_id: int) -> None:
    """Put a picture of the place before a moderator. Raises Refused when it is not ready."""
    if not picture.may_be_sent:
        raise Refused("This picture cannot be sent in.")
    _send(picture.subject, picture.id, picture.clinic_id, [picture], by_id)


def _send(subject: str, number: int, clinic_id: int, pictures: Sequence[Picture], by_id: int) -> None:
    for picture in pictures:
        picture.become("pending")
        if picture.phash != SAYS_NOTHING:
            queue.put(COMPARE, public_id=picture.public_id)
    open_case(
        KIND,
        subject=subject,
        subject_id=number,
        clock="review",
        priority="low",
        reason="Pictures of a clinic",
        clinic_id=clinic_id,
        opened_by_id=by_id,
    )
    ledger.record("result.submitted", role="clinic", subject=subject, pictures=len(pictures))


def end_case(thing: ResultSet | Picture) -> None:
    """There is nothing left to read: the case about it ends."""
    waiting = thing.waiting if isinstance(thing, ResultSet) else [thing] if thing.state == "pending" else []
    case = case_about(KIND, thing.subject)
    if case is not None and not waiting:
        case.withdraw()


def withdraw(picture: Picture, by: str) -> None:
    """Take it back, and out of the moderators' hands where it waits there; done once, however often it is asked."""
    hold([picture])
    if picture.state == "withdrawn":
        return
    picture.withdraw(by)
    end_case(picture.result if picture.result is not None else picture)


def take_back(public_ids: Sequence[str]) -> int:
    """What a restored database shows although it was taken back since; how many."""
    query = select(Picture).where(Picture.state != "withdrawn").order_by(Picture.id)
    wanted = set(public_ids)
    found = [picture for picture in db.session.scalars(query) if picture.public_id in wanted]
    for picture in found:
        withdraw(picture, PERSON)
    return len(found)


def throw_away(picture: Picture) -> None:
    """A draft that nobody but the clinic saw goes with its row; anything else is withdrawn."""
    hold([picture])
    if picture.state != "draft":
        withdraw(picture, CLINIC)
        return
    picture.forget()
    db.session.delete(picture)
