"""What is typed by whoever reports something, and the judgement of its shape."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from directory.forms import LONGEST_EMAIL, EmailAddress, Form, email_field
from directory.moderation.contacts import ANSWERS
from directory.moderation.grounds import GROUNDS
from directory.moderation.reports import MAX_TEXT
from directory.strangers import StrangersForm

SHORTEST_TEXT = 20
MAX_NAME = 120


def _plain(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()


def words_field(label: Any, missing: Any, *, shortest: int = SHORTEST_TEXT, rows: int = 5) -> TextAreaField:
    """A few sentences that are needed."""
    return TextAreaField(
        label,
        filters=[_plain],
        validators=[
            DataRequired(missing),
            Length(min=shortest, message=_l("Say a little more: a whole sentence.")),
            Length(max=MAX_TEXT, message=_l("Use at most %(number)d letters.", number=MAX_TEXT)),
        ],
        render_kw={"rows": rows, "maxlength": MAX_TEXT},
    )


def name_field(label: Any, *extra: Any) -> StringField:
    return StringField(
        label,
        filters=[_plain],
        validators=[*extra, Length(max=MAX_NAME, message=_l("Use at most %(number)d letters.", number=MAX_NAME))],
        render_kw={"autocomplete": "name", "maxlength": MAX_NAME},
    )


class WhereForm(StrangersForm):
    """Which page, when somebody comes without a link beside the thing."""

    address = StringField(
        _l("Address of the page"),
        filters=[_plain],
        validators=[DataRequired(_l("Copy the address of the page out of your browser.")), Length(max=500)],
        render_kw={"inputmode": "url", "autocomplete": "off", "maxlength": 500},
    )


class NoticeForm(StrangersForm):
    """A notice under DSA Art. 16(2): why, where (the page's address carries it), who, and in good faith."""

    ground = RadioField(
        _l("What is wrong with it?"),
        choices=[SelectChoice(key, ground.words) for key, ground in GROUNDS.items()],
        validators=[DataRequired(_l("Choose what comes nearest."))],
    )
    text = words_field(_l("What exactly, and how do you know?"), _l("Say what is wrong, so that it can be checked."))
    name = name_field(_l("Your name"))
    email = EmailField(
        _l("Your e-mail address"),
        filters=[_plain],
        validators=[
            Optional(),
            Length(max=LONGEST_EMAIL, message=_l("An e-mail address has at most 254 letters.")),
            EmailAddress(),
        ],
        render_kw={"autocomplete": "email", "maxlength": LONGEST_EMAIL},
    )
    faith = BooleanField(
        _l("I believe in good faith that what I say here is true and complete."),
        validators=[DataRequired(_l("Tick this to say that you mean it."))],
    )

    def _needed(self) -> bool:
        """Where somebody could be harmed, nobody has to say who they are."""
        chosen = GROUNDS.get(self.ground.data or "")
        return chosen is not None and not chosen.urgent

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        for field, missing in (
            (self.name, _l("Type your name; for a report of this kind the law asks for it.")),
            (self.email, _l("Type your e-mail address: the answer goes there.")),
        ):
            if self._needed() and not field.data and not field.errors:
                field.errors, fine = [missing], False
        return bool(fine)


class LegalForm(StrangersForm):
    """A notice of complaint, Defamation Act 2013 s. 5(6) and the Regulations of 2013, reg. 2."""

    quote = words_field(_l("The words complained of"), _l("Copy the words out of the page."), shortest=3, rows=3)
    meaning = words_field(_l("What do they mean, in your understanding?"), _l("Say what a reader takes from them."))
    wrong = words_field(
        _l("Which facts in them are not true, or which opinions have no facts behind them?"),
        _l("Say what is not true, and what is."),
    )
    harm = words_field(_l("Why are they defamatory of you?"), _l("Say how they harm you."))
    name = name_field(_l("Your name"), DataRequired(_l("Type your name; the law asks for it.")))
    email = email_field(_l("Your e-mail address"))
    pass_identity = BooleanField(_l("The author may be told my name and my e-mail address."))
    faith = BooleanField(
        _l("I do not know who the author is well enough to bring a claim against them, and what I say here is true."),
        validators=[DataRequired(_l("Tick this to say that you mean it."))],
    )


class AnswerForm(Form):
    """The author's choice about a legal notice."""

    answer = RadioField(
        _l("What do you want to do?"),
        choices=[
            SelectChoice("stand", _l("I stand by what I wrote")),
            SelectChoice("change", _l("I will change it")),
            SelectChoice("withdraw", _l("I take it back")),
        ],
        validators=[DataRequired(_l("Choose one."))],
    )

    def validate_answer(self, field: RadioField) -> None:
        if field.data not in ANSWERS:
            raise ValidationError(_l("Choose one."))
