"""The first page of a clinic's desk: what to do, what the page says of the clinic, and that it is still true."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import clinic_staff
from directory.accounts.sessions import person
from directory.clinics.drafts import drafts_of
from directory.db import db, now
from directory.forms import Form
from directory.manage.completeness import shares, unconfirmed
from directory.manage.task import DATED
from directory.manage.todo import FACTS_AGE, todo
from directory.manage.views import bp, clinic_named


@bp.get("/<slug>/")
@clinic_staff()
def clinic(slug: str) -> str:
    """What there is to do here, the dated things first."""
    here = clinic_named(slug)
    return render_template(
        "manage/clinic.html",
        clinic=here,
        tasks=todo(here),
        shares=shares(here),
        unconfirmed=unconfirmed(here, now() - FACTS_AGE),
        drafts=drafts_of(person(), here),
        dated=DATED,
        form=Form(),
    )


@bp.post("/<slug>/still-true")
@clinic_staff()
def still_true(slug: str) -> ResponseReturnValue:
    """Somebody of the clinic looked at all of it and says that it holds."""
    clinic_named(slug).confirm_facts()
    db.session.commit()
    flash(_("Thank you. Your page says that all of it was confirmed today."))
    return redirect(url_for(".clinic", slug=slug), 303)
