"""What holders type about a credential."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, Field, SelectChoice, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.validators import Optional as MayBeEmpty

from directory.credentials.badges import MOST
from directory.credentials.issuers import CredentialType
from directory.credentials.numbers import MAX_NUMBER
from directory.db import now
from directory.forms import Form, email_field
from directory.once import OnceForm
from directory.words import visible

LONGEST_ANSWER = 1_000


def _line(limit: int) -> Any:
    return lambda text: visible(text or "", limit=limit)


class NotBefore:
    """A day no earlier than that of another field."""

    def __init__(self, other: str) -> None:
        self.other = other

    def __call__(self, form: FlaskForm, field: Field) -> None:
        first = form[self.other].data
        if field.data is not None and first is not None and field.data < first:
            raise ValidationError(_l("It ends before it begins."))


def not_to_come(_form: FlaskForm, field: Field) -> None:
    """A day that has come."""
    if field.data is not None and field.data > now().date():
        raise ValidationError(_l("It was not issued yet."))


GROUPS = {"training": _l("Training"), "insurance": _l("Insurance")}


def _choice(one: CredentialType) -> SelectChoice:
    """Under what it is; which of the fields below it needs, for the script that hides the others."""
    needs = [name for name, is_so in (("office", one.issuer.local), ("title", one.scope == "training")) if is_so]
    words = one.title if one.issuer.local else f"{one.title}, {one.issuer.name}"
    group = str(GROUPS.get(one.scope, _l("Licences and registrations")))
    return SelectChoice(one.key, words, {"data-needs": " ".join(needs)}, group)


class CredentialForm(OnceForm):
    """What it is, from whom, under which number, from when to when."""

    kind = SelectField(_l("What is it?"), validators=[InputRequired(_l("Choose what it is."))])
    authority = StringField(
        _l("Which office, insurer or school issued it?"),
        filters=[_line(120)],
        render_kw={"maxlength": 120},
    )
    title = StringField(_l("What does a certificate call itself?"), filters=[_line(200)], render_kw={"maxlength": 200})
    number = StringField(
        _l("Its number, as it is written"), filters=[_line(MAX_NUMBER)], render_kw={"maxlength": MAX_NUMBER}
    )
    issued_on = DateField(_l("Issued on"), validators=[MayBeEmpty(), not_to_come])
    expires_on = DateField(_l("Runs until"), validators=[MayBeEmpty(), NotBefore("issued_on")])

    def __init__(self, types: Sequence[CredentialType], **more: Any) -> None:
        super().__init__(**more)
        self.types = {one.key: one for one in types}
        # A choice to be made, not one that is made already.
        self.kind.choices = [SelectChoice("", _l("Choose …")), *(_choice(one) for one in types)]

    def validate_authority(self, field: Field) -> None:
        kind = self.types.get(self.kind.data or "")
        if kind is not None and kind.issuer.local and not field.data:
            raise ValidationError(_l("Say which one: there are many of these."))

    def validate_number(self, field: Field) -> None:
        kind = self.types.get(self.kind.data or "")
        if kind is not None and kind.has_number and not any(letter.isalnum() for letter in field.data or ""):
            raise ValidationError(_l("A paper of this kind has a number."))


class RenewForm(OnceForm):
    number = StringField(_l("Its number, if it is a new one"), filters=[_line(MAX_NUMBER)])
    issued_on = DateField(_l("Issued on"), validators=[InputRequired(_l("Say when.")), not_to_come])
    expires_on = DateField(_l("Runs until"), validators=[MayBeEmpty(), NotBefore("issued_on")])


class PaperForm(Form):
    document = FileField(
        _l("One PDF, or one photo of the paper"),
        render_kw={"accept": "application/pdf,image/jpeg,image/png,image/webp"},
    )


class BadgeForm(Form):
    badge = TextAreaField(
        _l("The signed badge, as text"),
        filters=[lambda text: "".join((text or "").split())],
        validators=[
            DataRequired(_l("Paste the badge.")),
            Length(max=MOST, message=_l("This is too long for a badge.")),
        ],
        render_kw={"rows": 4, "spellcheck": "false"},
    )


class AnswerForm(OnceForm):
    text = TextAreaField(
        _l("Your answer"),
        filters=[lambda text: (text or "").replace("\0", "").strip()],
        validators=[
            DataRequired(_l("Write an answer.")),
            Length(max=LONGEST_ANSWER, message=_l("Use at most %(count)s letters.", count=LONGEST_ANSWER)),
        ],
        render_kw={"rows": 4, "maxlength": LONGEST_ANSWER},
    )


class InviteForm(OnceForm):
    email = email_field(_l("E-mail address of this person"))


class PageForm(OnceForm):
    """The number of a licence, by which the page is known to be about oneself."""

    issuer = SelectField(_l("Who issued your licence or certificate?"), validators=[InputRequired(_l("Choose one."))])
    number = StringField(
        _l("Its number, as it is written"),
        filters=[_line(MAX_NUMBER)],
        validators=[DataRequired(_l("Give the number."))],
        render_kw={"maxlength": MAX_NUMBER},
    )

    def __init__(self, types: Sequence[CredentialType], **more: Any) -> None:
        super().__init__(**more)
        self.issuers = {one.issuer.key: one.issuer for one in types if one.has_number}
        self.issuer.choices = [SelectChoice(key, one.name) for key, one in self.issuers.items()]


class PlainForm(Form):
    """Only a button."""
