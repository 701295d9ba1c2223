"""Context: who would gain. A prior in words for the moderator, never more than a low signal (Luca and Zervas 2016)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select

from directory.clinics.models import PUBLISHED, Clinic
from directory.db import db
from directory.moderation.signals.arrivals import Arrival
from directory.moderation.signals.finding import Finding, times
from directory.moderation.signals.thresholds import BAD_STARS, FEW_REVIEWS, NEW_RIVAL, RECENT_BAD, RIVAL_KM
from directory.places.distance import box, great_circle

MOST = 200


class Rival(NamedTuple):
    """Another clinic nearby, and when it came here or was claimed."""

    clinic_id: int
    km: float
    since: datetime


def rivals_of(clinic: Clinic, *, since: datetime) -> list[Rival]:
    """Clinics within RIVAL_KM that were listed or claimed after that moment, nearest first."""
    corners = [
        Clinic.lat.between(south, north) & Clinic.lon.between(west, east)
        for south, north, west, east in box(clinic.lat, clinic.lon, RIVAL_KM)
    ]
    query = (
        select(Clinic.id, Clinic.lat, Clinic.lon, Clinic.created_at, Clinic.claimed_at)
        .where(or_(*corners), Clinic.country == clinic.country, Clinic.id != clinic.id, Clinic.status == PUBLISHED)
        .where(or_(Clinic.created_at > since, Clinic.claimed_at > since))
        .order_by(Clinic.id.desc())
        .limit(MOST)
    )
    found = []
    for other, lat, lon, created, claimed in db.session.execute(query):
        km = great_circle(clinic.lat, clinic.lon, lat, lon)
        if km <= RIVAL_KM:
            found.append(Rival(other, km, max(created, claimed or created)))
    return sorted(found, key=lambda rival: (rival.km, rival.clinic_id))


def find(own: Arrival, arrivals: Sequence[Arrival], rivals: Sequence[Rival]) -> Finding | None:
    """Praise where it is wanted most, or a complaint where a new rival gains by it; only without proof of a visit."""
    if own.proven:
        return None
    earlier = [one for one in arrivals if one.at < own.at]
    if own.overall == 5:
        bad = [one for one in earlier if one.overall <= BAD_STARS and own.at - one.at <= RECENT_BAD]
        if bad:
            days = max(1, (own.at - bad[-1].at).days)
            words = f"Praise {times(days, 'day', 'days')} after a complaint"
            return Finding("context", "low", words, (bad[-1].public_id,))
        if len(earlier) < FEW_REVIEWS:
            return Finding("context", "low", f"Praise for a clinic with {times(len(earlier), 'review', 'reviews')}")
    elif own.overall <= BAD_STARS and rivals:
        near = rivals[0]
        days = max(1, (own.at - near.since).days)
        if own.at - near.since <= NEW_RIVAL:
            new = f"new since {times(days, 'day', 'days')}"
            return Finding("context", "low", f"A complaint while a rival {near.km:.0f} km away is {new}")
    return None
