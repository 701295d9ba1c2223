"""The base form, the fields that several rooms share, and how a form is shown again with what was typed.

Every form carries the token that CSRFProtect asks for. Bad input answers 422 with one message on each field.
"""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, ValidationError
from wtforms.validators import DataRequired, Length

LONGEST_EMAIL = 254


class Form(FlaskForm):
    """A form of ours."""


def plain_address(text: str) -> str | None:
    """An e-mail address in the form in which it is kept: lower case, the host in ASCII; None when it is none.

    No question is sent to the name system: an address is proven by the letter that arrives.
    """
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return (found.ascii_email or found.normalized).lower()


class EmailAddress:
    """One plain address; leaves it in the form in which it is kept."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        address = plain_address(field.data or "")
        if address is None:
            raise ValidationError(_l("This is not an e-mail address: name@example.org is one."))
        field.data = address


def email_field(label: Any) -> EmailField:
    """A needed e-mail address."""
    return EmailField(
        label,
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired(_l("Type your e-mail address.")),
            Length(max=LONGEST_EMAIL, message=_l("An e-mail address has at most 254 letters.")),
            EmailAddress(),
        ],
        render_kw={"autocomplete": "email", "maxlength": LONGEST_EMAIL},
    )


def show(template: str, form: FlaskForm, **facts: Any) -> ResponseReturnValue:
    """The page with its form: 200 when nothing is wrong, 422 when something is."""
    return render_template(template, form=form, **facts), 422 if form.errors else 200
