"""Score: the rating of one clinic as pages and the search index read it, and the mean of each country.

A score is derived in the transaction that changes what readers see, so that no page can show an old one; the nightly
job ages them by whole months and draws the countries' means anew.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from directory.clinics.models import Clinic
from directory.db import CLOSE_SCORES, Base, UTCDateTime, closes, db, now, take_turn
from directory.reviews.counting import voices_of
from directory.reviews.rating import WORLD_PRIOR, Rating, country_prior, rate, weight

TENTHS = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A rating as lists and pages print it; `score` is None below the minimum."""

    score: float | None = None
    count: int = 0
    counted: int = 0
    healed: int = 0


NONE_SHOWN = Shown()


def shown(tenths: int | None, count: int | None, counted: int | None, healed: int | None) -> Shown:
    """From the columns of a ClinicScore, all empty where nothing was said."""
    return Shown(None if tenths is None else tenths / TENTHS, count or 0, counted or 0, healed or 0)


class CountryMean(Base):
    """What a clinic without reviews starts from: the mean of its country at the last nightly count."""

    __tablename__ = "country_mean"
    __table_args__ = (CheckConstraint("mean BETWEEN 1 AND 5", name="mean"),)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    mean: Mapped[float]
    weight: Mapped[float]
    version: Mapped[int] = mapped_column(default=1)
    counted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class ClinicScore(Base):
    """One clinic's rating. `tenths` is the score times ten, empty below the minimum; `month` is 2026-11, when aged.

    `lower` is the conservative score that orders results; `spread` the distribution by stage and stars.
    """

    says_itself = True  # see clinics.changes
    __tablename__ = "clinic_score"
    __table_args__ = (CheckConstraint("tenths IS NULL OR tenths BETWEEN 10 AND 50", name="tenths"),)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), primary_key=True)
    tenths: Mapped[int | None]
    lower: Mapped[float]
    count: Mapped[int]
    counted: Mapped[int]
    healed: Mapped[int]
    effective: Mapped[float]
    spread: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    month: Mapped[str] = mapped_column(String(7), index=True)
    counted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    @property
    def shown(self) -> Shown:
        return shown(self.tenths, self.count, self.counted, self.healed)

    def take(self, rating: Rating, month: str) -> bool:
        """Keep a rating; whether anything that is shown changed."""
        before = (self.tenths, self.lower, self.count, self.counted, self.healed, self.spread)
        self.tenths = None if rating.score is None else round(rating.score * TENTHS)
        self.lower, self.effective = rating.lower, rating.effective
        self.count, self.counted, self.healed = rating.count, rating.counted, rating.healed
        self.spread = {stage: {str(stars): n for stars, n in row.items()} for stage, row in rating.distribution.items()}
        self.month, self.counted_at = month, now()
        return before != (self.tenths, self.lower, self.count, self.counted, self.healed, self.spread)


def mean_of(country: str, session: Session) -> float:
    """The country's mean, the world's until it was counted once."""
    found: float | None = session.scalar(select(CountryMean.mean).where(CountryMean.country == country))
    return WORLD_PRIOR if found is None else found


def month_of(moment: datetime) -> str:
    return f"{moment:%Y-%m}"


def rerate(session: Session, clinic_id: int) -> bool:
    """Derive one clinic's score from what readers see; whether it changed. Nothing is kept where nothing was said."""
    country = session.scalar(select(Clinic.country).where(Clinic.id == clinic_id))
    if country is None:
        return False
    moment = now()
    rating = rate(voices_of(session, clinic_id, moment), prior=mean_of(country, session))
    held = session.get(ClinicScore, clinic_id)
    if held is None:
        if not rating.count:
            return False
        held = ClinicScore(clinic_id=clinic_id)
        session.add(held)
    changed = held.take(rating, month_of(moment))
    session.flush()
    return changed


@closes(CLOSE_SCORES)
def _rerate_changed(session: Session) -> None:
    clinic_ids = sorted(session.info.pop("rerate", set()))
    if clinic_ids:
        take_turn(session)
    for clinic_id in clinic_ids:
        rerate(session, clinic_id)


def weighed(voices: list[Any]) -> tuple[float, float]:
    """Sum of weight times stars, and sum of weights, of the counted ones."""
    counted = [(weight(voice), voice.overall) for voice in voices if voice.counted]
    return sum(w * stars for w, stars in counted), sum(w for w, _stars in counted)


def mean_from(total: float, mass: float) -> float:
    return min(5.0, max(1.0, country_prior(total, mass)))


def scores_of(clinic_ids: list[int]) -> dict[int, ClinicScore]:
    """The scores of those among the clinics that have one; one statement."""
    query = select(ClinicScore).where(ClinicScore.clinic_id.in_(clinic_ids)).order_by(ClinicScore.clinic_id)
    return {score.clinic_id: score for score in db.session.scalars(query)}
