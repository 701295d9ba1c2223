"""create_app(): settings, ground floor, rooms, in that order."""

from typing import Literal

from flask import Flask
from flask_compress import Compress
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from directory import (
    access,
    assets,
    cli,
    conditional,
    db,
    errors,
    files,
    health,
    jobs,
    language,
    limits,
    log,
    origin,
    preferences,
    rooms,
    uploads,
)
from directory.config import Settings, read_settings, refuse_if_unsafe
from directory.doctor import find_faults
from directory.headers import Guard
from directory.imaging import redraw

TEMPLATES = "../templates"


def create_app(settings: Settings | None = None, *, purpose: Literal["web", "command"] = "web") -> Flask:
    """The application. Raises Misconfigured (exit status 78) when the settings are not safe to serve with.

    `purpose="command"` gives long statements their time and skips the refusal, so that `doctor` can say what is wrong.
    """
    settings = settings or read_settings()
    if purpose == "web":
        refuse_if_unsafe(settings)
    log.configure()
    app = Flask(__name__, template_folder=TEMPLATES, static_folder=None)
    app.config.from_mapping(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=settings.secret_key_fallbacks,
        TRUSTED_HOSTS=settings.trusted_hosts,
        METRICS_ADDRESS=settings.metrics_address,
        SESSION_COOKIE_NAME="__Host-session" if settings.is_https else "session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=65_536,
        # Twice the block of 64 KiB in which files are read: what is kept back of one block and the next count together.
        MAX_FORM_MEMORY_SIZE=131_072,
        MAX_FORM_PARTS=60,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # directory.origin asks the same of every scheme, and knows pages without referrer
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=1,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assets.init_app(app, settings)
    log.init_app(app)
    access.init_app(app)
    Compress(app)
    conditional.init_app(app)
    db.init_app(app, settings, patient=purpose == "command")
    language.init_app(app)
    origin.init_app(app)
    uploads.init_app(app)
    CSRFProtect(app)
    jobs.init_app(app, settings)
    limits.init_app(app, settings)
    errors.init_app(app)
    files.init_app(app, settings.files_url, settings.data / "files")
    redraw.init_app(app, settings.run_folder)
    health.init_app(app)
    app.register_blueprint(preferences.bp)
    rooms.init_app(app, settings)
    cli.init_app(app)
    app.wsgi_app = Guard(app.wsgi_app, https=settings.is_https, tiles_url=settings.tiles_url)  # type: ignore[method-assign]
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    return app


def find_faults_at_start(settings: Settings) -> list[str]:
    """What `doctor` would say, where it must keep a server from starting: in production."""
    if not settings.is_production:
        return list(settings.problems)
    app = create_app(settings, purpose="command")
    with app.app_context():
        found = find_faults(settings)
        for engine in db.db.engines.values():
            engine.dispose()  # no connection may outlive a fork
    return found
