"""The seeker's side after asking: choosing a time, taking another, saying whether it took place, plans."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError, OperationalError

from directory.access import member, public
from directory.accounts.allowances import refuse_unless
from directory.accounts.sessions import person
from directory.allowance import Allowance, seconds_to_wait, spend
from directory.consultations import letters, queries, words
from directory.consultations.asking import published
from directory.consultations.calendar import calendar_file
from directory.consultations.forms import ChoiceForm, PlainForm
from directory.consultations.models import Consultation, OfferedTime
from directory.consultations.passport import questions_for
from directory.consultations.photos import looks_at
from directory.consultations.plans import side_by_side
from directory.db import db, now
from directory.errors import Refused
from directory.practitioners.queries import people_at

bp = Blueprint("consultations", __name__)


@bp.record_once
def _prepare(state: BlueprintSetupState) -> None:
    environment = state.app.jinja_env
    environment.globals["consultation_words"] = words
    environment.filters["local_words"] = letters.local_words


ACTS = Allowance("consultation/acts", 10, 86_400)
# What is asked once more before it is done, and of a consultation in which state.
SURE = {"cancel": {"asked", "answered", "booked"}, "others": {"answered", "booked"}}


def _own(public_id: str) -> Consultation:
    return queries.own_consultation(person(), public_id) or abort(404)


def _spend_act(consultation: Consultation) -> None:
    """Booking and asking for others writes letters: not more than a few a day."""
    allowed = spend(ACTS, consultation.public_id)
    wait = 0 if allowed else seconds_to_wait(ACTS, consultation.public_id)
    db.session.commit()
    most = _("The times of one appointment can be changed %(most)s times a day.", most=ACTS.times)
    rest = _("What is booked stays as it is, and calling it off is always possible.")
    refuse_unless(allowed, wait, f"{most} {rest}")


@bp.get("/account/consultations")
@member()
def list_own() -> ResponseReturnValue:
    """Everything asked, newest first."""
    user = person()
    return render_template(
        "consultations/list_own.html", consultations=queries.own_consultations(user), drafts=queries.own_drafts(user)
    )


@bp.get("/account/consultations/<public_id>")
@member()
def show(public_id: str) -> ResponseReturnValue:
    """One consultation as its seeker sees it."""
    consultation = _own(public_id)
    looks = looks_at(consultation.inquiry) if consultation.inquiry.photos else []
    return render_template("consultations/show.html", one=consultation, plain=PlainForm(), looks=looks)


@bp.post("/account/consultations/<public_id>/book")
@member()
def book(public_id: str) -> ResponseReturnValue:
    """Take one of the times on offer; of two who press at once one has it, and the other is told."""
    consultation, form = _own(public_id), ChoiceForm()
    _spend_act(consultation)
    chosen = [time for time in consultation.times if str(time.id) == form.choice.data]
    if not form.validate_on_submit() or not chosen:
        raise Refused(_("This time is no longer on offer."))
    moved = consultation.state == "booked"
    _take(consultation, chosen[0])
    replaces = _("Moved. The calendar file below replaces the earlier one.")
    flash(replaces if moved else _("Booked. A calendar file is below."))
    return redirect(url_for(".show", public_id=public_id), 303)


def _take(consultation: Consultation, time: OfferedTime) -> None:
    """Book it and tell both sides. Raises Refused when somebody else has it, or a time that overlaps it."""
    taken = _("Somebody else has just taken this time. Choose another.")
    if queries.is_taken(consultation, time.starts_at, time.minutes):
        raise Refused(taken)
    try:
        queries.hold_calendar(consultation)
        if queries.is_taken(consultation, time.starts_at, time.minutes):  # by whoever held it before
            raise Refused(taken)
        letter = "booked" if consultation.booked_start is None else "changed"
        consultation.accept(time)
        letters.tell_clinic(consultation, letter)
        letters.tell_seeker(consultation, "confirmed")
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise Refused(taken) from error
    except OperationalError as error:  # a second has passed and the others are not done
        db.session.rollback()
        raise Refused(_("Others are booking here at this moment. Please try again.")) from error


@bp.route("/account/consultations/<public_id>/<act>", methods=["GET", "POST"])
@member()
def act(public_id: str, act: str) -> ResponseReturnValue:
    """Asking for other times, calling it off, whether it took place; what gives a time up is asked once more before."""
    consultation, form = _own(public_id), PlainForm()
    if not form.validate_on_submit():
        if act not in SURE or not consultation.is_open or consultation.state not in SURE[act]:
            abort(404)
        return render_template("consultations/sure.html", form=form, one=consultation, act=act)
    if act == "others":
        _spend_act(consultation)
        letters.tell_clinic(consultation, act)
        consultation.ask_for_others()
    elif act == "cancel":  # as often as need be: nobody is to wait for somebody who does not come
        consultation.cancel()
        letters.tell_clinic(consultation, act)
    elif act in {"attended", "missed"}:
        consultation.say_attended(act == "attended", side="seeker")
    else:
        abort(404)
    db.session.commit()
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.get("/account/consultations/<public_id>/appointment.ics")
@member()
def calendar(public_id: str) -> Response:
    """The time booked, for a calendar; it says "appointment" and the address, nothing of what for."""
    consultation = _own(public_id)
    if consultation.booked_start is None:
        abort(404)
    link = url_for(".show", public_id=public_id, _external=True)
    answer = Response(calendar_file(consultation, link), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = "attachment; filename=appointment.ics"
    return answer


@bp.route("/account/consultations/<public_id>/forget", methods=["GET", "POST"])
@member()
def forget(public_id: str) -> ResponseReturnValue:
    """Erase one question with all that was answered to it, at once and for both sides."""
    consultation, form = _own(public_id), PlainForm()
    if not form.validate_on_submit():
        return render_template("consultations/forget.html", form=form, one=consultation)
    for other in consultation.inquiry.consultations:
        if other.state == "booked" and not other.is_over:
            other.cancel()
            letters.tell_clinic(other, "cancel")
    consultation.inquiry.forget_photos()
    db.session.delete(consultation.inquiry)
    db.session.commit()
    flash(_("It is erased, for you and for the clinics you asked."))
    return redirect(url_for(".list_own"), 303)


@bp.route("/account/plans/<public_id>/<answer>", methods=["GET", "POST"])
@member()
def answer_plan(public_id: str, answer: str) -> ResponseReturnValue:
    """Accept or decline the version that was read, once it was said what that means."""
    plan, form = queries.own_plan(person(), public_id) or abort(404), PlainForm()
    if answer not in {"accepted", "declined"}:
        abort(404)
    if not form.validate_on_submit():
        return render_template("consultations/answer_plan.html", form=form, plan=plan, answer=answer)
    plan.reply(answer)
    letters.tell_clinic(plan.consultation, "plan_answered")
    db.session.commit()
    return redirect(url_for(".show", public_id=plan.consultation.public_id), 303)


@bp.get("/account/plans")
@member()
def plans() -> ResponseReturnValue:
    """The newest plan of each clinic, side by side in the same lines."""
    plans = queries.newest_plans(person())
    return render_template("consultations/plans.html", plans=plans, lines=side_by_side(plans))


@bp.get("/clinics/<slug>/passport")
@public(cache="checked")
def passport(slug: str) -> ResponseReturnValue:
    """The questions that this clinic's page leaves open, to print and take along."""
    clinic = next(iter(published([slug])), None) or abort(404)
    people = people_at([clinic.id], now().date()).get(clinic.id, [])
    return render_template("consultations/passport.html", clinic=clinic, questions=questions_for(clinic, people))
