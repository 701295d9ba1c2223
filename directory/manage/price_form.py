"""A clinic's price list as a form: one line for each treatment, in one currency; what a consultation and a later
touch-up cost.
"""

from decimal import Decimal
from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, IntegerField, SelectChoice, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import NumberRange, Optional

from directory.clinics.answers import CURRENCY
from directory.clinics.facts import asked_in
from directory.clinics.filters import goal_words, price
from directory.clinics.importing.money import major_units, minor_units, read_range
from directory.clinics.models import Clinic
from directory.clinics.sections import Values
from directory.manage.profile_forms import SectionForm, at_most, field_for, kept_answer, one_line, shown_answer
from directory.places import countries
from directory.vocabulary import GOALS

MOST_LINES, SPARE_LINES, MOST_SESSIONS = 30, 2, 50
CURRENCIES = ("GBP", "EUR", "USD", "AUD", "CAD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "TRY",
              "AED", "SAR", "ILS", "ZAR", "INR", "SGD", "HKD", "JPY", "MXN", "BRL")  # fmt: skip


def _amount_field(label: Any) -> StringField:
    return StringField(
        label, filters=[one_line], validators=[at_most(20)], render_kw={"inputmode": "decimal", "maxlength": 20}
    )


def _sessions_field(label: Any) -> IntegerField:
    return IntegerField(
        label,
        validators=[Optional(), NumberRange(1, MOST_SESSIONS, _l("From 1 to %(most)d.", most=MOST_SESSIONS))],
        render_kw={"inputmode": "numeric", "min": 1, "max": MOST_SESSIONS},
    )


class LineForm(PlainForm):
    """One line; `gone` takes it off the list."""

    goal = SelectField(
        _l("Treatment"),
        default="",
        choices=[
            SelectChoice("", _l("All treatments")),
            *(SelectChoice(key, _l(words)) for key, words in GOALS.items()),
        ],
    )
    title = StringField(_l("Called"), filters=[one_line], validators=[at_most(120)], render_kw={"maxlength": 120})
    low = _amount_field(_l("From"))
    high = _amount_field(_l("Up to"))
    sessions_min = _sessions_field(_l("Sessions, from"))
    sessions_max = _sessions_field(_l("up to"))
    included = StringField(
        _l("What is included"), filters=[one_line], validators=[at_most(200)], render_kw={"maxlength": 200}
    )
    gone = BooleanField(_l("Take this line off"))

    @property
    def says_nothing(self) -> bool:
        typed = (self.low.data, self.high.data, self.sessions_min.data, self.sessions_max.data, self.included.data)
        return bool(self.gone.data) or not (any(typed) or self.title.data)


class PricesForm(SectionForm):
    section = "prices"
    currency = SelectField(_l("Currency of all prices"))
    lines = FieldList(FormField(LineForm), max_entries=MOST_LINES)
    touch_up_price, consultation_price, consultation_credited = (field_for(fact) for fact in asked_in("prices"))

    def __init__(self, *args: Any, clinic: Clinic, **more: Any) -> None:
        super().__init__(*args, clinic=clinic, **more)
        home = countries.currency(clinic.country) or "EUR"
        held = self.currency.object_data
        names = Locale.parse(str(get_locale() or "en")).currencies
        codes = dict.fromkeys(code for code in (held, home, *CURRENCIES) if code)
        self.currency.choices = [SelectChoice(code, f"{names.get(code, code)} ({code})") for code in codes]

    @classmethod
    def shown(cls, values: Values, clinic: Clinic) -> dict[str, Any]:
        code = clinic.currency or values[CURRENCY] or countries.currency(clinic.country) or "EUR"
        lines = [_line(line, code) for line in values["services"]]
        priced = {line["goal"] for line in lines}
        lines += [{"goal": goal} for goal in clinic.goals if goal not in priced]
        lines = (lines + [{} for _place in range(SPARE_LINES)])[:MOST_LINES]
        answers = {fact.key: shown_answer(fact, values.get(fact.key)) for fact in asked_in("prices")}
        sums = {key: major_units(value, code) for key, value in answers.items() if isinstance(value, int)}
        return {"currency": code, "lines": lines, **answers, **sums}

    @property
    def named_lines(self) -> list[tuple[LineForm, str, str]]:
        """Each line with its name and its price in words; both "" for a line that is still free."""
        return [(entry.form, *self._said(entry.form)) for entry in self.lines.entries]

    def _said(self, line: LineForm) -> tuple[str, str]:
        if line.says_nothing and not line.goal.data:
            return "", ""
        name = line.title.data or (goal_words(line.goal.data) if line.goal.data else _("All treatments"))
        try:
            low, high = self._minor(line.low.data), self._minor(line.high.data)
        except ValueError:
            return str(name), ""
        return str(name), price(low, high, self.currency.data)

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        taken: set[tuple[str, str]] = set()
        for line in self.lines.entries:
            if not line.form.says_nothing:
                fine = self._is_line(line.form, taken) and fine
        for key in ("touch_up_price", "consultation_price"):
            fine = self._is_sum(self[key]) and fine
        return fine

    def _is_line(self, line: LineForm, taken: set[tuple[str, str]]) -> bool:
        if not (self._is_sum(line.low) and self._is_sum(line.high)):
            return False
        low, high = self._minor(line.low.data), self._minor(line.high.data)
        if low is None and high is not None:
            return _refuse(line.low, _("Say from which price."))
        if low is not None and high is not None and high < low:
            return _refuse(line.high, _("This is less than the price it begins with."))
        fewest, most = line.sessions_min.data, line.sessions_max.data
        if most is not None and most < (fewest or most + 1):
            return _refuse(line.sessions_max, _("This is less than the number it begins with."))
        name = (line.goal.data, line.title.data.casefold())
        if name in taken:
            return _refuse(line.title, _("Another line is called the same: give one of them a name of its own."))
        taken.add(name)
        return True

    def _is_sum(self, field: Any) -> bool:
        try:
            self._minor(field.data)
        except ValueError:
            return _refuse(field, _("Type a sum such as 1200 or 1200.50."))
        return True

    def _minor(self, text: str | None) -> int | None:
        if not text:
            return None
        amounts, named = read_range(text, self.clinic.country, self.currency.data)
        if len(amounts) != 1 or (named and named != self.currency.data):
            raise ValueError("one sum in the currency of the list")
        return minor_units(Decimal(amounts[0]), self.currency.data)

    def values(self) -> Values:
        lines = [self._service(line.form) for line in self.lines.entries if not line.form.says_nothing]
        sums = {key: self._minor(self[key].data) for key in ("touch_up_price", "consultation_price")}
        credited = next(fact for fact in asked_in("prices") if fact.key == "consultation_credited")
        answers = {credited.key: kept_answer(credited, self.consultation_credited.data)}
        stated = any(value is not None for value in sums.values())
        return {"services": lines, CURRENCY: self.currency.data if stated else None, **sums, **answers}

    def _service(self, line: LineForm) -> Values:
        low, high = self._minor(line.low.data), self._minor(line.high.data)
        fewest, most = line.sessions_min.data, line.sessions_max.data
        return {
            "goal": line.goal.data,
            "title": line.title.data,
            "price_min": low,
            "price_max": low if high is None else high,
            "currency": None if low is None else self.currency.data,
            "sessions_min": most if fewest is None else fewest,
            "sessions_max": fewest if most is None else most,
            "included": line.included.data,
        }


def _line(service: Values, code: str) -> dict[str, Any]:
    low, high = service["price_min"], service["price_max"]
    return {
        **{name: service[name] for name in ("goal", "title", "sessions_min", "sessions_max", "included")},
        "low": "" if low is None else major_units(low, code),
        "high": "" if high is None or high == low else major_units(high, code),
    }


def _refuse(field: Any, message: str) -> bool:
    field.errors = [*field.errors, message]
    return False
