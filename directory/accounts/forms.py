"""What is typed on the account pages, and the judgement of its shape."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from directory.accounts.passwords import LONGEST, SHORTEST, weakness
from directory.accounts.registry import Wish
from directory.forms import Form, email_field

WEAK = {
    "short": _l("Use at least %(number)d characters. A few words in a row do well.", number=SHORTEST),
    "long": _l("Use at most %(number)d characters.", number=LONGEST),
    "common": _l("This is among the passwords that are tried first. Choose another."),
    "guessable": _l("This is too easy to guess. A few unrelated words in a row do well."),
}


def password_field(label: Any, autocomplete: str) -> PasswordField:
    return PasswordField(
        label,
        validators=[
            DataRequired(_l("Type the password.")),
            Length(max=LONGEST, message=WEAK["long"]),
        ],
        render_kw={"autocomplete": autocomplete, "maxlength": LONGEST},
    )


class SignUpForm(Form):
    email = email_field(_l("E-mail address"))
    next = HiddenField()


class SignInForm(Form):
    email = email_field(_l("E-mail address"))
    password = password_field(_l("Password"), "current-password")
    next = HiddenField()


class LinkForm(SignUpForm):
    """To whom a link goes that opens the account, and where it leads."""


class ResetRequestForm(Form):
    email = email_field(_l("E-mail address"))


class NewPasswordForm(Form):
    """A password chosen; `about` are words it must not lean on. Typed once: the page can show it."""

    password = password_field(_l("New password"), "new-password")

    def __init__(self, *args: Any, about: Iterable[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.about = tuple(about)

    def validate_password(self, field: PasswordField) -> None:
        weak = weakness(field.data or "", self.about)
        if weak:
            raise ValidationError(WEAK[weak])


class AgainForm(Form):
    password = password_field(_l("Password"), "current-password")
    next = HiddenField()


class CodeForm(Form):
    code = StringField(
        _l("Code"),
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired(_l("Type the code.")),
            Length(max=40, message=_l("A code is shorter than that.")),
        ],
        render_kw={"autocomplete": "one-time-code", "inputmode": "text", "maxlength": 40, "spellcheck": "false"},
    )
    next = HiddenField()


class PasskeyForm(Form):
    """What the browser's authenticator answered, as JSON; filled in by `js/passkey.js`."""

    credential = HiddenField(validators=[DataRequired(), Length(max=20_000)])
    name = StringField(_l("Name of this passkey"), validators=[Length(max=60, message=_l("Use at most 60 letters."))])
    next = HiddenField()


class EmailForm(Form):
    email = email_field(_l("New e-mail address"))


class ErasureForm(Form):
    sure = BooleanField(
        _l("Erase my account and everything listed above"),
        validators=[DataRequired(_l("Tick this to say that you mean it."))],
    )


def erasure_form(wishes: Iterable[tuple[Wish, str]]) -> ErasureForm:
    """The form with one question for each thing there is to choose about."""

    class Asking(ErasureForm):
        """With the questions of the rooms."""

    for wish, answer in wishes:
        choices = [(key, words) for key, words in wish.answers.items()]
        setattr(Asking, wish.name, RadioField(wish.question, choices=choices, default=answer))
    return Asking()


class PlainForm(Form):
    """Only a button."""
