"""Reviews as readers of a clinic's page find them: a page of them at a time, of the stage and in the order asked for.

Everything is counted and sorted by the database; of a clinic with thousands only the ten on view are read.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from directory.cases.decisions import Decision, Statement
from directory.cases.moderated import PUBLIC
from directory.clinics.material import ClinicChange, changes_at
from directory.clinics.models import CLOSED, PUBLISHED, Clinic
from directory.db import db
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from directory.reviews.stages import STAGES, Stage
from directory.reviews.votes import HelpfulVote

PAGE = 10
LAST_PAGE = 1_000
# What the list can be narrowed to; "" is everything that counts, with the tombstones.
ALL, HEALED, YEAR, FRESH, APART = "", "healed", "12m", "fresh", "not-counted"
NARROWED = (ALL, HEALED, YEAR, FRESH, APART)
SORTS = ("newest", "healed", "helpful")


class View(NamedTuple):
    """Which part of a clinic's reviews is looked at."""

    stage: str = ALL
    sort: str = SORTS[0]
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "View":
        """What an address asks for; what is not understood is as if it was not said."""
        stage, sort, page = given.get("stage", ALL), given.get("sort", SORTS[0]), given.get("page", "1")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 5 else 1
        return cls(
            stage if stage in NARROWED else ALL,
            sort if sort in SORTS else SORTS[0],
            number if 1 <= number <= LAST_PAGE else 1,
        )

    def address(self, **changed: Any) -> dict[str, Any]:
        """The parameters of this view with something changed; what is usual is left out. Elsewhere page 1 begins."""
        view = self._replace(**{"page": 1, **changed})
        said = {"stage": view.stage, "sort": view.sort, "page": view.page}
        return {name: value for name, value in said.items() if value not in (ALL, SORTS[0], 1)}


class Ruling(NamedTuple):
    """Why something is not shown as it was written: the rule's key, when, and whether two people decided it."""

    rule: str
    on: date
    by_two: bool


class Account(NamedTuple):
    """One review as it is shown: what can be read of it, newest first, and what stands in place of the rest."""

    review: Review
    told: Sequence[Stage]
    removed: Sequence[tuple[Stage, Ruling | None]]
    redacted: Mapping[int, Ruling | None]
    set_aside: Ruling | None
    reply_removed: Ruling | None
    helpful: int
    changes: Sequence[ClinicChange] = ()

    @property
    def since_then(self) -> list[tuple[ClinicChange, bool]]:
        """How the clinic changed after the newest words, and whether that was in the very month they were published.

        Readers are told months, so months are compared: a mark must not tell the day on which somebody wrote.
        """
        told = self.newest.published_at if self.told else None
        if told is None:
            return []
        month = (told.year, told.month)
        moments = [(change, (change.at.year, change.at.month)) for change in self.changes]
        return [(change, moment == month) for change, moment in moments if month <= moment]

    @property
    def newest(self) -> Stage:
        return self.told[0]

    @property
    def withdrawn_on(self) -> datetime | None:
        """When its author took all of it back."""
        return None if self.told or self.removed else max(stage.state_at for stage in self.review.stages)

    @property
    def treated(self) -> date:
        year, month = self.review.treated_month.split("-")
        return date(int(year), int(month), 1)

    def photos(self, stage: Stage) -> list[Photo]:
        return [photo for photo in stage.photos if photo.is_shown]


class Shown(NamedTuple):
    """One page of a clinic's reviews."""

    view: View
    accounts: Sequence[Account]
    has_more: bool
    changes: Sequence[ClinicChange]


_HEALED, _YEAR, _FRESH = (STAGES.index(stage) for stage in ("6w", "12m", "fresh"))
_NEWEST: Any = func.max(case((Stage.state.in_(PUBLIC), Stage.position)))
_TOLD = func.max(Stage.published_at)
_VOTES = (
    select(func.count(HelpfulVote.user_id))
    .where(HelpfulVote.review_id == Review.id)
    .correlate(Review)
    .scalar_subquery()
)
_HAVING: dict[str, Any] = {
    ALL: or_(_NEWEST.is_(None), Review.counted),
    HEALED: and_(_NEWEST.between(_HEALED, _YEAR), Review.counted),
    YEAR: and_(_NEWEST.in_([_YEAR]), Review.counted),
    FRESH: and_(_NEWEST.in_([_FRESH]), Review.counted),
    APART: and_(_NEWEST.is_not(None), ~Review.counted),
}
_ORDER: dict[str, tuple[Any, ...]] = {
    "newest": (),
    "healed": (func.coalesce(_NEWEST, -1).desc(),),
    "helpful": (_VOTES.desc(),),
}


def _seen() -> Any:
    """Reviews of which something was ever public, one row each."""
    return (
        select(Review.id)
        .join(Stage, Stage.review_id == Review.id)
        .where(Stage.published_at.is_not(None))
        .group_by(Review.id)
    )


def shown(clinic_id: int, view: View) -> Shown:
    """One page of a clinic's reviews, in eight statements at most."""
    query = _seen().where(Review.clinic_id == clinic_id).having(_HAVING[view.stage])
    query = query.order_by(*_ORDER[view.sort], _TOLD.desc(), Review.id.desc())
    ids = list(db.session.scalars(query.offset((view.page - 1) * PAGE).limit(PAGE + 1)))
    changes = changes_at([clinic_id])
    return Shown(view, accounts(ids[:PAGE], changes), len(ids) > PAGE, changes[clinic_id])


def accounts(ids: Sequence[int], changes: Mapping[int, Sequence[ClinicChange]] | None = None) -> list[Account]:
    """These reviews as they are shown, in the order given; `changes` of their clinics, where they were read already."""
    if not ids:
        return []
    query = (
        select(Review)
        .where(Review.id.in_(ids))
        .options(selectinload(Review.stages).selectinload(Stage.photos), joinedload(Review.reply))
        .order_by(Review.id)
    )
    reviews = {review.id: review for review in db.session.scalars(query).unique()}
    rulings, votes = _rulings(reviews.values()), _votes(ids)
    if changes is None:
        changes = changes_at(review.clinic_id for review in reviews.values())
    return [_account(reviews[one], rulings, votes.get(one, 0), changes[reviews[one].clinic_id]) for one in ids]


def _account(review: Review, rulings: Mapping[int, Ruling], votes: int, changes: Sequence[ClinicChange]) -> Account:
    def why(statement_id: int | None) -> Ruling | None:
        return rulings.get(statement_id or 0)

    newest_first = list(reversed(review.stages))
    reply = review.reply
    return Account(
        review,
        told=[stage for stage in newest_first if stage.is_public],
        removed=[(stage, why(stage.statement_id)) for stage in newest_first if stage.state == "removed"],
        redacted={stage.id: why(stage.statement_id) for stage in newest_first if stage.state == "redacted"},
        set_aside=why(review.set_aside_id),
        reply_removed=why(reply.statement_id) if reply is not None and reply.state == "removed" else None,
        helpful=votes,
        changes=changes,
    )


def _rulings(reviews: Any) -> dict[int, Ruling]:
    """By statement, the decisions behind whatever of these reviews is not shown as it was written."""
    ids: set[int | None] = set()
    for review in reviews:
        ids |= {review.set_aside_id, *(stage.statement_id for stage in review.stages)}
        ids.add(review.reply.statement_id if review.reply is not None else None)
    if not ids - {None}:
        return {}
    query = (
        select(Statement.id, Decision.rule, Decision.at, Decision.seconded_at)
        .join(Decision, Decision.id == Statement.decision_id)
        .where(Statement.id.in_(ids - {None}))
        .order_by(Statement.id)
    )
    return {
        number: Ruling(rule, at.date(), seconded is not None)
        for number, rule, at, seconded in db.session.execute(query)
    }


def _votes(ids: Sequence[int]) -> dict[int, int]:
    """How many people found each of these helpful; the rows are the truth."""
    query = (
        select(HelpfulVote.review_id, func.count())
        .where(HelpfulVote.review_id.in_(ids))
        .group_by(HelpfulVote.review_id)
        .order_by(HelpfulVote.review_id)
    )
    return {review_id: votes for review_id, votes in db.session.execute(query)}


def told_after(clinic_id: int, after: int | None, most: int) -> list[int]:
    """Rows of a clinic's reviews that can be read, those begun last first, below that row."""
    readable = select(Stage.id).where(Stage.review_id == Review.id, Stage.state.in_(PUBLIC)).exists()
    query = select(Review.id).where(Review.clinic_id == clinic_id, readable)
    if after is not None:
        query = query.where(Review.id < after)
    return list(db.session.scalars(query.order_by(Review.id.desc()).limit(most)))


def row_of(public_id: str, clinic_id: int) -> int | None:
    """The row of a clinic's review, whatever became of it; a page can go on after one that was taken back."""
    if "\0" in public_id:
        return None
    query = select(Review.id).where(Review.public_id == public_id, Review.clinic_id == clinic_id)
    row: int | None = db.session.scalar(query)
    return row


class Place(NamedTuple):
    """Where a review stands: what tells one state of its page from another."""

    review_id: int
    clinic_id: int
    slug: str
    version: int


def place_of(public_id: str, *, told: Literal["ever", "now"] = "ever") -> Place | None:
    """A review that readers can see, or could once (a tombstone); None when its clinic is hidden."""
    state = Stage.published_at.is_not(None) if told == "ever" else Stage.state.in_(PUBLIC)
    query = (
        select(Review.id, Clinic.id, Clinic.slug, Clinic.changed_at_version)
        .join(Clinic, Clinic.id == Review.clinic_id)
        .where(
            Review.public_id == public_id,
            Clinic.status.in_((PUBLISHED, CLOSED)),
            select(Stage.id).where(Stage.review_id == Review.id, state).exists(),
        )
    )
    row = db.session.execute(query).one_or_none()
    return Place(*row) if row else None
