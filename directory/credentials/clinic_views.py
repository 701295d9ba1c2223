"""The clinic's side: what its premises hold, its badge, and inviting the people it names to speak for themselves."""

from secrets import token_urlsafe

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from directory import mail
from directory.access import clinic_staff, member
from directory.accounts.allowances import refuse_unless
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.clinics.models import Clinic
from directory.clinics.queries import clinic_by_slug
from directory.credentials.forms import InviteForm, PlainForm
from directory.credentials.own_views import new_for
from directory.credentials.queries import own_credentials
from directory.db import db, now
from directory.errors import Refused
from directory.forms import show as show_form
from directory.once import claim
from directory.practitioners.accounts import accept, invitation, invite
from directory.practitioners.answers import agree_on_arrival
from directory.practitioners.models import Practitioner
from directory.practitioners.queries import people_at

bp = Blueprint("clinic_credentials", __name__, url_prefix="/manage/<slug>/credentials")
invited_bp = Blueprint("practitioner_invitations", __name__)
DAY = 86_400
INVITES = Allowance("practitioner/invites", 20, DAY)


def _clinic(slug: str) -> Clinic:
    return clinic_by_slug(slug) or abort(404)


def _colleague(clinic: Clinic, name: str) -> Practitioner:
    team = people_at([clinic.id], now().date()).get(clinic.id, [])
    return next((one.practitioner for one in team if one.practitioner.slug == name), None) or abort(404)


@bp.get("/")
@clinic_staff()
def index(slug: str) -> ResponseReturnValue:
    """What the premises hold, who works here, and the badge for the clinic's own site."""
    clinic = _clinic(slug)
    team = people_at([clinic.id], now().date()).get(clinic.id, [])
    return render_template(
        "clinic_credentials/index.html",
        clinic=clinic,
        credentials=own_credentials(clinic_id=clinic.id),
        team=team,
        moment=now(),
        badge=mail.link("credentials.badge_picture", slug=slug),
        page=mail.link("clinics.show", slug=slug),
    )


@bp.route("/new", methods=["GET", "POST"])
@clinic_staff()
def new(slug: str) -> ResponseReturnValue:
    """Hand something in for the premises."""
    return new_for(_clinic(slug), url_for(".index", slug=slug))


@bp.route("/people/<name>", methods=["GET", "POST"])
@clinic_staff()
def invite_person(slug: str, name: str) -> ResponseReturnValue:
    """Send the person a link by which their page becomes their own."""
    clinic, form = _clinic(slug), InviteForm()
    colleague = _colleague(clinic, name)
    if form.validate_on_submit():
        allowed = spend(INVITES, clinic.public_id)
        db.session.commit()
        refuse_unless(allowed, DAY)
        used = claim(person().public_id, form.once.data or token_urlsafe())
        try:
            if not used.result:
                token = invite(colleague, clinic_id=clinic.id, email=form.email.data)
                address = mail.link("practitioner_invitations.accept_link", token=token)
                mail.post("credentials/invited", to=form.email.data, link=address, clinic=clinic.name)
                used.result = "sent"
            db.session.commit()
        except Refused as why:
            db.session.rollback()
            form.email.errors = [str(why)]
        else:
            flash(_("The link is on its way; it is good for two weeks."))
            return redirect(url_for(".index", slug=slug), 303)
    return show_form("clinic_credentials/invite_person.html", form, clinic=_clinic(slug), colleague=colleague)


@invited_bp.route("/account/practitioner/<token>", methods=["GET", "POST"])
@member()
def accept_link(token: str) -> ResponseReturnValue:
    """Take over one's own page. The link opens only for the account of the address it was sent to."""
    offer = invitation(token, person()) or abort(404)
    form = PlainForm()
    if not form.validate_on_submit():
        return show_form("own_credentials/accept.html", form, page=offer.practitioner)
    page, clinic_id = offer.practitioner_id, offer.clinic_id
    try:
        accept(offer, person())
        agree_on_arrival(page, clinic_id)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise Refused(_("This page has an account already.")) from None
    flash(_("The page is yours. Hand in what you hold; where you are named is under Your work."))
    return redirect(url_for("own_credentials.index"), 303)
