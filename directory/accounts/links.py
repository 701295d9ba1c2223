"""Links of letters to private pages: for people who never chose a password they open the account too."""

from directory import mail
from directory.accounts import tokens
from directory.accounts.models import User


def link_for(user: User, endpoint: str, **values: object) -> str:
    """The full address of a private page for a letter; it also signs in whoever has no password."""
    page = mail.link(endpoint, **values)
    if not user.enters_by_link:
        return page
    path = "/" + page.split("/", 3)[3]
    return mail.link("accounts.enter", token=tokens.issue(tokens.ENTER, user.id), next=path)
