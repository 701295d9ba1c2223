"""Pictures shown as the work of two clinics: each that is sent in is compared with every other clinic's.

Photos of reviews and the clinics' own pictures alike. Runs in the jobs process after the submission's commit. Hashes
are held in memory and compared all at once: a copy may differ in 12 of 64 bits, and no index by parts of the hash finds
that without reading most of itself, while a million hashes are compared in milliseconds. Only what is near is then
looked at closely (see `imaging.hashing`).
"""

from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
from flask import current_app
from numpy.typing import NDArray
from sqlalchemy import Select, select

from directory import queue
from directory.cases.opening import open_case
from directory.db import db, now
from directory.imaging.hashing import ALIKE, SAYS_NOTHING, likeness, near
from directory.portfolio import sending
from directory.portfolio.models import Picture
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from directory.reviews.stages import Stage

JOB = "reviews.compare"
# Ids drawn first may commit last: what is younger than this is read anew each time.
SETTLED = timedelta(hours=1)
CLOSE_LOOKS = 400
GONE = ("draft", "withdrawn")
SAME = "The same picture stands with another clinic"
MOST_SHOWN = 6
Kind = type[Photo] | type[Picture]


class Prints(NamedTuple):
    """Ids and hashes of photos, in order of their ids."""

    ids: NDArray[np.int64]
    hashes: NDArray[np.int64]

    @classmethod
    def read(cls, kind: Kind, after: int) -> "Prints":
        query = select(kind.id, kind.phash).where(kind.id > after, kind.phash != SAYS_NOTHING).order_by(kind.id)
        rows = db.session.execute(query).all()
        return cls(np.array([row.id for row in rows], np.int64), np.array([row.phash for row in rows], np.int64))

    def joined(self, more: "Prints") -> "Prints":
        return Prints(np.concatenate([self.ids, more.ids]), np.concatenate([self.hashes, more.hashes]))


NONE = Prints(np.empty(0, np.int64), np.empty(0, np.int64))


def _all_prints(kind: Kind) -> Prints:
    """Those of settled photos from memory, the young ones from the database."""
    held: dict[str, Prints] = current_app.extensions.setdefault("picture_prints", {})
    kept = held.get(kind.__tablename__, NONE)
    fresh = Prints.read(kind, int(kept.ids[-1]) if kept.ids.size else 0)
    old = select(kind.id).where(kind.created_at < now() - SETTLED).order_by(kind.id.desc()).limit(1)
    last = db.session.scalar(old) or 0
    settled = fresh.ids <= last
    held[kind.__tablename__] = kept.joined(Prints(fresh.ids[settled], fresh.hashes[settled]))
    return kept.joined(fresh)


def _photos(found: list[int], clinic_id: int) -> Select[Any]:
    query = select(Photo).join(Photo.stage).join(Stage.review)
    return query.where(Photo.id.in_(found), Review.clinic_id != clinic_id, Photo.state.not_in(GONE)).order_by(Photo.id)


def _pictures(found: list[int], clinic_id: int) -> Select[Any]:
    query = select(Picture).where(Picture.id.in_(found), Picture.clinic_id != clinic_id)
    return query.where(Picture.state.not_in(GONE)).order_by(Picture.id)


def copies_of(picture: Photo | Picture) -> list[Photo | Picture]:
    """Photos of other clinics that show the same picture, most alike first."""
    alike: list[tuple[float, int, Photo | Picture]] = []
    kinds: tuple[tuple[Kind, Any], ...] = ((Photo, _photos), (Picture, _pictures))
    for kind, of_others in kinds:
        prints = _all_prints(kind)
        found = [int(prints.ids[at]) for at in near(picture.phash, prints.hashes)[:CLOSE_LOOKS]]
        for other in db.session.scalars(of_others(found, picture.clinic.id)):
            if other.thumb and (how := likeness(picture.thumb, other.thumb)) >= ALIKE:
                alike.append((-how, len(alike), other))
    return [other for _how, _at, other in sorted(alike, key=lambda one: one[:2])]


def compare_later(stage: Stage) -> None:
    """Have the stage's photos compared after this transaction's commit."""
    for photo in stage.photos:
        if photo.state == "pending" and photo.phash != SAYS_NOTHING:
            queue.put(JOB, public_id=photo.public_id)


@queue.carries_out(JOB)
def _compare(_row: str, public_id: str) -> None:
    photo = db.session.scalars(select(Photo).where(Photo.public_id == public_id)).one_or_none()
    if photo is None or photo.state in GONE or not photo.thumb:
        return
    others = copies_of(photo)
    if not others:
        return
    review = photo.stage.review
    open_case(
        "photo",
        subject=f"photo:{photo.public_id}",
        subject_id=photo.id,
        clock="review",
        priority="high",
        reason=SAME,
        clinic_id=review.clinic_id,
        author_id=review.author_id,
        copies=[other.public_id for other in others[:MOST_SHOWN]],
        other=others[0].public_id,
    )


@queue.carries_out(sending.COMPARE)
def _compare_clinics(_row: str, public_id: str) -> None:
    """The case about a clinic's picture shows both, and is looked at first."""
    picture = db.session.scalars(select(Picture).where(Picture.public_id == public_id)).one_or_none()
    if picture is None or picture.state in GONE or not picture.thumb:
        return
    others = copies_of(picture)
    if not others:
        return
    thing = picture.result or picture
    case = open_case(
        sending.KIND,
        subject=thing.subject,
        subject_id=thing.id,
        clock="review",
        priority="high",
        reason=SAME,
        clinic_id=picture.clinic_id,
    )
    known = [*case.facts.get("copies", []), *(other.public_id for other in others)]
    case.facts = {**case.facts, "copies": list(dict.fromkeys(known))[:MOST_SHOWN]}
