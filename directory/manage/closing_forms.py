"""What an owner types to close a clinic or to move it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, ValidationError
from wtforms.validators import DataRequired, InputRequired

from directory.clinics.closing import FARTHEST
from directory.clinics.sections import Values
from directory.db import now
from directory.forms import Form
from directory.manage.place_fields import PlaceFields
from directory.once import OnceForm


class ClosingForm(Form):
    on = DateField(_l("First day on which it is closed"), validators=[InputRequired(_l("Say from which day."))])
    sure = BooleanField(
        _l("Appointments from that day on are called off, and everybody is told."),
        validators=[DataRequired(_l("Tick this to go on."))],
    )

    def validate_on(self, field: Field) -> None:
        if field.data is not None and field.data > now().date() + FARTHEST:
            raise ValidationError(_l("Choose a day within a year from now."))


class MoveForm(PlaceFields, OnceForm):
    """The new address; `place` is what it comes to, once the form is in order."""

    sure = BooleanField(
        _l("The clinic works at another address from today; the one before was not just written wrong."),
        validators=[DataRequired(_l("Tick this to go on. A wrong address is put right under the address."))],
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.place: Values = {}

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        pin = self.look_up()
        if pin is not None:
            self.place = self.columns(pin)
        return pin is not None and fine
