"""The links in letters: they open a follower's page for whoever has the letter, and nothing else."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from directory import mail
from directory.config import Settings
from directory.db import db, now
from directory.following.models import WANTED_KEPT, Followed, Follower, Wanted


def _serializer(purpose: str) -> URLSafeSerializer:
    settings: Settings = current_app.config["SETTINGS"]
    return URLSafeSerializer([*settings.secret_key_fallbacks, settings.secret_key], salt=f"following {purpose}")


def _read(purpose: str, token: str) -> str:
    try:
        return str(_serializer(purpose).loads(token))
    except BadSignature:
        return ""


def token_of(follower: Follower) -> str:
    return str(_serializer("letters").dumps(follower.public_id))


def link_to(endpoint: str, follower: Follower, **values: object) -> str:
    """The full address of one of the follower's pages."""
    return mail.link(endpoint, token=token_of(follower), **values)


def link_to_confirm(wanted: Wanted) -> str:
    return mail.link("following.confirm", token=_serializer("confirm").dumps(wanted.public_id))


def follower_by(token: str) -> Follower | None:
    """Whose letter the link stood in, with the clinics; None once that was ended."""
    query = (
        select(Follower)
        .where(Follower.public_id == _read("letters", token))
        .options(selectinload(Follower.followed).joinedload(Followed.clinic))
    )
    return db.session.scalars(query).one_or_none()


def wanted_by(token: str) -> Wanted | None:
    """What waits for this yes; None when it came, or came too late."""
    query = select(Wanted).where(Wanted.public_id == _read("confirm", token), Wanted.created_at > now() - WANTED_KEPT)
    return db.session.scalars(query).one_or_none()
