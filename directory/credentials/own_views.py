"""A holder's own credentials: hand one in, add its papers, answer the desk, renew, take back."""

from secrets import token_urlsafe

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from directory.access import member
from directory.accounts.allowances import refuse_unless
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.clinics.models import Clinic
from directory.credentials import handing_in
from directory.credentials.card import card
from directory.credentials.evidence import Evidence, evidence_of
from directory.credentials.forms import AnswerForm, BadgeForm, CredentialForm, PaperForm, PlainForm, RenewForm
from directory.credentials.issuers import CredentialType
from directory.credentials.models import Credential
from directory.credentials.page_requests import waiting_of
from directory.credentials.queries import own_credentials, types_for
from directory.credentials.reference_files import jurisdictions_of
from directory.credentials.requirements import address_of
from directory.db import db, now
from directory.errors import Refused
from directory.forms import show as show_form
from directory.imaging.bounds import DOCUMENT_BYTES
from directory.imaging.redraw import Unreadable, studio
from directory.once import claim
from directory.practitioners.accounts import own_page, own_pages
from directory.practitioners.models import Practitioner
from directory.practitioners.queries import engagements_of
from directory.transit import announce, arrived
from directory.uploads import content_of, takes_file

bp = Blueprint("own_credentials", __name__, url_prefix="/account/credentials")
DAY = 86_400
PAPERS = Allowance("credential/papers", 20, DAY)
DRAFTS = Allowance("credential/drafts", 20, DAY)


def _own(public_id: str) -> Credential:
    return handing_in.own(person(), public_id) or abort(404)


def kinds_for(holder: Practitioner | Clinic) -> list[CredentialType]:
    """What may be handed in where the holder is."""
    places = [holder] if isinstance(holder, Clinic) else [one.clinic for one in engagements_of(holder.id)]
    paths = list(dict.fromkeys(one.path for place in places for one in jurisdictions_of(address_of(place))))
    kind = "premises" if isinstance(holder, Clinic) else "person"
    return types_for(kind, jurisdictions=paths, examples=holder.is_example)


def began(form: CredentialForm, holder: Practitioner | Clinic) -> str:
    """Make the draft, once however often the form is sent; where to go on."""
    used = claim(person().public_id, form.once.data or token_urlsafe())
    if not used.result:
        facts = {name: form[name].data for name in ("number", "authority", "title", "issued_on", "expires_on")}
        made = handing_in.begin(form.types[form.kind.data], holder, person(), **facts)
        used.result = url_for("own_credentials.show", public_id=made.public_id)
    return used.result


def new_for(holder: Practitioner | Clinic, back: str) -> ResponseReturnValue:
    """The form, and what comes of it; the same for a person and for premises."""
    form = CredentialForm(kinds_for(holder))
    if form.validate_on_submit():
        allowed = spend(DRAFTS, person().public_id)
        db.session.commit()
        refuse_unless(allowed, DAY)
        try:
            led = began(form, holder)
            db.session.commit()
        except Refused as why:
            db.session.rollback()
            form.kind.errors = [str(why)]
        else:
            return redirect(led, 303)
    return show_form("own_credentials/new.html", form, holder=holder, back_to=back)


@bp.get("/")
@member()
def index() -> ResponseReturnValue:
    """The person's own pages, and what stands on each."""
    pages = own_pages(person())
    held = {page.id: own_credentials(practitioner_id=page.id) for page in pages}
    asked = waiting_of(person())
    return render_template("own_credentials/index.html", pages=pages, held=held, asked=asked, moment=now())


@bp.route("/new/<slug>", methods=["GET", "POST"])
@member()
def new(slug: str) -> ResponseReturnValue:
    """Hand something in for one's own page."""
    return new_for(own_page(person(), slug) or abort(404), url_for(".index"))


@bp.get("/<public_id>")
@member()
def show(public_id: str) -> ResponseReturnValue:
    """One credential as its holder sees it: whole number, papers, what the desk asked, how often somebody looked."""
    return _shown(_own(public_id))


def _shown(
    one: Credential,
    paper: PaperForm | None = None,
    answer: AnswerForm | None = None,
    badge: BadgeForm | None = None,
) -> ResponseReturnValue:
    asked = next((check.note for check in reversed(one.checks) if check.status == one.status and check.note), "")
    page = render_template(
        "own_credentials/show.html",
        credential=one,
        card=card(one, now()),
        papers=evidence_of(one.id),
        may_add=handing_in.may_add_paper(one),
        asked=asked if one.status in {"needs_info", "rejected"} else "",
        form=paper or PaperForm(formdata=None),
        answer=answer or AnswerForm(formdata=None),
        badge=(badge or BadgeForm(formdata=None)) if handing_in.takes_badges(one) else None,
        plain=PlainForm(),
    )
    return Response(page, 422 if any(form and form.errors for form in (paper, answer, badge)) else 200)


@bp.post("/<public_id>/papers")
@takes_file
@member()
def papers(public_id: str) -> ResponseReturnValue:
    """Add one document; it is drawn anew in a process without a network, sealed, and the file itself is not kept."""
    credential_id = _own(public_id).id
    form = PaperForm()
    allowed = spend(PAPERS, person().public_id)
    db.session.commit()  # opening a stranger's file takes seconds: no transaction waits for it
    refuse_unless(allowed, DAY)
    drawn: list[bytes] = []
    if form.validate():
        try:
            drawn = studio().document(content_of(form.document.data, DOCUMENT_BYTES))
        except Unreadable as reason:
            form.document.errors = [str(reason)]
    if not drawn:
        return _shown(_own(public_id), paper=form)
    kept, about = Evidence.of(_own(public_id), drawn)
    announce(kept.keys)
    db.session.commit()
    kept.seal(drawn, about)
    # Read anew and held: a draft that was handed in meanwhile takes no more papers.
    db.session.scalars(select(Credential).where(Credential.id == credential_id).with_for_update()).one()
    if not handing_in.may_add_paper(_own(public_id)):
        raise Refused(_("No more papers can be added now."))
    db.session.add(kept)
    arrived(kept.keys)
    db.session.commit()
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<public_id>/submit")
@member()
def submit(public_id: str) -> ResponseReturnValue:
    """To the desk."""
    one, form = _own(public_id), PlainForm()
    if not form.validate_on_submit():
        abort(400)
    handing_in.hand_in(one, person())
    db.session.commit()
    flash(_("It is at the desk. You hear from us within ten days."))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<public_id>/badge")
@member()
def badge(public_id: str) -> ResponseReturnValue:
    """A certificate that its issuer signed: verified here and now, no person needs to look."""
    one, form = _own(public_id), BadgeForm()
    if not form.validate_on_submit() or not handing_in.takes_badges(one):
        return _shown(one, badge=form)
    try:
        handing_in.hand_in_badge(one, form.badge.data, person())
        db.session.commit()
    except Refused as why:
        db.session.rollback()
        form.badge.errors = [str(why)]
        return _shown(_own(public_id), badge=form)
    flash(_("The signature is the issuer's: it is confirmed."))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<public_id>/answer")
@member()
def answer(public_id: str) -> ResponseReturnValue:
    """What the desk asked for."""
    one, form = _own(public_id), AnswerForm()
    if not form.validate_on_submit():
        return _shown(one, answer=form)
    used = claim(person().public_id, form.once.data or token_urlsafe())
    if not used.result:
        handing_in.answer(one, form.text.data, person())
        used.result = "answered"
    db.session.commit()
    flash(_("Your answer is at the desk."))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/<public_id>/withdraw")
@member()
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take it back: nobody reads of it any more, and its papers are destroyed in 30 days."""
    one, form = _own(public_id), PlainForm()
    if not form.validate_on_submit():
        abort(400)
    handing_in.take_back(one, person())
    db.session.commit()
    flash(_("It is taken back."))
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.route("/<public_id>/renew", methods=["GET", "POST"])
@member()
def renew(public_id: str) -> ResponseReturnValue:
    """The next term: a draft of its own, that takes this one's place once it is checked."""
    one, form = _own(public_id), RenewForm()
    if not form.validate_on_submit():
        return show_form("own_credentials/renew.html", form, credential=one)
    used = claim(person().public_id, form.once.data or token_urlsafe())
    if not used.result:
        made = one.renew(number=form.number.data, issued_on=form.issued_on.data, expires_on=form.expires_on.data)
        db.session.flush()
        used.result = url_for(".show", public_id=made.public_id)
    led = used.result
    db.session.commit()
    return redirect(led, 303)
