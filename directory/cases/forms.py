"""What a person writes against a decision."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from directory.once import OnceForm

MIN_APPEAL, MAX_APPEAL = 20, 3_000


class AppealForm(OnceForm):
    """Why the decision is wrong."""

    text = TextAreaField(
        _l("Why is the decision wrong?"),
        filters=[lambda text: (text or "").replace("\0", "").replace("\r\n", "\n").strip()],
        validators=[
            DataRequired(_l("Say why the decision is wrong.")),
            Length(min=MIN_APPEAL, message=_l("Say it in a sentence or two.")),
            Length(max=MAX_APPEAL, message=_l("Use at most 3,000 letters.")),
        ],
        render_kw={"rows": 8, "maxlength": MAX_APPEAL},
    )
