"""The queue and what stands beside an item: every list is keyset-paged and takes a fixed number of statements."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Label, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from directory.accounts.models import User
from directory.cases.again import Again
from directory.cases.decisions import Decision
from directory.cases.models import Case, Note
from directory.clinics.models import Clinic
from directory.db import UTCDateTime, db, now
from directory.moderation.contacts import Contact, last_day
from directory.moderation.ties import DeclaredTie
from directory.reviews.models import Review
from directory.reviews.stages import Stage

PAGE = 30
HISTORY = 8
WEEKS = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TABS = ("open", "mine", "waiting", "decided")


class Row(NamedTuple):
    """One line of the queue."""

    public_id: str
    kind: str
    priority: str
    reason: str
    rank: int
    due_at: datetime
    id: int
    state: str
    clinic: str | None
    leased_by_id: int | None
    leased_until: datetime | None
    closed_at: datetime | None
    subject_id: int
    asked_until: datetime | None

    @property
    def waits_until(self) -> date | None:
        """The last day on which whoever was asked about a legal notice may still answer."""
        return last_day(self.asked_until) if self.asked_until is not None else None

    @property
    def mark(self) -> str:
        """Where the next page begins."""
        return _mark(self.rank, self.due_at, self.id)


def _mark(rank: int, due_at: datetime, number: int) -> str:
    micros = int(due_at.timestamp()) * 1_000_000 + due_at.microsecond
    return f"{rank}.{micros}.{number}"


def mark_of(case: Case) -> str:
    """Where the queue goes on after this case."""
    return _mark(case.rank, case.due_at, case.id)


_COLUMNS = (
    Case.public_id,
    Case.kind,
    Case.priority,
    Case.reason,
    Case.rank,
    Case.due_at,
    Case.id,
    Case.state,
    Clinic.name.label("clinic"),
    Case.leased_by_id,
    Case.leased_until,
    Case.closed_at,
    Case.subject_id,
)


def _of_tab(tab: str, user: User) -> list[ColumnElement[bool]]:
    moment = now()
    if tab == "mine":
        return [Case.state.in_(("open", "waiting")), Case.leased_by_id == user.id, Case.leased_until > moment]
    if tab == "waiting":
        return [Case.state == "waiting"]
    if tab == "decided":
        return [Case.state.in_(("decided", "withdrawn"))]
    free = or_(Case.leased_until.is_(None), Case.leased_until < moment, Case.leased_by_id == user.id)
    tied = select(DeclaredTie.clinic_id).where(DeclaredTie.user_id == user.id)
    untied = or_(Case.clinic_id.is_(None), Case.clinic_id.not_in(tied))
    return [Case.state == "open", free, untied, *_not_part_of_it(user)]


def _not_part_of_it(user: User) -> list[ColumnElement[bool]]:
    """What the person wrote, reported or decided before is for somebody else (`ties.conflict` has the last word)."""
    decided = select(Decision.id).where(
        Decision.id == Case.subject_id, or_(Decision.by_id == user.id, Decision.second_id == user.id)
    )
    earlier = (
        select(Again.case_id)
        .join(Decision, Decision.case_id == Again.earlier_id)
        .where(Again.case_id == Case.id, or_(Decision.by_id == user.id, Decision.second_id == user.id))
    )
    return [
        ~earlier.exists(),
        or_(Case.author_id.is_(None), Case.author_id != user.id),
        or_(Case.opened_by_id.is_(None), Case.opened_by_id != user.id),
        or_(Case.kind != "appeal", ~decided.exists()),
    ]


def _parted(mark: str) -> tuple[int, datetime, int] | None:
    parts = mark.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
        return None
    rank, moment, number = (int(part) for part in parts)
    return rank, _EPOCH + timedelta(microseconds=moment), number


def _beyond(tab: str, mark: str) -> list[ColumnElement[bool]]:
    parts = _parted(mark)
    if parts is None:
        return []
    rank, moment, number = parts
    when = literal(moment, UTCDateTime)
    if tab == "decided":
        return [tuple_(Case.closed_at, Case.id) < tuple_(when, literal(number))]
    return [tuple_(Case.rank, Case.due_at, Case.id) > tuple_(literal(rank), when, literal(number))]


def _asked_until() -> Label[datetime]:
    """Until when the author of what the case is about has time to answer; null when nobody was asked, or all did."""
    open_ones = select(func.max(Contact.due_at)).where(
        Contact.case_id == Case.id, Contact.answer == "", Contact.due_at > now()
    )
    return open_ones.correlate(Case).scalar_subquery().label("asked_until")


def queue_page(tab: str, user: User, *, kinds: Collection[str], after: str = "") -> list[Row]:
    """The next PAGE items of these kinds: what could harm or has a legal clock first, then what is due first."""
    query = select(*_COLUMNS, _asked_until()).join(Clinic, Clinic.id == Case.clinic_id, isouter=True)
    query = query.where(*_of_tab(tab, user), *_beyond(tab, after))
    query = query.where(Case.kind.in_(list(kinds)))
    if tab == "decided":
        query = query.order_by(Case.closed_at.desc(), Case.id.desc())
    else:
        query = query.order_by(Case.rank, Case.due_at, Case.id)
    return [Row(*tuple(row)) for row in db.session.execute(query.limit(PAGE))]


def counts(kinds: Collection[str], user: User) -> dict[str, int]:
    """How many items of each of these kinds this person could take, in all (key ""), and for a second person (2)."""
    query = (
        select(Case.kind, func.count())
        .where(*_of_tab("open", user), Case.kind.in_(list(kinds)))
        .group_by(Case.kind)
        .order_by(Case.kind)
    )
    found = {kind: int(number) for kind, number in db.session.execute(query)}
    waiting = select(func.count()).where(Case.state == "waiting", Case.kind.in_(list(kinds)))
    return {"": sum(found.values()), "2": int(db.session.scalar(waiting) or 0), **found}


def case_by_public_id(public_id: str) -> Case | None:
    return db.session.scalars(select(Case).where(Case.public_id == public_id)).one_or_none()


class Past(NamedTuple):
    """One earlier decision, in few words."""

    at: datetime
    kind: str
    act: str
    rule: str


def past_of(*, author_id: int | None = None, clinic_id: int | None = None, but: int = 0) -> list[Past]:
    """The newest decisions about one author's items, or one clinic's."""
    if author_id is None and clinic_id is None:
        return []
    whose = Case.author_id == author_id if author_id is not None else Case.clinic_id == clinic_id
    query = (
        select(Decision.at, Case.kind, Decision.act, Decision.rule)
        .join(Decision.case)
        .where(whose, Case.id != but, Decision.carried_out_at.is_not(None))
        .order_by(Decision.id.desc())
        .limit(HISTORY)
    )
    return [Past(*row) for row in db.session.execute(query)]


class Author(NamedTuple):
    """What a moderator may know of an author: no address, no name."""

    mark: str
    since: datetime
    items: int


def author_of(case: Case) -> Author | None:
    """None when there is none, or the account was erased."""
    user = db.session.get(User, case.author_id) if case.author_id else None
    if user is None:
        return None
    items = db.session.scalar(select(func.count()).select_from(Case).where(Case.author_id == user.id))
    return Author(user.public_id[:4].lower(), user.created_at, int(items or 0))


def weekly_reviews(clinic_id: int | None) -> list[int]:
    """How many stages were sent in about this clinic in each of the last WEEKS weeks, oldest first."""
    counts_ = [0] * WEEKS
    if clinic_id is None:
        return counts_
    begin = now() - timedelta(weeks=WEEKS)
    query = (
        select(Stage.submitted_at)
        .join(Stage.review)
        .where(Review.clinic_id == clinic_id, Stage.submitted_at > begin)
        .order_by(Stage.id)
        .limit(5_000)
    )
    for moment in db.session.scalars(query):
        if moment is not None:
            counts_[min(WEEKS - 1, (moment - begin).days // 7)] += 1
    return counts_


class ShownNote(NamedTuple):
    mark: str
    text: str
    at: datetime


def notes_of(case: Case) -> list[ShownNote]:
    """What moderators noted, with the note's author by a short mark."""
    author = aliased(User)
    query = (
        select(author.public_id, Note.text, Note.at)
        .join(author, author.id == Note.by_id, isouter=True)
        .where(Note.case_id == case.id)
        .order_by(Note.id)
    )
    return [ShownNote((mark or "")[:4].lower(), words, at) for mark, words, at in db.session.execute(query)]


def decided_today(user: User) -> int:
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count()).select_from(Decision).where(Decision.by_id == user.id, Decision.at >= midnight)
    return int(db.session.scalar(query) or 0)
