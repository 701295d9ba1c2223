"""Listings taken off for a technical cause, and put back."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from directory.access import operators
from directory.clinics.models import ERASED, Clinic
from directory.clinics.queries import clinic_by_slug
from directory.clinics.suspensions import open_suspension, open_suspensions, suspend
from directory.db import db
from directory.errors import Refused
from directory.forms import show
from directory.operating.forms import FindClinicForm, SuspendForm
from directory.operating.views import bp

MOST_SHOWN = 100


def _clinic(slug: str) -> Clinic:
    found = clinic_by_slug(slug)
    if found is None or found.status == ERASED:
        abort(404)
    return found


@bp.route("/clinics", methods=["GET", "POST"])
@operators()
def clinics() -> ResponseReturnValue:
    """Those off the site for a technical cause now; any other by the address of its page."""
    form = FindClinicForm()
    if form.validate_on_submit():
        found = clinic_by_slug(form.slug.data)
        if found is not None and found.status != ERASED:
            return redirect(url_for(".clinic", slug=found.slug), 303)
        form.slug.errors = [_("There is no listing at this address.")]
    return show("operator/clinics.html", form, suspensions=open_suspensions(MOST_SHOWN))


@bp.get("/clinics/<slug>")
@operators()
def clinic(slug: str) -> ResponseReturnValue:
    """One listing: its state, and the suspension in force."""
    found = _clinic(slug)
    return show("operator/clinic.html", SuspendForm(), clinic=found, suspension=open_suspension(found))


@bp.post("/clinics/<slug>/suspend")
@operators(fresh=True)
def suspend_clinic(slug: str) -> ResponseReturnValue:
    """Take it off, with a cause and words to its people."""
    found, form = _clinic(slug), SuspendForm()
    if not form.validate():
        return show("operator/clinic.html", form, clinic=found, suspension=open_suspension(found))
    suspend(found, cause=form.cause.data, reason=form.reason.data)
    try:
        db.session.commit()
    except IntegrityError as error:  # uq_clinic_suspension_open
        db.session.rollback()
        raise Refused(_("Somebody suspended it a moment ago.")) from error
    flash(_("The listing is off the site; its people are told."))
    return redirect(url_for(".clinic", slug=slug), 303)


@bp.post("/clinics/<slug>/lift")
@operators(fresh=True)
def lift(slug: str) -> ResponseReturnValue:
    """Put it back; what the desk suspended stays the desk's."""
    held = open_suspension(_clinic(slug)) or abort(404)
    held.lift()
    db.session.commit()
    flash(_("The listing shows again; its people are told."))
    return redirect(url_for(".clinic", slug=slug), 303)
