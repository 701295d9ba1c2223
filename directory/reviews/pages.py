"""What the author's pages are drawn from: the draft as answers of a form, the next step, addresses of photos."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from directory.cases.clocks import CLOCKS
from directory.db import now
from directory.forms import Form
from directory.practitioners.queries import slug_of
from directory.reviews import choices
from directory.reviews.consents import words_of
from directory.reviews.episodes import can_tell, month_of, months_between
from directory.reviews.forms import MIN_TEXT
from directory.reviews.models import Review
from directory.reviews.photos import MOST_PER_STAGE, Photo
from directory.reviews.stages import SUB_RATINGS, Stage


def photo_address(photo: Photo, size: str = "400.webp") -> str:
    """Where its author sees a photo, whatever its state."""
    return url_for("reviews.own_photo_file", public_id=photo.public_id, size=size)


def next_step(review: Review) -> str:
    """The page on which a review is gone on with: the step its draft was left at, else its own page."""
    if review.draft is None:
        return url_for("reviews.own", public_id=review.public_id)
    step = {1: "visit", 2: "result", 3: "sign"}[review.draft.step]
    return url_for(f"reviews.{step}", public_id=review.public_id)


def visit_of(review: Review) -> dict[str, Any]:
    """The draft as answers of step 1."""
    return {
        "goal": review.goal,
        "practitioner": slug_of(review.practitioner_id),
        "month": int(review.treated_month[5:7]),
        "year": int(review.treated_month[:4]),
        "sessions": review.sessions,
        "price_band": review.price_band,
        "currency": review.currency or review.clinic.currency or "",
    }


def result_of(stage: Stage) -> dict[str, Any]:
    """The draft as answers of step 2."""
    again = {None: None, True: "yes", False: "no"}[stage.again]
    marks = {key: str(stage.sub_ratings.get(key, "")) for key in SUB_RATINGS}
    overall = str(stage.overall) if stage.overall else None
    return {
        "stage": stage.stage,
        "overall": overall,
        "again": again,
        "text": stage.text,
        "language": stage.review.language,
        **marks,
    }


def is_told(stage: Stage) -> bool:
    """Whether step 2 is complete."""
    complete = stage.overall is not None and stage.again is not None and len(stage.text) >= MIN_TEXT
    return complete and can_tell(stage.stage, stage.review.treated_month, now().date())


def draw(template: str, form: Form, *, status: int = 0, **facts: Any) -> ResponseReturnValue:
    """A page of the three steps: 200 when nothing is wrong with the form, 422 or `status` when something is."""
    review: Review | None = facts.get("review")
    shown: dict[str, Any] = {"review": None, "stage": None, "told": None, **facts}
    shown["words"], shown["consent_words"], shown["clocks"] = choices, words_of, CLOCKS
    shown["most_photos"] = MOST_PER_STAGE
    shown["is_later"] = review is not None and review.is_submitted
    if review is not None:
        shown["months_ago"] = months_between(review.treated_month, month_of(now().date()))
    return render_template(template, form=form, **shown), status or (422 if form.errors else 200)
