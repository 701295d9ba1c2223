"""What moderators type at the desk."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from directory.cases.decisions import MIN_STATEMENT
from directory.credentials.checks import FIELDS
from directory.forms import Form
from directory.moderation.holding import HOLD_RULES
from directory.moderation.rules import RULES, contradiction, rule_of, rules_for
from directory.once import OnceForm

LONGEST_STATEMENT, LONGEST_NOTE = 2_000, 1_000


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _boxes(label: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label, choices=[], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False
    )


class DecideForm(OnceForm):
    """Act, rule and statement; sentences to take out, photos not to show, and what the proof showed.

    Nothing is chosen before somebody chooses. `only` is the rule where there is no choice: a finding, or an appeal, in
    which the rule is that of the decision it is about.
    """

    act = StringField(validators=[DataRequired(_l("Choose what to do."))])
    rule = RadioField(
        _l("Which rule"), validators=[DataRequired(_l("Choose the rule that is broken, or that none is."))]
    )
    statement = TextAreaField(
        _l("Why, in words for whoever it concerns"),
        filters=[_stripped],
        validators=[
            InputRequired(_l("Say why: a decision without reasons is none.")),
            Length(min=MIN_STATEMENT, message=_l("Say it in a sentence at least.")),
            Length(max=LONGEST_STATEMENT, message=_l("Use at most %(count)s letters.", count=LONGEST_STATEMENT)),
            # The words that a rule begins with are a beginning: nobody is sent "This part threatens somebody:".
            Regexp(r"(?s).*[^:]\Z", message=_l("Finish the sentence: say which words, and what is wrong with them.")),
        ],
        render_kw={"rows": 5, "maxlength": LONGEST_STATEMENT},
    )
    sentences = _boxes(_l("Sentences to take out"))
    photos = _boxes(_l("Photos not to show"))
    proof = RadioField(
        _l("Does the document show a visit to this clinic?"),
        choices=[SelectChoice("accept", _l("Yes")), SelectChoice("refuse", _l("No"))],
        validate_choice=False,
    )

    early = TextAreaField(
        _l("Why before its author's time to answer is up; colleagues read it"),
        filters=[_stripped],
        validators=[Length(max=500, message=_l("That is too long."))],
        render_kw={"rows": 2, "maxlength": 500},
    )
    matched = _boxes(_l("Fields that agree"))
    mismatched = _boxes(_l("Fields that do not agree"))
    source = StringField(
        _l("Where the answer stands, or whose it is, as the public will read it"),
        filters=[_stripped],
        validators=[Length(max=300, message=_l("That is too long."))],
        render_kw={"maxlength": 300},
    )

    def __init__(self, *args: Any, only: str = "", thing: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.only = only
        table = {only: rule_of(only)} if only else rules_for(thing)
        self.rule.choices = [SelectChoice(key, rule.words) for key, rule in table.items()]
        if only:
            self.rule.data = only

    def validate_statement(self, field: TextAreaField) -> None:
        if not self.only and self.rule.data and (wrong := contradiction(self.rule.data, field.data or "")):
            raise ValidationError(wrong)

    def extra(self) -> dict[str, Any]:
        """What is kept with the decision until it is carried out."""
        return {
            "sentences": [one for one in self.sentences.data or [] if one.isascii() and one.isdigit()][:500],
            "photos": list(self.photos.data or [])[:50],
            "proof": self.proof.data or "",
            "matched": [field for field in self.matched.data or [] if field in FIELDS],
            "mismatched": [field for field in self.mismatched.data or [] if field in FIELDS],
            "source": self.source.data or "",
            "early": self.early.data or "",
        }


class SecondForm(OnceForm):
    agrees = RadioField(
        _l("Your word"),
        choices=[
            SelectChoice("yes", _l("I agree: carry it out")),
            SelectChoice("no", _l("I do not agree: decide anew")),
        ],
        validators=[InputRequired(_l("Agree, or do not."))],
    )
    why = TextAreaField(
        _l("If you do not agree: why, for whoever decides anew"),
        filters=[_stripped],
        validators=[Length(max=LONGEST_NOTE, message=_l("That is too long."))],
        render_kw={"rows": 2, "maxlength": LONGEST_NOTE},
    )

    def validate_why(self, field: TextAreaField) -> None:
        if self.agrees.data == "no" and len(field.data or "") < MIN_STATEMENT:
            raise ValidationError(_("Say why you do not agree, in a sentence at least."))


class NoteForm(OnceForm):
    text = TextAreaField(
        _l("Note for colleagues"),
        filters=[_stripped],
        validators=[DataRequired(_l("Write the note.")), Length(max=LONGEST_NOTE, message=_l("That is too long."))],
        render_kw={"rows": 2, "maxlength": LONGEST_NOTE},
    )


class AgainForm(OnceForm):
    """Why somebody else should look again; colleagues read it, nobody outside the desk does."""

    why = TextAreaField(
        _l("Why, for whoever looks again"),
        filters=[_stripped],
        validators=[
            Length(min=MIN_STATEMENT, message=_l("Say it in a sentence at least.")),
            Length(max=LONGEST_NOTE, message=_l("That is too long.")),
        ],
        render_kw={"rows": 3, "maxlength": LONGEST_NOTE},
    )


class PlainForm(Form):
    """Only a button."""


class TieForm(Form):
    slug = StringField(
        _l("Last part of the address of the clinic's page"),
        filters=[_stripped],
        validators=[DataRequired(_l("Name the clinic.")), Length(max=120)],
    )
    why = StringField(_l("What ties you to it; only you see this"), filters=[_stripped], validators=[Length(max=200)])


class SavedReplyForm(Form):
    rule = SelectField(_l("Rule"), choices=[SelectChoice(key, rule.words) for key, rule in RULES.items()])
    title = StringField(
        _l("Title"), filters=[_stripped], validators=[DataRequired(_l("Give it a title.")), Length(max=80)]
    )
    text = TextAreaField(
        _l("Text"),
        filters=[_stripped],
        validators=[DataRequired(_l("Write the text.")), Length(max=LONGEST_STATEMENT)],
        render_kw={"rows": 5},
    )


class HoldForm(OnceForm):
    """Hide at once what could harm somebody, with a reason, until tomorrow at the latest."""

    rule = SelectField(_l("Which rule"), validators=[DataRequired(_l("Choose the rule that is broken."))])
    statement = TextAreaField(
        _l("Why, in words for its author"),
        filters=[_stripped],
        validators=[Length(min=MIN_STATEMENT, max=LONGEST_STATEMENT, message=_l("Say it in a sentence at least."))],
        render_kw={"rows": 3},
    )

    def __init__(self, *args: Any, thing: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        urgent = [(key, rule) for key, rule in rules_for(thing).items() if key in HOLD_RULES]
        self.rule.choices = [SelectChoice("", _l("Choose")), *(SelectChoice(key, rule.words) for key, rule in urgent)]

    def validate_statement(self, field: TextAreaField) -> None:
        if self.rule.data and (wrong := contradiction(self.rule.data, field.data or "")):
            raise ValidationError(wrong)
