"""What a visitor's own device holds or sends about clinics: the saved list and the slugs to compare."""

import re
from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import AnyOf, Optional, Regexp

MOST_SAVED = 60
SEPARATOR = "."
SLUG = re.compile(r"[a-z0-9-]{1,120}")


class SaveForm(FlaskForm):
    """Add one clinic to the saved list, take one off, or empty the list."""

    act = HiddenField(validators=[AnyOf(["add", "remove", "clear"])])
    slug = HiddenField(validators=[Optional(), Regexp(rf"^{SLUG.pattern}$")])


def read_saved(cookie: str) -> list[str]:
    """The slugs in the `saved` cookie, newest first, at most MOST_SAVED; whatever else it holds is passed over."""
    parts = cookie[: 130 * MOST_SAVED].split(SEPARATOR)
    return list(dict.fromkeys(part for part in parts if SLUG.fullmatch(part)))[:MOST_SAVED]


def write_saved(slugs: Sequence[str]) -> str:
    """The cookie's text for these slugs."""
    return SEPARATOR.join(slugs[:MOST_SAVED])
