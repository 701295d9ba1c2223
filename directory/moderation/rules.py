"""The rules by which something is kept from readers: one list, public, the same for every star and every clinic."""

from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l


class Rule(NamedTuple):
    """A rule in a few words, and what it means in one sentence; `draft` begins the statement of a decision by it.

    `mended_by_words`: other words can cure it. A tie, a copy or an experience nobody had stays what it is, however it
    is written anew: of these its author is not asked for a change.

    `hotkey` chooses it at the desk: the same in every kind of item, whatever else stands beside it there.
    """

    words: str
    means: str
    draft: str
    hotkey: str = ""
    mended_by_words: bool = False


NONE_BROKEN = "none_broken"
LEAST_ADDED = 3  # letters or digits after a draft; with fewer nothing of this item was said
RULES = {
    "experience": Rule(
        _l("Not based on an experience with this clinic"),
        _l("Whoever writes was treated, or consulted, at this clinic."),
        _l("What you wrote does not tell of a consultation or treatment of your own at this clinic. "),
        "1",
    ),
    "tie": Rule(
        _l("Written or paid for by someone with a tie"),
        _l("Owners, staff, their households and rivals do not review; nothing is given for a review in secret."),
        _l("We found a tie between this review and the clinic or a rival of it: "),
        "2",
    ),
    "threat": Rule(
        _l("Threat, insult, hate"),
        _l("Hard criticism is welcome; threats, insults and hatred are not."),
        _l("This part threatens or insults somebody: "),
        "3",
        mended_by_words=True,
    ),
    "personal": Rule(
        _l("Personal data of a person not listed"),
        _l("No names, numbers or health of people who are not listed here as practitioners."),
        _l("This part names or describes a person who is not listed here: "),
        "4",
        mended_by_words=True,
    ),
    "subject": Rule(
        _l("Off the subject"),
        _l("A review is about the consultation, the treatment, the result or the care after it."),
        _l("This is not about a consultation, a treatment or its result: "),
        "5",
        mended_by_words=True,
    ),
    "copy": Rule(
        _l("Copied from elsewhere"),
        _l("Words and photos are one's own and were not published about another clinic."),
        _l("The same words stand in another review: "),
        "6",
    ),
    "photo_rights": Rule(
        _l("A photo that is not the author's to show"),
        _l("Photos show the author's own result, and nobody else who did not agree."),
        _l("This photo shows somebody else, or is somebody else's: "),
        "7",
    ),
    "picture_true": Rule(
        _l("A picture that is not what it is said to be"),
        _l("A clinic shows its own work as it is: no filter, no retouching, stage, month and light as stated."),
        _l("This picture does not show what is stated beside it: "),
        "8",
        mended_by_words=True,
    ),
    "nudity": Rule(
        _l("Nudity"),
        _l("Photos show the scalp and what is near it."),
        _l("This photo shows more of a body than the result needs. "),
        "9",
    ),
    "law": Rule(
        _l("Against the law"),
        _l("What a court or a statute forbids where this site must obey is taken down, with the reason."),
        _l("The law does not let us show this part: "),
        "g",
        mended_by_words=True,
    ),
    "duplicate": Rule(
        _l("Said twice"),
        _l("One account of each treatment; a later stage is added to it."),
        _l("This tells of the same treatment as another review of yours. "),
        "b",
    ),
    "reply_identity": Rule(
        _l("A reply that says who the reviewer is"),
        _l("A clinic's reply never confirms or describes a client, a visit, a treatment or a price."),
        _l("This reply tells readers who the reviewer may be: "),
        "h",
        mended_by_words=True,
    ),
    NONE_BROKEN: Rule(
        _l("No rule is broken"),
        _l("It is shown, whatever its stars."),
        _l("No rule of the review policy is broken. It is shown as it was written. "),
        "0",
    ),
}
# Why two listings are or are not one place, why a check of something else ended as it did: no rule for reviews.
FINDING = "finding"
FINDING_RULE = Rule(_l("What was found"), _l("A fact that was looked up."), "")


# What cannot be wrong with a thing, by what it is: nobody reads past rules that it cannot break.
_OF_TEXTS = {"experience", "tie", "threat", "duplicate", "reply_identity"}
_OF_PICTURES = {"copy", "photo_rights", "picture_true", "nudity"}
_CANNOT_BREAK = {
    "review": {"reply_identity"},
    "stage": {"reply_identity"},
    "photo": _OF_TEXTS,
    "picture": _OF_TEXTS,
    "result": _OF_TEXTS,
    "reply": {"experience", "tie", "duplicate", *_OF_PICTURES},
    "clinic": {"photo_rights", "picture_true", "nudity", "reply_identity"},
}


def rules_for(thing: str) -> dict[str, Rule]:
    """The rules that a thing of this kind can break, and that none is broken, in the order of the list."""
    beside = _CANNOT_BREAK.get(thing, set())
    return {key: rule for key, rule in RULES.items() if key not in beside}


def rule_of(key: str) -> Rule:
    """Raises KeyError when there is no such rule."""
    return FINDING_RULE if key == FINDING else RULES[key]


def _plain(text: str) -> str:
    return " ".join(str(text).split()).casefold()


def contradiction(rule: str, statement: str) -> str:
    """What is wrong between a rule and the words that explain it, in words; empty when nothing is.

    A draft is a beginning. With another rule than its own it would tell somebody a reason that was not the reason.
    """
    said, drafts = _plain(statement), {key: _plain(one.draft) for key, one in RULES.items()}
    if rule != NONE_BROKEN and drafts[NONE_BROKEN] in said:
        return str(_("Your words say that no rule is broken, and you chose one."))
    drafts.pop(NONE_BROKEN)
    if rule == NONE_BROKEN and any(draft in said for draft in drafts.values()):
        return str(_("You chose that no rule is broken, and your words say that one is."))
    begun = next((key for key, draft in drafts.items() if said.startswith(draft)), "")
    if begun and begun != rule:
        return str(_("Your words begin with those of another rule than the one you chose."))
    if begun and sum(map(str.isalnum, said.removeprefix(drafts[begun]))) < LEAST_ADDED:
        return str(_("These are only the words that the rule begins with: say what it is here."))
    return ""
