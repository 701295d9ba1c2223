"""The results that a clinic shows of its own work, as JSON."""

from typing import cast

from directory.api.picture_schema import ShownPicture, ShownResult
from directory.api.results import site_address
from directory.portfolio.models import Picture
from directory.portfolio.showing import Shown, gallery_of


def results_resource(clinic_id: int) -> list[ShownResult]:
    """What a visitor sees of a clinic's results, those that healed longest first."""
    return [_result(one) for one in gallery_of(clinic_id).results]


def _result(one: Shown) -> ShownResult:
    pictures = [*([one.before] if one.before else []), *one.pictures]
    facts = {
        "id": one.result.public_id,
        "goal": one.result.goal,
        "variant": one.result.variant,
        "finished_month": one.result.finished,
        "sessions": one.result.sessions,
        "pigment": one.result.pigment,
        "practitioner": one.by.slug if one.by else None,
        "healed": bool(one.healed_for),
        "pictures": [_picture(picture) for picture in pictures],
    }
    return cast(ShownResult, facts)


def _picture(picture: Picture) -> ShownPicture:
    facts = {
        "stage": picture.kind,
        "taken_month": picture.taken,
        "light": picture.light,
        "hair_length": picture.hair_length,
        "url": site_address(f"/pictures/{picture.public_id}/800.webp"),
    }
    return cast(ShownPicture, facts)
