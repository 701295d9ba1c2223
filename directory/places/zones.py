"""Time zones: which IANA zone holds a point. The shapes ship inside tzfpy, nothing is fetched."""

import tzfpy


def zone_at(lat: float, lon: float) -> str:
    """IANA zone name of a point in degrees, "UTC" where the data know none."""
    # tzfpy answers "" on the antimeridian itself.
    zone = tzfpy.get_tz(max(-179.9999, min(179.9999, lon)), max(-89.9999, min(89.9999, lat)))
    return zone or "UTC"
