"""The desk: the queue, one item, taking it, deciding it, the second person's word."""

from secrets import token_urlsafe
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory import once
from directory.access import desk
from directory.accounts.models import User
from directory.accounts.sessions import person, present
from directory.cases.models import Case, Note
from directory.credentials.outside_words import OUTCOME_WORDS, SANCTION_WORDS
from directory.db import db, now
from directory.errors import Refused
from directory.forms import Form
from directory.keyed import pseudonym
from directory.moderation import deciding, desk_queries, endings, holding, looking_again
from directory.moderation.acts import COMPLAINTS
from directory.moderation.carrying import acts_of
from directory.moderation.desk_forms import AgainForm, DecideForm, HoldForm, NoteForm, PlainForm, SecondForm
from directory.moderation.items import Item, item_of
from directory.moderation.naming import named
from directory.moderation.pairs import pairs_of
from directory.moderation.rules import RULES
from directory.moderation.saved_replies import saved_replies
from directory.moderation.ties import conflict, decided_before, ties_of

# What a note and a hold are called in the form that they share with the decision, and what of that counts as typed.
NOTE, HOLD = "note_", "hold_"
TYPED = ("statement", "rule", "early", "source", "proof", "sentences", "photos", "matched", "mismatched")
bp = Blueprint("desk", __name__, url_prefix="/desk")


def case_named(public_id: str) -> Case:
    case = desk_queries.case_by_public_id(public_id)
    if case is None or case.kind not in deciding.kinds_open_to(person()):
        abort(404)
    return case


def queue_of(tab: str, kind: str = "") -> dict[str, Any]:
    """One page of the queue, of one kind or of all."""
    kind = kind or request.args.get("kind", "")
    kinds = deciding.kinds_open_to(person())
    kind = kind if kind in kinds else ""
    rows = desk_queries.queue_page(tab, person(), kinds=[kind] if kind else kinds, after=request.args.get("after", ""))
    return {
        "rows": rows,
        "tab": tab,
        "kind": kind,
        "kinds": kinds,
        "counts": desk_queries.counts(kinds, person()),
        "endings": endings.endings([row.id for row in rows]) if tab == "decided" else {},
        "pairs": pairs_of([row.subject_id for row in rows if row.kind == "duplicate"]),
        "more": rows[-1].mark if len(rows) == desk_queries.PAGE else None,
        "plain": PlainForm(),
        "today": desk_queries.decided_today(person()),
        "user": person(),
    }


@bp.get("/")
@desk()
def index() -> ResponseReturnValue:
    """What waits: legal clocks and what could harm somebody first."""
    tab = request.args.get("tab", "open")
    if tab not in desk_queries.TABS:
        abort(404)
    return render_template("desk/index.html", **queue_of(tab))


@bp.get("/items/<public_id>")
@desk()
def show(public_id: str) -> ResponseReturnValue:
    """One item with all that helps to decide it."""
    return shown(case_named(public_id), None)


def shown(case: Case, form: DecideForm | None = None, **others: Form) -> ResponseReturnValue:
    """The item; `others` are its other forms (note, hold, second) as they were sent.

    After a POST all of them show what was typed beside: whoever adds a note does not lose a statement half written.
    """
    user = person()
    item = item_of(case)
    form = form or _begun(item)
    hold = _hold_form(case) if _may_hold(case, user) else None
    refused = bool(form.errors) or any(one.errors for one in others.values())
    page = render_template(
        "desk/show.html",
        **queue_of("open"),
        item=item,
        case=case,
        form=form,
        **{"again": AgainForm(), "second": SecondForm(), "note": NoteForm(prefix=NOTE), "hold": hold, **others},
        kept=request.method == "POST" and not refused,
        rules=RULES,
        saved=saved_replies(),
        conflict=conflict(user, case),
        mine=case.is_leased_by(user.id),
        minutes=deciding.minutes_left(case),
        may_decide=deciding.may_decide(user, case),
        first_of_two=decided_before(user, case),
        may_look_again=looking_again.hindrance(case) == "" if item.is_closed else False,
    )
    return Response(page, 422 if refused else 200)


def _back_to(case: Case, **others: Form) -> ResponseReturnValue:
    """The item again: at once with what was typed for its decision, where something was, else by its address."""
    if any(request.form.get(name) for name in TYPED):
        return shown(case, **others)
    return redirect(url_for(".show", public_id=case.public_id), 303)


def _begun(item: Item) -> DecideForm:
    """The form as it is first shown: nothing is chosen and nothing is said yet."""
    form = _form_for(item)
    if item.checking is not None and not form.is_submitted():
        form.source.data = item.checking.where_it_stands
    return form


def _form_for(item: Item) -> DecideForm:
    """With the rules that this kind of thing can break."""
    return DecideForm(only=item.only_rule, thing=_about(item.case))


def _about(case: Case) -> str:
    """What kind of thing it is about."""
    return case.subject.partition(":")[0]


def _hold_form(case: Case) -> HoldForm:
    return HoldForm(thing=_about(case), prefix=HOLD)


def _may_hold(case: Case, user: User) -> bool:
    fits = case.kind in COMPLAINTS and case.is_leased_by(user.id) and not case.subject.startswith("clinic:")
    return fits and not case.facts.get("held")


@bp.post("/items/<public_id>/take")
@desk()
def take(public_id: str) -> ResponseReturnValue:
    """Work on it; for twenty minutes nobody else does."""
    case = case_named(public_id)
    deciding.take(case, person())
    db.session.commit()
    return _back_to(case)


@bp.post("/items/<public_id>/release")
@desk()
def release(public_id: str) -> ResponseReturnValue:
    """Stand aside; somebody else takes it, and the queue goes on with what comes after."""
    case = case_named(public_id)
    after = desk_queries.mark_of(case)
    deciding.stand_aside(case, person())
    db.session.commit()
    flash(_("You stood aside. Somebody else takes it."))
    return redirect(url_for(".index", after=after), 303)


@bp.post("/items/<public_id>/decide")
@desk()
def decide(public_id: str) -> ResponseReturnValue:
    """Act, rule and statement; done once however often it is sent."""
    case = case_named(public_id)
    item: Item = item_of(case)
    form = _form_for(item)
    said = acts_of(case).get(form.act.data or "")
    if said is not None and said.says and not (form.statement.data or "").strip():
        form.statement.data, form.statement.raw_data = (
            str(said.says),
            [str(said.says)],
        )  # the act says by itself what was done
    fits = form.validate_on_submit()
    act = acts_of(case).get(form.act.data or "")
    if fits and act is not None and act.needs_sentences and not form.sentences.data:
        form.sentences.errors = [_("Choose the sentences to take out.")]
        fits = False
    if not fits or act is None:
        return shown(case, form)
    try:
        result = _decided_once(case, form)
    except Refused as why:  # shown with what was typed: a lease that lapsed must not cost anybody their words
        db.session.rollback()
        form.act.errors = [str(why)]
        return shown(case_named(public_id), form)
    db.session.commit()
    done = _("Decided.") if result == "decided" else _("It waits for a second person.")
    flash(named(case, done, case.decisions[-1].act if case.decisions else ""), public_id)
    return redirect(url_for(".index"), 303)


def _decided_once(case: Case, form: DecideForm) -> str:
    used = once.claim(person().public_id, form.once.data or token_urlsafe())
    if not used.result:
        decision = deciding.decide(
            case, form.act.data, rule=form.rule.data, statement=form.statement.data, by=person(), extra=form.extra()
        )
        used.result = "waiting" if decision.needs_second else "decided"
    return used.result


@bp.post("/items/<public_id>/second")
@desk()
def second(public_id: str) -> ResponseReturnValue:
    """Agree, or send it back to the queue."""
    case, form = case_named(public_id), SecondForm()
    if not form.validate_on_submit():
        return shown(case, second=form)
    if form.why.data:
        db.session.add(Note(case_id=case.id, by_id=person().id, text=form.why.data))
    deciding.second(case, agrees=form.agrees.data == "yes", by=person())
    db.session.commit()
    flash(_("Carried out.") if form.agrees.data == "yes" else _("It is back in the queue."), public_id)
    return redirect(url_for(".index", tab="waiting"), 303)


@bp.post("/items/<public_id>/hold")
@desk()
def hold(public_id: str) -> ResponseReturnValue:
    """Hide it at once, with a statement, until it is decided or a day has passed."""
    case = case_named(public_id)
    form = _hold_form(case)
    if not form.validate_on_submit():
        return shown(case, hold=form)
    try:
        holding.hold(case, rule=form.rule.data, statement=form.statement.data or "", by=person())
    except Refused as why:
        db.session.rollback()
        form.statement.errors = [str(why)]
        return shown(case_named(public_id), hold=form)
    db.session.commit()
    flash(_("It is hidden until it is decided, for a day at the most."))
    return _back_to(case)


@bp.post("/items/<public_id>/notes")
@desk()
def note(public_id: str) -> ResponseReturnValue:
    """Tell colleagues something; it never leaves the desk."""
    case, form = case_named(public_id), NoteForm(prefix=NOTE)
    if not form.validate_on_submit():
        return shown(case, note=form)
    used = once.claim(person().public_id, form.once.data or token_urlsafe())
    if not used.result:
        db.session.add(Note(case_id=case.id, by_id=person().id, text=form.text.data))
        used.result = "noted"
    db.session.commit()
    return _back_to(case, note=NoteForm(None, prefix=NOTE))


@bp.context_processor
def _desk_words() -> dict[str, object]:
    found = present()  # nobody, on the page that refuses a forged form
    return {
        "declared_ties": len(ties_of(found.user)) if found else 0,
        "desk_mark": pseudonym("desk", found.user.public_id)[:16] if found else "",
        "desk_roles": found.user.role_names if found else set(),
        "moment": now(),
        "outcome_words": OUTCOME_WORDS,
        "sanction_words": SANCTION_WORDS,
    }
