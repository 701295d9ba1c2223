"""Account: how old it is, how much it writes about how many clinics, and whether it knows only one number of stars."""

from collections.abc import Sequence

from directory.moderation.signals.arrivals import Arrival
from directory.moderation.signals.finding import Finding, times
from directory.moderation.signals.thresholds import ACCOUNT_WINDOW, CLINICS_HIGH, CLINICS_MEDIUM, EXTREME_STARS


def find(own: Arrival, written: Sequence[Arrival]) -> Finding | None:
    """`written` are all the author's reviews, `own` among them.

    To sign up and write at once is what most honest people do, and so is giving 5 stars: together they are low, never
    more. What honest people do not do is being treated again and again by different clinics.
    """
    near = [one for one in written if abs(one.at - own.at) <= ACCOUNT_WINDOW]
    clinics = len({one.clinic_id for one in near})
    extreme = {one.overall for one in near} <= {EXTREME_STARS[0]} or {one.overall for one in near} <= {EXTREME_STARS[1]}
    others = tuple(one.public_id for one in near if one.review_id != own.review_id)
    days = max(1, (near[-1].at - near[0].at).days) if near else 0
    praises = own.overall == EXTREME_STARS[1]
    said = ("; nothing but praise" if praises else "; nothing but complaints") if near and extreme else ""
    if clinics >= CLINICS_MEDIUM:
        strength = "high" if clinics >= CLINICS_HIGH or extreme else "medium"
        words = f"This account reviewed {clinics} clinics in {times(days, 'day', 'days')}{said}"
        return Finding("account", strength, words, others)
    if clinics == 2 and extreme:
        words = f"This account reviewed 2 clinics in {times(days, 'day', 'days')}{said}"
        return Finding("account", "low", words, others)
    if own.is_fresh and own.overall in EXTREME_STARS and own.signed_up is not None:
        minutes = max(1, int((own.at - own.signed_up).total_seconds() // 60))
        age = times(minutes, "minute", "minutes") if minutes < 120 else f"{minutes // 60} hours"
        what = "Praise" if praises else "A complaint"
        return Finding("account", "low", f"{what} from an account opened {age} before")
    return None
