"""Opening hours as a form: a table of the week, public holidays, days that differ."""

import re
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from babel.dates import get_day_names
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, RadioField, SelectChoice, StringField
from wtforms import Form as PlainForm
from wtforms.validators import Optional

from directory.clinics.hours import week, zone
from directory.clinics.models import Clinic
from directory.clinics.sections import Values
from directory.clinics.weekly import TIME, Ranges, Special, Weekly, drawn_from
from directory.db import now
from directory.errors import Refused
from directory.manage.profile_forms import SectionForm, one_line

MOST_SPECIALS, SPARE_SPECIALS, MOST_DAYS = 12, 2, 120
_LOOSE = re.compile(r"(\d{1,2})[:.h](\d\d)")


def _clock(text: str | None) -> str:
    """A time as written to a time with a colon: "9.30" is "09:30"."""
    found = _LOOSE.fullmatch(one_line(text))
    return f"{int(found[1]):02}:{found[2]}" if found else one_line(text)


def _time(label: Any) -> StringField:
    return StringField(label, filters=[_clock], render_kw={"type": "time", "maxlength": 5})


class DayForm(PlainForm):
    """One day: one or two stretches; none is closed."""

    opens = _time(_l("Opens"))
    closes = _time(_l("closes"))
    opens_again = _time(_l("Opens again"))
    closes_again = _time(_l("closes again"))

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        return [(self.opens, self.closes), (self.opens_again, self.closes_again)]

    def ranges(self) -> Ranges:
        typed = ((opens.data, closes.data) for opens, closes in self.pairs if opens.data)
        return tuple((opens, "24:00" if closes == "00:00" else closes) for opens, closes in typed)

    def is_sound(self) -> bool:
        """Whether every stretch has two ends in order; says on the field what is wrong."""
        last = ""
        for opens, closes in self.pairs:
            if not opens.data and not closes.data:
                continue
            for field in (opens, closes):
                if not TIME.fullmatch(field.data or ""):
                    return _refuse(field, _("Type a time such as 09:30."))
            end = "24:00" if closes.data == "00:00" else closes.data
            if end <= opens.data:
                return _refuse(closes, _("It closes before it opens."))
            if last and opens.data < last:
                return _refuse(opens, _("The second stretch begins before the first one ends."))
            last = end
        return True


class SpecialForm(DayForm):
    """Days that differ. Without times the clinic is closed."""

    first = DateField(_l("On"), validators=[Optional()])
    last = DateField(_l("until"), validators=[Optional()])


class HoursForm(SectionForm):
    section = "hours"
    days = FieldList(FormField(DayForm), min_entries=7, max_entries=7)
    holidays = RadioField(
        _l("On public holidays"),
        choices=[SelectChoice("", _l("As on any other day")), SelectChoice("off", _l("Closed"))],
    )
    specials = FieldList(FormField(SpecialForm), max_entries=MOST_SPECIALS)

    @classmethod
    def shown(cls, values: Values, clinic: Clinic) -> dict[str, Any]:
        table = drawn_from(values["opening_hours"]) or _as_it_is(clinic)
        today = datetime.now(zone(clinic.timezone)).date()
        ahead = [one for one in table.specials if one.last >= today]
        specials: list[dict[str, Any]] = [
            {"first": one.first, "last": one.last, **_stretches(one.ranges)} for one in ahead
        ]
        return {
            "days": [_stretches(ranges) for ranges in table.days],
            "holidays": "off" if table.closed_on_holidays else "",
            "specials": (specials + [{} for _place in range(SPARE_SPECIALS)])[:MOST_SPECIALS],
        }

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        for entry in self.days.entries:
            fine = entry.form.is_sound() and fine
        for entry in self.specials.entries:
            fine = _is_special(entry.form) and fine
        return fine and self._fits()

    @property
    def named_days(self) -> list[tuple[str, Any]]:
        """Each day's name with its fields."""
        names = get_day_names("wide", locale=get_locale() or "en")
        return [(names[place].capitalize(), entry.form) for place, entry in enumerate(self.days.entries)]

    @property
    def is_approximate(self) -> bool:
        """Whether the listing's hours say more than the table that was drawn from them."""
        table = drawn_from(self.clinic.opening_hours)
        return bool(self.clinic.opening_hours) and (table is None or any(len(day) > 2 for day in table.days))

    def _fits(self) -> bool:
        table = self._table()
        if (table.specials or table.closed_on_holidays) and not any(table.days):
            return _refuse(self.days.entries[0].form.opens, _("Say first when you are open in an ordinary week."))
        ordered = sorted(table.specials)
        if any(one.last >= other.first for one, other in pairwise(ordered)):
            return _refuse(self.specials.entries[0].form.first, _("One day stands here twice with different hours."))
        try:
            table.written()
        except Refused as full:
            return _refuse(self.specials.entries[0].form.first, str(full))
        return True

    def _table(self) -> Weekly:
        typed = (entry.form for entry in self.specials.entries if entry.form.first.data)
        specials = tuple(Special(one.first.data, one.last.data or one.first.data, one.ranges()) for one in typed)
        days = tuple(entry.form.ranges() for entry in self.days.entries)
        return Weekly(days, self.holidays.data == "off", specials)

    def values(self) -> Values:
        return {"opening_hours": self._table().written()}


def _is_special(form: SpecialForm) -> bool:
    first, last = form.first.data, form.last.data
    if form.first.errors or form.last.errors or not form.is_sound():
        return False
    if first is None:
        return not (last or form.ranges()) or _refuse(form.first, _("Say on which day."))
    if last is not None and last < first:
        return _refuse(form.last, _("This day comes before the first."))
    if (date_of := last or first) and (date_of - first).days > MOST_DAYS:
        return _refuse(form.last, _("At most %(days)s days in one line.", days=MOST_DAYS))
    return date(2020, 1, 1) <= first <= date(2100, 1, 1) or _refuse(form.first, _("Say on which day."))


def _as_it_is(clinic: Clinic) -> Weekly:
    """What the week ahead looks like, for hours that no table can say."""
    days: list[Ranges] = [()] * 7
    for one in week(clinic, now()):
        days[one.date.weekday()] = one.ranges
    return Weekly(tuple(days))


def _stretches(ranges: Ranges) -> dict[str, str]:
    """At most two stretches as the fields hold them; midnight at the end is 00:00 there."""
    names = (("opens", "closes"), ("opens_again", "closes_again"))
    return {
        name: "00:00" if text == "24:00" else text
        for pair, held in zip(names, ranges, strict=False)
        for name, text in zip(pair, held, strict=True)
    }


def _refuse(field: Any, message: str) -> bool:
    field.errors = [*field.errors, message]
    return False
