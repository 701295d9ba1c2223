"""What stands around the items: pictures asked for, proofs looked at, ties declared, saved words."""

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from directory.access import desk, lead, moderator
from directory.accounts.sessions import person
from directory.cases.models import Case
from directory.clinics.queries import clinic_by_slug
from directory.db import db, writing
from directory.forms import show as show_form
from directory.imaging.stored import TYPES
from directory.ledger import record
from directory.moderation import desk_queries, looks
from directory.moderation.acts import role_of
from directory.moderation.desk_forms import PlainForm, SavedReplyForm, TieForm
from directory.moderation.desk_views import bp
from directory.moderation.items import changes, marked, shared
from directory.moderation.looking import looked
from directory.moderation.pairs import compared
from directory.moderation.rules import RULES, rule_of
from directory.moderation.saved_replies import SavedReply, saved_replies
from directory.moderation.subjects import review_of, thing_of
from directory.moderation.ties import DeclaredTie, kept_away, others_ties, take_back, ties_of
from directory.moderation.wording import ground_words, state_words, verb_words

bp.add_app_template_filter(marked, "marked")
bp.add_app_template_filter(changes, "changes_to")
bp.add_app_template_filter(shared, "shared_with")
bp.add_app_template_filter(rule_of, "rule_of")
bp.add_app_template_filter(verb_words, "verb_words")
bp.add_app_template_filter(ground_words, "ground_words")
bp.add_app_template_filter(state_words, "state_words")
bp.add_app_template_filter(compared, "compared_pair")
bp.add_app_template_filter(thing_of, "thing_of_case")
bp.add_app_template_filter(review_of, "review_of_thing")
SEEN = {"Content-Disposition": "inline"}


def _held(public_id: str) -> tuple[Case, Case]:
    """The case, and the one by which this person may open what belongs to it now: itself, or an appeal."""
    case = desk_queries.case_by_public_id(public_id) or abort(404)
    return case, looks.in_hand(person(), case) or abort(404)


@bp.get("/items/<public_id>/photos/<photo>/<size>")
@moderator()
def photo(public_id: str, photo: str, size: str) -> ResponseReturnValue:
    """A picture of the item that is held; sent only when it was asked for, and the look is kept first."""
    case, held = _held(public_id)
    found = next((one for one in looks.photos_open_to(case, held) if one.public_id == photo), None)
    content = found.bytes(size) if found else None
    if content is None:
        abort(404)
    what = looks.photo_called(photo)
    if size != looks.TOO_SMALL and not looks.was_seen(person(), held, what):
        db.session.rollback()  # what was read so far must not hold up the write
        with writing():
            looks.keep(person(), held, what)
            db.session.commit()
    return Response(content, mimetype=TYPES[size.rpartition(".")[2]], headers=SEEN)


@bp.get("/items/<public_id>/proof/<int:number>")
@moderator()
def proof(public_id: str, number: int) -> ResponseReturnValue:
    """One page of the document that shows a visit. The look is on record before a byte is sent."""
    case, held = _held(public_id)
    review = review_of(thing_of(case))
    document = review.proof if review is not None else None
    content = document.page(number) if document is not None else None
    if document is None or content is None:
        abort(404)
    what = looks.page_of("proof", document.public_id, number)
    subject, case_id, role = case.subject, case.public_id, role_of(person())
    db.session.rollback()  # what was read so far must not hold up the write
    with writing():
        record("proof.looked", role=role, subject=subject, case=case_id, page=number)
        looks.keep(person(), held, what)
        looked(person())
        db.session.commit()
    return Response(content, mimetype="image/png", headers=SEEN)


@bp.route("/ties", methods=["GET", "POST"])
@desk()
def ties() -> ResponseReturnValue:
    """Declare a tie to a clinic: its items pass you by from then on."""
    form, user = TieForm(), person()
    clinic = clinic_by_slug(form.slug.data or "") if form.validate_on_submit() else None
    if form.is_submitted() and not form.errors and clinic is None:
        form.slug.errors = [_("There is no clinic with that address.")]
    if clinic is None:
        others = others_ties(user) if "lead" in user.role_names else []
        own = ties_of(user)
        return show_form("desk/ties.html", form, ties=own, kept=kept_away(own), others=others, plain=PlainForm())
    db.session.add(DeclaredTie(user_id=user.id, clinic_id=clinic.id, why=form.why.data or ""))
    record("tie.declared", role=role_of(user), subject=f"clinic:{clinic.public_id}")
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
    flash(_("Declared. You will not be given its items."))
    return redirect(url_for(".ties"), 303)


@bp.post("/ties/<int(max=2147483647):number>/drop")
@desk()
def drop_tie(number: int) -> ResponseReturnValue:
    """Take a tie back: one's own that was mistyped, or as a lead somebody else's."""
    tie, user = db.session.get(DeclaredTie, number), person()
    if tie is None or (tie.user_id != user.id and "lead" not in user.role_names):
        abort(404)
    if not PlainForm().validate_on_submit():
        abort(400)
    take_back(tie, by=user, role=role_of(user))
    db.session.commit()
    flash(_("Taken back. The public record says that too."))
    return redirect(url_for(".ties"), 303)


@bp.route("/saved-replies", methods=["GET", "POST"])
@lead()
def saved() -> ResponseReturnValue:
    """The texts that moderators may begin a statement with."""
    form = SavedReplyForm()
    if not form.validate_on_submit():
        return show_form("desk/saved.html", form, saved=saved_replies(), rules=RULES, plain=PlainForm())
    db.session.add(SavedReply(rule=form.rule.data, title=form.title.data, text=form.text.data, by_id=person().id))
    db.session.commit()
    flash(_("Kept."))
    return redirect(url_for(".saved"), 303)


@bp.post("/saved-replies/<int(max=2147483647):number>/drop")
@lead()
def drop_saved(number: int) -> ResponseReturnValue:
    """Take one of them away."""
    found = db.session.get(SavedReply, number) or abort(404)
    if not PlainForm().validate_on_submit():
        abort(400)
    db.session.delete(found)
    db.session.commit()
    return redirect(url_for(".saved"), 303)


@bp.get("/keys")
@desk()
def keys() -> ResponseReturnValue:
    """Every key and what it does."""
    return render_template("desk/keys.html", rules=RULES)
