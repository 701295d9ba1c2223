"""What seeker and clinic type about a consultation, and the judgement of its shape."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from directory.consultations.asking import Choice
from directory.consultations.inquiries import MOST_CLINICS
from directory.consultations.models import FARTHEST, MOST_TIMES, OfferedTime
from directory.consultations.words import LOOKS, PLAN_ROWS, REACH, REASONS, WAYS, WHEN
from directory.db import now
from directory.forms import Form, email_field
from directory.vocabulary import GOALS
from directory.words import visible

LONGEST_NOTE = 1_000
LONGEST_LINE = 200
VIDEO_ADDRESS = re.compile(r"https://[\w-]+(\.[\w-]+)+(:\d+)?(/[!-~]*)?", re.ASCII)
THIS_CENTURY = (2000, 2099)  # years at the edges of the calendar overflow when moved to another zone
_ZONES = available_timezones()


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _choices(table: dict[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(key, words) for key, words in table.items()]


def note_field(label: Any, *, needed: bool = False, most: int = LONGEST_NOTE) -> TextAreaField:
    rules: list[Any] = [Length(max=most, message=_l("Use at most %(count)s letters.", count=most))]
    if needed:
        rules.insert(0, DataRequired(_l("Write a sentence or two.")))
    return TextAreaField(label, filters=[_stripped], validators=rules, render_kw={"rows": 5, "maxlength": most})


class AskForm(Form):
    """What a seeker asks, and of whom. The address is asked only of those not signed in (`needs_address`)."""

    clinics = SelectMultipleField(
        _l("Whom you ask"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[
            DataRequired(_l("Choose at least one clinic.")),
            Length(max=MOST_CLINICS, message=_l("One question goes to at most %(count)s clinics.", count=MOST_CLINICS)),
        ],
    )
    goal = SelectField(
        _l("What it is about"), choices=[SelectChoice("", _l("I would rather not say")), *_choices(GOALS)]
    )
    concern = note_field(_l("What you would like to know or change"), needed=True)
    look = RadioField(_l("The look you have in mind"), choices=_choices(LOOKS), default="unsure")
    when = SelectMultipleField(
        _l("When you could come"),
        choices=_choices(WHEN),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reach = RadioField(_l("How the clinic may reach you"), choices=_choices(REACH), default="here")
    phone = StringField(
        _l("Telephone number"),
        filters=[_stripped],
        validators=[Length(max=30, message=_l("A number is shorter than that."))],
        render_kw={"autocomplete": "tel", "inputmode": "tel", "maxlength": 30},
    )
    email = email_field(_l("Your e-mail address"))
    timezone = HiddenField()
    photos = BooleanField(_l("I want to add photos before it goes"))
    consent = BooleanField(
        _l("The clinics I ask may read what I wrote here about my health, to answer me"),
        validators=[DataRequired(_l("Without this the question cannot be passed on."))],
    )

    def __init__(self, choice: Choice, *, first: list[str], needs_address: bool) -> None:
        super().__init__(data={"clinics": first})
        self.clinics.choices = [SelectChoice(clinic.slug, clinic.name) for clinic in choice.reading]
        if not needs_address:
            del self.email

    def validate_phone(self, field: Field) -> None:
        digits = sum(letter.isdigit() for letter in field.data or "")
        if self.reach.data == "phone" and not 6 <= digits <= 16:
            raise ValidationError(_l("Type the number that the clinic may call."))

    def zone(self, otherwise: str) -> str:
        """The seeker's IANA zone as the browser told it; the clinic's when it did not."""
        return self.timezone.data if self.timezone.data in _ZONES else otherwise

    def words(self) -> dict[str, Any]:
        """What will be sealed."""
        return {
            "goal": self.goal.data or "",
            "concern": self.concern.data,
            "look": self.look.data,
            "when": list(self.when.data or []),
            "photos": bool(self.photos.data),
            "phone": visible(self.phone.data or "", limit=30) if self.reach.data == "phone" else "",
        }


class PhotoForm(Form):
    """One photo, with a yes of its own: agreeing to be read is not agreeing to be seen."""

    photo = FileField(_l("Photo"), render_kw={"accept": "image/jpeg,image/png,image/webp"})
    consent = BooleanField(
        _l("The clinics I ask may look at this photo while they deal with my question"),
        validators=[DataRequired(_l("Without this the photo cannot be added."))],
    )


class AnswerForm(Form):
    """Times on offer as the clinic's own clock shows them. Doubts are shown once; `knowing` sends them as they are."""

    note = note_field(_l("A short note with it"))
    minutes = IntegerField(
        _l("How long, in minutes"),
        default=30,
        validators=[
            InputRequired(_l("Say how long it takes.")),
            NumberRange(10, 240, message=_l("From 10 to 240 minutes.")),
        ],
    )
    way = RadioField(_l("Where"), choices=_choices(WAYS), default="clinic")
    video = URLField(
        _l("Address of the video call"),
        filters=[_stripped],
        validators=[Length(max=LONGEST_LINE, message=_l("Use at most %(count)s letters.", count=LONGEST_LINE))],
        render_kw={"maxlength": LONGEST_LINE},
    )
    time_1 = DateTimeLocalField(_l("First time"), validators=[InputRequired(_l("Offer at least one time."))])
    time_2 = DateTimeLocalField(_l("Second time"), validators=[Optional()])
    time_3 = DateTimeLocalField(_l("Third time"), validators=[Optional()])
    time_4 = DateTimeLocalField(_l("Fourth time"), validators=[Optional()])
    time_5 = DateTimeLocalField(_l("Fifth time"), validators=[Optional()])
    time_6 = DateTimeLocalField(_l("Sixth time"), validators=[Optional()])
    knowing = BooleanField(_l("These times are right. Send them as they are."))

    def __init__(self, *args: Any, zone: ZoneInfo, may_call: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.clock, self.may_call = zone, may_call

    def validate_way(self, field: Field) -> None:
        if field.data == "phone" and not self.may_call:
            raise ValidationError(_l("They gave no number to call. Offer another way."))

    def validate_video(self, field: Field) -> None:
        if self.way.data != "video":
            field.data = ""
        elif not VIDEO_ADDRESS.fullmatch(field.data or ""):
            raise ValidationError(_l("Name the address at which you meet; it begins with https://"))

    @property
    def time_fields(self) -> list[DateTimeLocalField]:
        return [self[f"time_{number}"] for number in range(1, MOST_TIMES + 1)]

    def moment(self, field: Field) -> datetime | None:
        """The time typed, in UTC. Raises ValidationError in the hour that the clock skips, or shows twice."""
        if field.data is None:
            return None
        if not THIS_CENTURY[0] <= field.data.year <= THIS_CENTURY[1]:
            raise ValidationError(_l("Offer a time within a year."))
        local: datetime = field.data.replace(tzinfo=self.clock)
        back = local.astimezone(UTC).astimezone(self.clock)
        if back.replace(tzinfo=None) != field.data:
            raise ValidationError(_l("The clock skips this hour on that day."))
        if local.utcoffset() != local.replace(fold=1).utcoffset():
            raise ValidationError(_l("The clock shows this hour twice on that day; offer one before or after."))
        return local.astimezone(UTC)

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        seen: set[datetime] = set()
        for field in self.time_fields:
            try:
                moment = None if field.errors else self.moment(field)
                if moment is not None and moment <= now():
                    raise ValidationError(_l("This time has passed."))
                if moment is not None and moment > now() + FARTHEST:
                    raise ValidationError(_l("Offer a time within a year."))
                if moment in seen:
                    raise ValidationError(_l("This time stands here twice."))
            except ValidationError as error:
                field.errors = [*field.errors, str(error)]
                fine = False
                continue
            if moment is not None:
                seen.add(moment)
        return fine

    def times(self) -> list[OfferedTime]:
        moments = [moment for field in self.time_fields if (moment := self.moment(field)) is not None]
        return [
            OfferedTime(starts_at=moment, minutes=self.minutes.data, way=self.way.data) for moment in sorted(moments)
        ]


class DeclineForm(Form):
    reason = RadioField(
        _l("Why"), choices=_choices(REASONS), validators=[DataRequired(_l("Say why, so that they can look elsewhere."))]
    )
    note = note_field(_l("A short note with it"))


class ChoiceForm(Form):
    """One button whose value says which: a time, a yes or no."""

    choice = HiddenField(validators=[DataRequired(), Length(max=40)])


class PlainForm(Form):
    """Only a button."""


class PlanForm(Form):
    """The treatment plan, each line in plain words."""

    pattern = note_field(PLAN_ROWS["pattern"], needed=True)
    hairline = StringField(PLAN_ROWS["hairline"], filters=[_stripped], validators=[Length(max=LONGEST_LINE)])
    density = StringField(PLAN_ROWS["density"], filters=[_stripped], validators=[Length(max=LONGEST_LINE)])
    pigment = StringField(PLAN_ROWS["pigment"], filters=[_stripped], validators=[Length(max=LONGEST_LINE)])
    needle = StringField(PLAN_ROWS["needle"], filters=[_stripped], validators=[Length(max=LONGEST_LINE)])
    sessions = IntegerField(
        PLAN_ROWS["sessions"],
        validators=[InputRequired(_l("Say how many.")), NumberRange(1, 12, message=_l("From 1 to 12."))],
    )
    price = StringField(
        PLAN_ROWS["price"],
        filters=[_stripped],
        validators=[DataRequired(_l("A plan names its price.")), Length(max=60)],
    )
    included = note_field(PLAN_ROWS["included"], needed=True)
    touch_up = note_field(PLAN_ROWS["touch_up"])
    risks = note_field(PLAN_ROWS["risks"], needed=True)
    cooling_off = IntegerField(
        PLAN_ROWS["cooling_off"],
        default=14,
        validators=[InputRequired(_l("Say how many days.")), NumberRange(0, 365, message=_l("From 0 to 365."))],
    )
    note = note_field(PLAN_ROWS["note"])

    def words(self) -> dict[str, str]:
        """What will be sealed, every value as text."""
        return {key: str(self[key].data) if self[key].data is not None else "" for key in PLAN_ROWS}
