"""Reversing a decision: whatever rests on its statements is as it was before it."""

from sqlalchemy import select

from directory.cases.decisions import Decision
from directory.cases.moderated import Moderated
from directory.cases.opening import open_case
from directory.claims import reopening, settling
from directory.claims.models import Claim
from directory.clinics.material import ClinicChange
from directory.clinics.models import SUSPENDED, Clinic
from directory.credentials.models import Credential
from directory.credentials.outside import Found, Inspection, Sanction
from directory.credentials.page_requests import PageRequest, bring
from directory.db import db
from directory.moderation.alerts import Alert
from directory.portfolio.models import Picture
from directory.practitioners.models import DENIED, Engagement
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from directory.reviews.replies import Reply
from directory.reviews.stages import Stage


def undo(decision: Decision, *, role: str) -> int:
    """Publish again what the decision kept from readers, count again what it set aside; returns how many things."""
    told = [statement.id for statement in decision.statements]
    touched = 0
    things: list[Moderated] = []
    for model in (Stage, Photo, Reply, Picture):
        things += db.session.scalars(select(model).where(model.statement_id.in_(told)).order_by(model.id))
    for thing in things:
        if isinstance(thing, Picture) and not (thing.has_consent and thing.unedited):
            continue  # mended meanwhile, and the person in it was not asked anew: the clinic sends it in again
        thing.publish()
        touched += 1
    if decision.case.subject.startswith("clinic:") and told:
        for clinic in db.session.scalars(
            select(Clinic).where(Clinic.id == decision.case.subject_id, Clinic.status == SUSPENDED).order_by(Clinic.id)
        ):
            clinic.publish()
            touched += 1
    if decision.case.subject.startswith("claim:") and told:
        claim = db.session.get(Claim, decision.case.subject_id)
        touched += claim is not None and settling.undo(claim, role=role)
    if decision.case.subject.startswith("change:") and told:
        change = db.session.get(ClinicChange, decision.case.subject_id)
        if change is not None and change.state == "refused":
            reopening.reinstate(change, role=role)
            touched += 1
    if told:
        touched += _of_facts(decision, role)
    for review in db.session.scalars(select(Review).where(Review.set_aside_id.in_(told)).order_by(Review.id)):
        review.count_again()
        touched += 1
    for alert in db.session.scalars(select(Alert).where(Alert.decision_id == decision.id).order_by(Alert.id)):
        alert.end(role=role)
        touched += 1
    return touched


def _of_facts(decision: Decision, role: str) -> int:
    """What was found of facts: credentials, whose page it is, who works where, what authorities published."""
    kind, number = decision.case.kind, decision.case.subject_id
    if kind == "credential":
        return _back_at_the_desk(decision, role)
    if kind == "engagement":
        return _the_other_way(decision)
    if kind == "page_request":
        return _asked_again(db.session.get(PageRequest, number))
    if kind in {"inspection", "sanction"}:
        found: Found | None = db.session.get(Inspection if kind == "inspection" else Sanction, number)  # type: ignore[assignment]
        return _off_the_page(found, role)
    return 0


def _off_the_page(found: Found | None, role: str) -> int:
    """What an authority was said to have published is shown no more."""
    if found is None or found.state != "shown":
        return 0
    found.withdraw(role=role)
    return 1


def _asked_again(request: PageRequest | None) -> int:
    """Somebody who was refused a page is looked at anew."""
    if request is None or request.state != "refused":
        return 0
    request.reopen()
    bring(request, "an appeal brought it back")
    return 1


def _the_other_way(decision: Decision) -> int:
    """A name that was taken off is shown again, one that was put back is taken off."""
    post = db.session.get(Engagement, decision.case.subject_id)
    if post is None:
        return 0
    if post.standing == DENIED:
        post.name_again()
    else:
        post.deny()
    return 1


def _back_at_the_desk(decision: Decision, role: str) -> int:
    """A credential that was refused is checked anew."""
    one, case = db.session.get(Credential, decision.case.subject_id), decision.case
    if one is None or one.status != "rejected":
        return 0
    one.reopen(role=role)
    people = {"clinic_id": case.clinic_id, "author_id": case.author_id}
    open_case(
        "credential",
        subject=one.subject,
        subject_id=one.id,
        clock="credential",
        priority="medium",
        reason="an appeal brought it back",
        alarm=case.facts.get("alarm", []),
        **people,
    )
    return 1
