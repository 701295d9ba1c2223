"""What is typed to claim a listing, and what each side says about it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from directory.claims.hosts import is_at
from directory.claims.words import PROOFS, ROLES
from directory.forms import Form, plain_address
from directory.once import OnceForm
from directory.words import visible

LONGEST_WORDS = 2_000


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _line(label: Any, most: int, *rules: Any, **attributes: Any) -> StringField:
    too_long = Length(max=most, message=_l("Use at most %(count)s letters.", count=most))
    return StringField(
        label, filters=[_stripped], validators=[*rules, too_long], render_kw={"maxlength": most, **attributes}
    )


class ClaimForm(OnceForm):
    """Who claims, by which proof. `proofs` are those that this listing allows; `host` its own site."""

    name = _line(_l("Your name"), 120, DataRequired(_l("Tell us your name.")), autocomplete="name")
    role = RadioField(
        _l("What you are to the clinic"),
        choices=[SelectChoice(key, words) for key, words in ROLES.items()],
        validators=[InputRequired(_l("Say what you are to the clinic."))],
    )
    proof = RadioField(_l("How you show it"), validators=[InputRequired(_l("Choose how you show it."))])
    licence = _line(_l("Number of the licence or registration"), 60)
    issuer = SelectField(_l("Who issued it"), default="")
    holder = _line(_l("Name on it"), 120)
    email = _line(_l("Your mailbox at the clinic's site"), 254, inputmode="email")
    when = _line(_l("When somebody who knows you picks up the telephone"), 120)
    authority = BooleanField(
        _l("I may speak for this clinic, and I know that a false claim is recorded and may be against the law"),
        validators=[DataRequired(_l("Only who may speak for the clinic can claim it."))],
    )

    def __init__(
        self, *args: Any, proofs: Sequence[str], issuers: Sequence[tuple[str, str]], host: str, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.host = host
        self.proof.choices = [SelectChoice(key, PROOFS[key]) for key in PROOFS if key in proofs]
        self.issuer.choices = [SelectChoice("", _l("Choose")), *(SelectChoice(key, name) for key, name in issuers)]

    def validate_licence(self, field: StringField) -> None:
        if self.proof.data == "licence" and not field.data:
            raise ValidationError(_l("Type the number as it is printed."))

    def validate_issuer(self, field: SelectField) -> None:
        if self.proof.data == "licence" and not field.data:
            raise ValidationError(_l("Say who issued it."))

    def validate_holder(self, field: StringField) -> None:
        if self.proof.data == "licence" and not field.data:
            raise ValidationError(_l("Type the name that is printed on it."))

    def validate_email(self, field: StringField) -> None:
        if self.proof.data != "licence":
            return
        address = plain_address(field.data or "")
        if address is None or not is_at(address, self.host):
            raise ValidationError(_l("It must end in @%(host)s, the clinic's own site.", host=self.host))
        field.data = address

    def words(self) -> dict[str, str]:
        """What is sealed: of the proof that was not chosen nothing."""
        told = {"name": self.name.data or "", "role": self.role.data or ""}
        if self.proof.data == "licence":
            told |= {key: self[key].data or "" for key in ("licence", "issuer", "holder", "email")}
        if self.proof.data == "call":
            told["when"] = self.when.data or ""
        return {key: visible(value, limit=254) for key, value in told.items()}


class CodeForm(Form):
    code = _line(
        _l("The code"),
        40,
        DataRequired(_l("Type the code.")),
        autocomplete="one-time-code",
        autocapitalize="characters",
    )


class WordsForm(OnceForm):
    """Something that one side adds."""

    text = TextAreaField(
        _l("What you can say or show"),
        filters=[_stripped],
        validators=[
            DataRequired(_l("Write a sentence or two.")),
            Length(max=LONGEST_WORDS, message=_l("Use at most %(count)s letters.", count=LONGEST_WORDS)),
        ],
        render_kw={"rows": 5, "maxlength": LONGEST_WORDS},
    )


class PlainForm(Form):
    """Only a button."""
