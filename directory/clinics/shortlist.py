"""What one visitor is weighing up: the saved list (a cookie of this device) and clinics side by side."""

from datetime import datetime

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import public
from directory.clinics.comparison import MOST, Checked, compare_groups, count_differences
from directory.clinics.forms import MOST_SAVED, SaveForm, read_saved, write_saved
from directory.clinics.membership import has_readers
from directory.clinics.models import PUBLISHED, Clinic
from directory.clinics.queries import visible_clinics
from directory.conditional import unchanged
from directory.credentials.showing import summaries
from directory.db import now
from directory.portfolio.queries import healed_at
from directory.practitioners.queries import people_at
from directory.reviews.scores import Shown, scores_of
from directory.words import visible

MOST_ASKED = 3  # one question goes to no more
bp = Blueprint("shortlist", __name__)
YEAR_SECONDS = 31_536_000


@bp.get("/compare")
@public(cache="checked")
def compare() -> ResponseReturnValue:
    """Up to four clinics side by side; what cannot be shown is said, and the rest kept."""
    asked = [slug for slug in request.args.getlist("c") if slug]
    known = visible_clinics(list(dict.fromkeys(asked)))
    clinics, moment = known[:MOST], now()
    versions = [(clinic.id, clinic.changed_at_version) for clinic in clinics]
    examples = current_app.extensions["live"].invented
    checked = _checked(clinics, moment)
    if (answer := unchanged(versions, moment.date(), examples, checked)) is not None:
        return answer
    only = request.args.get("differ") == "1" and len(clinics) > 1
    shown = healed_at([clinic.id for clinic in clinics])
    groups = compare_groups(clinics, _names(clinics, moment), _scores(clinics), checked, moment, own_results=shown)
    count = count_differences(groups)
    if only:
        groups = [group.differing() for group in groups if group.differing().rows]
    return render_template(
        "shortlist/compare.html",
        clinics=clinics,
        groups=groups,
        count=count,
        only=only,
        messages=_messages(asked, known),
        most=MOST,
    )


def _checked(clinics: list[Clinic], moment: datetime) -> dict[int, Checked]:
    """What was checked of each, as of this moment."""
    found = {}
    for number, held in summaries(clinics, moment).items():
        best, law = held.law.strongest, held.law
        note = " · ".join(filter(None, (best.what, best.issuer, best.how_date))) if best else ""
        found[number] = Checked(best.how if best else "", note, law.verdict, law.note, law_known=bool(law.kind))
    return found


def _scores(clinics: list[Clinic]) -> dict[int, Shown]:
    return {clinic_id: held.shown for clinic_id, held in scores_of([clinic.id for clinic in clinics]).items()}


def _names(clinics: list[Clinic], moment: datetime) -> dict[int, list[str]]:
    people = people_at([clinic.id for clinic in clinics], moment.date())
    return {place: [engagement.practitioner.name for engagement in there] for place, there in people.items()}


def _messages(asked: list[str], known: list[Clinic]) -> list[str]:
    """What of the address could not be shown, one sentence each."""
    slugs = {clinic.slug for clinic in known}
    said = [
        _("“%(name)s” is not listed here and is left out.", name=visible(slug, limit=60))
        for slug in dict.fromkeys(asked)
        if slug not in slugs
    ]
    if len(set(asked)) < len(asked):
        said.append(_("A clinic was named twice; it stands here once."))
    if len(known) > MOST:
        names = ", ".join(clinic.name for clinic in known[MOST:])
        said.append(_("Four clinics fit side by side. Left out: %(names)s.", names=names))
    return said


@bp.get("/saved")
@public(cache="private")
def saved() -> ResponseReturnValue:
    """The saved list, or with `?add=` the question whether to save that clinic."""
    slugs = read_saved(request.cookies.get("saved", ""))
    wanted = request.args.get("add", "")
    if wanted and wanted not in slugs:
        found = visible_clinics([wanted])
        if not found:
            abort(404)
        full = len(slugs) >= MOST_SAVED
        return render_template("shortlist/confirm.html", clinic=found[0], form=SaveForm(), full=full, most=MOST_SAVED)
    clinics = visible_clinics(slugs)
    gone = [slug for slug in slugs if slug not in {clinic.slug for clinic in clinics}]
    published = [clinic for clinic in clinics if clinic.status == PUBLISHED]
    read = has_readers([clinic.id for clinic in published])
    asked = [clinic.slug for clinic in published if clinic.id in read][:MOST_ASKED]
    return render_template("shortlist/saved.html", clinics=clinics, gone=gone, form=SaveForm(), asked=asked)


@bp.post("/saved")
@public(cache="private")
def save() -> ResponseReturnValue:
    """Add, take off or clear; the list itself lives in the visitor's cookie only."""
    form = SaveForm()
    if not form.validate():
        abort(422)
    slugs = read_saved(request.cookies.get("saved", ""))
    slug = form.slug.data or ""
    if form.act.data == "clear":
        slugs, words = [], _("The list is empty now.")
    elif form.act.data == "remove":
        slugs, words = [held for held in slugs if held != slug], _("Taken off the list.")
    elif len(slugs) >= MOST_SAVED and slug not in slugs:
        words = _("The list is full. Take a clinic off it first.")
    elif not visible_clinics([slug]):
        abort(404)
    else:
        slugs, words = [slug, *(held for held in slugs if held != slug)], _("Saved on this device.")
    flash(words)
    return _keep(slugs)


def _keep(slugs: list[str]) -> Response:
    answer = current_app.make_response(redirect(url_for("shortlist.saved"), 303))
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    # Read and written by the save buttons too, hence not HttpOnly; it holds addresses of public pages only.
    age = YEAR_SECONDS if slugs else 0
    answer.set_cookie("saved", write_saved(slugs), max_age=age, samesite="Lax", secure=secure)
    return answer
