"""Asking for letters about saved clinics, saying yes, seeing what they are about, ending them."""

from collections import defaultdict
from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import member, public
from directory.accounts import sessions
from directory.accounts.allowances import refuse_unless
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.clinics.forms import MOST_SAVED, read_saved
from directory.clinics.models import Clinic
from directory.clinics.queries import visible_clinics
from directory.db import db
from directory.following import wishing
from directory.following.forms import FollowForm, PlainForm
from directory.following.links import follower_by, token_of, wanted_by
from directory.following.models import Follower
from directory.following.queries import news_of
from directory.following.topics import KINDS, TOPICS
from directory.forms import show as show_form
from directory.limits import caller
from directory.once import claim

bp = Blueprint("following", __name__)
ASK_CALLER = Allowance("following/caller", 10, 3_600)
ASK_ADDRESS = Allowance("following/address", 3, 86_400)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@bp.record_once
def _prepare(state: BlueprintSetupState) -> None:
    for view in (end, end_one):  # mail programs have no form of ours; `_is_one_click` asks everybody else for the token
        state.app.extensions["csrf"].exempt(view)
    state.app.jinja_env.globals["following_topics"] = TOPICS
    state.app.jinja_env.globals["following_kinds"] = {kind: words for kind, (_topic, words) in KINDS.items()}


def _clinics() -> list[Clinic]:
    """Those the address names, else the saved list."""
    slugs = request.args.getlist("c") or read_saved(request.cookies.get("saved", ""))
    return visible_clinics(slugs[:MOST_SAVED])


@bp.route("/following/new", methods=["GET", "POST"])
@public(cache="private")
def new() -> ResponseReturnValue:
    """Which clinics and what; without an account the mailbox is asked first, and the answer is the same for any."""
    clinics, found = _clinics(), sessions.present()
    user = found.user if found else None
    form = FollowForm(clinics, needs_address=user is None)
    if not form.validate_on_submit():
        return show_form("following/new.html", form, clinics=clinics, user=user)
    allowed = spend(ASK_CALLER, caller())
    sent = claim(user.public_id if user else caller(), form.once.data or token_urlsafe())
    if allowed and not sent.result:
        sent.result = "done"
        chosen, topics = form.clinics.data or [], form.topics.data or []
        if user is not None:
            wishing.follow_as(user, visible_clinics(chosen), topics)
            flash(_("From now on you will have a letter when something changes."))
        elif spend(ASK_ADDRESS, form.email.data):
            wishing.ask(form.email.data, chosen, topics)
    db.session.commit()
    refuse_unless(allowed, ASK_CALLER.seconds)
    return redirect(url_for(".mine" if user else ".sent"), 303)


@bp.get("/following/sent")
@public(cache="private")
def sent() -> str:
    """A letter is on its way; its link says yes."""
    return render_template("following/sent.html")


@bp.route("/following/confirm/<token>", methods=["GET", "POST"])
@public(cache="private")
def confirm(token: str) -> ResponseReturnValue:
    """The link of the first letter. Opening it does nothing: mail programs open links too."""
    wanted = wanted_by(token) or abort(404)
    form = PlainForm()
    if not form.validate_on_submit():
        return _private("following/confirm.html", form=form)
    follower = wishing.confirm(wanted)
    address = url_for(".show", token=token_of(follower)) if follower else url_for("shortlist.saved")
    db.session.commit()
    flash(_("From now on you will have a letter when something changes.") if follower else _("They are gone."))
    return redirect(address, 303)


@bp.get("/account/following")
@member()
def mine() -> ResponseReturnValue:
    """The same page that letters lead to, for somebody signed in."""
    follower = wishing.follower_of(person())
    if follower is None:
        return redirect(url_for(".new"), 303)
    answer = redirect(url_for(".show", token=token_of(follower)), 303)
    db.session.rollback()  # looking changes nothing: letters that began without the account join it at the next wish
    return answer


@bp.get("/following/<token>")
@public(cache="private")
def show(token: str) -> ResponseReturnValue:
    """What the letters are about: each clinic with its news, and the way to end each or all."""
    follower = follower_by(token) or abort(404)
    news = defaultdict(list)
    for one in news_of(follower):
        news[one.clinic_id].append(one)
    return _private("following/show.html", form=PlainForm(), follower=follower, news=news, token=token)


@bp.post("/following/<token>/renew")
@public(cache="private")
def renew(token: str) -> ResponseReturnValue:
    """Two more years."""
    follower = follower_by(token) or abort(404)
    if PlainForm().validate_on_submit():
        follower.renew()
        db.session.commit()
        flash(_("The letters go on for two more years."))
    return redirect(url_for(".show", token=token), 303)


def _private(template: str, **facts: Any) -> Response:
    """Pages whose address is the key: it goes nowhere as a referrer."""
    answer = make_response(render_template(template, **facts))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _end(token: str, act: Callable[[Follower], None], *, clinic_id: str = "") -> ResponseReturnValue:
    """By a press on the page, or by the one POST of a mail program (RFC 8058: answered, never led elsewhere)."""
    one_click = request.method == "POST" and request.form.to_dict() == ONE_CLICK
    if request.method == "POST" and not one_click:
        current_app.extensions["csrf"].protect()
    follower = follower_by(token) or abort(404)
    held = [one.clinic for one in follower.followed if clinic_id in {"", one.clinic.public_id}]
    if not held:
        abort(404)
    if request.method != "POST":
        return _private("following/end.html", form=PlainForm(), clinic=held[0] if clinic_id else None)
    act(follower)
    db.session.commit()
    return Response(_("No more letters."), mimetype="text/plain") if one_click else redirect(url_for(".ended"), 303)


@bp.route("/following/<token>/end", methods=["GET", "POST"])
@public(cache="private")
def end(token: str) -> ResponseReturnValue:
    """No more letters at all; what was kept for them is erased."""
    return _end(token, wishing.end)


@bp.route("/following/<token>/end/<clinic_id>", methods=["GET", "POST"])
@public(cache="private")
def end_one(token: str, clinic_id: str) -> ResponseReturnValue:
    """No more letters about one clinic."""
    return _end(token, lambda follower: wishing.end_one(follower, clinic_id), clinic_id=clinic_id)


@bp.get("/following/ended")
@public(cache="private")
def ended() -> str:
    """It is done."""
    return render_template("following/ended.html")
