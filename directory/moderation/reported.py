"""What can be reported: anything a visitor can see, found by `kind:public_id` or by the address of its page."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from directory.cases.moderated import PUBLIC
from directory.clinics.models import CLOSED, PUBLISHED, Clinic
from directory.db import Base, db
from directory.portfolio.models import Picture, ResultSet
from directory.practitioners.models import Practitioner
from directory.reviews.models import Review, Stage
from directory.reviews.photos import Photo
from directory.reviews.replies import Reply

LONGEST = 60


class Reported(NamedTuple):
    """One thing that is public: what it is in words, the page it stands on, some of its text, and whom it concerns."""

    kind: str
    public_id: str
    id: int
    title: str
    page: str
    excerpt: str = ""
    clinic: Clinic | None = None
    author_id: int | None = None
    review: Review | None = None

    @property
    def subject(self) -> str:
        return f"{self.kind}:{self.public_id}"

    @property
    def clinic_id(self) -> int | None:
        return self.clinic.id if self.clinic else None


def _at(clinic: Clinic, part: str = "") -> str:
    return url_for("clinics.show", slug=clinic.slug, _anchor=part or None)


def _one(model: type[Base], public_id: str) -> object | None:
    found: object | None = db.session.scalars(select(model).where(model.public_id == public_id)).one_or_none()  # type: ignore[attr-defined]
    return found


def _clinic(public_id: str) -> Reported | None:
    clinic = _one(Clinic, public_id)
    if not isinstance(clinic, Clinic) or clinic.status not in (PUBLISHED, CLOSED):
        return None
    title = _("The page of %(clinic)s", clinic=clinic.name)
    return Reported("clinic", public_id, clinic.id, title, _at(clinic), clinic=clinic)


def _practitioner(public_id: str) -> Reported | None:
    person = _one(Practitioner, public_id)
    if not isinstance(person, Practitioner) or person.status != "published":
        return None
    page = url_for("practitioners.show", slug=person.slug)
    return Reported("practitioner", public_id, person.id, _("The page of %(name)s", name=person.name), page)


def _shown_stage(review: Review) -> Stage | None:
    shown = [stage for stage in review.stages if stage.state in PUBLIC]
    return shown[-1] if shown else None


def _review(public_id: str) -> Reported | None:
    review = _one(Review, public_id)
    stage = _shown_stage(review) if isinstance(review, Review) else None
    if not isinstance(review, Review) or stage is None or review.clinic.status not in (PUBLISHED, CLOSED):
        return None
    title = _("A review of %(clinic)s", clinic=review.clinic.name)
    page, author = _at(review.clinic, "reviews"), review.author_id
    return Reported("review", public_id, review.id, title, page, stage.text, review.clinic, author, review)


def _photo(public_id: str) -> Reported | None:
    photo = _one(Photo, public_id)
    if not isinstance(photo, Photo) or not photo.is_public or not photo.stage.is_public:
        return None
    review = photo.stage.review
    title = _("A photo in a review of %(clinic)s", clinic=review.clinic.name)
    page = _at(review.clinic, "reviews")
    return Reported("photo", public_id, photo.id, title, page, "", review.clinic, review.author_id, review)


def _reply(public_id: str) -> Reported | None:
    reply = _one(Reply, public_id)
    if not isinstance(reply, Reply) or not reply.is_public:
        return None
    clinic = reply.review.clinic
    title = _("A reply of %(clinic)s to a review", clinic=clinic.name)
    # Whoever wrote it did so for the clinic; the statement of reasons goes there.
    return Reported("reply", public_id, reply.id, title, _at(clinic, "reviews"), reply.text, clinic)


def _result(public_id: str) -> Reported | None:
    result = _one(ResultSet, public_id)
    if not isinstance(result, ResultSet) or not any(picture.is_public for picture in result.pictures):
        return None
    clinic = result.clinic
    return _of_clinic("result", public_id, result.id, _("A result that %(clinic)s shows", clinic=clinic.name), clinic)


def _picture(public_id: str) -> Reported | None:
    picture = _one(Picture, public_id)
    if not isinstance(picture, Picture) or not picture.is_public:
        return None
    clinic = picture.clinic
    title = _("A picture that %(clinic)s shows", clinic=clinic.name)
    return _of_clinic("picture", public_id, picture.id, title, clinic)


def _of_clinic(kind: str, public_id: str, number: int, title: str, clinic: Clinic) -> Reported | None:
    if clinic.status not in (PUBLISHED, CLOSED):
        return None
    return Reported(kind, public_id, number, title, _at(clinic, "results"), clinic=clinic)


_FINDERS: dict[str, Callable[[str], Reported | None]] = {
    "clinic": _clinic,
    "practitioner": _practitioner,
    "review": _review,
    "photo": _photo,
    "reply": _reply,
    "result": _result,
    "picture": _picture,
}


def reported_by_subject(about: str) -> Reported | None:
    """The public thing that `kind:public_id` names; None when there is none that a visitor can see."""
    kind, _colon, public_id = about[:LONGEST].partition(":")
    if kind not in _FINDERS or not public_id or not public_id.isascii() or not public_id.isprintable():
        return None
    return _FINDERS[kind](public_id)


def reported_by_address(address: str) -> Reported | None:
    """The clinic, person or review whose page has that address on this site."""
    adapter = current_app.url_map.bind("localhost")
    try:
        path = unquote(urlsplit(address.strip()).path, errors="strict")
        endpoint, named = adapter.match(path, method="GET")
    except (HTTPException, ValueError):
        return None
    slug = named.get("slug", "")
    if endpoint == "clinics.show":
        number = db.session.scalar(select(Clinic.public_id).where(Clinic.slug == slug))
        return _clinic(number) if number else None
    if endpoint == "practitioners.show":
        number = db.session.scalar(select(Practitioner.public_id).where(Practitioner.slug == slug))
        return _practitioner(number) if number else None
    return _review(named["public_id"]) if endpoint == "reviews.show" else None
