"""How often one caller may ask; generous enough for a crawler that behaves.

Counts live in Redis when it is set, else in each process. What must not open when Redis dies does not belong here.
"""

import ipaddress

from flask import Flask, request
from flask_limiter import Limiter

from directory.config import Settings


def caller() -> str:
    """An IPv4 address, or the /64 network of an IPv6 one: one household is one caller."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


limiter = Limiter(caller, headers_enabled=False, swallow_errors=True, in_memory_fallback_enabled=True)


def init_app(app: Flask, settings: Settings) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    app.config["RATELIMIT_STRATEGY"] = "moving-window"
    app.config["RATE_SEARCH"] = settings.rate_search
    app.config["RATE_SUGGEST"] = settings.rate_suggest
    app.config["RATE_API"] = settings.rate_api
    limiter.init_app(app)
