"""Coming in: sign-up, confirmation, sign-in, the second step, and proving again who one is."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import member, public
from directory.accounts import allowances, letters, passwords, sessions, tokens
from directory.accounts.allowances import refuse_unless
from directory.accounts.devices import remember_device
from directory.accounts.forms import AgainForm, CodeForm, NewPasswordForm, SignInForm, SignUpForm
from directory.accounts.models import User
from directory.accounts.queries import stored_password
from directory.accounts.second_factor import any_code_fits
from directory.accounts.views import bp
from directory.allowance import spend
from directory.db import db
from directory.forms import show
from directory.keyed import pseudonym
from directory.limits import caller
from directory.log import log
from directory.onward import page_of_ours


def onward(form: SignInForm | CodeForm | AgainForm | SignUpForm) -> str:
    """Where whoever is in goes on to: the page that asked for it, or the account."""
    return page_of_ours(form.next.data or "", url_for("accounts.home"))


@bp.route("/sign-up", methods=["GET", "POST"])
@public(cache="private")
def sign_up() -> ResponseReturnValue:
    """Ask for an address; all else waits for the letter, so the answer is the same for every address."""
    form = SignUpForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return show("accounts/sign_up.html", form)
    allowed = spend(allowances.SIGN_UP_CALLER, caller())
    if allowed and spend(allowances.CONFIRM_ACCOUNT, form.email.data):
        letters.ask_sign_up(form.email.data, page_of_ours(form.next.data or "", ""))
    db.session.commit()
    refuse_unless(allowed, allowances.SIGN_UP_CALLER.seconds)
    return redirect(url_for(".sent"), 303)


@bp.get("/sent")
@public(cache="private")
def sent() -> ResponseReturnValue:
    """A letter is on its way, if one was due."""
    return render_template("accounts/sent.html")


@bp.get("/erased")
@public(cache="private")
def erased() -> ResponseReturnValue:
    """The account is gone."""
    return render_template("accounts/erased.html")


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@public(cache="private")
def confirm(token: str) -> ResponseReturnValue:
    """The link of the letter: choose a password, and be in, and go on to what was meant to be done."""
    grant = tokens.peek(tokens.CONFIRM, token)
    user = db.session.get(User, grant.user_id) if grant else None
    if user is None:
        return render_template("accounts/link_over.html", again=url_for(".sign_up")), 410
    form = NewPasswordForm(about=[user.email])
    email = user.email
    db.session.commit()
    if not form.validate_on_submit():
        return show("accounts/confirm.html", form, email=email, next=page_of_ours(request.args.get("next", ""), ""))
    allowed = spend(allowances.LINK_CALLER, caller())
    db.session.commit()
    refuse_unless(allowed)
    hashed = passwords.hash_password(form.password.data)
    grant = tokens.use(tokens.CONFIRM, token)
    user = db.session.get(User, grant.user_id) if grant else None
    if user is None:
        return render_template("accounts/link_over.html", again=url_for(".sign_up")), 410
    user.confirm(hashed)
    sessions.begin(user)
    db.session.commit()
    answer = redirect(page_of_ours(request.args.get("next", ""), url_for(".home")), 303)
    remember_device(answer, email)
    return answer


@bp.route("/sign-in", methods=["GET", "POST"])
@public(cache="private")
def sign_in() -> ResponseReturnValue:
    """Address and password; the same answer, after the same work, whichever of them is wrong."""
    form = SignInForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return show("accounts/sign_in.html", form)
    email = form.email.data
    allowed = allowances.may_sign_in(email)
    stored = stored_password(email)
    db.session.commit()
    refuse_unless(allowed)
    renewed = passwords.checked(stored.hash, form.password.data)
    user = db.session.get(User, stored.user_id) if renewed else None
    if user is None or user.password_hash != stored.hash:
        log.info("authn_login_fail", account=pseudonym("log", email)[:12])
        form.password.errors = [_("Address and password do not belong together.")]
        return show("accounts/sign_in.html", form)
    user.password_hash, half = renewed, user.has_second_factor
    sessions.begin(user, half=half)
    db.session.commit()
    there = onward(form)
    answer = redirect(url_for(".second_step", next=there) if half else there, 303)
    remember_device(answer, email)
    return answer


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public(cache="private")
def second_step() -> ResponseReturnValue:
    """A code of the app, or one of the recovery codes."""
    half = sessions.present(half=True)
    if half is None:
        return redirect(url_for(".sign_in"), 303)
    user, form = half.user, CodeForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return show("accounts/second_step.html", form, user=user)
    allowed = allowances.may_try_factor(user)
    db.session.commit()
    refuse_unless(allowed)
    if not any_code_fits(user, form.code.data):
        log.info("authn_factor_fail", account=pseudonym("log", user.email)[:12])
        form.code.errors = [_("This code does not fit, or was used before.")]
        return show("accounts/second_step.html", form, user=user)
    sessions.begin(user)
    db.session.commit()
    return redirect(onward(form), 303)


@bp.route("/again", methods=["GET", "POST"])
@member(setting_up=True)
def again() -> ResponseReturnValue:
    """Prove once more who one is, before something that cannot be undone."""
    user, form = sessions.person(), AgainForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return show("accounts/again.html", form, user=user)
    allowed = allowances.may_sign_in(user.email)
    stored = stored_password(user.email)
    db.session.commit()
    refuse_unless(allowed)
    if not passwords.password_fits(stored.hash, form.password.data):
        form.password.errors = [_("This is not the password.")]
        return show("accounts/again.html", form, user=user)
    here = sessions.present()
    if here is not None:
        here.prove()
    db.session.commit()
    return redirect(onward(form), 303)
