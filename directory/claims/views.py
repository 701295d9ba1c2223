"""Claiming a listing: the form, the claim's own page, the links of its letters."""

from secrets import token_urlsafe

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import member, public
from directory.accounts import allowances
from directory.accounts.allowances import DAY, HOUR, refuse_unless
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.cases.queries import public_ids
from directory.claims import jobs, opening, proofs, proving, queries, settling, words
from directory.claims.forms import ClaimForm, CodeForm, PlainForm, WordsForm
from directory.claims.hosts import own_host
from directory.claims.models import CODE_LIFE, CODE_TRIES, Claim
from directory.clinics.membership import owner_of
from directory.clinics.models import PUBLISHED, Clinic
from directory.clinics.queries import clinic_by_slug
from directory.db import db
from directory.errors import Refused
from directory.forms import show as show_form
from directory.limits import caller
from directory.once import claim as claim_once

bp = Blueprint("claims", __name__)
MEMBER = Allowance("claim/member", 3, 7 * DAY)
# One account cannot use up what a clinic may be sent, and shut its owner out for the week.
PAIR = Allowance("claim/pair", 2, 7 * DAY)
CLINIC = Allowance("claim/clinic", 12, 7 * DAY)
TRIES = Allowance("claim/code", 12, DAY)
WORDS = Allowance("claim/words", 6, DAY)
MAIL_AGAIN = Allowance("claim/mail", 3, 6 * HOUR)


@bp.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["claim_words"] = words


def _clinic(slug: str) -> Clinic:
    clinic = clinic_by_slug(slug)
    if clinic is None or clinic.status != PUBLISHED:
        abort(404)
    return clinic


def _own(public_id: str) -> Claim:
    return queries.own_claim(person(), public_id) or abort(404)


def _refuse_unless(allowance: Allowance, key: str) -> None:
    allowed = spend(allowance, key)
    db.session.commit()
    refuse_unless(allowed, allowance.seconds)


@bp.route("/clinics/<slug>/claim", methods=["GET", "POST"])
@member()
def new(slug: str) -> ResponseReturnValue:
    """Say who you are and how you show it; a listing that has an owner is contested by the same form."""
    clinic, user = _clinic(slug), person()
    owner, open_one = owner_of(clinic.id), queries.active_claim(user, clinic)
    if owner is not None and owner.user_id == user.id:
        return redirect(url_for("manage.clinic", slug=slug), 303)
    if open_one is not None:
        return redirect(url_for(".show", public_id=open_one.public_id), 303)
    possible = proofs.possible(clinic, user)
    known = queries.published_before(clinic, user)
    form = ClaimForm(proofs=possible, issuers=proofs.issuers_for(clinic), host=own_host(clinic, known["host"]))
    if not possible or not form.validate_on_submit():
        facts = {"clinic": clinic, "known": known, "owned": owner is not None}
        return show_form("claims/new.html", form, possible=possible, **facts)
    pair = f"{user.public_id} {clinic.public_id}"
    allowed = spend(MEMBER, user.public_id) and spend(PAIR, pair) and spend(CLINIC, clinic.public_id)
    db.session.commit()
    refuse_unless(allowed, MEMBER.seconds)
    sent = claim_once(user.public_id, form.once.data or token_urlsafe())
    if not sent.result:
        made = opening.open_claim(clinic, user, form.proof.data, form.words())
        sent.result = url_for(".show", public_id=made.public_id)
    where = sent.result
    db.session.commit()
    return redirect(where, 303)


@bp.get("/account/claims")
@member()
def index() -> ResponseReturnValue:
    """Every listing this person claimed."""
    return render_template("claims/index.html", claims=queries.own_claims(person()))


@bp.get("/account/claims/<public_id>")
@member(setting_up=True)
def show(public_id: str) -> ResponseReturnValue:
    """One claim: what is to be done next, and what happened."""
    return _shown(_own(public_id))


def _shown(claim: Claim, code: CodeForm | None = None, say: WordsForm | None = None) -> ResponseReturnValue:
    told = public_ids(person(), [claim.statement_id])
    page = render_template(
        "claims/show.html",
        claim=claim,
        code=code or CodeForm(),
        form=say or WordsForm(),
        plain=PlainForm(),
        has_code=proving.has_code(claim),
        last=claim.code_at + CODE_LIFE if claim.code_at else None,
        tries_left=CODE_TRIES - claim.code_tries,
        statement=told.get(claim.statement_id or 0),
        at_desk=proofs.is_at_desk(claim),
    )
    wrong = any(form is not None and form.errors for form in (code, say))
    return page, 422 if wrong else 200


@bp.post("/account/claims/<public_id>/code")
@member()
def code(public_id: str) -> ResponseReturnValue:
    """The code of the letter or of the call."""
    claim, form = _own(public_id), CodeForm()
    if not form.validate_on_submit():
        return _shown(claim, code=form)
    _refuse_unless(TRIES, claim.public_id)
    result = proving.try_code(claim, form.code.data or "")
    db.session.commit()
    if result == proving.WRONG:
        form.code.errors = [_("This is not the code. Look at it once more.")]
        return _shown(claim, code=form)
    if result == proving.OVER:
        raise Refused(_("There is no code to try any more. Ask the desk for a new one."))
    flash(_("That is the code. A person looks through everything once more and decides."))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/account/claims/<public_id>/say")
@member()
def say(public_id: str) -> ResponseReturnValue:
    """Answer the desk, or add what speaks for the claim."""
    claim, form = _own(public_id), WordsForm()
    if not form.validate_on_submit():
        return _shown(claim, say=form)
    _refuse_unless(WORDS, claim.public_id)
    sent = claim_once(person().public_id, form.once.data or token_urlsafe())
    if not sent.result:
        opening.say(claim, "claimant", form.text.data or "", by=person())
        sent.result = "said"
    db.session.commit()
    flash(_("It lies with your claim now; only the desk reads it."))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/account/claims/<public_id>/<act>")
@member()
def act(public_id: str, act: str) -> ResponseReturnValue:
    """The tag is in place; the letter to the mailbox once more; the notice is over: open the desk."""
    claim = _own(public_id)
    if not PlainForm().validate_on_submit() or act not in {"placed", "mail", "enter"}:
        abort(404)
    if act == "placed":
        proving.say_tag_is_there(claim)
        flash(_("Somebody looks at your site soon."))
    elif act == "mail":
        _refuse_unless(MAIL_AGAIN, claim.public_id)
        if claim.proof != "licence" or claim.state != "open" or claim.mail_confirmed_at is not None:
            raise Refused(_("This claim waits for no letter."))
        opening.send_confirmation(claim)
        flash(_("A new letter is on its way; the link before is dead."))
    elif claim.is_due:
        jobs.carry_out(claim)
    db.session.commit()
    if claim.state == "approved":
        return redirect(url_for("manage.clinic", slug=claim.clinic.slug), 303)
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.route("/account/claims/<public_id>/withdraw", methods=["GET", "POST"])
@member()
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take the claim back."""
    claim, form = _own(public_id), PlainForm()
    if not form.validate_on_submit():
        return show_form("claims/withdraw.html", form, claim=claim)
    opening.withdraw(claim)
    db.session.commit()
    flash(_("You took the claim back."))
    return redirect(url_for(".index"), 303)


@bp.route("/claims/confirm/<token>", methods=["GET", "POST"])
@public(cache="private")
def confirm(token: str) -> ResponseReturnValue:
    """The link sent to the mailbox at the clinic's site: whoever opens it reads mail there."""
    form, claim = PlainForm(), queries.claim_by_mail(token)
    if claim is None:
        return render_template("accounts/link_over.html", again=url_for("claims.index")), 410
    if not form.validate_on_submit():
        return show_form("claims/confirm.html", form, clinic=claim.clinic)
    _refuse_unless(allowances.LINK_CALLER, caller())
    proving.confirm_mail(claim)
    db.session.commit()
    return redirect(url_for(".show", public_id=claim.public_id), 303)


@bp.route("/claims/object/<token>", methods=["GET", "POST"])
@public(cache="private")
def object_to(token: str) -> ResponseReturnValue:
    """The link sent to the listing's known contact: say that the claim is wrong, without an account."""
    form, claim = WordsForm(), queries.claim_by_objection(token)
    if claim is None:
        return render_template("accounts/link_over.html", again=url_for("search.home")), 410
    if not form.validate_on_submit():
        return show_form("claims/object_to.html", form, clinic=claim.clinic, claim=claim)
    _refuse_unless(allowances.LINK_CALLER, caller())
    settling.object_to(claim, form.text.data or "")
    db.session.commit()
    return redirect(url_for(".objected"), 303)


@bp.get("/claims/objected")
@public(cache="private")
def objected() -> ResponseReturnValue:
    """It is stopped, and two people decide."""
    return render_template("claims/objected.html")
