"""Asking for letters: which clinics, about what, and where to."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, ValidationError
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from directory.clinics.models import Clinic
from directory.following.topics import TOPICS
from directory.forms import Form, email_field
from directory.strangers import StrangersForm


class Ticks(SelectMultipleField):
    """Several answers, each with a tick of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class FollowForm(StrangersForm):
    """Without an account it asks for the address; with one it does not."""

    clinics = Ticks(_l("Which clinics"), validators=[DataRequired(_l("Choose at least one clinic."))])
    topics = Ticks(_l("What you want to hear of"), validators=[DataRequired(_l("Choose at least one."))])
    email = email_field(_l("Your e-mail address"))

    def __init__(self, clinics: list[Clinic], *, needs_address: bool, **more: Any) -> None:
        super().__init__(clinics=[clinic.slug for clinic in clinics], topics=list(TOPICS), **more)
        self.clinics.choices = [(clinic.slug, clinic.name) for clinic in clinics]
        self.topics.choices = list(TOPICS.items())
        if not needs_address:
            del self.email, self.homepage, self.opened

    def validate_clinics(self, field: Any) -> None:
        if not field.choices:
            raise ValidationError(_l("Save a clinic first."))


class PlainForm(Form):
    """Only a button."""
