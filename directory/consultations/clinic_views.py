"""The clinic's side of consultations: what was asked, times, whether it took place, the plan."""

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from directory.access import clinic_staff
from directory.accounts.allowances import refuse_unless
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.clinics.hours import zone
from directory.clinics.models import Clinic
from directory.clinics.queries import clinic_by_slug
from directory.consultations import letters, queries
from directory.consultations.forms import AnswerForm, DeclineForm, PlainForm, PlanForm
from directory.consultations.models import Consultation
from directory.consultations.offering import doubts
from directory.consultations.photo_views import picture
from directory.consultations.photos import PhotoLook, question_photo
from directory.consultations.plans import Plan
from directory.db import db, writing
from directory.forms import show as show_form

ANSWERS = Allowance("consultation/answers", 10, 86_400)
bp = Blueprint("consultation_desk", __name__, url_prefix="/manage/<slug>/consultations")


def _clinic(slug: str) -> Clinic:
    return clinic_by_slug(slug) or abort(404)


def _one(slug: str, public_id: str) -> Consultation:
    return queries.clinics_consultation(_clinic(slug), public_id) or abort(404)


def _spend_letter(one: Consultation) -> None:
    """Times and plans write to the person who asked: not more than a few a day."""
    allowed = spend(ANSWERS, one.public_id)
    db.session.commit()
    refuse_unless(allowed, ANSWERS.seconds)


@bp.get("/")
@clinic_staff()
def index(slug: str) -> ResponseReturnValue:
    """What was asked of this clinic, newest first."""
    clinic = _clinic(slug)
    before = queries.clinics_consultation(clinic, request.args.get("before", "")[:22])
    found = queries.clinics_consultations(clinic, before.id if before else None)
    more = found[-1].public_id if len(found) == queries.PAGE else None
    return render_template("consultation_desk/index.html", clinic=clinic, consultations=found, more=more)


@bp.get("/<public_id>")
@clinic_staff()
def show(slug: str, public_id: str) -> ResponseReturnValue:
    """One question as the clinic sees it: the matter, and of the person what they chose to show."""
    one = _one(slug, public_id)
    return render_template("consultation_desk/show.html", clinic=one.clinic, one=one, plain=PlainForm())


@bp.route("/<public_id>/answer", methods=["GET", "POST"])
@clinic_staff()
def answer(slug: str, public_id: str) -> ResponseReturnValue:
    """Offer times, with a note."""
    one = _one(slug, public_id)
    form = AnswerForm(zone=ZoneInfo(zone(one.clinic.timezone).key), may_call=one.inquiry.reach == "phone")
    fine = form.validate_on_submit()
    found = doubts(one.clinic, form.times()) if fine and not form.knowing.data else []
    if not fine or found:
        page = render_template("consultation_desk/answer.html", form=form, clinic=one.clinic, one=one, doubts=found)
        return page, 422 if form.is_submitted() else 200
    _spend_letter(one)
    moved = one.state == "booked"
    one.answer(form.note.data or "", form.times(), form.video.data or "")
    letters.tell_seeker(one, "moved" if moved else "answered")
    db.session.commit()
    flash(_("Your times are with the person who asked."))
    return redirect(url_for(".show", slug=slug, public_id=public_id), 303)


@bp.route("/<public_id>/decline", methods=["GET", "POST"])
@clinic_staff()
def decline(slug: str, public_id: str) -> ResponseReturnValue:
    """Say no, with a reason; a time that was booked is free again."""
    one, form = _one(slug, public_id), DeclineForm()
    if not form.validate_on_submit():
        return show_form("consultation_desk/decline.html", form, clinic=one.clinic, one=one)
    one.decline(form.reason.data, form.note.data or "")
    letters.tell_seeker(one, "answered")
    db.session.commit()
    flash(_("The person was told."))
    return redirect(url_for(".show", slug=slug, public_id=public_id), 303)


@bp.get("/<public_id>/photos/<photo_id>")
@clinic_staff()
def photo(slug: str, public_id: str, photo_id: str) -> Response:
    """A photo that came with a question, while the clinic is busy with it; the look is written down."""
    one = _one(slug, public_id)
    found = question_photo(one, photo_id) if one.is_open else None
    if found is None:
        abort(404)
    number, key, looked = found.id, one.id, person().id
    answer = picture(found)
    db.session.rollback()
    with writing():
        db.session.add(PhotoLook(photo_id=number, consultation_id=key, by_id=looked))
        try:
            db.session.commit()
        except IntegrityError:  # erased in between
            db.session.rollback()
            abort(404)
    return answer


@bp.post("/<public_id>/<said>")
@clinic_staff()
def say(slug: str, public_id: str, said: str) -> ResponseReturnValue:
    """Whether it took place, as the clinic saw it."""
    if said not in {"attended", "missed"}:
        abort(404)
    _one(slug, public_id).say_attended(said == "attended", side="clinic")
    db.session.commit()
    return redirect(url_for(".show", slug=slug, public_id=public_id), 303)


@bp.route("/<public_id>/plan", methods=["GET", "POST"])
@clinic_staff()
def plan(slug: str, public_id: str) -> ResponseReturnValue:
    """Write the treatment plan, or its next version."""
    one = _one(slug, public_id)
    newest = one.plans[-1].words() if one.plans else {}
    form = PlanForm(data=newest)
    if not form.validate_on_submit():
        return show_form("consultation_desk/plan.html", form, clinic=one.clinic, one=one)
    _spend_letter(one)
    Plan.write(one, form.words())
    letters.tell_seeker(one, "plan")
    db.session.commit()
    flash(_("The plan is with the person it is for."))
    return redirect(url_for(".show", slug=slug, public_id=public_id), 303)
