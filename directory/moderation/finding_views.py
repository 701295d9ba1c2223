"""Entering what an authority published about a clinic or its people: an inspection, or a measure."""

from secrets import token_urlsafe

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import checker
from directory.accounts.sessions import person, present
from directory.clinics.models import ERASED, Clinic
from directory.clinics.queries import clinic_by_slug
from directory.credentials.outside import entered_about
from directory.credentials.outside_entry import authorities_of, enter_inspection, enter_sanction
from directory.credentials.outside_words import OUTCOME_WORDS, SANCTION_WORDS
from directory.db import db, now
from directory.errors import Refused
from directory.forms import show as show_form
from directory.moderation.finding_forms import PREMISES, FindingForm, InspectionForm, SanctionForm
from directory.moderation.ties import ties_of
from directory.once import claim
from directory.practitioners.models import Practitioner
from directory.practitioners.queries import people_at

bp = Blueprint("findings", __name__, url_prefix="/desk/findings")


@bp.context_processor
def _desk_words() -> dict[str, object]:
    found = present()
    return {
        "declared_ties": len(ties_of(found.user)) if found else 0,
        "desk_roles": found.user.role_names if found else set(),
        "outcomes": OUTCOME_WORDS,
        "kinds": SANCTION_WORDS,
    }


def _clinic(slug: str) -> Clinic:
    """The clinic, when it was not erased and its name is not this person's to keep away from."""
    found = clinic_by_slug(slug)
    if found is None or found.status == ERASED:
        abort(404)
    return found


def _people(clinic: Clinic) -> list[Practitioner]:
    return [one.practitioner for one in people_at([clinic.id], now().date()).get(clinic.id, [])]


def _refuse_tied(clinic: Clinic) -> None:
    if any(tie.clinic_id == clinic.id for tie in ties_of(person())):
        raise Refused(_("You declared a tie to this clinic."))


@bp.get("/")
@checker()
def index() -> ResponseReturnValue:
    """A clinic by the last part of its address: what was entered of it so far."""
    slug = request.args.get("clinic", "").strip().rpartition("/")[2]
    clinic = clinic_by_slug(slug) if slug else None
    if clinic is not None and clinic.status == ERASED:
        clinic = None
    entered = entered_about(clinic, [one.id for one in _people(clinic)]) if clinic else None
    return render_template("findings/index.html", asked=slug, clinic=clinic, entered=entered)


@bp.route("/<slug>/inspection", methods=["GET", "POST"])
@checker()
def inspection(slug: str) -> ResponseReturnValue:
    """A visit of the authority, as it stands at the source."""
    clinic = _clinic(slug)
    form = InspectionForm(authorities_of(clinic))
    if not form.validate_on_submit():
        return show_form("findings/inspection.html", form, clinic=clinic)
    _refuse_tied(clinic)
    return _entered(form, clinic, "findings/inspection.html")


@bp.route("/<slug>/sanction", methods=["GET", "POST"])
@checker()
def sanction(slug: str) -> ResponseReturnValue:
    """A measure against the premises or a person who works here."""
    clinic = _clinic(slug)
    form = SanctionForm(authorities_of(clinic), _people(clinic))
    if not form.validate_on_submit():
        return show_form("findings/sanction.html", form, clinic=clinic)
    _refuse_tied(clinic)
    return _entered(form, clinic, "findings/sanction.html")


def _entered(form: FindingForm, clinic: Clinic, template: str) -> ResponseReturnValue:
    """Written down once however often it is sent; then somebody else decides."""
    slug, used = clinic.slug, claim(person().public_id, form.once.data or token_urlsafe())
    try:
        if not used.result:
            _enter(form, clinic)
            used.result = "entered"
        db.session.commit()
    except Refused as why:
        db.session.rollback()
        (form.since if isinstance(form, SanctionForm) else form["inspected_on"]).errors = [str(why)]
        return show_form(template, form, clinic=_clinic(slug))
    flash(_("Entered. It is in the queue; nothing is shown before it is decided."))
    return redirect(url_for(".index", clinic=slug), 303)


def _enter(form: FindingForm, clinic: Clinic) -> None:
    if isinstance(form, SanctionForm):
        about = clinic if form.about.data == PREMISES else form.people[form.about.data]
        when = {"since": form.since.data, "until": form.until.data}
        enter_sanction(about, kind=form.kind.data, clinic=clinic, **when, **form.source())
    elif isinstance(form, InspectionForm):
        what = {"on": form.inspected_on.data, "outcome": form.outcome.data}
        enter_inspection(clinic, by_id=person().id, **what, **form.source())
