"""The verbs of decisions about a clinic's own pictures: those that wait in a result, or one of its place."""

from flask_babel import gettext as _

from directory.errors import Refused
from directory.moderation.acts import Work, pictures_of, take_down
from directory.portfolio.models import Picture, ResultSet


def _waiting(work: Work) -> list[Picture]:
    found = [picture for picture in pictures_of(work.thing) if picture.state == "pending"]
    if not found:
        raise Refused(_("Nothing waits here any more: the pictures were taken back."))
    return found


def publish(work: Work) -> None:
    """Show what waits, but for the pictures ticked as not to be shown."""
    refused = set(work.extra.get("photos", []))
    waiting = _waiting(work)
    statement = work.restrict("picture_refused") if refused & {one.public_id for one in waiting} else 0
    for picture in waiting:
        if picture.public_id in refused:
            picture.refuse(statement)
        else:
            picture.publish()


def ask_edit(work: Work) -> None:
    waiting, statement = _waiting(work), work.restrict("picture_needs_edit")
    for picture in waiting:
        picture.ask_edit(statement)


def refuse(work: Work) -> None:
    waiting, statement = _waiting(work), work.restrict("picture_refused")
    for picture in waiting:
        picture.refuse(statement)


def remove(work: Work) -> None:
    """All of it: what is shown, and what waits."""
    if not isinstance(work.thing, Picture | ResultSet):
        raise Refused(_("There is nothing to take down any more."))
    take_down(work, work.thing)
