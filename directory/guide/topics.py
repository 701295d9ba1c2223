"""The guide's topics and the policy pages: their order, titles and where each leads in the search."""

import re
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

WORDS_A_MINUTE = 200  # slow, careful reading of unfamiliar matter
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of the guide. `find` are (words, where they lead): a query of /search, or an address of this site."""

    slug: str
    title: LazyString
    summary: LazyString
    find: tuple[tuple[LazyString, dict[str, str] | str], ...]


TOPICS: tuple[Topic, ...] = (
    Topic(
        "what-it-is",
        _("What it is, and what it is not"),
        _("Pigment dots that look like cut hair. It hides; it does not grow anything."),
        (
            (_("Clinics that offer a shaved look"), {"goal": "shaved-look"}),
            (_("Clinics that add density between longer hair"), {"goal": "density"}),
            (_("Clinics that work on a part line"), {"goal": "women-part-line"}),
        ),
    ),
    Topic(
        "how-a-treatment-goes",
        _("How a treatment goes, session by session"),
        _("Choosing a clinic, the talk before, drawing the line, pigment, needles, sessions, and the weeks after."),
        (
            (_("Clinics that draw hairlines"), {"goal": "hairline"}),
            (_("Clinics that treat the crown"), {"goal": "crown"}),
        ),
    ),
    Topic(
        "what-to-expect",
        _("What to expect: the first day, the first month, the first year"),
        _("Why a fresh result tells little, and when to judge it."),
        (
            (_("Clinics that work on strip scars"), {"goal": "scar-fut"}),
            (_("Clinics that add density after a transplant"), {"goal": "post-transplant"}),
        ),
    ),
    Topic(
        "how-long-it-lasts",
        _("How long it lasts: what is known, what is contested"),
        _("Practitioners name different numbers, and nobody has counted properly. What that means for you."),
        ((_("Clinics that offer a shaved look"), {"goal": "shaved-look"}),),
    ),
    Topic(
        "questions-to-ask",
        _("Twelve questions to ask before you pay"),
        _("A list for the consultation, with what a good answer sounds like. It prints on one page."),
        ((_("Name a place to find clinics near you"), "/#where"),),
    ),
    Topic(
        "red-flags",
        _("Red flags, from one-session promises to hat-line crops"),
        _("What should make you slow down, and the few things that should make you leave."),
        ((_("Clinics that correct earlier work"), {"goal": "correction"}),),
    ),
    Topic(
        "when-it-went-wrong",
        _("When it went wrong: fading, laser, correction"),
        _("What can be put right, by whom, and what to write down first."),
        (
            (_("Clinics that correct earlier work"), {"goal": "correction"}),
            (_("Clinics that offer removal"), {"goal": "removal"}),
        ),
    ),
)
BY_SLUG = {topic.slug: topic for topic in TOPICS}

POLICIES: dict[str, LazyString] = {
    "verification": _("How we check"),
    "reviews": _("How we check reviews"),
    "ranking": _("How the order is made"),
    "privacy": _("Privacy"),
    "terms": _("Terms"),
    "contact": _("Contact"),
}


def reading_minutes(html: str) -> int:
    """Whole minutes to read this HTML aloud to oneself, at least 1, at 200 words a minute."""
    return max(1, round(len(_TAG.sub(" ", html).split()) / WORDS_A_MINUTE))
