"""A clinic's address as a form: found on the map by our own gazetteer, shown, and agreed to before it counts."""

from typing import Any, NamedTuple

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, StringField

from directory.clinics.importing.points import Placing, read_pair
from directory.clinics.importing.rows import TEXT_LIMITS
from directory.clinics.models import Clinic, snap_home
from directory.clinics.sections import Values
from directory.manage.profile_forms import SectionForm, at_most, one_line
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


class AddressForm(SectionForm):
    """`pin` is the place that was shown, `agreed` says that it is right; `found` is the place of what was typed."""

    section = "address"
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
    pin = HiddenField()
    agreed = BooleanField(_l("The pin stands where it should"))

    def __init__(self, *args: Any, placing: Placing, **more: Any) -> None:
        super().__init__(*args, **more)
        self.placing = placing
        self.found: Pin | None = None
        names = Locale.parse(str(get_locale() or "en")).territories
        codes = sorted(table(), key=lambda code: names.get(code, code))
        self.country.choices = [SelectChoice(code, names.get(code, code)) for code in codes]

    @classmethod
    def shown(cls, values: Values, clinic: Clinic) -> dict[str, Any]:
        exact = values["point_precision"] == "given" and not values["is_home"]
        return {**values, "point": f"{values['lat']:.5f}, {values['lon']:.5f}" if exact else ""}

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        self.postal_code.data = (self.postal_code.data or "").upper()
        self.found = self._placed()
        if self.found is None:
            return False
        if self.found.text == self._present.text or (self.agreed.data and self.pin.data == self.found.text):
            return True
        self.pin.data, self.pin.raw_data, self.agreed.data = self.found.text, None, False
        self.agreed.errors = [_("Look where the pin would stand, and say that it is right.")]
        return False

    @property
    def _present(self) -> Pin:
        return Pin(self.clinic.lat, self.clinic.lon, self.clinic.point_precision)

    @property
    def _typed(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in LINES}

    def _placed(self) -> Pin | None:
        """The place of what was typed; None when there is none, which is said on its field.

        Coordinates that nobody touched belong to the address as it was: another one is looked up anew.
        """
        moved = any(text != getattr(self.clinic, name) for name, text in self._typed.items())
        standing = f"{self.clinic.lat:.5f}, {self.clinic.lon:.5f}"
        if moved and self.point.data == standing:
            self.point.data = ""
        typed = self.point.data or ""
        same_kind = self.is_home.data == self.clinic.is_home
        if not moved and same_kind and typed in {"", standing}:
            return self._present
        row = {name: self._typed[name] for name in ("city", "region", "postal_code")}
        if typed:
            pair = read_pair(typed)
            if pair is None:
                self.point.errors = [_("Coordinates are two numbers in degrees, such as 53.7997, -1.5492.")]
                return None
            row |= {"lat": pair[0], "lon": pair[1]}
        placed = self.placing.place(row, self.country.data)
        if placed.refused:
            field = self.point if typed else self.postal_code if self.postal_code.data else self.city
            field.errors = [_("We cannot find this place: look at the town, the postal code and the country.")]
            return None
        lat, lon = snap_home(placed.lat, placed.lon) if self.is_home.data else (placed.lat, placed.lon)
        return Pin(round(lat, 7), round(lon, 7), placed.precision)

    def values(self) -> Values:
        pin = self.found or self._present
        where = {"lat": pin.lat, "lon": pin.lon, "point_precision": pin.precision}
        return {**self._typed, "is_home": bool(self.is_home.data), **where, "timezone": zone_at(pin.lat, pin.lon)}
