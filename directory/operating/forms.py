"""What operators type: an address, a role, a reason."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length, Regexp

from directory.accounts.models import ROLES
from directory.clinics.forms import SLUG
from directory.clinics.suspensions import SHORTEST
from directory.forms import Form, email_field

CAUSE_WORDS = {
    "import": _l("An import brought wrong facts"),
    "security": _l("Somebody took the listing over, or it leads visitors to harm"),
    "order": _l("An authority or a court ordered it"),
    "data": _l("The database holds something broken"),
}


def reason_field(label: Any) -> TextAreaField:
    """Words that the person reads: a sentence at least."""
    return TextAreaField(
        label,
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired(_l("Say why.")),
            Length(SHORTEST, 500, message=_l("One sentence at least, and at most 500 letters.")),
        ],
        render_kw={"rows": 3, "maxlength": 500},
    )


class FindForm(Form):
    """Somebody by the whole address; there is no list to look through."""

    email = email_field(_l("The whole e-mail address"))


class RoleForm(Form):
    role = SelectField(_l("Role"), choices=[(role, role) for role in ROLES])
    act = HiddenField(validators=[AnyOf(["give", "take"])])


class ReasonForm(Form):
    reason = reason_field(_l("Why; the person reads it"))


class FindClinicForm(Form):
    slug = StringField(
        _l("The clinic's name in its address"),
        filters=[lambda text: (text or "").strip().rpartition("/")[2]],
        validators=[DataRequired(_l("Paste the address of its page.")), Regexp(rf"^{SLUG.pattern}$")],
    )


class SuspendForm(Form):
    cause = RadioField(_l("Cause"), choices=list(CAUSE_WORDS.items()), validators=[DataRequired(_l("Choose one."))])
    reason = reason_field(_l("In words for the clinic's people"))


class PlainForm(Form):
    """Only a button."""
