"""The clinic's desk: its results, what is stated about each, who agreed, and what is sent in."""

from secrets import token_urlsafe
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from directory.access import clinic_staff
from directory.accounts.second_factor import qr_path
from directory.accounts.sessions import person
from directory.clinics.models import Clinic
from directory.clinics.queries import clinic_by_slug
from directory.db import db, now
from directory.errors import Refused
from directory.forms import show as show_form
from directory.mail import link
from directory.once import claim
from directory.portfolio import choices, consent, sending
from directory.portfolio.forms import AddForm, PressForm, SetForm
from directory.portfolio.models import MOST_IN_SET, MOST_SETS, OPEN, Picture, ResultSet, hold
from directory.portfolio.queries import is_crowded, picture_of, set_of, sets_of
from directory.practitioners.queries import people_at
from directory.vocabulary import GOALS

bp = Blueprint("portfolio", __name__, url_prefix="/manage/<slug>")
WORDS: dict[str, Any] = {
    "picture_words": choices,
    "consent_words": consent.words_of,
    "most_in_set": MOST_IN_SET,
}


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"picture_words": choices}


def clinic_named(slug: str) -> Clinic:
    """The clinic whose staff came in."""
    return clinic_by_slug(slug) or abort(404)


def set_named(slug: str, public_id: str) -> ResultSet:
    return set_of(clinic_named(slug), public_id) or abort(404)


def _people(clinic: Clinic) -> list[tuple[str, str]]:
    team = people_at([clinic.id], now().date()).get(clinic.id, [])
    return [(one.practitioner.slug, one.practitioner.name) for one in team]


def _practitioner_id(clinic: Clinic, slug: str) -> int | None:
    team = people_at([clinic.id], now().date()).get(clinic.id, [])
    return next((one.practitioner_id for one in team if one.practitioner.slug == slug), None)


@bp.get("/results/")
@clinic_staff()
def results(slug: str) -> str:
    """All results of the clinic, with what each still needs."""
    clinic = clinic_named(slug)
    month = f"{now():%Y-%m}"
    return render_template(
        "portfolio/results.html", clinic=clinic, sets=sets_of(clinic), month=month, goals=GOALS, press=PressForm()
    )


@bp.route("/results/new", methods=["GET", "POST"])
@clinic_staff()
def new(slug: str) -> ResponseReturnValue:
    """Begin a result: what was done, and when it was finished."""
    clinic = clinic_named(slug)
    form = SetForm(people=_people(clinic))
    if not form.validate_on_submit():
        return show_form("portfolio/new.html", form, clinic=clinic)
    sent = claim(person().public_id, form.once.data or token_urlsafe())
    if not sent.result:
        if is_crowded(clinic, MOST_SETS):
            raise Refused(_("There are %(n)s results already. Withdraw one to add another.", n=MOST_SETS))
        made = ResultSet.begin(clinic, reference=form.reference.data, **form.facts())
        made.practitioner_id = _practitioner_id(clinic, form.practitioner.data)
        db.session.add(made)
        sent.result = url_for(".result", slug=slug, public_id=made.public_id)
    there = sent.result
    db.session.commit()
    return redirect(there, 303)


@bp.get("/results/<public_id>")
@clinic_staff()
def result(slug: str, public_id: str) -> ResponseReturnValue:
    """One result: its pictures, whose consent is there, and what to do next."""
    one = set_named(slug, public_id)
    return draw(one, AddForm(finished=one.finished))


def draw(one: ResultSet, form: AddForm, status: int = 200) -> ResponseReturnValue:
    """The page of one result."""
    person_link = link("pictured.show", token=one.link) if one.link else ""
    page = render_template(
        "portfolio/result.html",
        clinic=one.clinic,
        one=one,
        form=form,
        press=PressForm(),
        link=person_link,
        due=one.due(f"{now():%Y-%m}"),
        **WORDS,
    )
    return page, status


@bp.route("/results/<public_id>/facts", methods=["GET", "POST"])
@clinic_staff()
def facts(slug: str, public_id: str) -> ResponseReturnValue:
    """Change what is stated, as long as nobody read it: what people agreed to must not change behind their backs."""
    one = set_of(clinic_named(slug), public_id, lock=request.method == "POST") or abort(404)
    if request.method == "POST":  # whoever agrees at the same moment agrees to what stands there then
        hold(one.pictures)
    if any(picture.state not in {*OPEN, "withdrawn"} for picture in one.pictures):
        raise Refused(_("What is stated here was sent in with the pictures. Withdraw them to state something else."))
    here = one.practitioner.slug if one.practitioner else ""
    form = SetForm(obj=one, people=_people(one.clinic))
    if not form.is_submitted():
        form.practitioner.data, form.reference.data = here, one.referred
    if not form.validate_on_submit():
        return show_form("portfolio/facts.html", form, clinic=one.clinic, one=one)
    for name, value in form.facts().items():
        setattr(one, name, value)
    one.practitioner_id = _practitioner_id(one.clinic, form.practitioner.data)
    one.refer(form.reference.data)
    for picture in one.pictures:
        if picture.state in OPEN:
            picture.disallow()
    db.session.commit()
    return redirect(url_for(".result", slug=slug, public_id=public_id), 303)


@bp.get("/results/<public_id>/link")
@clinic_staff()
def card(slug: str, public_id: str) -> str:
    """The link of the person in the pictures, to print or to send: the clinic gives it, no address comes here."""
    one = set_named(slug, public_id)
    address = link("pictured.show", token=one.link) if one.link else abort(404)
    path, side = qr_path(address)
    return render_template("portfolio/card.html", clinic=one.clinic, one=one, address=address, path=path, side=side)


@bp.post("/results/<public_id>/send")
@clinic_staff()
def send(slug: str, public_id: str) -> ResponseReturnValue:
    """Put what has its consent before a moderator."""
    one = set_of(clinic_named(slug), public_id, lock=True) or abort(404)
    if not PressForm().validate_on_submit():
        abort(400)
    number = sending.send_set(one, by_id=person().id)
    db.session.commit()
    flash(ngettext("%(num)s picture is with the moderators.", "%(num)s pictures are with the moderators.", number))
    return redirect(url_for(".result", slug=slug, public_id=public_id), 303)


@bp.post("/results/<public_id>/withdraw")
@clinic_staff()
def withdraw_set(slug: str, public_id: str) -> ResponseReturnValue:
    """Withdraw every picture of a result; their files go at once."""
    one = set_of(clinic_named(slug), public_id, lock=True) or abort(404)
    if not PressForm().validate_on_submit():
        abort(400)
    for picture in one.kept:
        sending.throw_away(picture)
    db.session.flush()
    db.session.refresh(one)
    if not one.pictures:
        db.session.delete(one)
    db.session.commit()
    flash(_("Withdrawn. Nothing of it is shown any more."))
    return redirect(url_for(".results", slug=slug), 303)


@bp.post("/pictures/<public_id>/consent")
@clinic_staff()
def sign(slug: str, public_id: str) -> ResponseReturnValue:
    """The clinic's word that it holds a signed form for this picture."""
    picture = picture_of(clinic_named(slug), public_id, lock=True) or abort(404)
    if not PressForm().validate_on_submit():
        abort(400)
    if picture.result is None or picture.state not in OPEN:
        abort(404)
    if picture.recognisable:
        raise Refused(_("Somebody can be recognised in it: only that person can agree, at the link."))
    if not picture.has_consent:
        picture.allow(consent.FORM)
    db.session.commit()
    return redirect(_back(slug, picture), 303)


@bp.post("/pictures/<public_id>/withdraw")
@clinic_staff()
def withdraw(slug: str, public_id: str) -> ResponseReturnValue:
    """Withdraw one picture; its files go at once."""
    picture = picture_of(clinic_named(slug), public_id) or abort(404)
    if not PressForm().validate_on_submit() or picture.state == "withdrawn":
        abort(404)
    back = _back(slug, picture)
    sending.throw_away(picture)
    db.session.commit()
    flash(_("Withdrawn. The picture is erased."))
    return redirect(back, 303)


def _back(slug: str, picture: Picture) -> str:
    if picture.result is None:
        return url_for(".pictures", slug=slug)
    return url_for(".result", slug=slug, public_id=picture.result.public_id)
