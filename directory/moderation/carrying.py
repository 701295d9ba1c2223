"""What a decision does: one literal map from the kind of case and the act to the verb that carries it out.

A later room adds its lines with `KINDS[kind] = Kind(...)`. Verbs belong to the nouns; here is only which one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from directory.cases.decisions import Decision, Statement
from directory.cases.models import Case
from directory.clinics.importing import settling
from directory.clinics.models import Clinic, DuplicatePair
from directory.db import db
from directory.errors import Refused
from directory.moderation import alerts, undoing
from directory.moderation.reports import is_clinics_complaint
from directory.moderation.sentences import sentences, without
from directory.moderation.subjects import Thing, review_of, stages_in_question
from directory.moderation.ties import appeal_of
from directory.reviews.photos import Photo
from directory.reviews.replies import Reply

COMPLAINTS = ("report", "legal_notice", "dispute")


@dataclass
class Work:
    """One decision being carried out. `extra` is what the form said beside act, rule and statement."""

    case: Case
    thing: Thing | None
    decision: Decision
    role: str
    extra: dict[str, Any] = field(default_factory=dict)

    def restrict(self, restriction: str) -> int:
        """The statement of reasons to the author; without words where the author is erased. Returns its id."""
        author = self.case.author_id
        statement = Statement(
            decision=self.decision,
            to_user_id=author,
            restriction=restriction,
            facts=self.decision.statement if author else "",
            erased=author is None,
            from_notice=self.case.kind in COMPLAINTS,
        )
        db.session.add(statement)
        db.session.flush()
        return statement.id


Carry = Callable[[Work], None]


class Act(NamedTuple):
    """One thing a case can end with. `then` says what will happen; `two` whether a second person must agree."""

    words: str
    hotkey: str
    carry: Carry
    then: str
    two: Callable[[Case], bool] = lambda case: False
    needs_sentences: bool = False
    grave: bool = False


class Kind(NamedTuple):
    """How the desk shows a kind of case (a template), who may decide it, and its acts; the first is the mild one."""

    words: str
    template: str
    acts: dict[str, Act]
    door: str = "moderator"


def _publish(work: Work) -> None:
    refused = set(work.extra.get("photos", []))
    for stage in stages_in_question(work.thing):
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


def _ask_edit(work: Work) -> None:
    statement = work.restrict("needs_edit")
    for stage in stages_in_question(work.thing):
        stage.ask_edit(statement)


def _refuse(work: Work) -> None:
    statement = work.restrict("not_published")
    for stage in stages_in_question(work.thing):
        edit_only = stage.is_public
        stage.refuse(statement)
        if not edit_only:
            for photo in stage.photos:
                if photo.state == "pending":
                    photo.refuse(statement)
    _settle_proof(work)


def _redact(work: Work) -> None:
    taken = {int(number) for number in work.extra.get("sentences", [])}
    statement, first = work.restrict("redacted"), 0
    for stage in stages_in_question(work.thing):
        text = stage.proposed_text or stage.text
        parts = sentences(text)
        here = {number - first for number in taken if first <= number < first + len(parts)}
        first += len(parts)
        if here:
            stage.redact(without(text, here), statement)
        elif stage.state == "pending":
            stage.publish()
        _publish_photos(work, [photo for photo in stage.photos if photo.state == "pending"], set())
    if not taken:
        raise Refused("Choose the sentences to take out.")


def _remove(work: Work) -> None:
    if isinstance(work.thing, Clinic):
        work.thing.suspend()
        return
    statement = work.restrict("removed")
    if isinstance(work.thing, Photo | Reply):
        work.thing.remove(statement)
        return
    for stage in stages_in_question(work.thing):
        if stage.is_public:
            for photo in stage.photos:
                if photo.is_public:
                    photo.remove(statement)
            stage.remove(statement)


def _set_aside(work: Work) -> None:
    review = review_of(work.thing)
    if review is None:
        raise Refused("Only a review can be set aside.")
    review.set_aside(work.restrict("set_aside"))


def _keep(work: Work) -> None:
    """It stays as it is; whoever complained is told why."""


def _keep_disputed(work: Work) -> None:
    """It stays; readers are told that the clinic contests it."""
    review = review_of(work.thing)
    if review is not None:
        review.dispute()


def _publish_photo(work: Work) -> None:
    if isinstance(work.thing, Photo) and work.thing.state == "pending":
        work.thing.publish()


def _remove_photo(work: Work) -> None:
    if not isinstance(work.thing, Photo):
        raise Refused("There is no photo any more.")
    if work.thing.state == "pending":
        work.thing.refuse(work.restrict("photo_not_published"))
    else:
        work.thing.remove(work.restrict("photo_removed"))


def _reply(verb: str, restriction: str = "") -> Carry:
    def carry(work: Work) -> None:
        if not isinstance(work.thing, Reply):
            raise Refused("There is no reply any more.")
        if restriction:
            getattr(work.thing, verb)(work.restrict(restriction))
        else:
            getattr(work.thing, verb)()

    return carry


def _alert(work: Work) -> None:
    if work.case.clinic_id is None:
        raise Refused("There is no clinic to put the alert at.")
    alerts.publish_alert(
        work.decision, clinic_id=work.case.clinic_id, kind="activity", words=work.decision.statement, role=work.role
    )


def _uphold(work: Work) -> None:
    _answer_appeal(work, "upheld")


def _reverse(work: Work) -> None:
    _answer_appeal(work, "reversed")
    appeal = appeal_of(work.case)
    if appeal is not None:
        undoing.undo(appeal.decision, role=work.role)


def _answer_appeal(work: Work, outcome: str) -> None:
    appeal = appeal_of(work.case)
    if appeal is None or work.decision.by_id is None:
        raise Refused("There is no appeal any more.")
    appeal.answer(outcome, reply=work.decision.statement, by_id=work.decision.by_id, role=work.role)


def _pair(verdict: str) -> Carry:
    def carry(work: Work) -> None:
        if not isinstance(work.thing, DuplicatePair) or work.thing.verdict != "open":
            raise Refused("This pair was settled already.")
        if verdict == "different":
            settling.settle_different(work.thing)
            return
        first, second = work.thing.first, work.thing.second
        keep = second if second.claimed_at and not first.claimed_at else first
        settling.settle_same(db.session(), work.thing, keep.slug)

    return carry


def _on_complaint(case: Case) -> bool:
    return case.kind == "dispute" or (case.kind in COMPLAINTS and is_clinics_complaint(case))


def _always(case: Case) -> bool:
    return True


def _delists(case: Case) -> bool:
    return case.subject.startswith("clinic:") or _on_complaint(case)


PUBLISH_THEN = _l("Readers see it at once; the author is told.")
REFUSE_THEN = _l("It is not published. The author reads your words at once and may appeal for six months.")
_WRITTEN = {
    "publish": Act(_l("Publish"), "a", _publish, PUBLISH_THEN),
    "ask_edit": Act(
        _l("Ask for a change"), "e", _ask_edit, _l("The author reads your words and has seven days to mend it.")
    ),
    "redact": Act(
        _l("Take sentences out"),
        "t",
        _redact,
        _l("It is published without them; the author is told and may appeal."),
        needs_sentences=True,
    ),
    "refuse": Act(_l("Refuse with this statement"), "r", _refuse, REFUSE_THEN, grave=True),
}
_COMPLAINT = {
    "keep": Act(_l("Keep"), "a", _keep, _l("It stays as it is. Whoever complained reads your words.")),
    "redact": Act(
        _l("Take sentences out"),
        "t",
        _redact,
        _l("It stays without them; the author is told and may appeal."),
        needs_sentences=True,
    ),
    "set_aside": Act(
        _l("No longer count it"), "s", _set_aside, _l("It stays readable, apart, and leaves the score."), _on_complaint
    ),
    "remove": Act(
        _l("Remove with this statement"),
        "r",
        _remove,
        _l("It is taken down; a marker with date and rule stays in its place. The author may appeal."),
        _delists,
        grave=True,
    ),
}
KINDS: dict[str, Kind] = {
    "review": Kind(_l("Review"), "desk/items/review.html", _WRITTEN),
    "stage": Kind(_l("Later stage or edit"), "desk/items/review.html", _WRITTEN),
    "photo": Kind(
        _l("Photo"),
        "desk/items/photo.html",
        {
            "publish": Act(_l("Show it"), "a", _publish_photo, PUBLISH_THEN),
            "remove": Act(_l("Do not show it"), "r", _remove_photo, REFUSE_THEN, grave=True),
        },
    ),
    "reply": Kind(
        _l("Clinic's reply"),
        "desk/items/reply.html",
        {
            "publish": Act(_l("Publish"), "a", _reply("publish"), _l("It shows under the review; the clinic is told.")),
            "ask_edit": Act(
                _l("Ask for a change"),
                "e",
                _reply("ask_edit", "needs_edit"),
                _l("The clinic reads your words and may write it anew."),
            ),
            "refuse": Act(
                _l("Refuse with this statement"),
                "r",
                _reply("refuse", "reply_refused"),
                _l("It is not published; the clinic reads your words and may appeal."),
                grave=True,
            ),
        },
    ),
    "report": Kind(_l("Report"), "desk/items/complaint.html", _COMPLAINT),
    "legal_notice": Kind(_l("Legal notice"), "desk/items/complaint.html", _COMPLAINT),
    "dispute": Kind(
        _l("Clinic's dispute"),
        "desk/items/complaint.html",
        {
            **_COMPLAINT,
            "keep": Act(
                _l("Keep, marked as disputed"),
                "a",
                _keep_disputed,
                _l("It stays; readers are told that the clinic contests it. The clinic reads your words."),
            ),
        },
    ),
    "suspicion": Kind(
        _l("Suspicion"),
        "desk/items/suspicion.html",
        {
            "clear": Act(_l("Nothing in it"), "a", _keep, _l("It counts again at once.")),
            "set_aside": Act(_l("No longer count it"), "s", _set_aside, _l("It stays readable, apart; not counted.")),
            "remove": Act(
                _l("Remove with this statement"), "r", _remove, _l("A marker stays in its place."), grave=True
            ),
            "alert": Act(
                _l("Alert on the clinic's page"),
                "w",
                _alert,
                _l("Your words, as evidence, stand on the clinic's page for 90 days."),
                _always,
                grave=True,
            ),
        },
    ),
    "appeal": Kind(
        _l("Appeal"),
        "desk/items/appeal.html",
        {
            "uphold": Act(_l("The decision stands"), "a", _uphold, _l("The author reads your answer.")),
            "reverse": Act(
                _l("Reverse the decision"), "r", _reverse, _l("What it did is undone at once; the author is told.")
            ),
        },
    ),
    "duplicate": Kind(
        _l("Imported twice?"),
        "desk/items/duplicate.html",
        {
            "different": Act(_l("Two places"), "a", _pair("different"), _l("The pair is not put forward again.")),
            "same": Act(_l("One place"), "r", _pair("same"), _l("One listing closes and leads to the other.")),
        },
    ),
}
