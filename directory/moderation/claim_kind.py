"""How the desk shows who runs a listing: claims, and what a clinic changed about itself that needs another look."""

from flask_babel import lazy_gettext as _l

from directory.cases.models import Case
from directory.claims.reopening import KIND
from directory.moderation import change_acts
from directory.moderation.carrying import KINDS, Act, Kind


def _is_change(case: Case) -> bool:
    return case.subject.startswith("change:")


KINDS[KIND] = Kind(
    _l("Claim or change of a listing"),
    "desk/items/claim.html",
    {
        "confirm": Act(
            _l("It is so"),
            "a",
            change_acts.confirm,
            _l("The page no longer says that it is being checked; the date of the change stays."),
            fits=_is_change,
        ),
        "put_back": Act(
            _l("Put it back as it was"),
            "r",
            change_acts.put_back,
            _l("The page shows what was before. Whoever changed it reads your words and may appeal."),
            grave=True,
            fits=_is_change,
        ),
    },
)
