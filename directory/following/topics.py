"""What can change at a clinic, gathered into the few things a reader chooses between; in words fit for a letter.

A letter may be read by others: the words name no place, no treatment, and nothing that anybody has.
"""

from flask_babel import lazy_gettext as _l

PAPERS, REVIEWS, PLACE = "papers", "reviews", "place"
TOPICS = {
    PAPERS: _l("A credential was checked, ran out or was taken back"),
    REVIEWS: _l("A review of a healed result can be read"),
    PLACE: _l("The clinic closed, moved, opened again or changed its owner"),
}
KINDS = {
    "checked": (PAPERS, _l("A document was checked")),
    "gone": (PAPERS, _l("A register no longer bears a document out")),
    "ended": (PAPERS, _l("A document was taken back by whoever issued it")),
    "lapsed": (PAPERS, _l("A document ran out")),
    "review": (REVIEWS, _l("There is a new review to read")),
    "closed": (PLACE, _l("It closed")),
    "moved": (PLACE, _l("It moved to another address")),
    "opened": (PLACE, _l("It opened again")),
    "owner": (PLACE, _l("It has another owner")),
}
