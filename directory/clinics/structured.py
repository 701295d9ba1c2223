"""What machines read of a clinic's page: schema.org facts as JSON-LD.

Nothing that the page does not show, no rating while there are no reviews, no medical type without a checked entry in
a medical register, and nothing at all about an invented clinic.
"""

from typing import Any

from directory.clinics.models import Clinic

# Decimals of a degree: about 11 m at the door, about 1 km where the door is not told.
EXACT_DECIMALS, ROUGH_DECIMALS = 4, 2


def structured_data(clinic: Clinic, url: str) -> dict[str, Any] | None:
    """The clinic as a schema.org HealthAndBeautyBusiness at `url`; None for examples and closed clinics."""
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
    return {key: value for key, value in facts.items() if value}
