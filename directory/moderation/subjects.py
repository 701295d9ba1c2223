"""What a case is about, found by its `subject`, and what the desk shows of it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from directory.accounts.models import User
from directory.cases.decisions import Decision
from directory.cases.models import Case
from directory.claims.models import Claim
from directory.clinics.duplicates import DuplicatePair
from directory.clinics.material import ClinicChange
from directory.clinics.models import Clinic
from directory.credentials.models import Credential
from directory.credentials.outside import Inspection, Sanction
from directory.credentials.page_requests import PageRequest
from directory.db import db
from directory.portfolio.models import Picture, ResultSet
from directory.practitioners.models import Engagement, Practitioner
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from directory.reviews.replies import Reply
from directory.reviews.stages import Stage

OfClinics = Clinic | Practitioner | Engagement | DuplicatePair | Credential | Claim | ClinicChange | Picture | ResultSet
OfCheckers = Inspection | Sanction | PageRequest | User
Thing = Review | Stage | Photo | Reply | Decision | OfClinics | OfCheckers

MODELS: dict[str, type[Any]] = {
    "review": Review,
    "stage": Stage,
    "photo": Photo,
    "reply": Reply,
    "clinic": Clinic,
    "practitioner": Practitioner,
    "decision": Decision,
    "credential": Credential,
    "claim": Claim,
    "change": ClinicChange,
    "result": ResultSet,
    "picture": Picture,
    "inspection": Inspection,
    "sanction": Sanction,
    "page_request": PageRequest,
    "engagement": Engagement,
}


def thing_of(case: Case) -> Thing | None:
    """The thing itself; None when it is gone or belongs to a room that shows its own."""
    kind, _colon, public_id = case.subject.partition(":")
    if kind == "pair":
        return db.session.get(DuplicatePair, case.subject_id)
    if kind == "checker":
        return db.session.get(User, case.subject_id)
    model = MODELS.get(kind)
    if model is None:
        return None
    found: Thing | None = db.session.scalars(select(model).where(model.public_id == public_id)).one_or_none()
    return found


def review_of(thing: Thing | None) -> Review | None:
    """The review a thing is part of."""
    if isinstance(thing, Review):
        return thing
    if isinstance(thing, Stage):
        return thing.review
    if isinstance(thing, Photo):
        return thing.stage.review
    return thing.review if isinstance(thing, Reply) else None


def stages_in_question(thing: Thing | None) -> list[Stage]:
    """The stages that a decision would touch: those that wait, else those that readers see, else those sent back."""
    if isinstance(thing, Stage):
        return [thing]
    if isinstance(thing, Photo):
        return []
    review = thing if isinstance(thing, Review) else None
    if review is None:
        return []
    waiting = [stage for stage in review.stages if stage.state == "pending"]
    seen = [stage for stage in review.stages if stage.is_public or stage.state in {"refused", "removed"}]
    return waiting or seen or [stage for stage in review.stages if stage.state == "needs_edit"]


def stages_told(thing: Thing | None) -> list[Stage]:
    """All stages ever sent in: whoever reads an appeal sees what the first person saw, and what came since."""
    review = thing if isinstance(thing, Review) else None
    return [stage for stage in review.stages if stage.state != "draft"] if review else stages_in_question(thing)


def photos_in_question(thing: Thing | None, stages: list[Stage]) -> list[Photo | Picture]:
    """The pictures that a case about this thing shows, in the order of their numbers on the page."""
    if isinstance(thing, Photo | Picture):
        return [thing]
    if isinstance(thing, ResultSet):
        return [picture for picture in thing.kept if picture.state != "draft"]
    return [photo for stage in stages for photo in stage.photos if photo.key and photo.state != "draft"]


def newest_stars(review: Review | None) -> int | None:
    """The overall of the newest stage that is more than a draft; kept with the decision, never shown before it."""
    told = [stage.overall for stage in review.stages if stage.state != "draft" and stage.overall] if review else []
    return told[-1] if told else None


def newest_stages(review_ids: list[str]) -> list[Stage]:
    """One stage of each of these reviews, for the near copy beside."""
    query = (
        select(Review).where(Review.public_id.in_(review_ids)).options(selectinload(Review.stages)).order_by(Review.id)
    )
    return [review.stages[-1] for review in db.session.scalars(query) if review.stages]


def photos_called(public_ids: list[str]) -> list[Photo | Picture]:
    """Pictures by name that are still kept, of reviews and of clinics, for the copy beside."""
    wanted = public_ids[:6]
    photos = select(Photo).where(Photo.public_id.in_(wanted), Photo.key != "").order_by(Photo.id)
    pictures = select(Picture).where(Picture.public_id.in_(wanted), Picture.key != "").order_by(Picture.id)
    found: list[Photo | Picture] = list(
        db.session.scalars(photos.options(joinedload(Photo.stage).joinedload(Stage.review)))
    )
    return found + list(db.session.scalars(pictures.options(joinedload(Picture.clinic))))
