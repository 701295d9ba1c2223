"""An item named after something was done with it, with the way back to it: a slip is seen at once."""

from flask import url_for
from markupsafe import Markup

from directory.cases.models import Case
from directory.clinics.models import Clinic
from directory.db import db
from directory.moderation.carrying import KINDS
from directory.moderation.wording import verb_words


def named(case: Case, done: str, act: str = "") -> Markup:
    """What was done, in words; then which item it was, and the act, as a link."""
    clinic = db.session.get(Clinic, case.clinic_id) if case.clinic_id else None
    chosen = KINDS[case.kind].acts.get(act)
    did = str(chosen.words) if chosen else verb_words(act) if act else ""
    words = [str(KINDS[case.kind].words), clinic.name if clinic else "", did]
    line = Markup('<strong>{}</strong> <a href="{}">{}</a>')
    where = url_for("desk.show", public_id=case.public_id)
    return line.format(done, where, ": ".join(part for part in words if part))
