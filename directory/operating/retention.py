"""What must be gone by when, and the proof: what is left past its time now, and what the last run destroyed.

Each line asks the database itself, by the rule's own figures, for what is over by more than GRACE. Nothing should be.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from directory.accounts.jobs import UNCONFIRMED_LIFE as ACCOUNT_LIFE
from directory.accounts.models import User
from directory.accounts.sessions import KEPT as SESSIONS_KEPT
from directory.accounts.sessions import UserSession
from directory.allowance import LONGEST, RateEvent
from directory.cases.models import Case
from directory.claims.models import KEPT_ENDED, Claim
from directory.clinics.sightings import Sighting
from directory.clinics.sightings_writer import KEPT as SIGHTINGS_KEPT
from directory.consultations.inquiries import UNCONFIRMED_LIFE, WORDS_KEPT, Inquiry
from directory.consultations.queries import inquiries_quiet_since
from directory.credentials.evidence import AFTER_REFUSAL
from directory.credentials.evidence import Evidence as Paper
from directory.credentials.models import Credential
from directory.db import db, now
from directory.following.models import KEPT as FOLLOWERS_KEPT
from directory.following.models import WANTED_KEPT, Follower, Wanted
from directory.jobs import JobRun, last_runs
from directory.ledger import LedgerRow, date_of
from directory.moderation.evidence import Evidence
from directory.moderation.forgetting import UPHELD_KEPT
from directory.moderation.forgetting import WORDS_KEPT as REPORT_WORDS_KEPT
from directory.moderation.reports import Report
from directory.once import KEPT as FORMS_KEPT
from directory.once import SentForm
from directory.portfolio.jobs import DRAFT_LIFE as PICTURE_LIFE
from directory.portfolio.models import Picture
from directory.queue import DEAD, DONE, QueuedJob
from directory.queue import KEPT as QUEUE_KEPT
from directory.reviews.jobs import DRAFT_LIFE
from directory.reviews.stages import Stage

GRACE = timedelta(days=1)
MONTH = timedelta(days=30)
DESTROYED = "evidence.destroyed"


class Rule(NamedTuple):
    """One promise: the job that keeps it, in words, and how many rows are over it."""

    job: str
    words: Any
    left: Callable[[datetime], int]


class Proof(NamedTuple):
    """A rule as it stands: what is left past its time, and the last run of its job."""

    rule: Rule
    left: int
    run: JobRun | None


class Destroyed(NamedTuple):
    """Of papers: how many the record says were destroyed in a month, and when the last was."""

    number: int
    last: datetime | None


def _count(model: Any, *which: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*which)) or 0


def _papers(moment: datetime) -> int:
    query = (
        select(Paper)
        .join(Paper.credential)
        .where(Paper.destroyed_at.is_(None), Paper.created_at < moment - AFTER_REFUSAL)
        .options(selectinload(Paper.credential).selectinload(Credential.checks))
        .order_by(Paper.id)
    )
    return sum(one.due_at is not None and one.due_at < moment for one in db.session.scalars(query))


def _disputes(moment: datetime) -> int:
    """Judged by the longer of the two times: what is past that is late for certain."""
    query = (
        select(func.count())
        .select_from(Evidence)
        .join(Evidence.report)
        .join(Report.case)
        .where(Evidence.destroyed_at.is_(None), Case.closed_at < moment - UPHELD_KEPT)
    )
    return db.session.scalar(query) or 0


def _sessions(moment: datetime) -> int:
    return _count(UserSession, UserSession.ended_at < moment - SESSIONS_KEPT)


def _queue(moment: datetime) -> int:
    return _count(QueuedJob, QueuedJob.state.in_((DONE, DEAD)), QueuedJob.due_at < moment - QUEUE_KEPT)


def _inquiries(moment: datetime) -> int:
    return _count(Inquiry, Inquiry.sent_at.is_(None), Inquiry.created_at < moment - UNCONFIRMED_LIFE)


def _words(moment: datetime) -> int:
    """Counted up to the 500 that one run would take."""
    return len(inquiries_quiet_since(moment - WORDS_KEPT, with_words=True))


def _claims(moment: datetime) -> int:
    ended = Claim.state.in_(("refused", "withdrawn", "lapsed"))
    return _count(Claim, ended, Claim.sealed.is_not(None), Claim.state_at < moment - KEPT_ENDED)


def _reports(moment: datetime) -> int:
    query = select(func.count()).select_from(Report).join(Report.case)
    old = Case.closed_at < moment - REPORT_WORDS_KEPT
    return db.session.scalar(query.where(Report.forgotten_at.is_(None), old)) or 0


def _pictures(moment: datetime) -> int:
    return _count(Picture, Picture.state == "draft", Picture.key != "", Picture.created_at < moment - PICTURE_LIFE)


def _accounts(moment: datetime) -> int:
    return _count(User, User.confirmed_at.is_(None), User.created_at < moment - ACCOUNT_LIFE)


def _drafts(moment: datetime) -> int:
    return _count(Stage, Stage.state == "draft", Stage.saved_at < moment - DRAFT_LIFE)


RULES = (
    Rule("old-papers", _l("Papers of credentials: 30 days after a refusal, 90 after an approval"), _papers),
    Rule("old-reports", _l("Documents of disputes: at most 90 days after the case"), _disputes),
    Rule("old-reports", _l("Words and names of reports: a year after the case"), _reports),
    Rule("claims-ended", _l("What was told with claims that came to nothing: 30 days"), _claims),
    Rule("consultations-old", _l("Questions nobody confirmed: two days"), _inquiries),
    Rule("consultations-old", _l("Words of consultations: a year after the last that happened"), _words),
    Rule("old-pictures", _l("Drafts of a clinic's pictures nobody sent in: 90 days"), _pictures),
    Rule("drafts", _l("Drafts of reviews nobody touched: 30 days"), _drafts),
    Rule("unconfirmed-accounts", _l("Addresses nobody confirmed: a week"), _accounts),
    Rule(
        "saved-old",
        _l("Wishes for letters nobody confirmed: a week; letters nobody renewed: two years"),
        lambda moment: (
            _count(Wanted, Wanted.created_at < moment - WANTED_KEPT)
            + _count(Follower, Follower.renewed_at < moment - FOLLOWERS_KEPT)
        ),
    ),
    Rule("old-rows", _l("Ended sessions: 30 days"), _sessions),
    Rule(
        "old-rows", _l("Uses of limits: eight days"), lambda moment: _count(RateEvent, RateEvent.at < moment - LONGEST)
    ),
    Rule("old-rows", _l("Keys of forms: a week"), lambda moment: _count(SentForm, SentForm.at < moment - FORMS_KEPT)),
    Rule("old-rows", _l("Finished rows of the queue: a week"), _queue),
    Rule(
        "old-sightings",
        _l("Counts of pages opened: 400 days"),
        lambda moment: _count(Sighting, Sighting.day < (moment - SIGHTINGS_KEPT).date()),
    ),
)


def proofs() -> list[Proof]:
    """Every rule with what is left past its time."""
    runs, moment = last_runs(), now() - GRACE
    return [Proof(rule, rule.left(moment), runs.get(rule.job)) for rule in RULES]


def destroyed() -> Destroyed:
    """What the record says of papers destroyed."""
    since = int((now() - MONTH).timestamp() * 1_000_000)
    number = _count(LedgerRow, LedgerRow.act == DESTROYED, LedgerRow.at >= since)
    last = select(LedgerRow.at).where(LedgerRow.act == DESTROYED).order_by(LedgerRow.seq.desc()).limit(1)
    at = db.session.scalar(last)
    return Destroyed(number, date_of(at) if at is not None else None)
