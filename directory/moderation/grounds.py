"""Why somebody reports something: the grounds to choose from, which are urgent, and how often one may report."""

from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from directory.allowance import Allowance

DAY = 86_400
REPORT_CALLER = Allowance("report/caller", 20, DAY)
REPORT_ACCOUNT = Allowance("report/account", 20, DAY)
# A clinic's people together, whatever devices and accounts they use: reporting must not become a way to wear us out.
REPORT_CLINIC = Allowance("report/clinic", 10, 7 * DAY)
EVIDENCE_ACCOUNT = Allowance("evidence/account", 20, DAY)


class Ground(NamedTuple):
    """The words to choose, and whether a person could be harmed while it waits."""

    words: str
    urgent: bool = False


GROUNDS = {
    "personal": Ground(_l("It shows personal data, or speaks of the health of somebody named"), urgent=True),
    "threat": Ground(_l("It threatens, insults or stirs up hatred"), urgent=True),
    "nudity": Ground(_l("It shows nudity"), urgent=True),
    "fake": Ground(_l("It is invented, or by somebody with a tie to the clinic or to a rival")),
    "incentive": Ground(_l("A discount or a gift is given for reviews")),
    "gag": Ground(_l("Clients are made to promise not to write, or threatened if they do")),
    "copied": Ground(_l("Words or photos are copied from elsewhere")),
    "subject": Ground(_l("It is about something else than a treatment at this clinic")),
    "facts": Ground(_l("A fact about the clinic or a person is wrong")),
    "law": Ground(_l("It is against the law in another way")),
    "other": Ground(_l("Something else")),
}
# Said by a clinic's own people only, on pages of their own.
CLINIC_GROUNDS = {
    "disputed": Ground(_l("The clinic disputes what the review says")),
    "extortion": Ground(_l("Somebody asks for something in exchange for a review"), urgent=True),
    "defamation": Ground(_l("Legal notice: said to be defamatory")),
}


def ground_of(key: str) -> Ground:
    return GROUNDS.get(key) or CLINIC_GROUNDS[key]
