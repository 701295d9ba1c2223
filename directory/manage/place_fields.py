"""An address as fields, and where it lies on the map by our own gazetteer: the same for a correction and for a move."""

from typing import Any, NamedTuple

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, StringField

from directory.clinics.importing.points import Placing, read_pair
from directory.clinics.importing.rows import TEXT_LIMITS
from directory.clinics.models import snap_home
from directory.clinics.sections import Values
from directory.forms import Form
from directory.manage.profile_forms import at_most, one_line
from directory.places.countries import table
from directory.places.zones import zone_at

LINES = ("address", "address2", "city", "region", "postal_code", "country")


class Pin(NamedTuple):
    """Where the pin would stand, and how exactly ("given", "postal_code", "outcode", "town")."""

    lat: float
    lon: float
    precision: str

    @property
    def text(self) -> str:
        return f"{self.lat:.5f},{self.lon:.5f}"


def _line(label: Any, column: str, autocomplete: str) -> StringField:
    most = TEXT_LIMITS[column]
    return StringField(
        label,
        filters=[one_line],
        validators=[at_most(most)],
        render_kw={"maxlength": most, "autocomplete": autocomplete},
    )


class PlaceFields(Form):
    """Lines of an address, whether it is a home studio, and coordinates for whoever knows better."""

    address = _line(_l("Street and number"), "address", "address-line1")
    address2 = _line(_l("Floor, building"), "address2", "address-line2")
    city = _line(_l("Town"), "city", "address-level2")
    region = _line(_l("Region or county"), "region", "address-level1")
    postal_code = _line(_l("Postal code"), "postal_code", "postal-code")
    country = SelectField(_l("Country"), render_kw={"autocomplete": "country"})
    is_home = BooleanField(_l("This is a home studio"))
    point = StringField(
        _l("Coordinates"), filters=[one_line], validators=[at_most(60)], render_kw={"placeholder": "53.7997, -1.5492"}
    )

    def __init__(self, *args: Any, placing: Placing, **more: Any) -> None:
        super().__init__(*args, **more)
        self.placing = placing
        names = Locale.parse(str(get_locale() or "en")).territories
        codes = sorted(table(), key=lambda code: names.get(code, code))
        self.country.choices = [SelectChoice(code, names.get(code, code)) for code in codes]

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        self.postal_code.data = (self.postal_code.data or "").upper()
        return fine

    @property
    def lines(self) -> dict[str, str]:
        """The address as typed."""
        return {name: self[name].data or "" for name in LINES}

    def look_up(self) -> Pin | None:
        """The place of what was typed; None when there is none, which is said on its field."""
        row: dict[str, Any] = {name: self.lines[name] for name in ("city", "region", "postal_code")}
        if self.point.data:
            pair = read_pair(self.point.data)
            if pair is None:
                self.point.errors = [_("Coordinates are two numbers in degrees, such as 53.7997, -1.5492.")]
                return None
            row |= {"lat": pair[0], "lon": pair[1]}
        placed = self.placing.place(row, self.country.data or "")
        if placed.refused:
            field = self.point if self.point.data else self.postal_code if self.postal_code.data else self.city
            field.errors = [_("We cannot find this place: look at the town, the postal code and the country.")]
            return None
        lat, lon = snap_home(placed.lat, placed.lon) if self.is_home.data else (placed.lat, placed.lon)
        return Pin(round(lat, 7), round(lon, 7), placed.precision)

    def columns(self, pin: Pin) -> Values:
        """Address and pin as the clinic keeps them."""
        where = {"lat": pin.lat, "lon": pin.lon, "point_precision": pin.precision}
        return {**self.lines, "is_home": bool(self.is_home.data), **where, "timezone": zone_at(pin.lat, pin.lon)}
