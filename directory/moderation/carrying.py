"""What a decision does: one literal map from the kind of case and the act to the verb that carries it out.

A later room adds its lines with `KINDS[kind] = Kind(...)`. The verbs are in `moderation.acts` and on the nouns.
"""

from collections.abc import Callable
from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from directory.cases.again import was_left_shown, was_not_shown
from directory.cases.models import Case
from directory.moderation import acts, register_acts
from directory.moderation.acts import COMPLAINTS, Carry
from directory.moderation.reports import is_clinics_complaint


class Act(NamedTuple):
    """One thing a case can end with. `then` says what will happen; `two` whether a second person must agree.

    `says` is the reason that is kept where the act says all there is to say and nobody wrote more.
    `fits` tells the cases of the kind for which there is this act at all.
    """

    words: str
    hotkey: str
    carry: Carry
    then: str
    two: Callable[[Case], bool] = lambda case: False
    needs_sentences: bool = False
    grave: bool = False
    fits: Callable[[Case], bool] = lambda case: True
    says: str = ""


class Kind(NamedTuple):
    """How the desk shows a kind of case (a template), who may decide it, and its acts; the first is the mild one."""

    words: str
    template: str
    acts: dict[str, Act]
    door: str = "moderator"


def _on_complaint(case: Case) -> bool:
    return case.kind == "dispute" or (case.kind in COMPLAINTS and is_clinics_complaint(case))


def _always(case: Case) -> bool:
    return True


def _is_delisting(case: Case) -> bool:
    return case.subject.startswith("clinic:")


def _delists(case: Case) -> bool:
    return _is_delisting(case) or _on_complaint(case)


_TAKE_DOWN = Act(
    _l("Remove with this statement"),
    "r",
    acts.remove,
    _l("It is taken down; a marker with date and rule stays in its place. The author may appeal."),
    grave=True,
    fits=was_left_shown,
)
PUBLISH_THEN = _l("Readers see it at once; the author is told.")
REFUSE_THEN = _l("It is not published. The author reads your words at once and may appeal for six months.")
_WRITTEN = {
    "publish": Act(_l("Publish"), "a", acts.publish, PUBLISH_THEN),
    "ask_edit": Act(
        _l("Ask for a change"),
        "e",
        acts.ask_edit,
        _l("The author reads your words and has seven days to mend it."),
        grave=True,
        fits=was_not_shown,
    ),
    "redact": Act(
        _l("Take sentences out"),
        "t",
        acts.redact,
        _l("It is published without them; the author is told and may appeal."),
        needs_sentences=True,
        grave=True,
    ),
    "refuse": Act(_l("Refuse with this statement"), "r", acts.refuse, REFUSE_THEN, grave=True, fits=was_not_shown),
    "remove": _TAKE_DOWN,
}
_COMPLAINT = {
    "keep": Act(_l("Keep"), "a", acts.keep, _l("It stays as it is. Whoever complained reads your words.")),
    "redact": Act(
        _l("Take sentences out"),
        "t",
        acts.redact,
        _l("It stays without them; the author is told and may appeal."),
        needs_sentences=True,
        grave=True,
    ),
    "set_aside": Act(
        _l("No longer count it"),
        "s",
        acts.set_aside,
        _l("It stays readable, apart, and leaves the score."),
        _on_complaint,
        grave=True,
    ),
    "remove": Act(
        _l("Remove with this statement"),
        "r",
        acts.remove,
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
            "publish": Act(_l("Show it"), "a", acts.publish_photo, PUBLISH_THEN),
            "remove": Act(_l("Do not show it"), "r", acts.remove_photo, REFUSE_THEN, grave=True),
        },
    ),
    "reply": Kind(
        _l("Clinic's reply"),
        "desk/items/reply.html",
        {
            "publish": Act(
                _l("Publish"), "a", acts.on_reply("publish"), _l("It shows under the review; the clinic is told.")
            ),
            "ask_edit": Act(
                _l("Ask for a change"),
                "e",
                acts.on_reply("ask_edit", "needs_edit"),
                _l("The clinic reads your words and may write it anew."),
                grave=True,
                fits=was_not_shown,
            ),
            "refuse": Act(
                _l("Refuse with this statement"),
                "r",
                acts.on_reply("refuse", "reply_refused"),
                _l("It is not published; the clinic reads your words and may appeal."),
                grave=True,
                fits=was_not_shown,
            ),
            "remove": _TAKE_DOWN._replace(then=_l("It is taken down; the clinic reads your words and may appeal.")),
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
                _l("Keep, without the mark"),
                "a",
                acts.keep,
                _l("It stays, and is no longer shown as disputed. The clinic reads your words."),
            ),
            "keep_disputed": Act(
                _l("Keep, marked as disputed"),
                "m",
                acts.keep_disputed,
                _l("It stays; readers are told that the clinic contests it. The clinic reads your words."),
            ),
        },
    ),
    "suspicion": Kind(
        _l("Suspicion"),
        "desk/items/suspicion.html",
        {
            "clear": Act(_l("Nothing in it"), "a", acts.keep, _l("It counts again at once.")),
            "set_aside": Act(
                _l("No longer count it"),
                "s",
                acts.set_aside,
                _l("It stays readable, apart; not counted."),
                grave=True,
            ),
            "remove": Act(
                _l("Remove with this statement"), "r", acts.remove, _l("A marker stays in its place."), grave=True
            ),
            "alert": Act(
                _l("Alert on the clinic's page"),
                "w",
                acts.alert,
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
            "uphold": Act(_l("The decision stands"), "a", acts.uphold, _l("Whoever appealed reads your answer.")),
            # A letter of its own: whoever is used to refusing with r must not put back what was taken down.
            "reverse": Act(
                _l("Reverse the decision"),
                "v",
                acts.reverse,
                _l("What it did is undone; whoever appealed reads your answer."),
                _always,
            ),
        },
    ),
    "duplicate": Kind(
        _l("Imported twice?"),
        "desk/items/duplicate.html",
        {
            "different": Act(
                _l("Two places"), "a", acts.settle_pair("different"), _l("The pair is not put forward again.")
            ),
            "same": Act(
                _l("One place"), "r", acts.settle_pair("same"), _l("One listing closes and leads to the other.")
            ),
        },
    ),
    "register_load": Kind(
        _l("List of a register"),
        "desk/items/register_load.html",
        {
            "refuse": Act(
                _l("Drop this list"),
                "r",
                register_acts.settle_load("refuse"),
                _l("Nothing of it is kept; the list in force stays."),
            ),
            "accept": Act(
                _l("Put it in force"),
                "a",
                register_acts.settle_load("accept"),
                _l("What it contradicts loses its level at once. Whoever loaded it cannot do this."),
                grave=True,
            ),
        },
        "checker",
    ),
    "register_change": Kind(
        _l("Change in a register"),
        "desk/items/register_change.html",
        {
            "keep": Act(
                _l("Say nothing more"),
                "a",
                register_acts.leave_fallen,
                _l("It counts for nothing until the register bears it out again; then it counts by itself."),
            ),
            "suspend": Act(
                _l("Suspended by its issuer"),
                "s",
                register_acts.end_credential("suspend"),
                _l("The public reads that its issuer suspended it."),
                _always,
                grave=True,
            ),
            "revoke": Act(
                _l("Revoked by its issuer"),
                "r",
                register_acts.end_credential("revoke"),
                _l("The public reads that its issuer revoked it."),
                _always,
                grave=True,
            ),
        },
        "checker",
    ),
}

# Acts that only a review knows, and those that leave something to be done about other things.
_OF_REVIEWS = {"redact", "set_aside"}
_TAKEN_DOWN = ("review", "stage", "photo", "reply", "picture", "result")


def acts_of(case: Case) -> dict[str, Act]:
    """The acts of the case's kind that fit what it is about; a listing is taken down on a complaint only."""
    about = case.subject.partition(":")[0]
    found, away = KINDS[case.kind].acts, set()
    if case.kind in {*COMPLAINTS, "suspicion"}:
        if about not in {"review", "stage"}:
            away |= _OF_REVIEWS
        if about not in _TAKEN_DOWN and not (about == "clinic" and case.kind in COMPLAINTS):
            away.add("remove")
    return {key: act for key, act in found.items() if key not in away and act.fits(case)}
