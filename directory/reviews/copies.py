"""Pictures shown as the work of two clinics: each photo that is sent in is compared with every other clinic's.

Runs in the jobs process after the submission's commit. Hashes are held in memory and compared all at once: a copy may
differ in 12 of 64 bits, and no index by parts of the hash finds that without reading most of itself, while a million
hashes are compared in milliseconds. Only what is near is then looked at closely (see `imaging.hashing`).
"""

from datetime import timedelta
from typing import NamedTuple

import numpy as np
from flask import current_app
from numpy.typing import NDArray
from sqlalchemy import select

from directory import queue
from directory.cases.opening import open_case
from directory.db import db, now
from directory.imaging.hashing import ALIKE, SAYS_NOTHING, likeness, near
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from directory.reviews.stages import Stage

JOB = "reviews.compare"
# Ids drawn first may commit last: what is younger than this is read anew each time.
SETTLED = timedelta(hours=1)
CLOSE_LOOKS = 400
GONE = ("draft", "withdrawn")


class Prints(NamedTuple):
    """Ids and hashes of photos, in order of their ids."""

    ids: NDArray[np.int64]
    hashes: NDArray[np.int64]

    @classmethod
    def read(cls, after: int) -> "Prints":
        query = select(Photo.id, Photo.phash).where(Photo.id > after, Photo.phash != SAYS_NOTHING).order_by(Photo.id)
        rows = db.session.execute(query).all()
        return cls(np.array([row.id for row in rows], np.int64), np.array([row.phash for row in rows], np.int64))

    def joined(self, more: "Prints") -> "Prints":
        return Prints(np.concatenate([self.ids, more.ids]), np.concatenate([self.hashes, more.hashes]))


NONE = Prints(np.empty(0, np.int64), np.empty(0, np.int64))


def _all_prints() -> Prints:
    """Those of settled photos from memory, the young ones from the database."""
    kept: Prints = current_app.extensions.setdefault("photo_prints", NONE)
    fresh = Prints.read(int(kept.ids[-1]) if kept.ids.size else 0)
    old = select(Photo.id).where(Photo.created_at < now() - SETTLED).order_by(Photo.id.desc()).limit(1)
    last = db.session.scalar(old) or 0
    settled = fresh.ids <= last
    current_app.extensions["photo_prints"] = kept.joined(Prints(fresh.ids[settled], fresh.hashes[settled]))
    return kept.joined(fresh)


def copies_of(photo: Photo) -> list[Photo]:
    """Photos of other clinics that show the same picture, most alike first."""
    prints = _all_prints()
    found = [int(prints.ids[at]) for at in near(photo.phash, prints.hashes)[:CLOSE_LOOKS]]
    query = (
        select(Photo)
        .join(Photo.stage)
        .join(Stage.review)
        .where(Photo.id.in_(found), Review.clinic_id != photo.stage.review.clinic_id, Photo.state.not_in(GONE))
        .order_by(Photo.id)
    )
    alike = [(likeness(photo.thumb, other.thumb), other) for other in db.session.scalars(query) if other.thumb]
    return [other for how, other in sorted(alike, key=lambda pair: (-pair[0], pair[1].id)) if how >= ALIKE]


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
        reason="The same picture stands with another clinic",
        clinic_id=review.clinic_id,
        author_id=review.author_id,
        copies=[other.public_id for other in others[:6]],
        other=others[0].public_id,
    )
