"""The rules by which something is kept from readers: one list, public, the same for every star and every clinic."""

from typing import NamedTuple

from flask_babel import lazy_gettext as _l


class Rule(NamedTuple):
    """A rule in a few words, and what it means in one sentence; `draft` begins the statement of a decision by it.

    `mended_by_words`: other words can cure it. A tie, a copy or an experience nobody had stays what it is, however it
    is written anew: of these its author is not asked for a change.
    """

    words: str
    means: str
    draft: str
    mended_by_words: bool = False


NONE_BROKEN = "none_broken"
RULES = {
    "experience": Rule(
        _l("Not based on an experience with this clinic"),
        _l("Whoever writes was treated, or consulted, at this clinic."),
        _l("What you wrote does not tell of a consultation or treatment of your own at this clinic. "),
    ),
    "tie": Rule(
        _l("Written or paid for by someone with a tie"),
        _l("Owners, staff, their households and rivals do not review; nothing is given for a review in secret."),
        _l("We found a tie between this review and the clinic or a rival of it: "),
    ),
    "threat": Rule(
        _l("Threat, insult, hate"),
        _l("Hard criticism is welcome; threats, insults and hatred are not."),
        _l("This part threatens or insults somebody: "),
        mended_by_words=True,
    ),
    "personal": Rule(
        _l("Personal data of a person not listed"),
        _l("No names, numbers or health of people who are not listed here as practitioners."),
        _l("This part names or describes a person who is not listed here: "),
        mended_by_words=True,
    ),
    "subject": Rule(
        _l("Off the subject"),
        _l("A review is about the consultation, the treatment, the result or the care after it."),
        _l("This is not about a consultation, a treatment or its result: "),
        mended_by_words=True,
    ),
    "copy": Rule(
        _l("Copied from elsewhere"),
        _l("Words and photos are one's own and were not published about another clinic."),
        _l("The same words stand in another review: "),
    ),
    "photo_rights": Rule(
        _l("A photo that is not the author's to show"),
        _l("Photos show the author's own result, and nobody else who did not agree."),
        _l("This photo shows somebody else, or is somebody else's: "),
    ),
    "picture_true": Rule(
        _l("A picture that is not what it is said to be"),
        _l("A clinic shows its own work as it is: no filter, no retouching, stage, month and light as stated."),
        _l("This picture does not show what is stated beside it: "),
        mended_by_words=True,
    ),
    "nudity": Rule(
        _l("Nudity"),
        _l("Photos show the scalp and what is near it."),
        _l("This photo shows more of a body than the result needs. "),
    ),
    "law": Rule(
        _l("Against the law"),
        _l("What a court or a statute forbids where this site must obey is taken down, with the reason."),
        _l("The law does not let us show this part: "),
        mended_by_words=True,
    ),
    "duplicate": Rule(
        _l("Said twice"),
        _l("One account of each treatment; a later stage is added to it."),
        _l("This tells of the same treatment as another review of yours. "),
    ),
    "reply_identity": Rule(
        _l("A reply that says who the reviewer is"),
        _l("A clinic's reply never confirms or describes a client, a visit, a treatment or a price."),
        _l("This reply tells readers who the reviewer may be: "),
        mended_by_words=True,
    ),
    NONE_BROKEN: Rule(
        _l("No rule is broken"),
        _l("It is shown, whatever its stars."),
        _l("No rule of the review policy is broken. It is shown as it was written. "),
    ),
}
# Why two listings are or are not one place, why a check of something else ended as it did: no rule for reviews.
FINDING = "finding"
FINDING_RULE = Rule(_l("What was found"), _l("A fact that was looked up."), "")


# What cannot be wrong with a thing, by what it is: nobody reads past rules that it cannot break.
_CANNOT_BREAK = {
    "review": {"reply_identity"},
    "stage": {"reply_identity"},
    "photo": {"experience", "tie", "threat", "duplicate", "reply_identity"},
    "reply": {"experience", "tie", "copy", "photo_rights", "nudity", "duplicate"},
}


def rules_for(thing: str) -> dict[str, Rule]:
    """The rules that a thing of this kind can break, and that none is broken, in the order of the list."""
    beside = _CANNOT_BREAK.get(thing, set())
    return {key: rule for key, rule in RULES.items() if key not in beside}


def rule_of(key: str) -> Rule:
    """Raises KeyError when there is no such rule."""
    return FINDING_RULE if key == FINDING else RULES[key]
