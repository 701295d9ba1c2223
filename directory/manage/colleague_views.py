"""Who works on the listing: colleagues by invitation, the owner, what each of them did."""

from secrets import token_urlsafe

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from directory import mail
from directory.access import clinic_staff, member
from directory.accounts.allowances import DAY, refuse_unless
from directory.accounts.models import User
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.claims.queries import refuse_hand_over
from directory.claims.reopening import reopen
from directory.clinics import colleagues as desk
from directory.clinics.deeds import deeds_of
from directory.clinics.membership import OWNER, Membership, is_staff
from directory.clinics.models import Clinic
from directory.db import db
from directory.errors import Refused
from directory.forms import Form, show
from directory.manage.colleague_forms import HandOverForm, InviteColleagueForm, TakeForm
from directory.manage.history import told
from directory.manage.views import bp, clinic_named
from directory.once import claim

invitation_bp = Blueprint("colleague_invitations", __name__, url_prefix="/account/desk")
INVITES = Allowance("clinic/colleagues", 20, DAY)


def _other(clinic: Clinic, public_id: str) -> tuple[Membership, User]:
    return desk.colleague(clinic, public_id) or abort(404)


def _tell(clinic: Clinic, letter: str, *, to: list[str]) -> None:
    for address in to:
        link = mail.link("manage.colleagues", slug=clinic.slug)
        mail.post(f"colleagues/{letter}", to=address, clinic=clinic.name, link=link)


@bp.route("/<slug>/colleagues", methods=["GET", "POST"])
@clinic_staff()
def colleagues(slug: str) -> ResponseReturnValue:
    """Everybody at this desk, links that were sent, who did what; the owner invites here."""
    clinic, user, form = clinic_named(slug), person(), InviteColleagueForm()
    owns = is_staff(user, slug, OWNER)
    if form.is_submitted() and not owns:
        abort(404)
    if form.validate_on_submit() and _invited(clinic, form):
        flash(_("The link is on its way; it is good for two weeks."))
        return redirect(url_for(".colleagues", slug=slug), 303)
    facts = {"people": desk.colleagues_of(clinic), "sent": desk.invitations_of(clinic)}
    done = told(deeds_of(clinic))
    handover = desk.handover_of(clinic)
    return show(
        "manage/colleagues.html", form, clinic=clinic, me=user, owns=owns, handover=handover, done=done, **facts
    )


def _invited(clinic: Clinic, form: InviteColleagueForm) -> bool:
    """Whether the link went out; what stood in the way is an error of the form."""
    allowed = spend(INVITES, clinic.public_id)
    db.session.commit()
    refuse_unless(allowed, DAY)
    user, email = person(), str(form.email.data)
    used = claim(user.public_id, form.once.data or token_urlsafe())
    try:
        if not used.result:
            token = desk.invite(clinic, email, by=user)
            link = mail.link("colleague_invitations.accept", token=token)
            mail.post("colleagues/invited", to=email, clinic=clinic.name, link=link)
            used.result = "sent"
        db.session.commit()
    except (Refused, IntegrityError) as why:
        db.session.rollback()
        words = str(why) if isinstance(why, Refused) else _("A link to this address was just sent.")
        form.email.errors = [words]
        return False
    return True


@bp.post("/<slug>/colleagues/links/<public_id>/withdraw")
@clinic_staff(level="owner")
def withdraw_link(slug: str, public_id: str) -> ResponseReturnValue:
    """Kill a link that was sent."""
    if not desk.withdraw(clinic_named(slug), public_id, by=person()):
        abort(404)
    db.session.commit()
    flash(_("The link is dead."))
    return redirect(url_for(".colleagues", slug=slug), 303)


@bp.route("/<slug>/colleagues/<public_id>/remove", methods=["GET", "POST"])
@clinic_staff(level="owner")
def remove_colleague(slug: str, public_id: str) -> ResponseReturnValue:
    """Take a colleague off; their next click is refused. What they did stays under their name."""
    clinic, form = clinic_named(slug), Form()
    held, user = _other(clinic, public_id)
    if not form.validate_on_submit():
        return show("manage/remove_colleague.html", form, clinic=clinic, user=user)
    desk.remove(clinic, held, user, by=person())
    _tell(clinic, "removed", to=[user.email])
    db.session.commit()
    flash(_("They no longer work on this listing."))
    return redirect(url_for(".colleagues", slug=slug), 303)


@bp.route("/<slug>/colleagues/leave", methods=["GET", "POST"])
@clinic_staff()
def leave(slug: str) -> ResponseReturnValue:
    """Stop working on the listing; an owner hands it over first."""
    clinic, user, form = clinic_named(slug), person(), Form()
    held = desk.membership_of(user, clinic) or abort(404)
    if not form.validate_on_submit():
        return show("manage/leave.html", form, clinic=clinic, owns=held.level == OWNER)
    desk.remove(clinic, held, user, by=user)
    _tell(clinic, "left", to=list(desk.addresses_at(clinic, level=OWNER)))
    db.session.commit()
    flash(_("You no longer work on that listing."))
    return redirect(url_for("accounts.home"), 303)


@bp.route("/<slug>/colleagues/<public_id>/hand-over", methods=["GET", "POST"])
@clinic_staff(level="owner", fresh=True)
def hand_over(slug: str, public_id: str) -> ResponseReturnValue:
    """Offer the ownership to a colleague, who takes it or not."""
    clinic, form = clinic_named(slug), HandOverForm()
    held, user = _other(clinic, public_id)
    if held.level == OWNER:
        abort(404)
    if not form.validate_on_submit():
        return show("manage/hand_over.html", form, clinic=clinic, user=user)
    refuse_hand_over(clinic)
    desk.offer_ownership(clinic, user, by=person())
    _tell(clinic, "offered", to=[user.email])
    db.session.commit()
    flash(_("It is theirs when they take it; until then nothing changes."))
    return redirect(url_for(".colleagues", slug=slug), 303)


@bp.route("/<slug>/colleagues/ownership", methods=["GET", "POST"])
@clinic_staff(fresh=True)
def ownership(slug: str) -> ResponseReturnValue:
    """Take the ownership that was offered, or say no; whoever offered it may take the offer back."""
    clinic, user, form = clinic_named(slug), person(), TakeForm()
    offer = desk.handover_of(clinic)
    if offer is None or user.id not in {offer.from_id, offer.to_id}:
        abort(404)
    if not form.validate_on_submit():
        return show("manage/ownership.html", form, clinic=clinic, offer=offer, takes=user.id == offer.to_id)
    if form.answer.data == "take":
        refuse_hand_over(clinic)
        giver = desk.take_ownership(clinic, user)
        reopen(clinic, {"owner"}, by=user, was_owner=giver)
        _tell(clinic, "passed", to=[giver.email, user.email])
        words = _("The clinic is yours.")
    else:
        desk.drop_offer(clinic, by=user)
        _tell(clinic, "kept", to=[offer.giver.email, offer.taker.email])
        words = _("Nothing changes.")
    db.session.commit()
    flash(words)
    return redirect(url_for(".colleagues", slug=slug), 303)


@invitation_bp.route("/<token>", methods=["GET", "POST"])
@member()
def accept(token: str) -> ResponseReturnValue:
    """Begin to work on a listing. The link opens only for the account of the address it was sent to, and once."""
    user, form = person(), Form()
    offer = desk.invitation(token, user) or abort(404)
    if not user.has_second_factor or not form.validate_on_submit():
        return show("colleague_invitations/accept.html", form, clinic=offer.clinic, ready=user.has_second_factor)
    clinic = offer.clinic
    try:
        desk.accept(offer, user)
        _tell(clinic, "joined", to=list(desk.addresses_at(clinic, level=OWNER)))
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise Refused(_("You work on this listing already.")) from None
    flash(_("You work on this listing now."))
    return redirect(url_for("manage.people", slug=clinic.slug), 303)
