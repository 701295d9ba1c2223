"""The sections of a clinic's profile: shown as they stand or as drafted, saved where nobody else was quicker."""

from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from directory.access import clinic_staff
from directory.accounts.sessions import person
from directory.clinics.drafts import LONGEST, Draft, draft_of, drafts_of, drop_draft, keep_draft
from directory.clinics.editing import Conflict, base_of, stamp
from directory.clinics.facts import line_of, parts_of
from directory.clinics.importing.points import Placing, read_pair
from directory.clinics.locator import MOST_TOWNS, TOWNS_KM, locator_svg
from directory.clinics.models import Clinic
from directory.clinics.sections import SECTIONS, material, values_of
from directory.db import db
from directory.errors import Refused
from directory.forms import Form
from directory.manage import diffs
from directory.manage.address_form import AddressForm
from directory.manage.completeness import LINES, shares
from directory.manage.hours_form import HoursForm
from directory.manage.price_form import PricesForm
from directory.manage.profile_forms import (
    IdentityForm,
    LanguagesForm,
    MaterialsForm,
    PoliciesForm,
    SectionForm,
    TreatmentsForm,
)
from directory.manage.revising import owns, save
from directory.manage.views import bp, clinic_named

FORMS: dict[str, type[SectionForm]] = {
    form.section: form
    for form in (
        IdentityForm,
        AddressForm,
        TreatmentsForm,
        PricesForm,
        HoursForm,
        LanguagesForm,
        PoliciesForm,
        MaterialsForm,
    )
}
ANY = "<any('identity', 'address', 'treatments', 'prices', 'hours', 'languages', 'policies', 'materials'):section>"
TAKE = "take-"  # a choice between two versions of a value


def _form(clinic: Clinic, section: str, draft: Draft | None = None) -> SectionForm:
    """The section's form as the listing stands, or as it was typed into a draft."""
    more: dict[str, Any] = {"clinic": clinic, "owns": owns(person(), clinic)}
    if section == "address":
        more["placing"] = Placing(current_app.extensions["gazetteer"])
    if draft is not None:
        more["formdata"] = MultiDict((name, value) for name, values in draft.typed.items() for value in values)
    form = FORMS[section](data=FORMS[section].shown(values_of(clinic, section), clinic), **more)
    if not form.is_submitted():
        form.seen.data = draft.seen if draft else stamp(clinic, section)
    return form


def _is_locked(form: SectionForm) -> bool:
    """Whether the whole section is for owners only, and this is none."""
    return not form.owns and material(form.section) >= set(values_of(form.clinic, form.section))


def _page(clinic: Clinic, form: SectionForm, **facts: Any) -> ResponseReturnValue:
    section = form.section
    page = render_template(
        "manage/profile.html",
        clinic=clinic,
        section=section,
        form=form,
        shares=shares(clinic),
        drafts=drafts_of(person(), clinic),
        lines={line: line_of(clinic.facts, line) for line in LINES.get(section, ())},
        line_words=LINES.get(section, {}),
        parts_of=parts_of,
        opened=request.args.get("line", ""),
        locked=_is_locked(form),
        **facts,
    )
    return page, 422 if form.wrong() else 200


@bp.route(f"/<slug>/profile/{ANY}", methods=["GET", "POST"])
@clinic_staff()
def profile(slug: str, section: str) -> ResponseReturnValue:
    """One section of what the page says; every answer may be left open."""
    clinic, user = clinic_named(slug), person()
    kept = draft_of(user, clinic, section) if request.method == "GET" else None
    form = _form(clinic, section, kept)
    if form.is_submitted() and _is_locked(form):
        raise Refused(_("Only an owner changes the address."))
    if not form.validate_on_submit():
        return _page(clinic, form, draft=kept)
    theirs = values_of(clinic, section)
    chosen = {name.removeprefix(TAKE) for name, side in request.form.items() if side == "theirs"}
    mine = diffs.mixed(section, theirs, form.values(), chosen)
    try:
        made = save(clinic, section, mine, by=user, seen=form.seen.data or "")
        db.session.commit()
    except Conflict:
        db.session.rollback()
        return _conflict(clinic_named(slug), form)
    flash(_("Saved. Your page says so now.") if made else _("Nothing new to save."))
    return redirect(url_for(".profile", slug=slug, section=section), 303)


def _conflict(clinic: Clinic, form: SectionForm) -> ResponseReturnValue:
    """Both versions side by side; nothing of either is lost. Where I changed nothing, theirs is proposed."""
    section, mine = form.section, form.values()
    theirs, base = values_of(clinic, section), base_of(clinic, section, form.seen.data or "")
    typed = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not name.startswith(TAKE) and name not in {"csrf_token", "seen"}
    ]
    choices = diffs.choices(section, theirs, mine)
    untouched = {choice.key for choice in choices if all(base.get(one.key) == mine[one.key] for one in choice.lines)}
    page = render_template(
        "manage/conflict.html",
        clinic=clinic,
        section=section,
        form=form,
        words=SECTIONS[section],
        choices=choices,
        untouched=untouched,
        typed=typed,
        seen=stamp(clinic, section),
    )
    return page, 409


@bp.post(f"/<slug>/profile/{ANY}/draft")
@clinic_staff()
def draft(slug: str, section: str) -> ResponseReturnValue:
    """Keep what was typed, right or wrong; only its writer sees it."""
    clinic, user, form = clinic_named(slug), person(), Form()
    if not form.validate_on_submit():
        abort(422)
    typed = {name: request.form.getlist(name) for name in request.form if name not in {"csrf_token", "seen"}}
    if sum(len(value) for values in typed.values() for value in values) > LONGEST:
        abort(413)
    keep_draft(user, clinic, section, typed, seen=request.form.get("seen", ""))
    db.session.commit()
    flash(_("Kept as a draft. Only you see it, for 60 days."))
    return redirect(url_for(".profile", slug=slug, section=section), 303)


@bp.post(f"/<slug>/profile/{ANY}/draft/drop")
@clinic_staff()
def undraft(slug: str, section: str) -> ResponseReturnValue:
    """Throw the draft away; the page says what it said."""
    drop_draft(person(), clinic_named(slug), section)
    db.session.commit()
    flash(_("The draft is gone."))
    return redirect(url_for(".profile", slug=slug, section=section), 303)


@bp.get("/<slug>/profile/address/pin.svg")
@clinic_staff()
def pin(slug: str) -> Response:
    """The small map with the pin where it would stand, or stands."""
    clinic = clinic_named(slug)
    pair = read_pair(request.args.get("at", ""))
    lat, lon = (float(pair[0]), float(pair[1])) if pair else (clinic.lat, clinic.lon)
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        abort(404)
    there = Clinic(slug=clinic.slug, country=clinic.country, lat=lat, lon=lon, is_home=False, point_precision="given")
    towns = current_app.extensions["gazetteer"].towns_around(lat, lon, TOWNS_KM, MOST_TOWNS)
    return Response(locator_svg(there, towns), mimetype="image/svg+xml")
