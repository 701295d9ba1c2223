"""The clinic's desk: whose clinics, what visitors read about one, and what the desk decided about it."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.access import clinic_staff
from directory.accounts.sessions import person
from directory.clinics.membership import memberships
from directory.clinics.models import Clinic
from directory.clinics.queries import clinic_by_slug
from directory.manage.complaints import reasons_of
from directory.manage.listing import PER_PAGE, reviews_of
from directory.moderation.reports import complaints_of

bp = Blueprint("manage", __name__, url_prefix="/manage")


@bp.app_template_global("own_desks")
def own_desks() -> list[Clinic]:
    """Where else this person works: the switch between desks."""
    return [held.clinic for held in memberships(person())]


def clinic_named(slug: str) -> Clinic:
    """The clinic whose staff came in: the door has seen to it that there is one."""
    return clinic_by_slug(slug) or abort(404)


@bp.get("/")
@clinic_staff()
def home() -> ResponseReturnValue:
    """The clinics this person works for; of one, its desk at once."""
    held = memberships(person())
    if len(held) == 1:
        return redirect(url_for(".clinic", slug=held[0].clinic.slug))
    return render_template("manage/home.html", memberships=held)


@bp.get("/<slug>/reviews")
@clinic_staff()
def reviews(slug: str) -> ResponseReturnValue:
    """The reviews that visitors see, each with what the clinic can do about it."""
    clinic = clinic_named(slug)
    page = max(1, min(request.args.get("page", 1, type=int), 10_000))
    found, total = reviews_of(clinic, page)
    return render_template(
        "manage/reviews.html",
        clinic=clinic,
        reviews=found,
        total=total,
        page=page,
        more=page * PER_PAGE < total,
        reasons=reasons_of(clinic, found),
        complaints=complaints_of(clinic.id),
    )
