"""Reviews as their author finds them. What is somebody else's does not exist here."""

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from directory.accounts.models import User
from directory.clinics.membership import Membership
from directory.clinics.models import CLOSED, PUBLISHED, Clinic
from directory.db import db
from directory.reviews.models import Review, Stage
from directory.reviews.photos import Photo

_WHOLE = (joinedload(Review.clinic), selectinload(Review.stages).selectinload(Stage.photos))
# Of a single review a row for each photo is less work than a statement for each kind of thing.
_ONE = (joinedload(Review.clinic), joinedload(Review.stages).joinedload(Stage.photos), joinedload(Review.consents))
# What each review sent in asks for, put together once.
_OWN = Review.author_id == bindparam("author")
_OWN_REVIEW = select(Review).where(Review.public_id == bindparam("public_id"), _OWN).options(*_ONE)
_ITS_REVIEW = contains_eager(Stage.review)
_TO_SEND = (
    select(Stage)
    .join(Stage.review)
    .where(Stage.public_id == bindparam("public_id"), _OWN)
    .options(joinedload(Stage.photos), _ITS_REVIEW.joinedload(Review.stages), _ITS_REVIEW.joinedload(Review.consents))
    .with_for_update(of=Stage)
    .execution_options(populate_existing=True)
)
_WORKS_THERE = select(
    exists().where(Membership.user_id == bindparam("user"), Membership.clinic_id == bindparam("clinic"))
)


def own_reviews(user: User) -> list[Review]:
    """All reviews of a person, newest first, with clinics, stages and photos."""
    query = select(Review).where(Review.author_id == user.id).options(*_WHOLE).order_by(Review.id.desc())
    return list(db.session.scalars(query).unique())


def own_review(user: User, public_id: str) -> Review | None:
    """One of the person's reviews."""
    return db.session.scalars(_OWN_REVIEW, {"public_id": public_id, "author": user.id}).unique().one_or_none()


def review_by_public_id(public_id: str) -> Review | None:
    """Anybody's review, for those whose right was proven otherwise."""
    return db.session.scalars(select(Review).where(Review.public_id == public_id)).one_or_none()


def own_stage(user: User, public_id: str, *, lock: bool = False) -> Stage | None:
    """One stage of the person's reviews; locked until the transaction ends where it is about to change."""
    query = select(Stage).join(Stage.review).where(Stage.public_id == public_id, Review.author_id == user.id)
    if lock:
        query = query.with_for_update(of=Stage).execution_options(populate_existing=True)
    return db.session.scalars(query).one_or_none()


def stage_to_send(user: User, public_id: str) -> Stage | None:
    """The same, locked, with all that sending it in rests on as it is now: its photos, its review and the consents."""
    return db.session.scalars(_TO_SEND, {"public_id": public_id, "author": user.id}).unique().one_or_none()


def own_photo(user: User, public_id: str) -> Photo | None:
    """One photo of the person's reviews."""
    query = (
        select(Photo)
        .join(Photo.stage)
        .join(Stage.review)
        .where(Photo.public_id == public_id, Review.author_id == user.id)
    )
    return db.session.scalars(query).one_or_none()


def reviews_at(user: User, clinic: Clinic) -> list[Review]:
    """The person's reviews of one clinic, latest episode first."""
    query = (
        select(Review)
        .where(Review.author_id == user.id, Review.clinic_id == clinic.id)
        .options(*_WHOLE)
        .order_by(Review.episode.desc(), Review.id.desc())
    )
    return list(db.session.scalars(query).unique())


def works_there(user: User, clinic_id: int) -> bool:
    """Whether the person works on the clinic's listing: such a person never reviews it."""
    return bool(db.session.scalar(_WORKS_THERE, {"user": user.id, "clinic": clinic_id}))


def photo_bytes(author_id: int) -> int:
    """How many bytes of photos are kept for a person."""
    query = (
        select(func.coalesce(func.sum(Photo.size), 0))
        .join(Photo.stage)
        .join(Stage.review)
        .where(Review.author_id == author_id)
    )
    return int(db.session.scalar(query) or 0)


def shown_photo(public_id: str) -> Photo | None:
    """A photo that everybody may see: it, its stage and its clinic's page are public."""
    query = (
        select(Photo, Clinic.status)
        .join(Photo.stage)
        .join(Stage.review)
        .join(Review.clinic)
        .options(joinedload(Photo.stage))
        .where(Photo.public_id == public_id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None or row[1] not in (PUBLISHED, CLOSED) or not row[0].is_shown:
        return None
    photo: Photo = row[0]
    return photo
