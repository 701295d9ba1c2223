"""Asking: one question to one clinic or the same to up to three, with a confirmed address, photos if one likes."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import member, public
from directory.accounts import allowances, sessions, tokens
from directory.accounts.allowances import refuse_unless
from directory.accounts.models import User
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.clinics.forms import read_saved
from directory.clinics.models import Clinic
from directory.consultations import letters, queries
from directory.consultations.asking import MOST_OFFERED, Choice, published
from directory.consultations.forms import AskForm, PlainForm
from directory.consultations.inquiries import UNCONFIRMED_LIFE, Inquiry
from directory.consultations.views import bp
from directory.consultations.words import CONSENT_VERSION
from directory.db import db
from directory.forms import show as show_form
from directory.keyed import pseudonym
from directory.limits import caller

ASK_CALLER = Allowance("consultation/caller", 10, 3_600)
ASK_MEMBER = Allowance("consultation/member", 5, 86_400)
ASK_ADDRESS = Allowance("consultation/address", 5, 86_400)


@bp.route("/clinics/<slug>/consultations/new", methods=["GET", "POST"])
@public(cache="private")
def new(slug: str) -> ResponseReturnValue:
    """Ask one clinic, and up to two more of those saved."""
    if not published([slug]):
        abort(404)
    return _asking(slug)


@bp.route("/consultations/new", methods=["GET", "POST"])
@public(cache="private")
def several() -> ResponseReturnValue:
    """Ask up to three of the clinics that the address names or that are saved."""
    return _asking("")


def _asking(slug: str) -> ResponseReturnValue:
    """The form and what follows; without an account the question waits for a confirmed address."""
    wanted = [one for one in (slug, *request.args.getlist("also")) if one][:MOST_OFFERED]
    choice = Choice.among(wanted, read_saved(request.cookies.get("saved", "")))
    user = _signed_in()
    form = AskForm(choice, first=choice.first(wanted), needs_address=user is None)
    if not choice.reading or not form.validate_on_submit():
        return show_form("consultations/new.html", form, choice=choice, slug=slug, wanted=wanted)
    address = user.email if user else form.email.data
    allowed = spend(ASK_CALLER, caller()) and (user is None or spend(ASK_MEMBER, user.public_id))
    inquiry = None
    # Whoever types an address learns nothing of it: used up, the question is dropped and the answer is the same.
    if allowed and (user is not None or spend(ASK_ADDRESS, address)):
        inquiry = _ask(form, choice.chosen(form.clinics.data), user, address)
    db.session.commit()
    refuse_unless(allowed, ASK_CALLER.seconds)
    if user is None or inquiry is None:
        return redirect(url_for(".sent"), 303)
    return redirect(_after(inquiry), 303)


def _signed_in() -> User | None:
    found = sessions.present()
    return found.user if found else None


def _ask(form: AskForm, clinics: list[Clinic], user: User | None, address: str) -> Inquiry:
    inquiry = Inquiry.draft(
        form.words(),
        about=pseudonym("inquiry", address),
        clinics=clinics,
        reach=form.reach.data,
        timezone=form.zone(clinics[0].timezone),
        consent_version=CONSENT_VERSION,
    )
    db.session.add(inquiry)
    db.session.flush()
    if user is None:
        letters.ask_confirmation(address, inquiry.public_id)
    else:
        _receive(inquiry, user)
    return inquiry


def _receive(inquiry: Inquiry, user: User) -> None:
    """The question belongs to somebody: it goes out, unless photos are to come first."""
    inquiry.belong_to(user)
    if not inquiry.wants_photos:
        send_out(inquiry, user)


def send_out(inquiry: Inquiry, user: User) -> None:
    """The clinics see it, and are written to. Raises Refused when they did before."""
    inquiry.send(user)
    for consultation in inquiry.consultations:
        letters.tell_clinic(consultation, "asked")
    flash(_("Your question is on its way. You will have a letter when there is an answer."))


def _after(inquiry: Inquiry) -> str:
    return url_for(".list_own") if inquiry.sent_at else url_for(".photos", public_id=inquiry.public_id)


@bp.get("/consultations/sent")
@public(cache="private")
def sent() -> ResponseReturnValue:
    """A letter is on its way; the question goes out with the link in it."""
    return render_template("consultations/sent.html", days=UNCONFIRMED_LIFE.days)


@bp.route("/consultations/confirm/<public_id>/<token>", methods=["GET", "POST"])
@public(cache="private")
def confirm(public_id: str, token: str) -> ResponseReturnValue:
    """The link of the letter: the address is proven, the clinics see the question."""
    form = PlainForm()
    _user, inquiry = _waiting(public_id, tokens.peek(tokens.ENTER, token))
    if inquiry is None:
        return _waits_no_more(public_id, token)
    if not form.validate_on_submit():
        return render_template("consultations/confirm.html", form=form, with_photos=inquiry.wants_photos)
    allowed = spend(allowances.LINK_CALLER, caller())
    db.session.commit()
    refuse_unless(allowed)
    user, inquiry = _waiting(public_id, tokens.use(tokens.ENTER, token))
    if user is None or inquiry is None:
        db.session.rollback()
        return _waits_no_more(public_id, token)
    user.confirm_address()
    _receive(inquiry, user)
    if user.enters_by_link:
        sessions.begin(user)
    db.session.commit()
    return redirect(_after(inquiry), 303)


def _waiting(public_id: str, grant: tokens.Grant | None) -> tuple[User | None, Inquiry | None]:
    """Whose link it is, and the question that waits for it."""
    user = db.session.get(User, grant.user_id) if grant else None
    return user, queries.pending_inquiry(public_id, pseudonym("inquiry", user.email)) if user else None


def _waits_no_more(public_id: str, token: str) -> ResponseReturnValue:
    """What became of the question: opened once before, it is on its way or waits for its photos; else it is gone."""
    owner = tokens.owner_of(tokens.ENTER, token)
    user = db.session.get(User, owner) if owner else None
    inquiry = queries.own_inquiry(user, public_id) if user else None
    page = render_template("consultations/waits_no_more.html", inquiry=inquiry, days=UNCONFIRMED_LIFE.days)
    return page, 200 if inquiry else 410


@bp.post("/account/questions/<public_id>/discard")
@member()
def discard(public_id: str) -> ResponseReturnValue:
    """Throw away what was not sent."""
    inquiry = queries.own_inquiry(person(), public_id) or abort(404)
    if inquiry.sent_at is not None:
        abort(404)
    inquiry.forget_photos()
    db.session.delete(inquiry)
    db.session.commit()
    flash(_("It is erased. Nobody has seen it."))
    return redirect(url_for(".list_own"), 303)
