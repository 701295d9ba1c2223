"""Results as JSON: what a clinic's version decides is written once and kept; distance and reasons are filled in."""

import json
from collections.abc import Sequence
from datetime import datetime
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from flask import current_app
from flask.sansio.app import App
from sqlalchemy import select

from directory.api.schema import Lasting, Origin, Standing
from directory.clinics.models import PUBLISHED, Clinic
from directory.config import Settings
from directory.credentials.levels import NEVER
from directory.credentials.showing import Summary
from directory.db import db
from directory.reviews.scores import ClinicScore, Shown, shown
from directory.search.cards import Words, distance_text
from directory.search.index import Hit
from directory.search.kept import Kept
from directory.search.run import Outcome
from directory.search.standing import standings

DECIMALS_KM = 3
DECIMALS_DEGREES = 6

_COLUMNS = (
    Clinic.id,
    Clinic.changed_at_version,
    Clinic.slug,
    Clinic.name,
    Clinic.name_lang,
    Clinic.is_example,
    Clinic.is_home,
    Clinic.point_precision,
    Clinic.lat,
    Clinic.lon,
    Clinic.city,
    Clinic.region,
    Clinic.postal_code,
    Clinic.country,
    Clinic.goals,
    Clinic.price_min,
    Clinic.price_max,
    Clinic.currency,
    ClinicScore.tenths,
    ClinicScore.count.label("reviews"),
    ClinicScore.counted,
    ClinicScore.healed,
)


CLINICS, ANSWERS = "api_clinics", "api_answers"


class Answer(NamedTuple):
    """A whole answer, and the moment at which something it says of credentials stops to be so."""

    text: str
    until: datetime


def make_room(app: App) -> None:
    """For the JSON of the clinics shown last, each without its closing brace, and for whole answers given last."""
    app.extensions[CLINICS] = Kept[str](8192)
    app.extensions[ANSWERS] = Kept[Answer](512)


def kept_answers() -> Kept[Answer]:
    """Whole answers, by question and by what they were made from."""
    kept: Kept[Answer] = current_app.extensions[ANSWERS]
    return kept


def site_address(path: str) -> str:
    """The absolute address of a path on this site."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.base_url + path


def clinic_facts(row: Any, rating: Shown) -> Lasting:
    """What every answer says of a clinic until it changes; `row` is a Clinic or has its columns."""
    price_high = row.price_min if row.price_max is None else row.price_max
    return {
        "slug": row.slug,
        "name": row.name,
        "name_lang": row.name_lang,
        "url": site_address(f"/clinics/{row.slug}"),
        "is_example": row.is_example,
        "location": {
            "lat": round(row.lat, DECIMALS_DEGREES),
            "lon": round(row.lon, DECIMALS_DEGREES),
            "city": row.city,
            "region": row.region,
            "postal_code": "" if row.is_home else row.postal_code,
            "country": row.country,
            "approximate": row.is_home or row.point_precision != "given",
        },
        "rating": {
            "score": rating.score,
            "count": rating.count,
            "counted": rating.counted,
            "healed": rating.healed,
        },
        "goals": row.goals,
        "price": None if row.price_min is None else {"min": row.price_min, "max": price_high, "currency": row.currency},
    }


def standing_facts(summary: Summary | None) -> Standing:
    """What a clinic shows of credentials at this moment."""
    if summary is None:
        return {"credential_strength": None, "credential": None, "requirements": {"met": 0, "missing": 0, "unknown": 0}}
    asked = summary.requirements
    return {
        "credential_strength": summary.strength,
        "credential": summary.strongest_id or None,
        "requirements": {"met": asked["met"], "missing": asked["missing"], "unknown": asked["unknown"]},
    }


def _texts(hits: Sequence[Hit], database_id: str) -> dict[int, str]:
    """The kept part of each hit, by id; one statement for those not kept, none when all are."""
    kept: Kept[str] = current_app.extensions[CLINICS]
    held = {hit.id: kept.get((database_id, hit.id, hit.version)) for hit in hits}
    found = {clinic_id: text for clinic_id, text in held.items() if text is not None}
    missing = [clinic_id for clinic_id, text in held.items() if text is None]
    if missing:
        query = (
            select(*_COLUMNS)
            .join(ClinicScore, ClinicScore.clinic_id == Clinic.id, isouter=True)
            .where(Clinic.id.in_(missing), Clinic.status == PUBLISHED)
            .order_by(Clinic.id)
        )
        for row in db.session.execute(query):
            rating = shown(row.tenths, row.reviews, row.counted, row.healed)
            found[row.id] = json.dumps(clinic_facts(row, rating), ensure_ascii=False)[:-1]
            # Kept under the version that was read, which may be newer than the index knows.
            kept.put((database_id, row.id, row.changed_at_version), found[row.id])
    return found


def _reasons(outcome: Outcome, words: Words, hit: Hit) -> str:
    """`schema.Why` of one hit, as JSON; written by hand because it is the part that no answer shares with another."""
    distance = "" if hit.km is None else distance_text(hit.km, outcome.unit)
    factors = outcome.order.why(hit.km, hit.key, hit.lower, lapsed=hit.lapsed)
    shown = zip(factors, words.factors(hit, distance), strict=True)
    told = (
        f'{{"factor": "{factor.factor}", "value": {quoted(view.value)}, "weight": {factor.weight!r}}}'
        for factor, view in shown
    )
    return f"[{', '.join(told)}]"


def _origin(outcome: Outcome) -> Origin | None:
    place, point = outcome.place, outcome.query.point
    if place is None:
        return None
    lat, lon = point if point and not outcome.query.near else (place.lat, place.lon)
    return {"name": place.name, "country": place.country, "lat": lat, "lon": lon}


def results_json(outcome: Outcome) -> Answer:
    """One page of results in the shape of `schema.Results`."""
    hits = outcome.found.hits if outcome.found else []
    texts = _texts(hits, outcome.state.database_id)
    words, rows = Words(outcome), []
    held = standings(hits, outcome.state.database_id, outcome.state.day, outcome.now)
    for hit in hits:
        # A clinic taken down since the index looked has no text any more.
        if hit.id in texts:
            km = "null" if hit.km is None else repr(round(hit.km, DECIMALS_KM))
            told = json.dumps(standing_facts(held.get(hit.id)))[1:-1]
            rows.append(f'{texts[hit.id]}, {told}, "distance_km": {km}, "why": {_reasons(outcome, words, hit)}}}')
    head = json.dumps(
        {"total": outcome.total, "origin": _origin(outcome), "unit": outcome.unit, "next": outcome.next_cursor},
        ensure_ascii=False,
    )
    text = f'{head[:-1]}, "results": [{", ".join(rows)}]}}'
    return Answer(text, min((one.law.until for one in held.values()), default=NEVER))
