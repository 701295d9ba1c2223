"""The account's own pages: overview, devices signed in, what is kept, erasure."""

from flask import Blueprint, Response, abort, flash, g, json, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory import mail
from directory.access import member
from directory.accounts import sessions
from directory.accounts.forms import PlainForm, erasure_form
from directory.accounts.registry import erase_person, export_person, wishes_of
from directory.accounts.roles import Standing, must_set_up, standing
from directory.accounts.sessions import person
from directory.db import db

bp = Blueprint("accounts", __name__, url_prefix="/account")


@bp.after_request
def _hide_tokens(response: Response) -> Response:
    """An address that holds a token is told to nobody."""
    if "token" in (request.view_args or {}):
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/")
@member(setting_up=True)
def home() -> ResponseReturnValue:
    """What there is to do with the account."""
    user = person()
    return render_template(
        "accounts/home.html",
        user=user,
        must_set_up=must_set_up(user),
        at_clinic=standing(user) == Standing.CLINIC,
        plain=PlainForm(),
    )


@bp.get("/sessions")
@member(setting_up=True)
def list_sessions() -> ResponseReturnValue:
    """The devices signed in, this one marked."""
    user = person()
    return render_template(
        "accounts/sessions.html", form=PlainForm(), here=sessions.present(), sessions=sessions.open_sessions(user)
    )


@bp.post("/sessions/<public_id>/end")
@member(setting_up=True)
def end_session(public_id: str) -> ResponseReturnValue:
    """Sign one device out."""
    found = [one for one in sessions.open_sessions(person()) if one.public_id == public_id]
    if not found:
        abort(404)
    found[0].end()
    db.session.commit()
    flash(_("That device is signed out."))
    return redirect(url_for(".list_sessions"), 303)


@bp.post("/sessions/end-others")
@member(setting_up=True)
def end_other_sessions() -> ResponseReturnValue:
    """Sign every device out but this one."""
    here = sessions.present()
    for one in sessions.open_sessions(person()):
        if one is not here:
            one.end()
    db.session.commit()
    flash(_("All other devices are signed out."))
    return redirect(url_for(".list_sessions"), 303)


@bp.post("/sign-out")
@member(setting_up=True)
def sign_out() -> ResponseReturnValue:
    """End this session; nothing of it stays in the browser."""
    sessions.leave()
    db.session.commit()
    answer = redirect(url_for(".sign_in"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.get("/data")
@member(fresh=True)
def show_data() -> ResponseReturnValue:
    """All that is kept about the person, to read."""
    return render_template("accounts/data.html", data=export_person(person()))


@bp.get("/data.json")
@member(fresh=True)
def download_data() -> Response:
    """The same as a file."""
    body = json.dumps(export_person(person()), indent=2, ensure_ascii=False, sort_keys=False)
    answer = Response(body, mimetype="application/json")
    answer.headers["Content-Disposition"] = "attachment; filename=my-data.json"
    return answer


@bp.route("/erase", methods=["GET", "POST"])
@member(fresh=True, setting_up=True)
def erase() -> ResponseReturnValue:
    """Erase the account; one last letter says that it happened."""
    user = person()
    wishes = wishes_of(user)
    form = erasure_form(wishes)
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        asked = [form[wish.name] for wish, _answer in wishes]
        return render_template("accounts/erase.html", form=form, asked=asked, held=export_person(user)), status
    email = user.email
    sessions.leave()
    for wish, _answer in wishes:
        wish.keep(user, form[wish.name].data)
    erase_person(user)
    mail.post("accounts/erased", to=email)
    db.session.commit()
    g.user_session = None
    answer = redirect(url_for(".erased"), 303)
    answer.delete_cookie("saved")  # the clinics this device remembers are the same person's secret
    return answer
