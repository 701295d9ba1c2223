"""Geocoders: an optional online service, asked only when the offline gazetteer finds nothing. Never required.

Set by an address whose scheme names the software: `nominatim+https://host/` or `photon+https://host/`.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from geopy.exc import GeocoderQueryError, GeopyError
from geopy.geocoders import Nominatim, Photon

from directory.places.place import Place

Software = Literal["nominatim", "photon"]

_TIMEOUT_S = 3.0
# Nominatim's usage policy allows one request a second; Photon's asks for restraint.
_PAUSE_S = {"nominatim": 1.0, "photon": 0.2}
_KEPT = 2000
_KEPT_FOR_S = 24 * 3600.0
# After a failure the service is left alone, so that a page never waits for a dead host twice in a row.
_REST_S = 30.0


class BadGeocoderAddress(ValueError):
    """The setting is not an address of a supported geocoder; the message is fit to show to an operator."""


@dataclass(frozen=True, slots=True)
class _Kept:
    place: Place | None
    until: float


class OnlineGeocoder:
    """One geocoding service with its rate limit, time-out and cache. Safe for several threads."""

    def __init__(self, address: str, *, user_agent: str, timeout_s: float = _TIMEOUT_S) -> None:
        software, scheme, domain = _parts(address)
        make = Nominatim if software == "nominatim" else Photon
        self._service = make(user_agent=user_agent, timeout=timeout_s, scheme=scheme, domain=domain)
        self._software = software
        self._lock = threading.Lock()
        self._cache: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._next_turn = 0.0
        self._resting_until = 0.0

    def find(self, text: str, *, country: str | None = None) -> Place | None:
        """The service's best answer, None when it knows none, is busy, slow or away. Never raises."""
        key = (" ".join(text.casefold().split()), country or "")
        now = time.monotonic()
        with self._lock:
            kept = self._cache.get(key)
            if kept and kept.until > now:
                self._cache.move_to_end(key)
                return kept.place
            # Nobody queues: a visitor whose turn it is not is told "not found" at once.
            if now < max(self._next_turn, self._resting_until) or not key[0]:
                return None
            self._next_turn = now + _PAUSE_S[self._software]
        try:
            place = self._ask(text, country)
        except GeocoderQueryError:
            place = None
        except (GeopyError, OSError, ValueError, KeyError, TypeError):
            with self._lock:
                self._resting_until = time.monotonic() + _REST_S
            return None
        with self._lock:
            self._cache[key] = _Kept(place, time.monotonic() + _KEPT_FOR_S)
            while len(self._cache) > _KEPT:
                self._cache.popitem(last=False)
        return place

    def _ask(self, text: str, country: str | None) -> Place | None:
        if self._software == "nominatim":
            found = self._service.geocode(text, addressdetails=True, language="en", country_codes=None)
        else:
            found = self._service.geocode(text, language="en")
        if found is None:
            return None
        return _place(found.raw, float(found.latitude), float(found.longitude))


def _parts(address: str) -> tuple[Software, str, str]:
    """Software, scheme and host with path of a geocoder's address. Raises BadGeocoderAddress."""
    parts = urlsplit(address.strip())
    software, plus, scheme = parts.scheme.partition("+")
    if not plus or software not in ("nominatim", "photon") or scheme not in ("http", "https") or not parts.hostname:
        raise BadGeocoderAddress("A geocoder is given as nominatim+https://host/ or photon+https://host/.")
    return software, scheme, (parts.netloc + parts.path).rstrip("/")  # type: ignore[return-value]


def _place(raw: dict[str, Any], lat: float, lon: float) -> Place | None:
    """A place from Nominatim's `address` or Photon's `properties`; None when the point or country makes no sense."""
    facts: dict[str, Any] = raw.get("address") or raw.get("properties") or {}
    code = str(facts.get("country_code") or facts.get("countrycode") or "").upper()
    if not (abs(lat) <= 90 and abs(lon) <= 180) or len(code) != 2:
        return None
    name = next(
        (
            str(facts[key])
            for key in ("name", "city", "town", "village", "suburb", "postcode", "county")
            if facts.get(key)
        ),
        str(raw.get("display_name", "")).split(",")[0],
    )
    region = str(facts.get("state") or "")
    return Place(name[:120], region[:120], code, lat, lon, "town", None, 25.0)


def from_address(address: str | None, *, user_agent: str) -> OnlineGeocoder | None:
    """The geocoder of a setting, None when the setting is empty. Raises BadGeocoderAddress."""
    return OnlineGeocoder(address, user_agent=user_agent) if address else None
