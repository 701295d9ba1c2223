"""A clinic's address as a form: found on the map by our own gazetteer, shown, and agreed to before it counts."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from directory.clinics.models import Clinic
from directory.clinics.sections import Values
from directory.manage.place_fields import Pin, PlaceFields
from directory.manage.profile_forms import SectionForm


class AddressForm(PlaceFields, SectionForm):
    """`pin` is the place that was shown, `agreed` says that it is right; `found` is the place of what was typed."""

    section = "address"
    pin = HiddenField()
    agreed = BooleanField(_l("The pin stands where it should"))
    found: Pin | None = None

    @classmethod
    def shown(cls, values: Values, clinic: Clinic) -> dict[str, Any]:
        exact = values["point_precision"] == "given" and not values["is_home"]
        return {**values, "point": f"{values['lat']:.5f}, {values['lon']:.5f}" if exact else ""}

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
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

    def _placed(self) -> Pin | None:
        """Coordinates that nobody touched belong to the address as it was: another one is looked up anew."""
        moved = any(text != getattr(self.clinic, name) for name, text in self.lines.items())
        standing = f"{self.clinic.lat:.5f}, {self.clinic.lon:.5f}"
        if moved and self.point.data == standing:
            self.point.data = ""
        same_kind = self.is_home.data == self.clinic.is_home
        if not moved and same_kind and (self.point.data or "") in {"", standing}:
            return self._present
        return self.look_up()

    def values(self) -> Values:
        return self.columns(self.found or self._present)
