"""A clinic and a practitioner as JSON: what their pages say, in fields."""

from collections.abc import Sequence
from datetime import date

from directory.api.outside_schema import outside_resource
from directory.api.people_schema import Practitioner as PractitionerShape
from directory.api.pictures import results_resource
from directory.api.results import clinic_facts, site_address
from directory.api.schema import Clinic as ClinicShape
from directory.api.schema import Colleague, Elsewhere, Firm, ServiceLine, Standing
from directory.clinics.closing import moved_from, moved_to
from directory.clinics.material import changes_of
from directory.clinics.models import CLOSED, Clinic, Service
from directory.clinics.organisations import siblings_of
from directory.credentials.outside import Outside
from directory.practitioners.models import AGREED, Engagement, Practitioner
from directory.reviews.scores import NONE_SHOWN, scores_of


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _service(line: Service) -> ServiceLine:
    return {
        "goal": line.goal,
        "title": line.title,
        "price_min": line.price_min,
        "price_max": line.price_max,
        "currency": line.currency,
        "sessions_min": line.sessions_min,
        "sessions_max": line.sessions_max,
        "included": line.included,
    }


def _colleague(post: Engagement) -> Colleague:
    person = post.practitioner
    return {
        "slug": person.slug,
        "name": person.name,
        "url": site_address(f"/practitioners/{person.slug}"),
        "role": post.role,
        "since": _day(post.since),
        "agreed": post.standing == AGREED,
    }


def clinic_resource(clinic: Clinic, team: Sequence[Engagement], shows: Standing, found: Outside) -> ClinicShape:
    """A published or closed clinic with those who work there now. The e-mail address is not told to machines."""
    lines = [] if clinic.is_home else [line for line in (clinic.address, clinic.address2) if line]
    return {
        **clinic_facts(clinic, held.shown if (held := scores_of([clinic.id]).get(clinic.id)) else NONE_SHOWN),
        **shows,
        **outside_resource(found),
        "status": "closed" if clinic.status == CLOSED else "published",
        "claimed": clinic.claimed_at is not None,
        "is_home": clinic.is_home,
        "address": lines,
        "timezone": clinic.timezone,
        "phone": clinic.phone,
        "website": clinic.website,
        "description": clinic.description,
        "description_lang": clinic.description_lang,
        "opening_hours": clinic.opening_hours,
        "languages": clinic.languages,
        "facts": clinic.facts,
        "services": [_service(line) for line in clinic.services],
        "practitioners": [_colleague(post) for post in team],
        "results": results_resource(clinic.id),
        "sources": [
            {"name": source.source, "url": source.source_url, "read_at": source.imported_at.isoformat()}
            for source in clinic.sources
        ],
        "changes": [
            {
                "what": change.what,  # type: ignore[typeddict-item]
                "on": change.at.date().isoformat(),
                "checked": change.state == "confirmed",
            }
            for change in changes_of(clinic.id)
        ],
        "closes_on": _day(clinic.closes_on),
        "moved_from": _elsewhere(moved_from(clinic)),
        "moved_to": _elsewhere(moved_to(clinic) if clinic.status == CLOSED else None),
        "organisation": _firm(clinic),
    }


def _elsewhere(clinic: Clinic | None) -> Elsewhere | None:
    if clinic is None:
        return None
    return {"slug": clinic.slug, "name": clinic.name, "url": site_address(f"/clinics/{clinic.slug}")}


def _firm(clinic: Clinic) -> Firm | None:
    if clinic.organisation is None:
        return None
    beside = [_elsewhere(one) for one in siblings_of(clinic)]
    return {"name": clinic.organisation.name, "clinics": [one for one in beside if one is not None]}


def practitioner_resource(person: Practitioner, posts: Sequence[Engagement], found: Outside) -> PractitionerShape:
    """A published person with the clinics they work and worked at."""
    return {
        "slug": person.slug,
        "name": person.name,
        "name_lang": person.name_lang,
        "url": site_address(f"/practitioners/{person.slug}"),
        "is_example": person.is_example,
        "gender": person.gender,  # type: ignore[typeddict-item]
        "languages": person.languages,
        "goals": person.goals,
        "about": person.about,
        "about_lang": person.about_lang,
        "clinics": [
            {
                "slug": post.clinic.slug,
                "name": post.clinic.name,
                "url": site_address(f"/clinics/{post.clinic.slug}"),
                "role": post.role,
                "since": _day(post.since),
                "until": _day(post.until),
                "agreed": post.standing == AGREED,
            }
            for post in posts
        ],
        "sanctions": outside_resource(found)["sanctions"],
    }
