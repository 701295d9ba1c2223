"""What is typed about people and where they work, by a clinic and by themselves."""

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import CheckboxInput

from directory.clinics.filters import language_name
from directory.clinics.importing.vocabularies import language_of, read_list
from directory.db import now
from directory.forms import Form
from directory.once import OnceForm
from directory.practitioners.models import Practitioner
from directory.vocabulary import GENDERS, GOALS, words_for
from directory.words import visible

LONGEST_NAME, LONGEST_ROLE, LONGEST_ABOUT, MOST_LANGUAGES = 120, 60, 1_500, 12
AHEAD = timedelta(days=366)


def _line(limit: int) -> Any:
    return lambda text: visible(text or "", limit=limit)


def _not_too_far(field: Field) -> None:
    if field.data is not None and field.data > now().date() + AHEAD:
        raise ValidationError(_l("Choose a day within a year from now."))


class AboutForm(OnceForm):
    """A person's page: who they are and what they do."""

    name = StringField(
        _l("Name"),
        filters=[_line(LONGEST_NAME)],
        validators=[DataRequired(_l("Type the name."))],
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"},
    )
    gender = SelectField(_l("Gender"), default="unstated")
    languages = StringField(_l("Languages"), filters=[_line(200)], render_kw={"maxlength": 200, "autocomplete": "off"})
    goals = SelectMultipleField(_l("Treatments this person does"), option_widget=CheckboxInput())
    about = TextAreaField(
        _l("A few words"),
        filters=[lambda text: (text or "").replace("\0", "").strip()],
        validators=[Length(max=LONGEST_ABOUT, message=_l("Use at most %(number)d letters.", number=LONGEST_ABOUT))],
        render_kw={"rows": 4, "maxlength": LONGEST_ABOUT},
    )

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.gender.choices = [SelectChoice(key, words_for(GENDERS, key)) for key in GENDERS]
        self.goals.choices = [SelectChoice(key, words_for(GOALS, key)) for key in GOALS]
        self.spoken: list[str] = []

    def validate_languages(self, field: Field) -> None:
        words = read_list(field.data or "")
        unknown = [word for word in words if language_of(word) is None]
        if unknown:
            raise ValidationError(_l("“%(word)s” is no language we know.", word=unknown[0]))
        self.spoken = list(dict.fromkeys(code for word in words if (code := language_of(word))))
        if len(self.spoken) > MOST_LANGUAGES:
            raise ValidationError(_l("Name at most %(number)d.", number=MOST_LANGUAGES))

    def facts(self) -> dict[str, Any]:
        """What the page shall say, once the form is in order."""
        return {
            "name": self.name.data,
            "gender": self.gender.data,
            "languages": self.spoken,
            "goals": self.goals.data or [],
            "about": self.about.data or "",
        }


def said_of(person: Practitioner) -> dict[str, Any]:
    """The present page, as the form's fields hold it."""
    languages = ", ".join(language_name(code) for code in person.languages)
    fields = {"name": person.name, "gender": person.gender, "goals": person.goals, "about": person.about}
    return {**fields, "languages": languages}


class PostForm(OnceForm):
    """What somebody does at a clinic, and since when."""

    role = StringField(_l("Role"), filters=[_line(LONGEST_ROLE)], render_kw={"maxlength": LONGEST_ROLE})
    since = DateField(_l("Works here since"), validators=[MayBeEmpty()])

    def validate_since(self, field: Field) -> None:
        _not_too_far(field)


class EndForm(Form):
    """The last day there."""

    on = DateField(_l("Last day"), validators=[InputRequired(_l("Say which day is the last."))])

    def __init__(self, since: date | None = None, **more: Any) -> None:
        super().__init__(**more)
        self._since = since

    def validate_on(self, field: Field) -> None:
        _not_too_far(field)
        if self._since is not None and field.data is not None and field.data < self._since:
            raise ValidationError(_l("It cannot end before it began."))


class DenyForm(Form):
    """What the desk should know; nobody else reads it."""

    words = TextAreaField(
        _l("Anything a moderator should know?"),
        filters=[lambda text: (text or "").replace("\0", "").strip()],
        validators=[Length(max=1_000, message=_l("Use at most %(number)d letters.", number=1_000))],
        render_kw={"rows": 4, "maxlength": 1_000},
    )
