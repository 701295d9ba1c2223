"""What is asked for with an e-mail address alone, carried out after the answer was given.

The page only notes the wish; whether an account exists is looked up by the jobs process. So the page does the same work
and answers the same bytes for every address, and only the owner of the mailbox learns more.
"""

from directory import mail, queue
from directory.accounts import tokens
from directory.accounts.links import entry_link, url_path
from directory.accounts.models import User
from directory.accounts.queries import user_by_email, user_by_public_id
from directory.db import db

SIGN_UP, RESET, MOVE = "accounts.sign-up", "accounts.reset", "accounts.move"
LINK = "accounts.link"


def ask_sign_up(email: str, page: str = "") -> None:
    """Somebody wants an account for this address, and to go on to that page of ours."""
    queue.put(SIGN_UP, about=mail.about(email), email=email, page=page)


def ask_link(email: str, page: str) -> None:
    """Somebody without a password wants to come in, and to go on to that page of ours."""
    queue.put(LINK, about=mail.about(email), email=email, page=page)


def ask_reset(email: str) -> None:
    """Somebody forgot the password of this address."""
    queue.put(RESET, about=mail.about(email), email=email)


def ask_move(user: User, email: str) -> None:
    """The person wants to be known by another address."""
    queue.put(MOVE, about=mail.about(user.email), user=user.public_id, email=email)


def confirmation_link(user: User, page: str = "") -> str:
    """A fresh link by which an unconfirmed person chooses a password and is in, and goes on to that page of ours."""
    return mail.link(
        "accounts.confirm", token=tokens.issue(tokens.CONFIRM, user.id), **({"next": page} if page else {})
    )


def tell_changed(user: User, what: str) -> None:
    """Say that something by which the person signs in was changed: a key of the letter's list."""
    mail.post("accounts/changed", to=user.email, what=what, link=mail.link("accounts.reset_request"))


def tell_moved(user: User, old_email: str) -> None:
    """Tell the old address, with three days to undo it."""
    token = tokens.issue(tokens.UNDO, user.id, email=old_email)
    mail.post("accounts/moved", to=old_email, link=mail.link("accounts.undo_move", token=token))


def _tell_known(user: User, page: str = "") -> None:
    """There is an account: how it is opened, which is the link itself where there is no password."""
    if user.enters_by_link:
        mail.post("accounts/enter", to=user.email, link=entry_link(user, page or url_path("accounts.home")))
        return
    sign_in = mail.link("accounts.sign_in", next=page or None)
    mail.post("accounts/known", to=user.email, sign_in=sign_in, reset=mail.link("accounts.reset_request"))


def _invite(user: User, page: str = "") -> None:
    mail.post("accounts/confirm", to=user.email, link=confirmation_link(user, page))


@queue.carries_out(SIGN_UP)
def _sign_up(row_id: str, email: str, page: str = "") -> None:
    user = user_by_email(email)
    if user is None:
        user = User(email=email)
        db.session.add(user)
        db.session.flush()
    if user.is_confirmed:
        _tell_known(user, page)
    else:
        _invite(user, page)


@queue.carries_out(LINK)
def _link(row_id: str, email: str, page: str) -> None:
    user = user_by_email(email)
    if user is not None:
        _tell_known(user, page)


@queue.carries_out(RESET)
def _reset(row_id: str, email: str) -> None:
    user = user_by_email(email)
    if user is None:
        return
    if not user.is_confirmed:
        _invite(user)
        return
    token = tokens.issue(tokens.RESET, user.id)
    enter = entry_link(user, url_path("accounts.home")) if user.enters_by_link else ""
    mail.post("accounts/reset", to=email, link=mail.link("accounts.reset", token=token), enter=enter)


@queue.carries_out(MOVE)
def _move(row_id: str, user: str, email: str) -> None:
    person = user_by_public_id(user)
    if person is None or person.email == email:
        return
    known = user_by_email(email)
    if known is not None:
        _tell_known(known)
        return
    token = tokens.issue(tokens.MOVE, person.id, email=email)
    mail.post("accounts/move", to=email, link=mail.link("accounts.move", token=token))
