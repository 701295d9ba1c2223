"""Forms that strangers may send without an account, and what keeps machines off them: no puzzle, nothing to solve.

A field that no person sees must stay empty, and between opening and sending at least SHORTEST seconds pass. Both are
said in words when they fail: whoever meets them by accident sends the form again.
"""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, TimestampSigner
from wtforms import HiddenField, StringField, ValidationError

from directory.db import now
from directory.once import OnceForm

SHORTEST = 3
SALT = "form-opened"


class _Clock(TimestampSigner):
    """Signs a moment that may be handed in; the present one otherwise."""

    def __init__(self, moment: datetime | None = None) -> None:
        super().__init__(current_app.secret_key or "", salt=SALT)
        self.moment = moment

    def get_timestamp(self) -> int:
        return int((self.moment or now()).timestamp())


def opened(moment: datetime | None = None) -> str:
    """The mark of a form that was opened at that moment, now when none is given."""
    return _Clock(moment).sign("form").decode()


class StrangersForm(OnceForm):
    """A form open to everybody. Draw it with `trap` of `shared/forms.html` beside its other fields."""

    homepage = StringField(
        _l("Leave this empty"), render_kw={"autocomplete": "off", "tabindex": "-1", "maxlength": 100}
    )
    opened = HiddenField(default=opened)

    def validate_homepage(self, field: Any) -> None:
        if field.data:
            raise ValidationError(_l("Leave this field empty: it is there to catch machines."))

    def validate_opened(self, field: Any) -> None:
        try:
            _text, at = _Clock().unsign(field.data or "", return_timestamp=True)
        except BadSignature as error:
            field.data = opened()
            raise ValidationError(_l("Please look through the form once more, then send it.")) from error
        if (now() - at).total_seconds() < SHORTEST:
            raise ValidationError(_l("That was quicker than anybody types. Please look through it and send it again."))
