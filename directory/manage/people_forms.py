"""What a clinic types about the people it names."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice

from directory.practitioners.forms import AboutForm, PostForm
from directory.practitioners.models import Practitioner

NEW = "new"


class AddPersonForm(AboutForm, PostForm):
    """A person to name. When others have that name, `who` says whether it is one of them."""

    who = RadioField(_l("Is it the same person?"), validate_choice=False)

    def offer(self, others: Sequence[Practitioner]) -> None:
        """Put forward the people of that name who can be asked."""
        self.who.choices = [SelectChoice(NEW, _("Somebody else of that name"))]
        self.who.choices += [
            SelectChoice(one.slug, _("%(name)s, %(places)s", name=one.name, places=_places(one))) for one in others
        ]
        if self.who.data not in {choice.value for choice in self.who.choices}:
            self.who.data = ""


class PersonForm(AboutForm, PostForm):
    """A person who is named here, as long as the page is the clinic's word."""


def _places(person: Practitioner) -> str:
    return ", ".join(post.clinic.name for post in person.engagements if post.until is None) or _("no clinic now")


def what(form: PostForm) -> dict[str, Any]:
    """Role and first day, once the form is in order."""
    return {"role": form.role.data or "", "since": form.since.data}
