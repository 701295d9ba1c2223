"""What an owner types to close a clinic or to move it."""

from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from directory.clinics.closing import FARTHEST
from directory.clinics.importing.points import Placing, read_pair
from directory.clinics.importing.rows import TEXT_LIMITS
from directory.clinics.models import snap_home
from directory.db import now
from directory.forms import Form
from directory.once import OnceForm
from directory.places.countries import table
from directory.places.zones import zone_at
from directory.words import visible

LINES = ("address", "address2", "city", "region", "postal_code", "country")


class ClosingForm(Form):
    on = DateField(_l("First day on which it is closed"), validators=[InputRequired(_l("Say from which day."))])
    sure = BooleanField(
        _l("Appointments from that day on are called off, and everybody is told."),
        validators=[DataRequired(_l("Tick this to go on."))],
    )

    def validate_on(self, field: Field) -> None:
        if field.data is not None and field.data > now().date() + FARTHEST:
            raise ValidationError(_l("Choose a day within a year from now."))


def _line(label: Any, column: str, autocomplete: str) -> StringField:
    most = TEXT_LIMITS[column]
    return StringField(
        label,
        filters=[lambda text: visible(text or "", limit=most)],
        render_kw={"maxlength": most, "autocomplete": autocomplete},
    )


class MoveForm(OnceForm):
    """The new address; `place` is what it comes to, once the form is in order."""

    address = _line(_l("Street and number"), "address", "address-line1")
    address2 = _line(_l("Floor, building"), "address2", "address-line2")
    city = _line(_l("Town"), "city", "address-level2")
    region = _line(_l("Region or county"), "region", "address-level1")
    postal_code = _line(_l("Postal code"), "postal_code", "postal-code")
    country = SelectField(_l("Country"), render_kw={"autocomplete": "country"})
    is_home = BooleanField(_l("This is a home studio"))
    point = StringField(
        _l("Coordinates"),
        filters=[lambda text: visible(text or "", limit=60)],
        render_kw={"maxlength": 60, "placeholder": "53.7997, -1.5492"},
    )
    sure = BooleanField(
        _l("The clinic works at another address from today; the one before was not just written wrong."),
        validators=[DataRequired(_l("Tick this to go on. A wrong address is put right under the address."))],
    )

    def __init__(self, *args: Any, placing: Placing, **more: Any) -> None:
        super().__init__(*args, **more)
        self.placing = placing
        self.place: dict[str, Any] = {}
        names = Locale.parse(str(get_locale() or "en")).territories
        codes = sorted(table(), key=lambda code: names.get(code, code))
        self.country.choices = [SelectChoice(code, names.get(code, code)) for code in codes]

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        self.postal_code.data = (self.postal_code.data or "").upper()
        return self._placed() and fine

    def _placed(self) -> bool:
        row = {name: self[name].data or "" for name in ("city", "region", "postal_code")}
        if self.point.data:
            pair = read_pair(self.point.data)
            if pair is None:
                self.point.errors = [_("Coordinates are two numbers in degrees, such as 53.7997, -1.5492.")]
                return False
            row |= {"lat": pair[0], "lon": pair[1]}
        placed = self.placing.place(row, self.country.data or "")
        if placed.refused:
            field = self.point if self.point.data else self.postal_code if self.postal_code.data else self.city
            field.errors = [_("We cannot find this place: look at the town, the postal code and the country.")]
            return False
        lat, lon = snap_home(placed.lat, placed.lon) if self.is_home.data else (placed.lat, placed.lon)
        lines = {name: self[name].data or "" for name in LINES}
        pin = {"lat": lat, "lon": lon, "point_precision": placed.precision, "timezone": zone_at(placed.lat, placed.lon)}
        self.place = {**lines, **pin, "is_home": bool(self.is_home.data)}
        return True
