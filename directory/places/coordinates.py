"""Coordinates as people paste them: decimal, degrees and minutes, hemisphere letters, geo: links, map addresses."""

import math
import re

_NUMBER = r"[-+−]?\d{1,3}(?:[.,]\d+)?"
_DECIMAL = re.compile(
    r"\(?\s*(?P<lat>[-+−]?\d{1,3}(?:\.\d+)?)\s*°?\s*(?P<ns>[NS])?\s*(?:[,;/\s]\s*|(?<=[NS]))"
    r"(?P<lon>[-+−]?\d{1,3}(?:\.\d+)?)\s*°?\s*(?P<ew>[EWO])?\s*\)?",
    re.IGNORECASE,
)
_COMMA_DECIMAL = re.compile(r"(?P<lat>[-+−]?\d{1,3},\d+)\s*[;/\s]\s*(?P<lon>[-+−]?\d{1,3},\d+)")
_LETTER_FIRST = re.compile(
    rf"(?P<ns>[NS])\s*(?P<lat>{_NUMBER})\s*°?\s*[,;/\s]?\s*(?P<ew>[EWO])\s*(?P<lon>{_NUMBER})\s*°?", re.IGNORECASE
)
_ARC = (
    r"(?P<{0}d>[-+−]?\d{{1,3}})\s*[°º:d]\s*"
    r"(?:(?P<{0}m>\d{{1,2}}(?:\.\d+)?)\s*['′’m:]?\s*)?"
    r"(?:(?P<{0}s>\d{{1,2}}(?:\.\d+)?)\s*(?:[\"″”s]|''|′′)?\s*)?"
)
_ARCS = re.compile(
    rf"(?P<ns1>[NS])?\s*{_ARC.format('a')}(?P<ns2>[NS])?\s*[,;/]?\s*(?P<ew1>[EWO])?\s*{_ARC.format('b')}(?P<ew2>[EWO])?",
    re.IGNORECASE,
)
_GEO = re.compile(r"geo:(?P<lat>-?\d+(?:\.\d+)?),(?P<lon>-?\d+(?:\.\d+)?)(?:[,;?].*)?", re.IGNORECASE)
_MAP_ADDRESS = re.compile(r"https?://\S*?(?:@|q=|ll=|mlat=)(?P<lat>-?\d+\.\d+)(?:,|&mlon=)(?P<lon>-?\d+\.\d+)\S*")


def read(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees when the text is coordinates, None when it is something else.

    Raises ValueError when it is coordinates of no point on Earth ("95,200"). Spaces alone part two numbers
    only if one has a decimal point or a sign, so that "1012 10" stays free to be a postal code.
    """
    plain = text.strip().replace("−", "-")
    found = _GEO.fullmatch(plain) or _MAP_ADDRESS.fullmatch(plain) or _DECIMAL.fullmatch(plain)
    if found:
        if not re.search(r"[.,;/:°NSEWO-]", plain, re.IGNORECASE):
            return None
        return _checked(_signed(found["lat"], _letter(found, "ns")), _signed(found["lon"], _letter(found, "ew")))
    if found := (_COMMA_DECIMAL.fullmatch(plain) or _LETTER_FIRST.fullmatch(plain)):
        return _checked(_signed(found["lat"], _letter(found, "ns")), _signed(found["lon"], _letter(found, "ew")))
    if found := _ARCS.fullmatch(plain):
        lat = _signed(str(_degrees(found, "a")), found["ns1"] or found["ns2"])
        lon = _signed(str(_degrees(found, "b")), found["ew1"] or found["ew2"])
        return _checked(lat, lon)
    return None


def _letter(found: re.Match[str], group: str) -> str | None:
    return found.groupdict().get(group)


def _degrees(found: re.Match[str], arc: str) -> float:
    whole, minutes, seconds = found[arc + "d"], float(found[arc + "m"] or 0), float(found[arc + "s"] or 0)
    if minutes >= 60 or seconds >= 60:
        raise ValueError("minutes and seconds stay under 60")
    size = abs(int(whole)) + minutes / 60 + seconds / 3600
    return -size if whole.startswith("-") else size


def _signed(number: str, letter: str | None) -> float:
    value = float(number.replace(",", "."))
    # O is west in French and Spanish, east in German; only the far more common reading is taken.
    return -abs(value) if letter and letter.upper() in "SWO" else value


def _checked(lat: float, lon: float) -> tuple[float, float]:
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise ValueError("latitude is -90 to 90, longitude -180 to 180")
    return lat, lon
