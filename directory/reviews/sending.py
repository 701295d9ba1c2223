"""Sending in: what an author wrote becomes an item of the desk, in one transaction with its record and letter."""

from werkzeug.exceptions import TooManyRequests

from directory import ledger, mail
from directory.accounts.links import link_for
from directory.accounts.models import User
from directory.allowance import Allowance, spend
from directory.cases.models import Case
from directory.cases.opening import case_about, open_case
from directory.consultations.queries import use_visit
from directory.db import db, now
from directory.errors import Refused
from directory.reviews import invitations
from directory.reviews.consents import HEALTH, PHOTOS
from directory.reviews.copies import compare_later
from directory.reviews.episodes import next_letter
from directory.reviews.models import Review
from directory.reviews.stages import Stage

DAY = 86_400
REVIEWS = Allowance("review", 3, DAY)
EDITS = Allowance("review/edit", 10, DAY)


def subject_of(stage: Stage) -> tuple[str, str, int]:
    """(kind of case, its subject, the row's id): a review whole until some of it was published, then stage by stage."""
    review = stage.review
    if review.was_published:
        return "stage", f"stage:{stage.public_id}", stage.id
    return "review", f"review:{review.public_id}", review.id


def receipt_of(stage: Stage) -> str:
    """The digest in the ledger under which the author finds this stage again; nobody else can tell whose it is."""
    return ledger.commitment(stage.public_id, stage.receipt_salt)[0] if stage.receipt_salt else ""


def _open(stage: Stage, reason: str, priority: str) -> Case:
    kind, subject, number = subject_of(stage)
    review = stage.review
    proof = review.proof
    return open_case(
        kind,
        subject=subject,
        subject_id=number,
        clock="review",
        priority=priority,
        reason=reason,
        clinic_id=review.clinic_id,
        author_id=review.author_id,
        stage=stage.public_id,
        **({"proof": proof.public_id} if proof is not None and proof.state == "waiting" else {}),
    )


def _record(stage: Stage, act: str) -> None:
    """With a commitment in place of the review's id: its exact moment must not lead from the log to a person."""
    digest, stage.receipt_salt = ledger.commitment(stage.public_id)
    ledger.record(act, role="author", subject=f"receipt:{digest[:22]}", receipt=digest)


def _use_code(review: Review) -> None:
    digest, review.code_digest = review.code_digest, ""
    if digest and review.verification != "visit" and invitations.use(digest, review.clinic_id):
        review.verification, review.solicited_by = "visit", "clinic"


def send_in(stage: Stage, *, by: User) -> Case:
    """Hand a draft, or what was mended, to the desk. Raises Refused, or TooManyRequests after the third of a day.

    The caller has locked the row, and has set what the author vouches for.
    """
    mended = stage.state == "needs_edit"
    if not mended and not spend(REVIEWS, by.public_id):
        raise TooManyRequests(retry_after=DAY)
    review = stage.review
    if not review.has_consent(HEALTH) or (stage.photos and not review.has_consent(PHOTOS)):
        raise Refused("What was not consented to is not kept.")
    if not by.is_confirmed:
        raise Refused("Confirm your e-mail address first.")
    stage.submit()
    if review.verification == "none":
        review.verification = "contact"
    _use_code(review)
    if review.verification != "visit" and use_visit(by, review.clinic_id, review.treated_month):
        review.verification = "visit"  # an attended consultation; the clinic does not learn which review it is
    review.recount()
    review.letter_at = next_letter(review.treated_month, {one.stage for one in review.stages}, now().date())
    first = subject_of(stage)[0] == "review"
    reason = "Mended by its author" if mended else ("New review" if first else "Later stage of a review")
    _record(stage, "review.submitted" if first else "stage.submitted")
    case = _open(stage, reason, "medium" if first or mended else "low")
    compare_later(stage)
    mail.post("reviews/received", to=by.email, link=link_for(by, "reviews.own", public_id=review.public_id))
    return case


def send_edit(stage: Stage, text: str, *, by: User) -> Case:
    """Propose other words for what is public; the old ones stay until a moderator has read the new ones."""
    if not spend(EDITS, by.public_id):
        raise TooManyRequests(retry_after=DAY)
    stage.propose(text)
    db.session.flush()
    case = _open(stage, "Edit of something public", "low")
    _record(stage, "stage.edited")
    return case


def close_cases(review: Review, *, photos_only: bool = False) -> None:
    """What waits at the desk about it is over: its author took it back."""
    subjects = [("photo", f"photo:{photo.public_id}") for photo in review.photos]
    if not photos_only:
        subjects += [("review", f"review:{review.public_id}")]
        subjects += [("stage", f"stage:{stage.public_id}") for stage in review.stages]
    for kind, subject in subjects:
        case = case_about(kind, subject)
        if case is not None:
            case.withdraw()
