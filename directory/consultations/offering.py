"""What a clinic may want to look at again before its times go out: it is asked once, and decides."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from flask_babel import gettext as _

from directory.clinics.hours import open_state
from directory.clinics.models import Clinic
from directory.consultations.letters import local_words
from directory.consultations.models import OfferedTime


def doubts(clinic: Clinic, times: Sequence[OfferedTime]) -> list[str]:
    """Times that overlap, and times at which the clinic's own page says that it is closed; `times` are in order."""
    found = []
    for one, following in pairwise(times):
        if following.starts_at < one.starts_at + timedelta(minutes=one.minutes):
            both = {"one": local_words(one.starts_at, clinic.timezone), "minutes": one.minutes}
            found.append(_("The next time begins before %(one)s is over: it takes %(minutes)s minutes.", **both))
    for one in times:
        state = open_state(clinic, one.starts_at)
        if state is not None and not state.is_open:
            when = local_words(one.starts_at, clinic.timezone)
            found.append(_("Your page says that you are closed then: %(when)s.", when=when))
    return found
