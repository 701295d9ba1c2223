"""Photos of reviews, handed out to whoever may see them."""

from flask import Response, abort

from directory.access import member, public
from directory.accounts.sessions import person
from directory.conditional import unchanged
from directory.imaging.answers import picture_answer
from directory.reviews.queries import own_photo, shown_photo
from directory.reviews.views import bp


@bp.get("/account/photos/<public_id>/<size>")
@member()
def own_photo_file(public_id: str, size: str) -> Response:
    """A photo as its author sees it, whatever its state."""
    photo = own_photo(person(), public_id) or abort(404)
    return picture_answer(photo, size)


@bp.get("/photos/<public_id>/<size>")
@public(cache="checked")
def photo(public_id: str, size: str) -> Response:
    """A published photo. Browsers and proxies may keep it but ask again each time: a removal must show at once."""
    found = shown_photo(public_id) or abort(404)
    return unchanged(found.key) or picture_answer(found, size)
