"""How the desk shows who runs a listing: claims, and what a clinic changed about itself that needs another look."""

from flask_babel import lazy_gettext as _l

from directory.cases.models import Case
from directory.claims.reopening import KIND
from directory.moderation import change_acts, claim_acts
from directory.moderation.carrying import KINDS, Act, Kind


def _is_change(case: Case) -> bool:
    return case.subject.startswith("change:")


def _is_claim(case: Case) -> bool:
    return not _is_change(case) and not case.facts.get("after")


def _waits_for_letter(case: Case) -> bool:
    claim = claim_acts.claim_of(case) if _is_claim(case) else None
    return claim is not None and claim.proof == "letter" and claim.proven_at is None


def _is_objection(case: Case) -> bool:
    """Somebody objects to what took effect already."""
    return not _is_change(case) and bool(case.facts.get("after"))


KINDS[KIND] = Kind(
    _l("Claim or change of a listing"),
    "desk/items/claim.html",
    {
        "posted": Act(
            _l("The letter is posted"),
            "l",
            claim_acts.posted,
            _l("The claimant types its code within 30 days; then it is back here."),
            fits=_waits_for_letter,
            says=_l("The letter with the code was printed and posted to the clinic's address."),
        ),
        "approve": Act(
            _l("Approve"),
            "a",
            claim_acts.approve,
            _l(
                "By letter or licence, with no owner: at once. Else after a week in which the known contact may object."
            ),
            claim_acts.takes_two,
            grave=True,
            fits=_is_claim,
        ),
        "ask": Act(
            _l("Ask the claimant"),
            "e",
            claim_acts.ask,
            _l("The claimant reads your words and answers; then it is back here."),
            fits=_is_claim,
        ),
        "refuse": Act(
            _l("Refuse with this statement"),
            "r",
            claim_acts.refuse,
            _l("The claimant reads your words at once and may appeal for six months."),
            grave=True,
            fits=_is_claim,
        ),
        "leave": Act(
            _l("It stays theirs"),
            "s",
            claim_acts.leave,
            _l("The listing stays with whoever claimed it."),
            fits=_is_objection,
        ),
        "take_away": Act(
            _l("Take the listing from them"),
            "t",
            claim_acts.take_away,
            _l("They have it no more, read your words and may appeal. The listing is unclaimed again."),
            lambda case: True,
            grave=True,
            fits=_is_objection,
        ),
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
