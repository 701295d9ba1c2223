"""What a clinic states beside its pictures and results, and the judgement of its shape."""

from datetime import date
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, IntegerField, SelectField, StringField
from wtforms.validators import AnyOf, DataRequired, InputRequired, NumberRange, Optional, ValidationError

from directory.db import now
from directory.forms import Form
from directory.once import OnceForm
from directory.portfolio import consent
from directory.portfolio.choices import (
    HAIR,
    LENGTHS,
    LIGHTS,
    PLACES,
    SKIN,
    STAGES,
    STYLES,
    VARIANTS,
    fits,
    months_between,
)
from directory.vocabulary import GOALS
from directory.words import visible

MONTHS_BACK = 120
CHOOSE = _l("Choose one of the answers.")
PICTURES = {"accept": "image/jpeg,image/png,image/webp"}


def _choice(label: Any, words: Any, needed: Any = "") -> SelectField:
    """One answer out of a few; the empty one stands first."""
    choices = [(str(key), text) for key, text in words.items()]
    keys = [key for key, _words in choices]
    judged = [DataRequired(needed), AnyOf(keys, CHOOSE)] if needed else [AnyOf(["", *keys], CHOOSE)]
    offered, plain = [("", "…"), *choices], [lambda key: key or ""]
    return SelectField(label, choices=offered, validate_choice=False, filters=plain, validators=judged)


def _months(today: date) -> dict[str, str]:
    """The months up to this one, newest first, YYYY-MM with their words."""
    found = {}
    for back in range(MONTHS_BACK):
        year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        found[f"{year:04d}-{month + 1:02d}"] = format_date(date(year, month + 1, 1), "LLLL y")
    return found


def _month(label: Any, needed: Any) -> SelectField:
    plain = [lambda key: key or ""]
    return SelectField(label, validate_choice=False, filters=plain, validators=[DataRequired(needed)])


class _WithMonths(Form):
    """A form in which `month_fields` offer the months up to now."""

    month_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offered = _months(now().date())
        for name in self.month_fields:
            self[name].choices = [("", "…"), *offered.items()]

    def judge_month(self, field: Field) -> None:
        if field.data not in {key for key, _words in field.choices}:
            raise ValidationError(CHOOSE)


class SetForm(_WithMonths, OnceForm):
    """One client's result: what was done, not who they are."""

    month_fields = ("finished",)
    goal = _choice(_l("What was done?"), GOALS, _l("Choose what was done."))
    variant = _choice(_l("Kind of pigment"), VARIANTS, _l("Choose the kind of pigment."))
    finished = _month(_l("Month of the last session"), _l("Choose the month."))
    sessions = IntegerField(
        _l("How many sessions?"),
        validators=[Optional(), NumberRange(1, 20, _l("A number from 1 to 20, or nothing."))],
        render_kw={"inputmode": "numeric", "min": 1, "max": 20},
    )
    practitioner = SelectField(_l("Who did it?"), validate_choice=False, validators=[Optional()])
    style = _choice(_l("Style"), STYLES)
    pigment = StringField(
        _l("Pigment: brand, line, shade"),
        filters=[lambda text: visible(text or "", limit=80)],
        render_kw={"maxlength": 80, "autocomplete": "off"},
    )
    hair = _choice(_l("Colour of the hair"), HAIR)
    skin = _choice(_l("Tone of the skin"), SKIN)
    reference = StringField(
        _l("Your own reference"),
        filters=[lambda text: visible(text or "", limit=60)],
        render_kw={"maxlength": 60, "autocomplete": "off", "spellcheck": "false"},
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.practitioner.choices = [("", _("Not stated")), *people]

    def validate_finished(self, field: Field) -> None:
        self.judge_month(field)

    def validate_practitioner(self, field: Field) -> None:
        if (field.data or "") not in {key for key, _words in field.choices}:
            raise ValidationError(CHOOSE)

    def facts(self) -> dict[str, Any]:
        """The columns of a result, but for who did it."""
        names = ("goal", "variant", "finished", "sessions", "style", "pigment", "hair", "skin")
        return {name: self[name].data for name in names}


def _fit_words(since: int) -> str:
    """Why a month is none of the stage chosen; `since`: months after the last session."""
    if since < 0:
        return str(_("That month is before the last session."))
    found = ngettext(
        "That month does not fit the stage: it is %(num)s month after the last session.",
        "That month does not fit the stage: it is %(num)s months after the last session.",
        since,
    )
    return str(found)


class DescribeForm(_WithMonths):
    """What a picture of a result shows, and how it was taken."""

    month_fields = ("taken",)
    kind = _choice(_l("What does it show?"), {key: one.words for key, one in STAGES.items()}, _l("Choose the stage."))
    taken = _month(_l("Month it was taken"), _l("Choose the month."))
    light = _choice(_l("Light"), LIGHTS, _l("Say in which light."))
    hair_length = _choice(_l("Length of the hair"), LENGTHS, _l("Say how long the hair is."))
    recognisable = BooleanField(_l("A face, or a mark by which the person could be known, is in it"))
    unedited = BooleanField(
        _l("No filter, no retouching, nothing painted in or out; it is our own work and our own picture"),
        validators=[InputRequired(_l("Only such pictures are shown."))],
    )

    def __init__(self, *args: Any, finished: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.finished = finished

    def validate_taken(self, field: Field) -> None:
        self.judge_month(field)
        if self.kind.data in STAGES and not fits(self.kind.data, self.finished, field.data):
            since = months_between(self.finished, field.data)
            raise ValidationError(_fit_words(since))

    def facts(self) -> dict[str, Any]:
        """What `Picture.describe` takes."""
        names = ("kind", "taken", "light", "hair_length", "recognisable", "unedited")
        return {name: self[name].data for name in names}


class AddForm(DescribeForm):
    """One picture into a result."""

    photo = FileField(_l("Picture"), render_kw=PICTURES)


class PlaceForm(Form):
    """One picture of the clinic's place."""

    kind = _choice(_l("What does it show?"), PLACES, _l("Choose what it shows."))
    photo = FileField(_l("Picture"), render_kw=PICTURES)
    nobody = BooleanField(validators=[InputRequired(_l("Without this it cannot be shown."))])

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.nobody.label.text = consent.words_of(consent.NOBODY)


class PressForm(Form):
    """A button alone."""
