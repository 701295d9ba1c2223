"""Setting up the second proof: an authenticator app, passkeys, recovery codes; and signing in with a passkey."""

from flask import Response, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import member, public
from directory.accounts import allowances, letters, passkeys, second_factor, sessions
from directory.accounts.allowances import refuse_unless
from directory.accounts.devices import remember_device
from directory.accounts.forms import CodeForm, PasskeyForm
from directory.accounts.models import User
from directory.accounts.queries import own_passkey
from directory.accounts.roles import must_set_up
from directory.accounts.sessions import person
from directory.accounts.views import bp
from directory.allowance import spend
from directory.db import db
from directory.forms import show
from directory.limits import caller
from directory.onward import page_of_ours


def _after_set_up(user: User, what: str) -> ResponseReturnValue:
    """A new factor stands: a new session id, a letter, and codes on paper for whoever has none."""
    letters.tell_changed(user, what)
    sessions.begin(user)
    codes = [] if user.codes_left else second_factor.new_codes(user)
    db.session.commit()
    if codes:
        return render_template("accounts/codes.html", codes=codes)
    flash(_("That is set up."))
    return redirect(url_for(".second_factor"), 303)


@bp.get("/second-factor", endpoint="second_factor")
@member(setting_up=True)
def show_second_factor() -> ResponseReturnValue:
    """What stands beside the password, and what could."""
    user = person()
    return render_template(
        "accounts/second_factor.html", user=user, must_set_up=must_set_up(user), form=PasskeyForm(formdata=None)
    )


@bp.post("/second-factor/app/begin")
@member(fresh=True, setting_up=True)
def begin_app() -> ResponseReturnValue:
    """A fresh secret for an app."""
    user = person()
    if user.has_app:
        abort(409)
    second_factor.begin_app(user)
    db.session.commit()
    return redirect(url_for(".app"), 303)


@bp.route("/second-factor/app", methods=["GET", "POST"])
@member(fresh=True, setting_up=True)
def app() -> ResponseReturnValue:
    """The secret as picture and text, and the first code that proves it arrived."""
    user, form = person(), CodeForm()
    if user.has_app or user.totp_sealed is None:
        return redirect(url_for(".second_factor"), 303)
    address = second_factor.app_address(user, current_app.config["SETTINGS"].site_name)
    path, side = second_factor.qr_path(address)
    facts = {"path": path, "side": side, "secret": second_factor.secret_words(user), "address": address}
    if not form.validate_on_submit():
        return show("accounts/app.html", form, **facts)
    allowed = allowances.may_try_factor(user)
    db.session.commit()
    refuse_unless(allowed)
    if not second_factor.confirm_app(user, form.code.data):
        form.code.errors = [_("This code does not fit. Is the clock of your device right?")]
        return show("accounts/app.html", form, **facts)
    return _after_set_up(user, "app_added")


@bp.post("/second-factor/app/remove")
@member(fresh=True, setting_up=True)
def remove_app() -> ResponseReturnValue:
    """Stop asking for codes of the app."""
    user = person()
    second_factor.drop_app(user)
    letters.tell_changed(user, "app_removed")
    db.session.commit()
    flash(_("The app is no longer asked for."))
    return redirect(url_for(".second_factor"), 303)


@bp.post("/second-factor/codes")
@member(fresh=True)
def make_codes() -> ResponseReturnValue:
    """Ten new recovery codes, shown this once."""
    user = person()
    if not user.has_second_factor:
        abort(409)
    codes = second_factor.new_codes(user)
    letters.tell_changed(user, "codes")
    db.session.commit()
    return render_template("accounts/codes.html", codes=codes)


@bp.post("/passkeys/options")
@member(fresh=True, setting_up=True)
def passkey_options() -> Response:
    """What the browser needs to make a passkey."""
    options = passkeys.adding_options(person())
    db.session.commit()
    return Response(options, mimetype="application/json")


@bp.post("/passkeys")
@member(fresh=True, setting_up=True)
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that the browser made."""
    user, form = person(), PasskeyForm()
    made = form.validate_on_submit() and passkeys.add(user, form.credential.data, form.name.data or "")
    if not made:
        db.session.commit()  # the challenge is used up all the same
        flash(_("The passkey could not be added. Try once more."))
        return redirect(url_for(".second_factor"), 303)
    return _after_set_up(user, "passkey_added")


@bp.post("/passkeys/<public_id>/remove")
@member(fresh=True, setting_up=True)
def remove_passkey(public_id: str) -> ResponseReturnValue:
    """Forget one passkey."""
    user = person()
    found = own_passkey(user, public_id)
    if found is None:
        abort(404)
    user.passkeys.remove(found)
    letters.tell_changed(user, "passkey_removed")
    db.session.commit()
    flash(_("The passkey is removed."))
    return redirect(url_for(".second_factor"), 303)


def _second_step_user() -> User | None:
    """Whose password was right a moment ago, or who is signed in and proves it again."""
    found = sessions.present(half=True) or sessions.present()
    return found.user if found else None


@bp.post("/sign-in/passkey/options")
@public(cache="private")
def passkey_sign_in_options() -> Response:
    """What the browser needs to prove a passkey."""
    allowed = spend(allowances.PASSKEY_CALLER, caller())
    db.session.commit()
    refuse_unless(allowed)
    options = passkeys.sign_in_options(_second_step_user())
    db.session.commit()
    return Response(options, mimetype="application/json")


@bp.post("/sign-in/passkey")
@public(cache="private")
def passkey_sign_in() -> ResponseReturnValue:
    """A passkey alone, or as the second step after the password."""
    form = PasskeyForm()
    allowed = spend(allowances.SIGN_IN_CALLER, caller())
    db.session.commit()
    refuse_unless(allowed)
    owner = _second_step_user()
    user = passkeys.prove(form.credential.data or "", second_step_of=owner) if form.validate_on_submit() else None
    if user is None:
        db.session.commit()  # the challenge is used up all the same
        flash(_("The passkey did not fit. Try once more, or use another way."))
        return redirect(url_for(".second_step" if owner else ".sign_in"), 303)
    sessions.begin(user)
    email = user.email
    db.session.commit()
    answer = redirect(page_of_ours(form.next.data or "", url_for(".home")), 303)
    remember_device(answer, email)
    return answer
