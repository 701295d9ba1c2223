"""Taking a picture in: opened and drawn anew outside any transaction, announced, written, and only then part of things.

Nothing that dies in between leaves a file that nobody points at (see `directory.transit`).
"""

from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from directory import transit
from directory.allowance import Allowance
from directory.db import db
from directory.imaging.bounds import PHOTO_BYTES
from directory.imaging.redraw import Drawn, Unreadable, studio
from directory.portfolio.models import Picture
from directory.uploads import content_of

HALF_HOUR = 1_800
UPLOADS = Allowance("picture", 60, HALF_HOUR)
MOST_BYTES = 300 * 1024**2  # of one clinic


def drawn(file: FileStorage | None) -> Drawn:
    """The file as pictures of ours. Raises Unreadable, with words for whoever sent it."""
    return studio().photo(content_of(file, PHOTO_BYTES))


def is_full(clinic_id: int) -> bool:
    """Whether the clinic's pictures fill the room that one clinic has."""
    return (db.session.scalar(select(func.sum(Picture.size)).where(Picture.clinic_id == clinic_id)) or 0) >= MOST_BYTES


def refuse_full(held: list[Picture], most: int, clinic_id: int) -> None:
    """Raises Unreadable when there is no room for one more."""
    if len(held) >= most:
        raise Unreadable(_("There are %(number)s pictures already. Remove one to add another.", number=most))
    if is_full(clinic_id):
        raise Unreadable(_("Your pictures fill the room that one clinic has. Remove some to add others."))


def place(picture: Picture, held: list[Picture]) -> bool:
    """Whether it is a new one; of a picture that was sent twice the second goes."""
    if any(other.thumb == picture.thumb and other.kind == picture.kind for other in held):
        transit.send_off(picture.keys)
        return False
    transit.arrived(picture.keys)
    db.session.add(picture)
    return True
