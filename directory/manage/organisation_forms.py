"""What is typed about organisations."""

from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired

from directory.forms import Form
from directory.once import OnceForm
from directory.words import visible

LONGEST = 120


class FoundForm(OnceForm):
    name = StringField(
        _l("Name over all your clinics"),
        filters=[lambda text: visible(text or "", limit=LONGEST)],
        validators=[DataRequired(_l("Type a name."))],
        render_kw={"maxlength": LONGEST, "autocomplete": "organization"},
    )


class AskForm(OnceForm):
    """Which clinic shall join: the address of its page here, or the last part of it."""

    page = StringField(
        _l("Address of its page here"),
        filters=[lambda text: (text or "").strip()[:300]],
        validators=[DataRequired(_l("Paste the address of the clinic's page."))],
        render_kw={"maxlength": 300, "autocomplete": "off"},
    )

    @property
    def slug(self) -> str:
        return urlsplit(self.page.data or "").path.rstrip("/").rpartition("/")[2]


class AnswerForm(Form):
    """Two buttons."""

    answer = SelectField(choices=[SelectChoice("join"), SelectChoice("decline")])
