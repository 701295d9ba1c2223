"""The people of a clinic: who does the work, what is proven about each, since when and until when."""

from secrets import token_urlsafe
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory import mail
from directory.access import clinic_staff
from directory.accounts.allowances import DAY, refuse_unless
from directory.accounts.models import User
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.clinics.deeds import note
from directory.clinics.models import Clinic
from directory.credentials.showing import showing
from directory.db import db, now
from directory.errors import Refused
from directory.forms import Form, show
from directory.manage.people_forms import NEW, AddPersonForm, PersonForm, what
from directory.manage.views import bp, clinic_named
from directory.once import claim
from directory.practitioners import naming
from directory.practitioners.accounts import PractitionerAccount, account_of
from directory.practitioners.forms import EndForm, PostForm, said_of
from directory.practitioners.models import Engagement, Practitioner

NAMES = Allowance("clinic/people", 40, DAY)


def _post(clinic: Clinic, name: str) -> Engagement:
    return naming.post_at(clinic, name) or abort(404)


@bp.get("/<slug>/people")
@clinic_staff()
def people(slug: str) -> str:
    """Everybody named here: what is shown of each, and what is proven."""
    clinic = clinic_named(slug)
    team, today = naming.team_of(clinic), now().date()
    return render_template(
        "manage/people.html",
        clinic=clinic,
        present=[one for one in team if not one.is_over(today)],
        past=[one for one in team if one.is_over(today)],
        held=showing(clinic, now()),
        linked=naming.with_account([one.practitioner_id for one in team]),
        today=today,
        plain=Form(),
    )


@bp.route("/<slug>/people/new", methods=["GET", "POST"])
@clinic_staff()
def add_person(slug: str) -> ResponseReturnValue:
    """Name a person. Somebody of that name who speaks for a page of their own is asked, never merged."""
    clinic, form = clinic_named(slug), AddPersonForm()
    others = naming.namesakes(form.name.data or "", clinic) if form.is_submitted() else []
    form.offer(others)
    fine = form.validate_on_submit()
    if not fine or (others and not form.who.data):
        answer = show("manage/add_person.html", form, clinic=clinic, others=others)
        return (answer[0], 422) if fine else answer  # type: ignore[index,return-value]
    allowed = spend(NAMES, clinic.public_id)
    db.session.commit()
    refuse_unless(allowed, DAY)
    same = next((one for one in others if one.slug == form.who.data and form.who.data != NEW), None)
    used = claim(person().public_id, form.once.data or token_urlsafe())
    try:
        if not used.result:
            used.result = _named(clinic_named(slug), form, same)
        answer = redirect(used.result, 303)
        db.session.commit()
    except Refused as why:
        db.session.rollback()
        form.name.errors = [str(why)]
        return show("manage/add_person.html", form, clinic=clinic_named(slug), others=others)
    flash(_("They are asked; the name shows once they say yes.") if same else _("The name shows as your word."))
    return answer


def _named(clinic: Clinic, form: AddPersonForm, same: Practitioner | None) -> str:
    if same is not None:
        naming.ask_person(clinic, same, by=person(), **what(form))
        _write(same, "asked", clinic)
        return url_for(".people", slug=clinic.slug)
    post = naming.name_person(clinic, form.facts(), by=person(), **what(form))
    return url_for(".person_at", slug=clinic.slug, name=post.practitioner.slug)


def _write(who: Practitioner, letter: str, clinic: Clinic) -> None:
    """A letter to the person, when somebody speaks for the page."""
    held = db.session.get(PractitionerAccount, who.id)
    reader = db.session.get(User, held.user_id) if held else None
    if reader is not None:
        mail.post(f"people/{letter}", to=reader.email, clinic=clinic.name, link=mail.link("work.index"))


@bp.route("/<slug>/people/<name>", methods=["GET", "POST"])
@clinic_staff()
def person_at(slug: str, name: str) -> ResponseReturnValue:
    """One person: role and first day; the page itself only as long as it is nobody's own."""
    clinic = clinic_named(slug)
    post = _post(clinic, name)
    ours, facts = naming.is_the_clinics_to_describe(post), {"role": post.role, "since": post.since}
    form = PersonForm(data={**said_of(post.practitioner), **facts}) if ours else PostForm(data=facts)
    if not form.validate_on_submit():
        more: dict[str, Any] = {"ours": ours, "linked": account_of(post.practitioner_id) is not None}
        lines = showing(clinic, now()).people.get(post.practitioner_id, [])
        return show("manage/person_at.html", form, clinic=clinic, post=post, lines=lines, today=now().date(), **more)
    if isinstance(form, PersonForm):
        naming.describe(post.practitioner, form.facts())
    post.role, post.since = form.role.data or "", form.since.data
    note(clinic, "person.changed", by=person(), about=f"practitioner:{post.practitioner.public_id}")
    db.session.commit()
    flash(_("Kept."))
    return redirect(url_for(".people", slug=slug), 303)


@bp.route("/<slug>/people/<name>/end", methods=["GET", "POST"])
@clinic_staff()
def end_person(slug: str, name: str) -> ResponseReturnValue:
    """The last day somebody works here. What the person holds counts until then, and no longer."""
    clinic = clinic_named(slug)
    post = _post(clinic, name)
    form = EndForm(since=post.since, on=now().date())
    if not form.validate_on_submit():
        return show("manage/end_person.html", form, clinic=clinic, post=post)
    naming.end_by_clinic(post, form.on.data, by=person())
    _write(post.practitioner, "ended", clinic)
    db.session.commit()
    flash(_("Kept. You can take it back here."))
    return redirect(url_for(".people", slug=slug), 303)


@bp.post("/<slug>/people/<name>/return")
@clinic_staff()
def resume_person(slug: str, name: str) -> ResponseReturnValue:
    """Take back the end that the clinic set."""
    naming.resume_by_clinic(_post(clinic_named(slug), name), by=person())
    db.session.commit()
    flash(_("The end is taken back."))
    return redirect(url_for(".people", slug=slug), 303)
