"""Closing a clinic, opening it again, moving it to another address."""

from datetime import timedelta
from secrets import token_urlsafe

from flask import abort, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory import mail
from directory.access import clinic_staff
from directory.accounts.sessions import person
from directory.claims.queries import refuse_while_contested
from directory.claims.reopening import reopen as look_again
from directory.clinics import closing as ends
from directory.clinics.colleagues import addresses_at
from directory.clinics.importing.points import Placing
from directory.clinics.material import ADDRESS, COLUMNS
from directory.clinics.membership import OWNER, is_staff
from directory.clinics.models import Clinic
from directory.consultations import parting
from directory.db import db
from directory.forms import Form, show
from directory.manage.closing_forms import ClosingForm, MoveForm
from directory.manage.views import bp, clinic_named
from directory.once import claim
from directory.practitioners import moving


def _tell(clinic: Clinic, letter: str) -> None:
    """A letter to everybody at the clinic's desk."""
    link = mail.link("manage.closing", slug=clinic.slug)
    for address in addresses_at(clinic):
        mail.post(f"clinics/{letter}", to=address, clinic=clinic.name, link=link)


def _done(clinic: Clinic, letter: str, words: str) -> ResponseReturnValue:
    _tell(clinic, letter)
    db.session.commit()
    flash(words)
    return redirect(url_for(".closing", slug=clinic.slug), 303)


@bp.route("/<slug>/closing", methods=["GET", "POST"])
@clinic_staff()
def closing(slug: str) -> ResponseReturnValue:
    """Where the clinic stands, and what its owner may do: close it, take that back, open it again, move it."""
    clinic = clinic_named(slug)
    owns = is_staff(person(), slug, OWNER)
    form = ClosingForm(on=ends.today_at(clinic) + timedelta(days=14))
    if form.is_submitted() and not owns:
        abort(404)
    if not form.validate_on_submit():
        until = clinic.closed_at + ends.REOPEN_WITHIN if clinic.closed_at and ends.may_reopen(clinic) else None
        facts = {"owns": owns, "until": until, "to": ends.moved_to(clinic)}
        return show("manage/closing.html", form, clinic=clinic, plain=Form(), **facts)
    refuse_while_contested(clinic)
    on = form.on.data
    now_closed = on <= ends.today_at(clinic)
    parting.call_off(clinic, ends.beginning_of(on, clinic), all_of_them=now_closed)
    ends.announce(clinic, on, by=person())
    words = _("The clinic is closed.") if now_closed else _("The page says from which day it is closed.")
    return _done(clinic, "closing", words)


@bp.post("/<slug>/closing/stay")
@clinic_staff(level="owner")
def keep_open(slug: str) -> ResponseReturnValue:
    """Take back that the clinic closes."""
    clinic = clinic_named(slug)
    ends.stay(clinic, by=person())
    return _done(clinic, "stays", _("The clinic stays open. What was called off stays called off."))


@bp.post("/<slug>/closing/open")
@clinic_staff(level="owner")
def open_again(slug: str) -> ResponseReturnValue:
    """Open a clinic again that its owner closed within a year."""
    clinic = clinic_named(slug)
    ends.open_again(clinic, by=person())
    return _done(clinic, "reopened", _("The clinic is open again. Say that its facts are still true."))


@bp.route("/<slug>/move", methods=["GET", "POST"])
@clinic_staff(level="owner", fresh=True)
def move(slug: str) -> ResponseReturnValue:
    """A new page at the new address; the old one says where the clinic went."""
    clinic = clinic_named(slug)
    form = MoveForm(placing=Placing(current_app.extensions["gazetteer"]), country=clinic.country)
    if not form.validate_on_submit():
        return show("manage/move.html", form, clinic=clinic)
    if ends.is_in_one_house(clinic, form.place):
        form.address.errors = [
            _("It is in this house now. Another floor, or a mended line, belongs under the address.")
        ]
        return show("manage/move.html", form, clinic=clinic)
    refuse_while_contested(clinic)
    used = claim(person().public_id, form.once.data or token_urlsafe())
    if not used.result:
        used.result = url_for(".closing", slug=_moved(clinic, form).slug)
    answer = redirect(used.result, 303)
    db.session.commit()
    flash(_("This is the page of the new address. The old one leads here."))
    return answer


def _moved(clinic: Clinic, form: MoveForm) -> Clinic:
    user, before = person(), {column: getattr(clinic, column) for column in COLUMNS[ADDRESS]}
    made = ends.move(clinic, form.place, by=user)
    for post in moving.take_along(clinic, made, ends.today_at(made)):
        reader = moving.reader_of(post.practitioner_id)
        if reader:
            mail.post("people/moved", to=reader, clinic=clinic.name, link=mail.link("work.index"))
    parting.take_along(clinic, made)
    if made.claimed_at is not None:
        look_again(made, {ADDRESS}, by=user, before=before)
    _tell(made, "moved")
    return made
