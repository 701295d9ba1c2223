"""One account at a time, found by its whole address: roles, devices, lock. What its person wrote is not shown."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import operators
from directory.accounts.locks import lock as lock_account
from directory.accounts.locks import stand_in
from directory.accounts.locks import unlock as unlock_account
from directory.accounts.models import User
from directory.accounts.queries import user_by_email, user_by_public_id
from directory.accounts.roles import grant, withdraw
from directory.accounts.sessions import end_all, open_sessions
from directory.accounts.sessions import person as visitor
from directory.db import db
from directory.errors import Refused
from directory.forms import show
from directory.ledger import record
from directory.operating.forms import FindForm, PlainForm, ReasonForm, RoleForm
from directory.operating.views import bp


def _account(public_id: str) -> User:
    return user_by_public_id(public_id) or abort(404)


def _not_oneself(user: User) -> None:
    if user.id == visitor().id:
        raise Refused(_("Nobody changes their own account from here. Ask another operator."))


@bp.route("/people", methods=["GET", "POST"])
@operators()
def people() -> ResponseReturnValue:
    """Find one account by its whole address: there is no list."""
    form = FindForm()
    if form.validate_on_submit():
        found = user_by_email(form.email.data)
        if found is not None:
            return redirect(url_for(".person", public_id=found.public_id), 303)
        form.email.errors = [_("There is no account with this address.")]
    return show("operator/people.html", form)


@bp.get("/people/<public_id>")
@operators()
def person(public_id: str) -> ResponseReturnValue:
    """What an operator may know of an account, and may do with it."""
    user = _account(public_id)
    return _shown(user, ReasonForm())


def _shown(user: User, form: ReasonForm) -> ResponseReturnValue:
    return show(
        "operator/person.html",
        form,
        user=user,
        devices=len(open_sessions(user)),
        roles=RoleForm(),
        oneself=user.id == visitor().id,
    )


@bp.post("/people/<public_id>/roles")
@operators(fresh=True)
def roles(public_id: str) -> ResponseReturnValue:
    """Give a role or take it; never to or from oneself."""
    user, form = _account(public_id), RoleForm()
    _not_oneself(user)
    if not form.validate():
        abort(422)
    if form.act.data == "give":
        grant(user, form.role.data)
    else:
        withdraw(user, form.role.data)
    db.session.commit()
    flash(_("The roles are changed."))
    return redirect(url_for(".person", public_id=public_id), 303)


@bp.post("/people/<public_id>/sign-out")
@operators(fresh=True)
def sign_out(public_id: str) -> ResponseReturnValue:
    """Every device of the account is out at its next click."""
    user = _account(public_id)
    end_all(user)
    record("account.signed_out", role="operator", subject=f"account:{stand_in(user)}")
    db.session.commit()
    flash(_("Every device is signed out."))
    return redirect(url_for(".person", public_id=public_id), 303)


@bp.post("/people/<public_id>/lock")
@operators(fresh=True)
def lock(public_id: str) -> ResponseReturnValue:
    """Nobody comes in with it until it is unlocked; its person is told why."""
    user, form = _account(public_id), ReasonForm()
    _not_oneself(user)
    if not form.validate():
        return _shown(user, form)
    lock_account(user, form.reason.data)
    end_all(user)
    db.session.commit()
    flash(_("The account is locked."))
    return redirect(url_for(".person", public_id=public_id), 303)


@bp.post("/people/<public_id>/unlock")
@operators(fresh=True)
def unlock(public_id: str) -> ResponseReturnValue:
    """Its person may come in again."""
    user = _account(public_id)
    _not_oneself(user)
    if not PlainForm().validate():
        abort(422)
    unlock_account(user)
    db.session.commit()
    flash(_("The account is open again."))
    return redirect(url_for(".person", public_id=public_id), 303)
