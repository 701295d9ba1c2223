"""A person's own side of where they are named: agree, end, never worked there; and what their page says of them."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory import mail
from directory.access import member
from directory.accounts.sessions import person
from directory.clinics.colleagues import addresses_at
from directory.db import db, now
from directory.errors import Refused
from directory.forms import Form
from directory.forms import show as show_form
from directory.practitioners import answers
from directory.practitioners.accounts import own_page, own_pages
from directory.practitioners.forms import AboutForm, DenyForm, EndForm, said_of
from directory.practitioners.models import Engagement
from directory.practitioners.naming import describe

bp = Blueprint("work", __name__, url_prefix="/account/work")


def _own(page: str, place: str) -> Engagement:
    return answers.own_post(person(), page, place) or abort(404)


def _done(words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words)
    return redirect(url_for(".index"), 303)


@bp.get("/")
@member()
def index() -> str:
    """Where this person is named, and what they can say to it."""
    user = person()
    return render_template(
        "work/index.html", pages=own_pages(user), posts=answers.posts_of(user), today=now().date(), plain=Form()
    )


@bp.post("/<page>/<place>/agree")
@member()
def agree(page: str, place: str) -> ResponseReturnValue:
    """Yes, I work there: from now on what the person holds counts at the clinic."""
    answers.agree(_own(page, place))
    return _done(_("You are shown there, and what you hold counts there."))


@bp.route("/<page>/<place>/end", methods=["GET", "POST"])
@member()
def end(page: str, place: str) -> ResponseReturnValue:
    """The last day there."""
    post = _own(page, place)
    form = EndForm(since=post.since, on=now().date())
    if not form.validate_on_submit():
        return show_form("work/end.html", form, post=post)
    answers.end_by_person(post, form.on.data)
    _tell_clinic(post, "left")
    return _done(_("The clinic is told."))


@bp.post("/<page>/<place>/return")
@member()
def resume(page: str, place: str) -> ResponseReturnValue:
    """Take back one's own end."""
    answers.resume_by_person(_own(page, place))
    return _done(_("The end is taken back."))


@bp.route("/<page>/<place>/deny", methods=["GET", "POST"])
@member()
def deny(page: str, place: str) -> ResponseReturnValue:
    """I never worked there: the name goes at once, the desk looks into it."""
    post, form = _own(page, place), DenyForm()
    if not form.validate_on_submit():
        return show_form("work/deny.html", form, post=post)
    answers.deny(post, person(), form.words.data or "")
    _tell_clinic(post, "denied")
    return _done(_("Your name is off that clinic's page. A moderator looks into it."))


@bp.route("/<page>/edit", methods=["GET", "POST"])
@member()
def edit(page: str) -> ResponseReturnValue:
    """What one's own page says."""
    mine = own_page(person(), page) or abort(404)
    form = AboutForm(data=said_of(mine))
    if not form.validate_on_submit():
        return show_form("work/edit.html", form, mine=mine)
    if mine.is_example:
        raise Refused(_("An invented example is not changed."))
    describe(mine, form.facts())
    return _done(_("Your page says so now."))


def _tell_clinic(post: Engagement, letter: str) -> None:
    endpoint = "manage.decisions" if letter == "denied" else "manage.people"
    link = mail.link(endpoint, slug=post.clinic.slug)
    for address in addresses_at(post.clinic):
        mail.post(f"people/{letter}", to=address, clinic=post.clinic.name, link=link)
