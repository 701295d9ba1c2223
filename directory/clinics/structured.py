"""What machines read of a clinic's page: schema.org facts as JSON-LD.

Nothing that the page does not show, no rating below the minimum, no medical type without a checked entry in a medical
register, and nothing at all about an invented clinic.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from directory.clinics.models import Clinic

# Decimals of a degree: about 11 m at the door, about 1 km where the door is not told.
EXACT_DECIMALS, ROUGH_DECIMALS = 4, 2


class Score(Protocol):
    """The score as the page shows it."""

    @property
    def score(self) -> float | None: ...
    @property
    def counted(self) -> int: ...


def structured_data(
    clinic: Clinic, url: str, rating: Score, told: Sequence[Any], certified: Sequence[dict[str, Any]]
) -> dict[str, Any] | None:
    """The clinic as a schema.org HealthAndBeautyBusiness at `url`; None for examples and closed clinics.

    `told` are the reviews on the page (`reviews.shown.Account`); those that do not count are left out.
    `certified` are the permissions that stand now (`credentials.showing.occupational`).
    """
    if clinic.is_example or clinic.status != "published":
        return None
    address = {
        "@type": "PostalAddress",
        "streetAddress": clinic.street,
        "addressLocality": clinic.city,
        "addressRegion": clinic.region,
        "postalCode": "" if clinic.is_home else clinic.postal_code,
        "addressCountry": clinic.country,
    }
    decimals = ROUGH_DECIMALS if clinic.is_approximate else EXACT_DECIMALS
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "HealthAndBeautyBusiness",
        "@id": url,
        "url": clinic.website or url,
        "name": clinic.name,
        "address": {key: value for key, value in address.items() if value},
        "geo": {
            "@type": "GeoCoordinates",
            "latitude": round(clinic.lat, decimals),
            "longitude": round(clinic.lon, decimals),
        },
        "telephone": clinic.phone,
        "knowsLanguage": clinic.languages,
    }
    if rating.score is not None:
        facts["aggregateRating"] = {"@type": "AggregateRating", **_stars(rating.score), "reviewCount": rating.counted}
        facts["review"] = [_review(one) for one in told if one.told and one.review.counted]
    facts["hasCertification"] = certified
    return {key: value for key, value in facts.items() if value}


def _stars(value: float) -> dict[str, float]:
    return {"ratingValue": value, "bestRating": 5, "worstRating": 1}


def _review(one: Any) -> dict[str, Any]:
    """One review at its newest stage: what the page shows of it; of its day the month."""
    published: datetime = one.newest.published_at
    return {
        "@type": "Review",
        "author": {"@type": "Person", "name": one.review.pseudonym},
        "datePublished": f"{published:%Y-%m}",
        "inLanguage": one.review.language,
        "reviewBody": one.newest.text,
        "reviewRating": {"@type": "Rating", **_stars(one.newest.overall)},
    }
