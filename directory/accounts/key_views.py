"""The keys to the account: password, e-mail address, the links that change them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from directory.access import member, public
from directory.accounts import allowances, letters, passwords, sessions, tokens
from directory.accounts.allowances import refuse_unless
from directory.accounts.forms import EmailForm, NewPasswordForm, PlainForm, ResetRequestForm
from directory.accounts.models import User
from directory.accounts.sessions import person
from directory.accounts.views import bp
from directory.allowance import spend
from directory.db import db
from directory.forms import show
from directory.limits import caller


def _link_over() -> ResponseReturnValue:
    db.session.rollback()  # drawing the page holds nobody up
    return render_template("accounts/link_over.html", again=url_for(".reset_request")), 410


def _owner(grant: tokens.Grant | None) -> User | None:
    return db.session.get(User, grant.user_id) if grant else None


@bp.route("/reset", methods=["GET", "POST"])
@public(cache="private")
def reset_request() -> ResponseReturnValue:
    """Ask for a link to choose a new password; the same answer for every address."""
    form = ResetRequestForm()
    if not form.validate_on_submit():
        return show("accounts/reset_request.html", form)
    allowed = spend(allowances.RESET_CALLER, caller())
    if allowed and allowances.may_ask_reset(form.email.data):
        letters.ask_reset(form.email.data)
    db.session.commit()
    refuse_unless(allowed)
    return redirect(url_for(".sent"), 303)


@bp.route("/reset/<token>", methods=["GET", "POST"])
@public(cache="private")
def reset(token: str) -> ResponseReturnValue:
    """The link of the letter: choose a new password; every device is out, and signs in with it."""
    user = _owner(tokens.peek(tokens.RESET, token))
    if user is None:
        return _link_over()
    form, email = NewPasswordForm(about=[user.email]), user.email
    db.session.commit()
    if not form.validate_on_submit():
        return show("accounts/reset.html", form, email=email)
    allowed = spend(allowances.LINK_CALLER, caller())
    db.session.commit()
    refuse_unless(allowed)
    hashed = passwords.hash_password(form.password.data)
    user = _owner(tokens.use(tokens.RESET, token))
    if user is None:
        return _link_over()
    sessions.put_password(user, hashed)
    letters.tell_changed(user, "password")
    db.session.commit()
    flash(_("The new password is set. Sign in with it."))
    return redirect(url_for(".sign_in"), 303)


@bp.route("/password", methods=["GET", "POST"])
@member(fresh=True, setting_up=True)
def password() -> ResponseReturnValue:
    """A new password: this device stays in under a new id, all others are out at their next click."""
    form = NewPasswordForm(about=[person().email])
    db.session.commit()
    if not form.validate_on_submit():
        return show("accounts/password.html", form)
    hashed = passwords.hash_password(form.password.data)
    user = person()
    sessions.put_password(user, hashed)
    sessions.begin(user)
    letters.tell_changed(user, "password")
    db.session.commit()
    flash(_("The new password is set. All other devices are signed out."))
    return redirect(url_for(".home"), 303)


@bp.route("/email", methods=["GET", "POST"])
@member(fresh=True, setting_up=True)
def email() -> ResponseReturnValue:
    """Ask to be known by another address; it counts once the letter sent there was answered."""
    user, form = person(), EmailForm()
    if not form.validate_on_submit():
        return show("accounts/email.html", form, user=user)
    allowed = spend(allowances.CONFIRM_ACCOUNT, form.email.data) and spend(allowances.CONFIRM_ACCOUNT, user.public_id)
    if allowed:
        letters.ask_move(user, form.email.data)
    db.session.commit()
    refuse_unless(allowed, allowances.CONFIRM_ACCOUNT.seconds)
    return redirect(url_for(".sent"), 303)


@bp.route("/email/confirm/<token>", methods=["GET", "POST"])
@public(cache="private")
def move(token: str) -> ResponseReturnValue:
    """The link sent to the new address; the old one is told and may undo it for three days."""
    form, grant = PlainForm(), tokens.peek(tokens.MOVE, token)
    if grant is None:
        return _link_over()
    if not form.validate_on_submit():
        return show("accounts/move.html", form, email=grant.email)
    grant = tokens.use(tokens.MOVE, token)
    user = _owner(grant)
    if user is None or grant is None:
        return _link_over()
    old = user.email
    try:
        user.move_to(grant.email)
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        return _link_over()
    tokens.kill(user.id, tokens.RESET, tokens.MOVE, tokens.ENTER)
    letters.tell_moved(user, old)
    db.session.commit()
    flash(_("Your e-mail address is changed."))
    return redirect(url_for(".sign_in"), 303)


@bp.route("/email/undo/<token>", methods=["GET", "POST"])
@public(cache="private")
def undo_move(token: str) -> ResponseReturnValue:
    """The link sent to the old address: the account is theirs again, and nobody else's key opens it."""
    form, grant = PlainForm(), tokens.peek(tokens.UNDO, token)
    if grant is None:
        return _link_over()
    if not form.validate_on_submit():
        return show("accounts/undo_move.html", form, email=grant.email)
    grant = tokens.use(tokens.UNDO, token)
    user = _owner(grant)
    if user is None or grant is None:
        return _link_over()
    try:
        sessions.take_back(user, grant.email, since=grant.issued_at)
    except IntegrityError:
        db.session.rollback()
        return _link_over()
    letters.ask_reset(user.email)
    db.session.commit()
    flash(_("Your address is back. We sent you a link to choose a new password."))
    return redirect(url_for(".sign_in"), 303)
