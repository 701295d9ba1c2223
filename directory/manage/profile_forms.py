"""The sections of a clinic's profile as forms: answers, name and contact, treatments, languages.

A form is made from the values of its section (`clinics.sections`) and gives values back; whatever is left open is not
stated.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from directory.clinics.answers import SHORT, Fact
from directory.clinics.facts import asked_in
from directory.clinics.importing.contacts import read_phone, read_website
from directory.clinics.importing.rows import DESCRIPTION_LIMIT, NAME_LIMIT
from directory.clinics.importing.vocabularies import language_of, read_list
from directory.clinics.models import Clinic
from directory.clinics.sections import Values
from directory.forms import LONGEST_EMAIL, Form, plain_address
from directory.vocabulary import GOALS
from directory.words import visible

# Languages offered to tick; any other is typed.
SPOKEN = ("en", "es", "fr", "de", "it", "pt", "nl", "pl", "ru", "uk", "ro", "tr", "ar", "he", "fa", "hi", "ur", "pa",
          "bn", "zh", "yue", "ja", "ko", "vi", "el", "sv", "da", "no", "fi")  # fmt: skip
NOT_STATED = _l("Not stated")


def one_line(text: str | None) -> str:
    return visible(text or "", limit=10_000)


def several_lines(text: str | None) -> str:
    lines = (visible(line, limit=10_000) for line in (text or "").splitlines())
    return "\n".join(lines).strip()


def at_most(letters: int) -> Length:
    return Length(max=letters, message=_l("Use at most %(count)s letters.", count=letters))


def ticks(label: Any, choices: Mapping[str, Any]) -> SelectMultipleField:
    """Some of a few, each a box to tick."""
    return SelectMultipleField(
        label,
        choices=[SelectChoice(key, words) for key, words in choices.items()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class WebAddress:
    """A page that opens with http or https; leaves it in the form in which it is kept."""

    def __call__(self, form: Form, field: Field) -> None:
        found = read_website(field.data)
        if found is None:
            raise ValidationError(_l("This is no address of a page: https://example.org is one."))
        field.data = found[0]


def field_for(fact: Fact) -> Field:
    """The field in which one answer is given; every one may be left open."""
    told = {"description": fact.hint}
    if fact.kind == "flag":
        answers = [("", NOT_STATED), ("yes", _l("Yes")), ("no", _l("No"))]
        return RadioField(fact.label, choices=[SelectChoice(*one) for one in answers], **told)
    if fact.kind == "choice":
        answers = [("", NOT_STATED), *fact.choices.items()]
        return RadioField(fact.label, choices=[SelectChoice(*one) for one in answers], **told)
    if fact.kind == "choices":
        return ticks(fact.label, fact.choices)
    if fact.kind == "number":
        range_ = NumberRange(0, fact.most, _l("A whole number from 0 to %(most)d.", most=fact.most))
        typed = {"inputmode": "numeric", "min": 0, "max": fact.most}
        return IntegerField(fact.label, validators=[Optional(), range_], render_kw=typed, **told)
    if fact.kind == "web":
        return URLField(
            fact.label, filters=[one_line], validators=[Optional(), at_most(SHORT * 3), WebAddress()], **told
        )
    if fact.kind == "sum":
        return StringField(
            fact.label, filters=[one_line], validators=[at_most(20)], render_kw={"inputmode": "decimal"}, **told
        )
    return StringField(
        fact.label, filters=[one_line], validators=[at_most(fact.most)], render_kw={"maxlength": fact.most}, **told
    )


def shown_answer(fact: Fact, value: Any) -> Any:
    """An answer as its field holds it."""
    if fact.kind == "flag":
        return {True: "yes", False: "no"}.get(value, "")
    return value if value is not None else [] if fact.kind == "choices" else None if fact.kind == "number" else ""


def kept_answer(fact: Fact, typed: Any) -> Any:
    """The answer that a field gives; None for one that is left open."""
    if fact.kind == "flag":
        return {"yes": True, "no": False}.get(typed)
    return typed if typed == 0 else typed or None


class SectionForm(Form):
    """One section. `seen` is the stamp of the state that it was drawn from."""

    section = ""
    seen = HiddenField()

    def __init__(self, *args: Any, clinic: Clinic, owns: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        self.clinic, self.owns = clinic, owns

    @classmethod
    def shown(cls, values: Values, clinic: Clinic) -> dict[str, Any]:
        """The section's values as the fields hold them."""
        told = {fact.key: shown_answer(fact, values.get(fact.key)) for fact in asked_in(cls.section)}
        return {**values, **told}

    def wrong(self) -> list[tuple[str, str, str]]:
        """Every field that needs another look, those inside lists too: its id, its label, what is wrong."""
        return list(_wrong(self))

    def values(self) -> Values:
        """What was typed, as values of the section; only of a valid form."""
        return {fact.key: kept_answer(fact, self[fact.key].data) for fact in asked_in(self.section)}


def _wrong(fields: Iterable[Field]) -> Iterator[tuple[str, str, str]]:
    for one in fields:
        if isinstance(one, FieldList):
            yield from _wrong(one.entries)
        elif isinstance(one, FormField):
            yield from _wrong(one.form)
        elif one.errors:
            yield one.id, str(one.label.text), str(one.errors[0])


def _with_answers(form: type[SectionForm]) -> type[SectionForm]:
    for fact in asked_in(form.section):
        if fact.kind != "sum":
            setattr(form, fact.key, field_for(fact))
    return form


def language_choices() -> list[SelectChoice]:
    names = Locale.parse(str(get_locale() or "en")).languages
    return [SelectChoice(code, names.get(code, code)) for code in SPOKEN]


class IdentityForm(SectionForm):
    section = "identity"
    name = StringField(
        _l("Name"),
        filters=[one_line],
        validators=[DataRequired(_l("The clinic needs a name.")), at_most(NAME_LIMIT)],
        render_kw={"maxlength": NAME_LIMIT, "autocomplete": "organization"},
    )
    description = TextAreaField(
        _l("In your own words"),
        filters=[several_lines],
        validators=[at_most(DESCRIPTION_LIMIT)],
        render_kw={"rows": 8, "maxlength": DESCRIPTION_LIMIT},
    )
    description_lang = SelectField(_l("Language of this text"))
    phone = TelField(_l("Phone"), filters=[one_line], validators=[at_most(40)], render_kw={"autocomplete": "tel"})
    email = EmailField(_l("E-mail address"), filters=[one_line], validators=[at_most(LONGEST_EMAIL)])
    website = URLField(_l("Website"), filters=[one_line], validators=[Optional(), at_most(300), WebAddress()])

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.description_lang.choices = [SelectChoice("", NOT_STATED), *language_choices()]
        held = self.description_lang.object_data
        if held and held not in SPOKEN:
            self.description_lang.choices.append(SelectChoice(held, held))
        if not self.owns:
            del self.name

    def validate_phone(self, field: Field) -> None:
        if field.data:
            found = read_phone(field.data, self.clinic.country)
            if found is None:
                raise ValidationError(_l("This is no phone number there: begin with + and the country's code."))
            field.data = found

    def validate_email(self, field: Field) -> None:
        if field.data:
            found = plain_address(field.data)
            if found is None:
                raise ValidationError(_l("This is not an e-mail address: name@example.org is one."))
            field.data = found

    def values(self) -> Values:
        names = ("name", "description", "description_lang", "phone", "email", "website")
        return {name: self[name].data or "" for name in names if name in self}


@_with_answers
class TreatmentsForm(SectionForm):
    section = "treatments"
    goals = ticks(_l("What do you do?"), {key: _l(words) for key, words in GOALS.items()})

    def validate_goals(self, field: Field) -> None:
        """What has a price is offered."""
        priced = {line.goal for line in self.clinic.services if line.goal}
        if missing := priced - set(field.data):
            first = next(key for key in GOALS if key in missing)
            raise ValidationError(
                _l("%(goal)s has a price: take the line off your prices first.", goal=_l(GOALS[first]))
            )

    def values(self) -> Values:
        return {**super().values(), "goals": [key for key in GOALS if key in self.goals.data]}


class LanguagesForm(SectionForm):
    section = "languages"
    spoken = SelectMultipleField(
        _l("Spoken here"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    others = StringField(
        _l("Others, with commas between"),
        filters=[one_line],
        validators=[at_most(300)],
        render_kw={"maxlength": 300},
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.spoken.choices = language_choices()

    @classmethod
    def shown(cls, values: Values, clinic: Clinic) -> dict[str, Any]:
        spoken = values["languages"]
        return {"spoken": [one for one in spoken if one in SPOKEN],
                "others": ", ".join(one for one in spoken if one not in SPOKEN)}  # fmt: skip

    def validate_others(self, field: Field) -> None:
        for part in read_list(field.data):
            if language_of(part) is None:
                raise ValidationError(_l("We know no language called “%(word)s”.", word=part))

    def values(self) -> Values:
        typed = [found for part in read_list(self.others.data) if (found := language_of(part))]
        return {"languages": list(dict.fromkeys([*self.spoken.data, *typed]))}


@_with_answers
class PoliciesForm(SectionForm):
    section = "policies"


@_with_answers
class MaterialsForm(SectionForm):
    section = "materials"
