"""GET /api/v1/clinics/<slug>/reviews."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.access import public
from directory.api.parameters import REVIEW_PARAMETERS, unknown_names
from directory.api.reviews import MOST, USUAL, reviews_json
from directory.api.views import _answer, _rate, bp
from directory.clinics.forms import SLUG
from directory.clinics.models import CLOSED, ERASED, PUBLISHED
from directory.clinics.queries import clinic_moved_from, mark_of
from directory.conditional import unchanged
from directory.errors import Unprocessable
from directory.limits import limiter
from directory.reviews.scores import NONE_SHOWN, scores_of
from directory.reviews.shown import row_of


def _size() -> int:
    typed = request.args.get("per_page", str(USUAL))
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 4 and 1 <= int(typed) <= MOST):
        raise Unprocessable({"per_page": f"A whole number from 1 to {MOST}."})
    return int(typed)


def _after(clinic_id: int) -> int | None:
    """The row that `cursor` names."""
    cursor = request.args.get("cursor", "")
    if not cursor:
        return None
    row = row_of(cursor, clinic_id)
    if row is None:
        raise Unprocessable({"cursor": "This is not the `next` of a page of this clinic."})
    return row


@bp.get("/api/v1/clinics/<slug>/reviews")
@limiter.limit(_rate)
@public(cache="checked")
def reviews(slug: str) -> ResponseReturnValue:
    """Reviews that readers see, those begun last first; a clinic hidden or erased answers as its own address does."""
    mark = mark_of(slug) if SLUG.fullmatch(slug) else None
    if mark is None or mark.status == CLOSED:
        moved = clinic_moved_from(slug)
        if moved is not None and moved.slug != slug:
            return redirect(url_for(".reviews", slug=moved.slug), 301)
    if mark is None or mark.status not in (PUBLISHED, CLOSED, ERASED):
        abort(404, "There is no such clinic.")
    if mark.status == ERASED:
        abort(410, "This listing was erased.")
    wrong = unknown_names(request.args, REVIEW_PARAMETERS)
    wrong |= {name: "Give this only once." for name in request.args if len(request.args.getlist(name)) > 1}
    if wrong:
        raise Unprocessable(wrong)
    size, after = _size(), _after(mark.id)
    if (answer := unchanged(mark)) is not None:
        return answer
    held = scores_of([mark.id]).get(mark.id)
    return _answer(reviews_json(mark.id, held.shown if held else NONE_SHOWN, after=after, size=size))
