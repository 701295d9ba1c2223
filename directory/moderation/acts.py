"""The verbs of decisions: what each act does to what the case is about, and the statement that goes with it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from directory.accounts.models import User
from directory.cases.again import drop_later
from directory.cases.decisions import Decision, Statement
from directory.cases.holds import HELD, HOLD
from directory.cases.models import Case
from directory.clinics.duplicates import DuplicatePair
from directory.clinics.importing import settling
from directory.clinics.models import Clinic
from directory.credentials.outside import Inspection, Sanction
from directory.db import db
from directory.errors import Refused
from directory.moderation import alerts, reports, undoing
from directory.moderation.sentences import sentences, without
from directory.moderation.subjects import Thing, review_of, stages_in_question
from directory.moderation.ties import appeal_of, appeals_of
from directory.portfolio.models import Picture, ResultSet, hold
from directory.reviews.models import Review, Stage
from directory.reviews.photos import Photo
from directory.reviews.replies import Reply

RANK_OF_ROLES = ("lead", "moderator", "checker")
COMPLAINTS = ("report", "legal_notice", "dispute")
# Acts that say that nothing was wrong: a suspicion behind them did not hold up.
KEPT = {"keep", "keep_disputed", "clear"}
# What a clinic said or showed: the reasons go to the clinic.
OF_CLINICS = Reply | Clinic | Picture | ResultSet | Inspection


def role_of(user: User) -> str:
    """The strongest role somebody acts in; what the public record says of them."""
    return next((role for role in RANK_OF_ROLES if role in user.role_names), "moderator")


@dataclass
class Work:
    """One decision being carried out. `extra` is what the form said beside act, rule and statement."""

    case: Case
    thing: Thing | None
    decision: Decision
    role: str
    extra: dict[str, Any] = field(default_factory=dict)

    def restrict(self, restriction: str) -> int:
        """The statement of reasons to whoever it concerns; returns its id.

        What a clinic said, or was said of its premises, is told to the clinic, anything else to its author; without
        words where that one is erased.
        """
        about_place = isinstance(self.thing, Sanction) and self.thing.clinic_id is not None
        to_clinic = self.case.clinic_id if isinstance(self.thing, OF_CLINICS) or about_place else None
        author = None if to_clinic else self.case.author_id
        told = bool(to_clinic or author)
        statement = Statement(
            decision=self.decision,
            to_user_id=author,
            to_clinic_id=to_clinic,
            restriction=HELD if self.decision.act == HOLD else restriction,
            facts=self.decision.statement if told else "",
            erased=not told,
            from_notice=self.case.kind in COMPLAINTS,
        )
        db.session.add(statement)
        db.session.flush()
        return statement.id


Carry = Callable[[Work], None]


def publish(work: Work) -> None:
    refused = set(work.extra.get("photos", []))
    for stage in stages_in_question(work.thing):
        if stage.state != "published" or stage.proposed_text:  # looked at again, what is shown stays
            stage.publish()
        _publish_photos(work, [photo for photo in stage.photos if photo.state == "pending"], refused)
    review = review_of(work.thing)
    if review is not None:
        _settle_proof(work)
        review.recount()


def _publish_photos(work: Work, photos: list[Photo], refused: set[str]) -> None:
    for photo in photos:
        if photo.public_id in refused:
            photo.refuse(work.restrict("photo_not_published"))
        else:
            photo.publish()


def _settle_proof(work: Work) -> None:
    review = review_of(work.thing)
    if review is None or review.proof is None or review.proof.state != "waiting":
        return
    if work.extra.get("proof") == "accept":
        review.proof.accept()
    else:
        review.proof.refuse()


def ask_edit(work: Work) -> None:
    statement = work.restrict("needs_edit")
    for stage in stages_in_question(work.thing):
        stage.ask_edit(statement)


def refuse(work: Work) -> None:
    statement = work.restrict("not_published")
    for stage in stages_in_question(work.thing):
        edit_only = stage.is_public
        stage.refuse(statement)
        if not edit_only:
            for photo in stage.photos:
                if photo.state == "pending":
                    photo.refuse(statement)
    _settle_proof(work)


def redact(work: Work) -> None:
    stages = stages_in_question(work.thing)
    taken = {int(number) for number in work.extra.get("sentences", [])}
    if not taken & set(range(sum(len(sentences(stage.proposed_text or stage.text)) for stage in stages))):
        raise Refused("Choose the sentences to take out.")
    statement, first = work.restrict("redacted"), 0
    refused = set(work.extra.get("photos", []))
    for stage in stages:
        text = stage.proposed_text or stage.text
        parts = sentences(text)
        here = {number - first for number in taken if first <= number < first + len(parts)}
        first += len(parts)
        if here:
            stage.redact(without(text, here), statement)
        elif stage.state == "pending":
            stage.publish()
        _publish_photos(work, [photo for photo in stage.photos if photo.state == "pending"], refused)
    _settle_proof(work)


def remove(work: Work) -> None:
    if isinstance(work.thing, Clinic):
        work.restrict("removed")
        work.thing.suspend()
        return
    if isinstance(work.thing, Picture | ResultSet):
        take_down(work, work.thing)
        return
    shown = [stage for stage in stages_in_question(work.thing) if stage.is_public]
    if not shown and not isinstance(work.thing, Photo | Reply):
        raise Refused("There is nothing to take down any more.")
    statement = work.restrict("removed")
    if isinstance(work.thing, Photo | Reply):
        work.thing.remove(statement)
        return
    for stage in shown:
        for photo in stage.photos:
            if photo.is_public:
                photo.remove(statement)
        stage.remove(statement)


def pictures_of(thing: Thing | None) -> list[Picture]:
    """The clinic's pictures that a case is about and that are still there, held to the commit."""
    found = [thing] if isinstance(thing, Picture) else thing.kept if isinstance(thing, ResultSet) else []
    hold(found)
    return [picture for picture in found if picture.key]


def take_down(work: Work, thing: Picture | ResultSet) -> None:
    """What readers see of it is taken down. What waits is refused too where it is what was looked at: on a complaint
    it waits on, or lifting the decision would show what nobody has read.
    """
    waits = work.case.kind not in COMPLAINTS
    touched = [one for one in pictures_of(thing) if one.is_public or (waits and one.state == "pending")]
    if not touched:
        raise Refused("There is nothing to take down any more.")
    statement = work.restrict("picture_removed")
    for picture in touched:
        if picture.is_public:
            picture.remove(statement)
        else:
            picture.refuse(statement)


def set_aside(work: Work) -> None:
    review = review_of(work.thing) if isinstance(work.thing, Review | Stage) else None
    if review is None:
        raise Refused("Only a review can be set aside.")
    review.set_aside(work.restrict("set_aside"))


def keep(work: Work) -> None:
    """It stays as it is; whoever complained is told why."""


def keep_disputed(work: Work) -> None:
    """It stays; readers are told that the clinic contests it."""
    review = review_of(work.thing)
    if review is not None:
        review.dispute()


def publish_photo(work: Work) -> None:
    if isinstance(work.thing, Photo) and work.thing.state == "pending":
        work.thing.publish()


def remove_photo(work: Work) -> None:
    if not isinstance(work.thing, Photo):
        raise Refused("There is no photo any more.")
    if work.thing.state == "pending":
        work.thing.refuse(work.restrict("photo_not_published"))
    else:
        work.thing.remove(work.restrict("photo_removed"))


def on_reply(verb: str, restriction: str = "") -> Carry:
    def carry(work: Work) -> None:
        if not isinstance(work.thing, Reply):
            raise Refused("There is no reply any more.")
        if verb == "publish" and work.thing.is_public and not work.thing.proposed_text:
            return  # looked at again, it stays
        if restriction:
            getattr(work.thing, verb)(work.restrict(restriction))
        else:
            getattr(work.thing, verb)()

    return carry


def alert(work: Work) -> None:
    if work.case.clinic_id is None:
        raise Refused("There is no clinic to put the alert at.")
    alerts.publish_alert(
        work.decision, clinic_id=work.case.clinic_id, kind="activity", words=work.decision.statement, role=work.role
    )


def uphold(work: Work) -> None:
    _answer_appeal(work, "upheld")


def reverse(work: Work) -> None:
    appeal = appeal_of(work.case)
    _answer_appeal(work, "reversed")
    if appeal is not None:
        undoing.undo(appeal.decision, role=work.role)
        told = appeal.decision.case
        drop_later(told)
        for report in reports.reports_of(told) if told.kind in COMPLAINTS else []:
            report.tell_reversed()


def _answer_appeal(work: Work, outcome: str) -> None:
    """Whoever appealed against the decision is answered."""
    open_ones = [one for one in appeals_of(work.case) if one.outcome == "open"]
    reader = work.decision.by_id or work.decision.second_id  # whoever wrote it may be gone before the second agrees
    if not open_ones or reader is None:
        raise Refused("There is no open appeal any more.")
    for appeal in open_ones:
        appeal.answer(outcome, reply=work.decision.statement, by_id=reader, role=work.role)


def settle_pair(verdict: str) -> Carry:
    def carry(work: Work) -> None:
        if not isinstance(work.thing, DuplicatePair) or work.thing.verdict != "open":
            raise Refused("This pair was settled already.")
        if verdict == "different":
            settling.settle_different(work.thing)
            return
        keeps, _closes = work.thing.keeps_and_closes
        settling.settle_same(db.session(), work.thing, keeps.slug)

    return carry
