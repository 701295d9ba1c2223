"""Settings as an operator may see them: the value and where it came from, of secrets only whether there is one.

A secret's fingerprint is keyed: it tells two secrets apart and nothing about either.
"""

from typing import NamedTuple

from directory.config import Settings
from directory.keyed import pseudonym

# Addresses may carry a password.
SECRETS = {
    "secret_key",
    "secret_key_fallbacks",
    "pseudonym_key",
    "kek",
    "ledger_key",
    "database_url",
    "migrate_url",
    "redis_url",
    "files_url",
    "mail_url",
    "geocoder_url",
    "tiles_url",
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
        secret = field in SECRETS
        mark = pseudonym("setting", text)[:12] if secret and text else ""
        source = settings.sources.get(field.upper(), "default")
        found.append(Seen(field.upper(), "" if secret else text, source, secret, mark))
    return found
