"""Settings as an operator may see them: the value and where it came from, of secrets only whether there is one.

A secret's fingerprint is keyed: it tells two secrets apart and nothing about either.
"""

from typing import NamedTuple

from directory.config import Settings
from directory.keyed import pseudonym

# Whatever is not named here counts as a secret: a setting that comes later is not shown before somebody thought of it.
SHOWN = {
    "mode",
    "data",
    "port",
    "base_url",
    "trusted_hosts",
    "proxy_hops",
    "site_name",
    "site_country",
    "contact_email",
    "metrics_address",
    "rate_search",
    "rate_suggest",
    "rate_api",
    "web_workers",
    "mail_from",
    "anchor_email",
    "backup_folder",
}
HIDDEN = {"problems", "sources"}


class Seen(NamedTuple):
    """One setting. `fingerprint` only of a secret that is set."""

    name: str
    value: str
    source: str
    secret: bool
    fingerprint: str


def settings_seen(settings: Settings) -> list[Seen]:
    """All of them in order of their names."""
    found = []
    for field in sorted(set(settings.__dataclass_fields__) - HIDDEN):
        held = getattr(settings, field)
        text = ", ".join(map(str, held)) if isinstance(held, (list, tuple)) else "" if held is None else str(held)
        secret = field not in SHOWN
        mark = pseudonym("setting", text)[:12] if secret and text else ""
        source = settings.sources.get(field.upper(), "default")
        found.append(Seen(field.upper(), "" if secret else text, source, secret, mark))
    return found
