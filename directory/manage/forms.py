"""What a clinic's people type, and the judgement of its shape."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from directory.forms import Form
from directory.manage.issuing import MOST_AT_ONCE
from directory.moderation.report_forms import words_field
from directory.once import OnceForm

MAX_REPLY = 2_000


class ReplyForm(OnceForm):
    """A reply. Marked phrases are shown once; `knowing` sends it as it is."""

    text = TextAreaField(
        _l("Your reply"),
        filters=[lambda text: (text or "").replace("\0", "").strip()],
        validators=[
            DataRequired(_l("Write a reply.")),
            Length(min=20, message=_l("Say a little more: a whole sentence.")),
            Length(max=MAX_REPLY, message=_l("Use at most %(number)d letters.", number=MAX_REPLY)),
        ],
        render_kw={"rows": 7, "maxlength": MAX_REPLY},
    )
    knowing = BooleanField(_l("None of the marked words tells who the reviewer is. Send it as it is."))


class DisputeForm(OnceForm):
    text = words_field(
        _l("What is not true, and how can a moderator see that?"),
        _l("Say what is not true."),
        rows=7,
    )


class EvidenceForm(Form):
    document = FileField(_l("Document"), render_kw={"accept": "application/pdf,image/jpeg,image/png,image/webp"})


class ThreatForm(OnceForm):
    text = words_field(
        _l("What was asked, in which words, when and how did it reach you?"),
        _l("Say what happened."),
        rows=7,
    )


class IssueForm(OnceForm):
    number = IntegerField(
        _l("How many codes?"),
        validators=[
            InputRequired(_l("Say how many.")),
            NumberRange(1, MOST_AT_ONCE, _l("From 1 to %(most)d at once.", most=MOST_AT_ONCE)),
        ],
        render_kw={"inputmode": "numeric", "min": 1, "max": MOST_AT_ONCE},
    )
