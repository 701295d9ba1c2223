"""Addresses of searches: the parameters in one fixed order, so that one search has one address."""

from functools import lru_cache
from urllib.parse import quote, urlencode

from flask import request, url_for

Pairs = list[tuple[str, str]]


def address(pairs: Pairs, page: int = 1, *, endpoint: str = "search.results") -> str:
    """The address of a search; the first page is not named in it."""
    named = [*pairs, ("page", str(page))] if page > 1 else pairs
    path = _path(endpoint, request.script_root)
    return f"{path}?{urlencode(named, quote_via=quote)}" if named else path


@lru_cache(maxsize=64)
def _path(endpoint: str, root: str) -> str:
    """A page has some forty of these addresses, and only the parameters differ. `root` is where the site is mounted."""
    return url_for(endpoint)


def replaced(pairs: Pairs, name: str, value: str | None) -> Pairs:
    """The parameters with one of them replaced or added, or (None) taken out."""
    kept = [pair for pair in pairs if pair[0] != name]
    return kept if value is None else [*kept, (name, value)]
