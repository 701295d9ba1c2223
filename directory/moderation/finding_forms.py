"""What a checker types of what an authority published: always with the address where it stands."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.validators import Optional as MayBeEmpty

from directory.credentials.forms import NotBefore
from directory.credentials.issuers import Issuer
from directory.credentials.outside_words import OUTCOME_WORDS, SANCTION_WORDS
from directory.once import OnceForm
from directory.practitioners.models import Practitioner
from directory.words import visible

PREMISES = "premises"


def _line(limit: int) -> Any:
    return lambda text: visible(text or "", limit=limit)


class FindingForm(OnceForm):
    """Whose word it is, what it says in short, and where it stands."""

    issuer = SelectField(_l("Which authority?"), validators=[InputRequired(_l("Choose whose word it is."))])
    authority = StringField(_l("Which office of it?"), filters=[_line(120)], render_kw={"maxlength": 120})
    words = StringField(
        _l("What it says, in its own words"),
        filters=[_line(300)],
        validators=[DataRequired(_l("Say what it says."))],
        render_kw={"maxlength": 300},
    )
    url = StringField(
        _l("Where it stands"),
        filters=[lambda text: (text or "").strip()],
        validators=[DataRequired(_l("Give the address.")), Length(max=300, message=_l("That is too long."))],
        render_kw={"maxlength": 300, "type": "url", "placeholder": "https://"},
    )

    def __init__(self, issuers: Sequence[Issuer], **more: Any) -> None:
        super().__init__(**more)
        self.issuers = {one.key: one for one in issuers}
        self.issuer.choices = [SelectChoice(one.key, one.name) for one in issuers]

    def validate_authority(self, field: Field) -> None:
        chosen = self.issuers.get(self.issuer.data or "")
        if chosen is not None and chosen.local and not field.data:
            raise ValidationError(_l("Say which one: there are many of these."))

    def validate_url(self, field: Field) -> None:
        parts = urlsplit(field.data or "")
        if parts.scheme != "https" or "." not in parts.netloc or any(letter.isspace() for letter in field.data):
            raise ValidationError(_l("Give an address that begins with https://"))

    def source(self) -> dict[str, Any]:
        """What both kinds have in common."""
        return {
            "issuer": self.issuers[self.issuer.data],
            "authority": self.authority.data,
            "words": self.words.data,
            "url": self.url.data,
        }


class InspectionForm(FindingForm):
    inspected_on = DateField(_l("Day of the visit"), validators=[InputRequired(_l("Say when."))])
    outcome = SelectField(
        _l("How it came out"), choices=[SelectChoice(key, words) for key, words in OUTCOME_WORDS.items()]
    )


class SanctionForm(FindingForm):
    about = SelectField(_l("Whom it is against"))
    kind = SelectField(_l("What it is"), choices=[SelectChoice(key, words) for key, words in SANCTION_WORDS.items()])
    since = DateField(_l("From"), validators=[InputRequired(_l("Say when."))])
    until = DateField(_l("Until"), validators=[MayBeEmpty(), NotBefore("since")])

    def __init__(self, issuers: Sequence[Issuer], people: Sequence[Practitioner], **more: Any) -> None:
        super().__init__(issuers, **more)
        self.people = {one.slug: one for one in people}
        named = [SelectChoice(one.slug, one.name) for one in people]
        self.about.choices = [SelectChoice(PREMISES, _l("The premises")), *named]
