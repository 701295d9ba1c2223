"""Several clinics under one name: found it, ask others to join, answer, leave."""

from secrets import token_urlsafe

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory import mail
from directory.access import clinic_staff
from directory.accounts.allowances import DAY, refuse_unless
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.clinics import organisations as firms
from directory.clinics.colleagues import addresses_at
from directory.clinics.membership import OWNER, is_staff
from directory.clinics.models import Clinic
from directory.clinics.queries import visible_clinics
from directory.db import db
from directory.errors import Refused
from directory.forms import Form, show
from directory.manage.organisation_forms import AnswerForm, AskForm, FoundForm
from directory.manage.views import bp, clinic_named
from directory.once import claim

ASKS = Allowance("clinic/organisation", 20, DAY)


def _page(clinic: Clinic, form: Form) -> ResponseReturnValue:
    """The organisation as it stands; `form` founds one, or asks a clinic to join the one there is."""
    firm, user = clinic.organisation, person()
    beside = {one.id for one in firms.clinics_of(firm)} if firm else {clinic.id}
    return show(
        "manage/organisation.html",
        form,
        clinic=clinic,
        firm=firm,
        owns=is_staff(user, clinic.slug, OWNER),
        clinics=firms.clinics_of(firm) if firm else [],
        asked=firms.requests_by(firm) if firm else [],
        waiting=firms.requests_to(clinic),
        mine=[one for one in firms.owned_by(user) if one.id not in beside and one.organisation_id is None],
        plain=Form(),
    )


def _write(letter: str, clinic: Clinic, name: str) -> None:
    """A letter to the owner of that clinic."""
    for address in addresses_at(clinic, level=OWNER):
        link = mail.link("manage.organisation", slug=clinic.slug)
        mail.post(f"organisations/{letter}", to=address, clinic=clinic.name, organisation=name, link=link)


@bp.route("/<slug>/organisation", methods=["GET", "POST"])
@clinic_staff()
def organisation(slug: str) -> ResponseReturnValue:
    """The organisation this clinic belongs to; its owner founds one here."""
    clinic = clinic_named(slug)
    if clinic.organisation is not None:
        return _page(clinic, AskForm(formdata=None))
    form = FoundForm()
    if form.is_submitted() and not is_staff(person(), slug, OWNER):
        abort(404)
    if not form.validate_on_submit():
        return _page(clinic, form)
    used = claim(person().public_id, form.once.data or token_urlsafe())
    if not used.result:
        firms.found(clinic, form.name.data, by=person())
        used.result = url_for(".organisation", slug=slug)
    answer = redirect(used.result, 303)
    db.session.commit()
    flash(_("The organisation is there. Now ask the others to join."))
    return answer


@bp.post("/<slug>/organisation/ask")
@clinic_staff(level="owner")
def ask_clinic(slug: str) -> ResponseReturnValue:
    """Ask a clinic to join; one that the same person owns joins at once."""
    clinic, form = clinic_named(slug), AskForm()
    if clinic.organisation is None:
        abort(404)
    if not form.validate_on_submit():
        return _page(clinic, form)
    allowed = spend(ASKS, clinic.public_id)
    db.session.commit()
    refuse_unless(allowed, DAY)
    clinic = clinic_named(slug)
    other = next(iter(visible_clinics([form.slug])), None)
    try:
        if other is None or clinic.organisation is None:
            raise Refused(_("There is no such clinic here."))
        joined = firms.ask(clinic.organisation, other, by=person())
        if not joined:
            _write("asked", other, clinic.organisation.name)
        db.session.commit()
    except Refused as why:
        db.session.rollback()
        form.page.errors = [str(why)]
        return _page(clinic_named(slug), form)
    flash(_("It has joined.") if joined else _("Its owner is asked."))
    return redirect(url_for(".organisation", slug=slug), 303)


@bp.post("/<slug>/organisation/requests/<public_id>")
@clinic_staff(level="owner")
def answer_organisation(slug: str, public_id: str) -> ResponseReturnValue:
    """The owner says whether the clinic joins."""
    clinic, form = clinic_named(slug), AnswerForm()
    asked = firms.request_to(clinic, public_id) or abort(404)
    if not form.validate_on_submit():
        abort(400)
    name, others = asked.organisation.name, firms.clinics_of(asked.organisation)
    if form.answer.data == "join":
        firms.join(asked, by=person())
        words = _("The clinic is part of it now.")
    else:
        firms.decline(asked, by=person())
        words = _("The clinic does not join.")
    for one in others:
        _write("joined" if form.answer.data == "join" else "declined", one, name)
    db.session.commit()
    flash(words)
    return redirect(url_for(".organisation", slug=slug), 303)


@bp.route("/<slug>/organisation/leave", methods=["GET", "POST"])
@clinic_staff(level="owner")
def leave_organisation(slug: str) -> ResponseReturnValue:
    """Take the clinic out; the others stay together."""
    clinic, form = clinic_named(slug), Form()
    firm = clinic.organisation or abort(404)
    if not form.validate_on_submit():
        return show("manage/leave_organisation.html", form, clinic=clinic, firm=firm)
    name, others = firm.name, [one for one in firms.clinics_of(firm) if one.id != clinic.id]
    firms.leave(clinic, by=person())
    for one in others:
        _write("left", one, name)
    db.session.commit()
    flash(_("The clinic stands alone."))
    return redirect(url_for(".organisation", slug=slug), 303)
