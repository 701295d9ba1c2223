"""What authorities published, in words: the outcome of a visit, the kind of a measure, and whether it is in force."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from directory.clinics.filters import day
from directory.credentials.outside import GRAVE, Sanction

OUTCOME_WORDS = {
    "passed": _l("Passed"),
    "passed_with_conditions": _l("Passed with conditions"),
    "failed": _l("Not passed"),
    "closed": _l("Closed by the authority"),
    "unknown": _l("Visited; no result published"),
}
OUTCOME_KINDS = {"passed": "ok", "passed_with_conditions": "warn", "failed": "stop", "closed": "stop", "unknown": ""}
SANCTION_WORDS = {
    "warning": _l("Warning"),
    "fine": _l("Fine"),
    "restriction": _l("Restriction"),
    "suspension": _l("Suspension"),
    "prohibition": _l("Prohibition"),
}


def sanction_kind(one: Sanction, today: date) -> str:
    """stop while a grave one is in force, warn while another one is, empty when it is over."""
    if not one.is_in_force(today):
        return ""
    return "stop" if one.kind in GRAVE else "warn"


def sanction_time(one: Sanction, today: date) -> str:
    """From when to when, and whether that is now."""
    if one.until is None:
        return str(_("since %(day)s, with no end published", day=day(one.since)))
    if one.is_in_force(today):
        return str(_("from %(since)s until %(until)s", since=day(one.since), until=day(one.until)))
    return str(_("from %(since)s until %(until)s, over", since=day(one.since), until=day(one.until)))


FILTERS = {
    "sanction_kind": sanction_kind,
    "sanction_time": sanction_time,
    "sanction_words": lambda one: SANCTION_WORDS[one.kind],
    "outcome_kind": lambda one: OUTCOME_KINDS[one.outcome],
    "outcome_words": lambda one: OUTCOME_WORDS[one.outcome],
}
