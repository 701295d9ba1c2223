"""Where to go next, when an address was handed in: only a page of ours, rebuilt from the route it leads to."""

from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

LONGEST = 1_000
MOST_PARAMETERS = 30


def page_of_ours(address: str, otherwise: str) -> str:
    """The address as a path of this site, made anew from its parts; `otherwise` when it is anything else.

    Nothing of what was typed reaches the answer unparsed, so no spelling of another host can survive.
    """
    if not address or len(address) > LONGEST or not address.isprintable() or "\\" in address:
        return otherwise
    adapter = current_app.url_map.bind("localhost")
    try:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//"):
            return otherwise
        endpoint, arguments = adapter.match(unquote(parts.path, errors="strict"), method="GET")
        query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
        path = adapter.build(endpoint, arguments)
    except (HTTPException, RequestRedirect, ValueError):
        return otherwise
    return f"{path}?{urlencode(query)}" if query else path
