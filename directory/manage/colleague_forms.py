"""What is typed about colleagues at a clinic's desk."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField
from wtforms.validators import DataRequired

from directory.forms import Form, email_field
from directory.once import OnceForm


class InviteColleagueForm(OnceForm):
    email = email_field(_l("E-mail address of your colleague"))


class HandOverForm(Form):
    sure = BooleanField(
        _l("I give up the ownership as soon as they take it."), validators=[DataRequired(_l("Tick this to go on."))]
    )


class TakeForm(Form):
    """Two buttons."""

    answer = SelectField(choices=[SelectChoice("take"), SelectChoice("keep")])
