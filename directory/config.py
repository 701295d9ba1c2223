"""Settings, read from the environment once.

Every default is right for production or refused there, and fit to be published. README.md holds the table of
settings; a house test keeps both in step.
"""

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from directory.errors import Misconfigured
from directory.files import files_fault
from directory.relay import relay_fault

MIN_SECRET_BYTES = 32
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


@dataclass(frozen=True)
class Settings:
    """What the environment says, parsed. `problems` lists what is wrong, one plain line each.

    `sources` says of each setting that was not left to its default where it came from.
    """

    mode: str
    data: Path
    port: int
    secret_key: str
    secret_key_fallbacks: list[str]
    database_url: str
    migrate_url: str
    redis_url: str
    files_url: str
    base_url: str
    trusted_hosts: list[str]
    proxy_hops: int | None
    geocoder_url: str
    tiles_url: str
    site_name: str
    site_country: str
    contact_email: str
    metrics_address: Networks
    rate_search: str
    rate_suggest: str
    rate_api: str
    web_workers: int
    mail_url: str
    mail_from: str
    pseudonym_key: str
    kek: str
    ledger_key: str
    anchor_email: str
    backup_folder: Path | None
    backup_for: str
    problems: list[str] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)

    @property
    def is_production(self) -> bool:
        return self.mode == "production"

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def run_folder(self) -> Path:
        """Where processes of one installation meet: snapshots, metrics, the jobs queue."""
        return self.data / "run"

    @property
    def files_folder(self) -> Path | None:
        """Where photos and proofs are kept on this machine; None when they are in a bucket."""
        if "://" in self.files_url:
            return None
        return Path(self.files_url) if self.files_url else self.data / "files"


def _secret(environ: Mapping[str, str], name: str, problems: list[str]) -> str:
    """A secret from NAME or from the file NAME_FILE; empty when neither is set."""
    path = environ.get(f"{name}_FILE", "")
    if not path:
        return environ.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        problems.append(f"{name}_FILE cannot be read: {error.strerror}")
        return ""


def _local_secret(data: Path, name: str) -> str:
    """A secret made on first use and kept in the data folder, readable by its owner only."""
    folder = data / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(MIN_SECRET_BYTES))
    except FileExistsError:
        pass  # another process of the same start made it first
    return path.read_text(encoding="utf-8").strip()


def _own_secret(environ: Mapping[str, str], name: str, made_in: Path | None, problems: list[str]) -> str:
    """A secret as set, or one made in the data folder where that is allowed."""
    return _secret(environ, name, problems) or (_local_secret(made_in, name.lower()) if made_in else "")


def _number(environ: Mapping[str, str], name: str, default: int, problems: list[str]) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        problems.append(f"{name} must be a whole number, not {text[:40]!r}")
        return default
    return int(text)


def _networks(environ: Mapping[str, str], name: str, default: str, problems: list[str]) -> Networks:
    found = []
    for part in environ.get(name, default).split(","):
        try:
            found.append(ipaddress.ip_network(part.strip()))
        except ValueError:
            problems.append(f"{name} holds {part.strip()[:60]!r}, which is no address or network")
    return tuple(found)


def _driven(url: str) -> str:
    """The address with the PostgreSQL driver named that is used here."""
    if url.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    return url


def _country(environ: Mapping[str, str], name: str, problems: list[str]) -> str:
    country = environ.get(name, "").strip().upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        problems.append(f"{name} must be a two-letter country code, not {country[:40]!r}")
        return ""
    return country


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Parse the environment. Never raises: what is wrong stands in `problems`."""
    env = os.environ if environ is None else environ
    problems: list[str] = []
    mode = env.get("MODE", "local")
    if mode not in {"local", "production"}:
        problems.append(f"MODE must be local or production, not {mode[:40]!r}")
    data = Path(env.get("DATA") or ".data").resolve()
    port = _number(env, "PORT", 8000, problems)
    made_in = data if mode == "local" else None
    base_url = (env.get("BASE_URL") or f"http://localhost:{port}").rstrip("/")
    database_url = _driven(_secret(env, "DATABASE_URL", problems) or f"sqlite:///{data / 'hairline.sqlite'}")
    migrate_url = _driven(_secret(env, "MIGRATE_URL", problems)) or database_url
    mail_url = _secret(env, "MAIL_URL", problems)
    if fault := relay_fault(mail_url):
        problems.append(fault)
    anchor_email = env.get("ANCHOR_EMAIL", "").strip()
    if anchor_email and (anchor_email.count("@") != 1 or len(anchor_email.split()) != 1):
        problems.append("ANCHOR_EMAIL must be one e-mail address")
    backup_for = env.get("BACKUP_FOR", "").strip()
    if strange := [word for word in _words(backup_for) if not word.startswith("age1")]:
        problems.append(f"BACKUP_FOR holds {strange[0][:20]!r}, which is no public age key")
    files_url = _secret(env, "FILES_URL", problems)
    if fault := files_fault(files_url):
        problems.append(fault)
    hops = env.get("PROXY_HOPS", "").strip()
    return Settings(
        mode=mode,
        data=data,
        port=port,
        secret_key=_own_secret(env, "SECRET_KEY", made_in, problems),
        secret_key_fallbacks=_words(_secret(env, "SECRET_KEY_FALLBACKS", problems)),
        database_url=database_url,
        migrate_url=migrate_url,
        redis_url=_secret(env, "REDIS_URL", problems),
        files_url=files_url,
        base_url=base_url,
        trusted_hosts=_words(env.get("TRUSTED_HOSTS", "")) or _default_hosts(base_url, mode),
        proxy_hops=_number(env, "PROXY_HOPS", 0, problems) if hops else None,
        geocoder_url=env.get("GEOCODER_URL", ""),
        tiles_url=env.get("TILES_URL", ""),
        site_name=env.get("SITE_NAME") or "Hairline",
        site_country=_country(env, "SITE_COUNTRY", problems),
        contact_email=env.get("CONTACT_EMAIL", ""),
        metrics_address=_networks(env, "METRICS_ADDRESS", "127.0.0.0/8,::1", problems),
        rate_search=env.get("RATE_SEARCH") or "300 per minute",
        rate_suggest=env.get("RATE_SUGGEST") or "600 per minute",
        rate_api=env.get("RATE_API") or "300 per 5 minutes",
        web_workers=_number(env, "WEB_WORKERS", max(1, os.cpu_count() or 1), problems),
        mail_url=mail_url,
        mail_from=env.get("MAIL_FROM", "").strip(),
        pseudonym_key=_own_secret(env, "PSEUDONYM_KEY", made_in, problems),
        kek=_own_secret(env, "KEK", made_in, problems),
        ledger_key=_own_secret(env, "LEDGER_KEY", made_in, problems),
        anchor_email=anchor_email,
        backup_folder=Path(env["BACKUP_FOLDER"]).resolve() if env.get("BACKUP_FOLDER") else None,
        backup_for=backup_for,
        problems=problems,
        sources=_sources(env, made_in),
    )


def _sources(environ: Mapping[str, str], made_in: Path | None) -> dict[str, str]:
    own = {name: "made here" for name in ("SECRET_KEY", "PSEUDONYM_KEY", "KEK", "LEDGER_KEY")} if made_in else {}
    said = {name: "environment" for name in environ}
    from_files = {name.removesuffix("_FILE"): "file" for name in environ if name.endswith("_FILE")}
    return {**own, **said, **from_files}


def _default_hosts(base_url: str, mode: str) -> list[str]:
    host = urlsplit(base_url).hostname or "localhost"
    return [host] if mode == "production" else [host, "localhost", "127.0.0.1", "[::1]"]


def _key_faults(own: dict[str, str], signing: list[str]) -> list[str]:
    """Keys for one purpose each: long enough, and none doing another's work."""
    found = [
        f"{name} must be set and have at least {MIN_SECRET_BYTES} bytes"
        for name, key in own.items()
        if len(key.encode()) < MIN_SECRET_BYTES
    ]
    given = [key for key in (*own.values(), signing[0]) if key]
    if len(set(given)) < len(given):
        found.append(f"{', '.join(own)} and SECRET_KEY must differ from each other")
    return found


def unsafe_settings(settings: Settings) -> list[str]:
    """Why this configuration may not serve the public, one plain line each; empty when it may.

    The list is the one promised in the README under "Refusing to start"; the database's own state (migrations,
    pragmas, rights) is checked by `directory.doctor`, which needs a connection.
    """
    found = list(settings.problems)
    keys = [settings.secret_key, *settings.secret_key_fallbacks]
    if not settings.secret_key:
        found.append("SECRET_KEY is not set")
    elif any(len(key.encode()) < MIN_SECRET_BYTES for key in keys):
        found.append(f"SECRET_KEY and each of SECRET_KEY_FALLBACKS must have at least {MIN_SECRET_BYTES} bytes")
    elif any(len(set(key)) < 8 for key in keys):
        found.append("SECRET_KEY looks like a placeholder: it repeats fewer than 8 different characters")
    own = {"PSEUDONYM_KEY": settings.pseudonym_key, "KEK": settings.kek, "LEDGER_KEY": settings.ledger_key}
    found += _key_faults(own, keys)
    parts = urlsplit(settings.base_url)
    if parts.scheme != "https":
        found.append("BASE_URL must begin with https://")
    if parts.hostname not in settings.trusted_hosts:
        found.append("BASE_URL's host must be one of TRUSTED_HOSTS")
    if settings.proxy_hops is None:
        found.append("PROXY_HOPS is not set: say how many proxies stand in front (0 for none)")
    if not settings.contact_email:
        found.append("CONTACT_EMAIL is not set: visitors need somebody to write to")
    if not settings.mail_from:
        found.append("MAIL_FROM is not set: letters need a sender")
    if settings.is_sqlite and settings.redis_url:
        found.append("REDIS_URL is set with SQLite: several machines cannot share one SQLite file, use PostgreSQL")
    if settings.backup_folder and not settings.backup_for:
        found.append("BACKUP_FOLDER is set without BACKUP_FOR: backups lie encrypted, for a key that is kept elsewhere")
    return found


def refuse_if_unsafe(settings: Settings) -> None:
    """Raise Misconfigured, which ends the process with status 78, when production would be unsafe."""
    found = unsafe_settings(settings) if settings.is_production else settings.problems
    if found:
        raise Misconfigured(found)
