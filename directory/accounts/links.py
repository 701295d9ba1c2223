"""Links of letters to private pages: for people who never chose a password they open the account too."""

from datetime import datetime

from directory import mail
from directory.accounts import tokens
from directory.accounts.models import User
from directory.db import now


def link_for(user: User, endpoint: str, *, until: datetime | None = None, **values: object) -> str:
    """The full address of a private page for a letter; it also signs in whoever has no password.

    `until`: when what the letter is about is over; the link is good until then, if that is longer than usual.
    """
    if not user.enters_by_link:
        return mail.link(endpoint, **values)
    return entry_link(user, url_path(endpoint, **values), until=until)


def url_path(endpoint: str, **values: object) -> str:
    """The address of a page of ours without its host, where there is no request to build it from."""
    return "/" + mail.link(endpoint, **values).split("/", 3)[3]


def entry_link(user: User, page: str, *, until: datetime | None = None) -> str:
    """The full address that signs in whoever has no password, and leads to that page of ours."""
    usual, latest = now() + tokens.LIFE[tokens.ENTER], now() + tokens.LONGEST_ENTER
    token = tokens.issue(tokens.ENTER, user.id, until=max(usual, min(until or usual, latest)))
    return mail.link("accounts.enter", token=token, next=page)
