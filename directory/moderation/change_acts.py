"""The verbs of decisions about a clinic's new name, address or owner."""

from flask_babel import gettext as _

from directory.claims import reopening
from directory.clinics.material import ClinicChange
from directory.errors import Refused
from directory.moderation.acts import Work


def _of(work: Work) -> ClinicChange:
    if not isinstance(work.thing, ClinicChange):
        raise Refused(_("This change is gone."))
    return work.thing


def confirm(work: Work) -> None:
    """It is so; the mark stays, without the words that it is being checked."""
    _of(work).confirm(role=work.role)


def put_back(work: Work) -> None:
    """It is not so: all is as before, and whoever changed it is told why."""
    change = _of(work)
    work.restrict("put_back")
    reopening.put_back(change, role=work.role)
