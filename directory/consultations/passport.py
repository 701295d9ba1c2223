"""The consultation passport: the questions that one clinic's page leaves open, to take along on paper."""

from collections.abc import Sequence

from flask_babel import gettext as _

from directory.clinics.facts import line_of
from directory.clinics.models import Clinic
from directory.practitioners.models import Engagement


def asked_of_facts() -> dict[str, str]:
    """What to ask where a line of the page (`vocabulary.toml`) is blank, by the line."""
    return {
        "patch_test": _("Do you do a patch test, how many hours before, with which substances?"),
        "touch_up": _("Which touch-ups are included, until when, and what does a later one cost?"),
        "pigments": _("Which brand and line of pigment do you use, and will you write down the batch?"),
        "needles": _("Which needles do you use, and are they opened in front of me, for me alone?"),
        "deposit": _("How much is the deposit, and when do I get it back?"),
        "consultation": _("Who will I speak to, and is it the person who does the work?"),
        "if_unhappy": _("What happens if I am unhappy with the result?"),
        "under_18": _("What is your rule for people under 18?"),
        "photos": _("Who may see photos of me, and how do I take that back?"),
        "cooling_off": _("How long may I think it over after I have agreed, before the first session?"),
        "anaesthetic": _("Do you numb the skin, with what, and is it part of the patch test?"),
        "aftercare": _("May I have the aftercare sheet now, before I decide?"),
    }


def questions_for(clinic: Clinic, people: Sequence[Engagement]) -> list[str]:
    """Questions for what the page does not say; then those that belong to every consultation."""
    asked = [question for key, question in asked_of_facts().items() if not line_of(clinic.facts, key)]
    if not people:
        asked.insert(0, _("Who exactly will do the work, and for how long has that person done scalps?"))
    if clinic.price_min is None:
        asked.append(_("What does all of it cost, written down, and what does the price include?"))
    return [
        *asked,
        _("May I see the licence or registration, with its number, of the person and of these rooms?"),
        _("May I see results of your own clients after six months or more, in daylight?"),
        _("How many sessions will I need, how far apart, and what will I look like in between?"),
        _("What speaks against doing it in my case?"),
        _("What will it look like in five years, and can it be corrected or removed?"),
    ]
