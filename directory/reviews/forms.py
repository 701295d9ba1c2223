"""What is typed into a review, and the judgement of its shape."""

from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from directory.db import now
from directory.forms import Form
from directory.once import OnceForm
from directory.reviews import pseudonyms
from directory.reviews.choices import (
    CURRENCIES,
    LENGTH_WORDS,
    LIGHT_WORDS,
    PRICE_WORDS,
    STAGE_WORDS,
    STAR_WORDS,
    SUB_WORDS,
    language_choices,
)
from directory.reviews.episodes import EARLIEST, OLDEST_YEARS, can_tell
from directory.reviews.parting import ANSWERS, QUESTION
from directory.reviews.stages import MAX_TEXT
from directory.vocabulary import GOALS
from directory.words import visible

MIN_TEXT = 30
CHOOSE = _l("Choose one of the answers.")


def plain_text(text: str | None, *, limit: int = 2 * MAX_TEXT) -> str:
    """Paragraphs as typed, without control and format characters and without runs of empty lines."""
    lines = [visible(line, limit=limit) for line in (text or "")[: limit * 4].splitlines()]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).strip()[:limit]


def one_of(label: Any, words: dict[Any, Any], needed: Any = "", **more: Any) -> RadioField:
    """One question with a few answers; `needed` is what is said when none was chosen, empty when none may be."""
    first = InputRequired(needed) if needed else Optional()
    keys = [str(key) for key in words]
    choices = [(str(key), text) for key, text in words.items()]
    return RadioField(label, choices=choices, validate_choice=False, validators=[first, AnyOf(keys, CHOOSE)], **more)


def select(label: Any, choices: list[tuple[str, Any]], needed: Any = "") -> SelectField:
    """A longer list of answers; the empty one stands first."""
    keys = [key for key, _words in choices]
    judged = [DataRequired(needed), AnyOf(keys, CHOOSE)] if needed else [AnyOf(["", *keys], CHOOSE)]
    offered, plain = [("", "…"), *choices], [lambda key: key or ""]
    return SelectField(label, choices=offered, validate_choice=False, filters=plain, validators=judged)


class VisitForm(OnceForm):
    """Step 1: the visit."""

    goal = select(_l("What was done?"), list(GOALS.items()), _l("Choose what was done."))
    practitioner = SelectField(_l("Who did it?"), validate_choice=False, validators=[Optional()])
    month = SelectField(
        _l("Month"), coerce=int, validate_choice=False, validators=[NumberRange(1, 12, _l("Choose the month."))]
    )
    year = SelectField(
        _l("Year"), coerce=int, validate_choice=False, validators=[NumberRange(1990, 2200, _l("Choose the year."))]
    )
    sessions = IntegerField(
        _l("How many sessions so far?"),
        validators=[Optional(), NumberRange(1, 20, _l("A number from 1 to 20, or nothing."))],
        render_kw={"inputmode": "numeric", "min": 1, "max": 20},
    )
    price_band = select(_l("What did you pay in all?"), list(PRICE_WORDS.items()))
    currency = select(_l("In which money?"), [(code, code) for code in CURRENCIES])
    code = StringField(
        _l("Code from the clinic"),
        filters=[lambda text: visible(text or "", limit=80)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 80},
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], today: date | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today = today or now().date()
        self.practitioner.choices = [("", _("I do not know, or would rather not say")), *people]
        months = [(number, format_date(date(2026, number, 1), "LLLL")) for number in range(1, 13)]
        years = [(year, str(year)) for year in range(self.today.year, self.today.year - OLDEST_YEARS - 1, -1)]
        self.month.choices, self.year.choices = [("0", "…"), *months], [("0", "…"), *years]

    @property
    def treated_month(self) -> str:
        return f"{self.year.data:04d}-{self.month.data:02d}"

    def validate_practitioner(self, field: Field) -> None:
        if field.data not in {key for key, _words in field.choices}:
            raise ValidationError(CHOOSE)

    def validate_year(self, field: Field) -> None:
        if (self.month.data or 0) > 12 or not field.data or not self.month.data:
            return
        if (field.data, self.month.data) > (self.today.year, self.today.month):
            raise ValidationError(_("That month is yet to come."))
        if field.data < self.today.year - OLDEST_YEARS:
            raise ValidationError(_("That is too long ago to help somebody who chooses today."))

    def validate_currency(self, field: Field) -> None:
        if self.price_band.data and not field.data:
            raise ValidationError(_("Say in which money you paid."))


def mark(key: str) -> RadioField:
    """One part of the result, from 1 to 5, or left out."""
    return one_of(SUB_WORDS[key], {"": _l("Left out"), **{number: str(number) for number in range(1, 6)}}, default="")


class PhotoForm(Form):
    """One photo into the draft."""

    photo = FileField(_l("Photo"), render_kw={"accept": "image/jpeg,image/png,image/webp"})
    light = SelectField(_l("Light"), choices=list(LIGHT_WORDS.items()), default="unstated")
    hair_length = SelectField(_l("Hair"), choices=list(LENGTH_WORDS.items()), default="unstated")


class ResultForm(PhotoForm):
    """Step 2: the result, and its photos one at a time."""

    stage = one_of(_l("At which point do you judge it?"), STAGE_WORDS, _l("Say at which point you judge it."))
    overall = one_of(_l("How is the result now?"), STAR_WORDS, _l("Choose how good the result is."))
    natural_look = mark("natural_look")
    hairline_design = mark("hairline_design")
    colour_match = mark("colour_match")
    hygiene = mark("hygiene")
    honesty = mark("honesty")
    comfort = mark("comfort")
    aftercare = mark("aftercare")
    value = mark("value")
    again = one_of(
        _l("Would you choose them again?"),
        {"yes": _l("Yes"), "no": _l("No")},
        _l("Say whether you would choose them again."),
    )
    text = TextAreaField(
        _l("Tell what happened"),
        filters=[plain_text],
        validators=[
            DataRequired(_l("Tell what happened, in your own words.")),
            Length(min=MIN_TEXT, message=_l("Say a little more: a sentence or two help others.")),
            Length(max=MAX_TEXT, message=_l("Use at most 5,000 letters.")),
        ],
        render_kw={"rows": 10, "maxlength": MAX_TEXT},
    )
    language = SelectField(_l("Written in"), choices=language_choices, default="en")

    def __init__(self, *args: Any, treated_month: str, taken: set[str], today: date | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.treated_month, self.taken, self.today = treated_month, taken, today or now().date()
        self.stage.choices = [pair for pair in self.stage.choices if pair[0] not in taken]

    @property
    def marks(self) -> list[Field]:
        """The fields of the eight parts."""
        return [self[key] for key in SUB_WORDS]

    def validate_stage(self, field: Field) -> None:
        if field.data in self.taken:
            raise ValidationError(_("You have told about this point already."))
        if field.data in EARLIEST and not can_tell(field.data, self.treated_month, self.today):
            raise ValidationError(_("Too few months have passed since the treatment for that."))

    def kept(self) -> dict[str, Any]:
        """What can be kept of the answers: what was sent and nothing is wrong with, in the form of the columns."""
        good = {field.name: field.data for field in self if field.raw_data and not field.errors}
        answers: dict[str, Any] = {}
        if good.get("stage"):
            answers["stage"] = good["stage"]
        if good.get("overall"):
            answers["overall"] = int(good["overall"])
        if good.get("again"):
            answers["again"] = good["again"] == "yes"
        if any(one.raw_data for one in self.marks):
            answers["sub_ratings"] = {key: int(good[key]) for key in SUB_WORDS if good.get(key)}
        if self.text.raw_data and len(self.text.data or "") <= MAX_TEXT:  # too short is kept: it is a beginning
            answers["text"] = self.text.data or ""
        return answers


class SignForm(OnceForm):
    """Step 3: the name shown, what is vouched for, what is consented to, a document that shows the visit."""

    document = FileField(
        _l("PDF, JPEG, PNG or WebP"),
        render_kw={"accept": "application/pdf,image/jpeg,image/png,image/webp"},
    )
    pseudonym = StringField(
        _l("Name shown with your review"),
        filters=[lambda text: visible(text or "", limit=pseudonyms.LONGEST)],
        validators=[DataRequired(_l("Choose a name."))],
        render_kw={"autocomplete": "off", "maxlength": pseudonyms.LONGEST},
    )
    own = BooleanField(
        _l("I was treated there myself, and this is my own experience."),
        validators=[DataRequired(_l("Only your own experience can be published."))],
    )
    no_tie = BooleanField(
        _l("I have no tie to this clinic or to one that competes with it: no work, family, ownership or payment."),
        validators=[DataRequired(_l("Somebody with a tie cannot review."))],
    )
    incentive = one_of(
        _l("Were you given or promised anything for this review?"),
        {"no": _l("No"), "yes": _l("Yes: money, a discount, a gift or anything else")},
        _l("Say whether anything was given or promised."),
    )
    incentive_text = StringField(
        _l("What was it?"), filters=[lambda text: visible(text or "", limit=300)], render_kw={"maxlength": 300}
    )
    health = BooleanField(
        _l("Facts about your health"),
        validators=[DataRequired(_l("Without this we may not keep or publish what you wrote."))],
    )
    photos = BooleanField(_l("Your photos"))

    def __init__(self, *args: Any, email: str, has_photos: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.email, self.has_photos = email, has_photos

    def validate_pseudonym(self, field: Field) -> None:
        wrong = {
            "short": _("Use at least two letters."),
            "address": _("This looks like an address. Choose a name that leads to nobody."),
            "digits": _("Use fewer digits: they could lead to you."),
            "own": _("This is part of your e-mail address. Choose a name that leads to nobody."),
        }
        fault = pseudonyms.fault(field.data or "", self.email)
        if fault:
            raise ValidationError(wrong[fault])

    def validate_incentive_text(self, field: Field) -> None:
        if self.incentive.data == "yes" and len(field.data or "") < 3:
            raise ValidationError(_("Say what it was. It is shown with the review."))

    def validate_photos(self, field: Field) -> None:
        if self.has_photos and not field.data:
            raise ValidationError(_("Without this we may not publish the photos. Agree, or go back and remove them."))


class EditForm(OnceForm):
    """The words of a stage, changed."""

    text = TextAreaField(
        _l("Your words"),
        filters=[plain_text],
        validators=[
            DataRequired(_l("Tell what happened, in your own words.")),
            Length(min=MIN_TEXT, message=_l("Say a little more: a sentence or two help others.")),
            Length(max=MAX_TEXT, message=_l("Use at most 5,000 letters.")),
        ],
        render_kw={"rows": 12, "maxlength": MAX_TEXT},
    )


class SureForm(OnceForm):
    """Something that cannot be undone, ticked and pressed."""

    sure = BooleanField(_l("Yes, erase it"), validators=[DataRequired(_l("Tick this to say that you mean it."))])


class AfterwardsForm(Form):
    """What becomes of the reviews when the account is erased."""

    reviews = one_of(QUESTION, ANSWERS, CHOOSE)
