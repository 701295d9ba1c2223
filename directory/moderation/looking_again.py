"""Looking again: what was decided comes back to the desk for somebody else, with a reason and a line in the record.

A slip of a key and an error of judgement are mended in the same way: by another person. What was not shown waits to be
read like anything new; what is shown stays as it is until that person has decided; and whoever overturns what a
colleague decided needs a second person to agree.
"""

from flask_babel import gettext as _
from sqlalchemy import select, update

from directory import mail
from directory.accounts.links import link_for
from directory.accounts.models import User
from directory.cases.again import Again, carried_out, earlier_of, later_of
from directory.cases.decisions import Appeal, Decision
from directory.cases.models import Case, Note
from directory.cases.opening import case_about, open_case
from directory.clinics.duplicates import DuplicatePair
from directory.db import db
from directory.errors import Refused
from directory.ledger import record
from directory.moderation import undoing
from directory.moderation.acts import COMPLAINTS, KEPT, Work, role_of
from directory.moderation.subjects import thing_of
from directory.portfolio.models import Picture
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from directory.reviews.replies import Reply
from directory.reviews.stages import Stage

WRITTEN = ("review", "stage", "photo", "reply")
AGAIN = (*WRITTEN, *COMPLAINTS, "suspicion", "duplicate")
BACK = ("needs_edit", "refused")


def hindrance(case: Case) -> str:
    """Why this case cannot be looked at again, in words; empty when it can."""
    first = carried_out(case)
    if case.state != "decided" or first is None:
        return str(_("Only what was decided is looked at again."))
    if case.kind not in AGAIN or (case.kind == "duplicate" and first.act == "same"):
        return str(_("What was found of facts is changed where it is kept, or on appeal."))
    later = later_of(case)
    if later is not None:
        return str(_("It was looked at again already: see there."))
    if reversals([first.id]):
        return str(_("It was reversed on appeal already."))
    thing = thing_of(case)
    if (
        thing is None
        or (isinstance(thing, Review) and thing.is_withdrawn)
        or getattr(thing, "state", "") == "withdrawn"
    ):
        return str(_("What it was about is gone."))
    return ""


def look_again(case: Case, why: str, *, by: User) -> Case:
    """A new case of the same kind about the same thing. Raises Refused where there is nothing to look at."""
    if words := hindrance(case):
        raise Refused(words)
    kind, subject, number = _about(case)
    if case_about(kind, subject) is not None:
        raise Refused(_("It waits at the desk already."))
    made = open_case(
        kind,
        subject=subject,
        subject_id=number,
        clock=case.clock,
        priority="medium",
        reason="Decided before; a moderator asks somebody else to look again",
        clinic_id=case.clinic_id,
        author_id=case.author_id,
        opened_by_id=case.opened_by_id,
    )
    db.session.add(Again(case=made, earlier=case))
    db.session.add(Note(case_id=made.id, by_id=by.id, text=why))
    first = carried_out(case)
    if first is not None and case.kind in WRITTEN:
        _back_to_the_desk(first)
    pair = thing_of(case)
    if isinstance(pair, DuplicatePair):
        pair.verdict, pair.decided_at = "open", None
    db.session.flush()
    record(f"{kind}.again", role=role_of(by), subject=subject, case=made.public_id)
    return made


def _about(case: Case) -> tuple[str, str, int]:
    """(kind, subject, number): of a review that has grown since, only the part that was decided on then."""
    thing = thing_of(case)
    if case.kind != "review" or not isinstance(thing, Review) or len(thing.stages) < 2:
        return case.kind, case.subject, case.subject_id
    first = thing.stages[0]
    return "stage", f"stage:{first.public_id}", first.id


def _back_to_the_desk(first: Decision) -> None:
    """What it kept from readers waits to be read, as before it."""
    told = [statement.id for statement in first.statements]
    things: list[Stage | Photo | Reply] = []
    for model in (Stage, Photo, Reply):
        things += db.session.scalars(
            select(model).where(model.statement_id.in_(told), model.state.in_(BACK)).order_by(model.id)
        )
    for thing in things:
        thing.become("pending", statement_id=thing.statement_id)  # an appeal against it still finds what it is about


def overturns(case: Case, act: str) -> bool:
    """Whether this act is another than the one that a colleague decided on the same thing."""
    earlier = earlier_of(case)
    first = carried_out(earlier) if earlier is not None else None
    return first is not None and first.act != act and not (first.act == "ask_edit" and act == "refuse")


def make_way(work: Work) -> None:
    """Before a new decision on a complaint or a suspicion is carried out: what the first one did is undone, where the
    new one is another. Whose thing is back as it was is told so.
    """
    earlier = earlier_of(work.case)
    first = carried_out(earlier) if earlier is not None else None
    if first is None or first.act == work.decision.act or (work.case.kind in WRITTEN and first.act != "remove"):
        return
    undone = undoing.undo(first, role=work.role)
    author = db.session.get(User, work.case.author_id) if work.case.author_id else None
    if undone and author is not None and work.decision.act in KEPT:
        mail.post("desk/again", to=author.email, link=link_for(author, "cases.statements"))


def stands(work: Work) -> bool:
    """Whether what was taken down before stays so; then it rests on the new reasons."""
    earlier = earlier_of(work.case)
    first = carried_out(earlier) if earlier is not None else None
    if first is None or work.decision.act != first.act or first.act not in {"remove", "alert"}:
        return False
    told = [statement.id for statement in first.statements]
    models = (Stage, Photo, Reply, Picture)
    hidden = [select(one.id).where(one.statement_id.in_(told), one.state != "pending").limit(1) for one in models]
    if not any(db.session.scalar(query) for query in hidden):
        return first.act == "alert"
    statement = work.restrict(first.statements[0].restriction)
    for model in models:
        db.session.execute(update(model).where(model.statement_id.in_(told)).values(statement_id=statement))
    return True


def reversals(decision_ids: list[int]) -> dict[int, Appeal]:
    """The appeals that reversed some of these decisions."""
    query = select(Appeal).where(Appeal.decision_id.in_(decision_ids), Appeal.outcome == "reversed")
    return {one.decision_id: one for one in db.session.scalars(query.order_by(Appeal.id))}
