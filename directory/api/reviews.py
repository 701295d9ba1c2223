"""The reviews of one clinic as JSON: what its page shows of each, in fields; never who wrote it."""

from typing import Any

from directory.api.results import site_address
from directory.api.schema import Reviews, Told, ToldStage
from directory.reviews.shown import Account, accounts, told_after

MOST, USUAL = 50, 20


def reviews_json(clinic_id: int, rating: Any, *, after: int | None, size: int) -> Reviews:
    """One page, those begun last first; `after` is the row of the last review of the page before."""
    ids = told_after(clinic_id, after, size + 1)
    shown = accounts(ids[:size])
    return {
        "rating": {
            "score": rating.score,
            "count": rating.count,
            "counted": rating.counted,
            "healed": rating.healed,
        },
        "results": [_told(one) for one in shown],
        "next": shown[-1].review.public_id if len(ids) > size else None,
    }


def _told(one: Account) -> Told:
    review = one.review
    reply = review.reply
    return {
        "id": review.public_id,
        "url": site_address(f"/reviews/{review.public_id}"),
        "pseudonym": review.pseudonym,
        "language": review.language,
        "goal": review.goal,
        "treated_month": review.treated_month,
        "sessions": review.sessions,
        "verification": "visit" if review.verification == "visit" else "contact",
        "incentive": review.incentive,
        "counted": review.counted,
        "not_counted_because": "" if review.counted else review.uncounted_reason,
        "under_review": review.under_review_since is not None,
        "disputed": review.disputed_at is not None,
        "helpful": one.helpful,
        "before_changes": [change.what for change, _same_month in one.since_then],  # type: ignore[misc]
        "stages": [_stage(one, stage) for stage in one.told],
        "reply": reply.text if reply is not None and reply.is_public else "",
    }


def _stage(one: Account, stage: Any) -> ToldStage:
    return {
        "stage": stage.stage,
        "overall": stage.overall,
        "again": stage.again,
        "sub_ratings": stage.sub_ratings,
        "text": stage.text,
        "redacted": stage.id in one.redacted,
        "published_month": f"{stage.published_at:%Y-%m}" if stage.published_at else None,
        "photos": [site_address(f"/photos/{photo.public_id}/800.webp") for photo in one.photos(stage)],
    }
