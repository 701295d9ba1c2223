"""Consent: who allowed that a picture is shown, in which words, since when; and that it was taken back.

It is kept on the picture itself, so that the database can refuse to show one without it. Who the person is stays with
the clinic: here there is the clinic's own reference, sealed, and a link that only the person was given.
"""

import tomllib
from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import UTCDateTime, now

LINK, FORM, NOBODY = "link", "form", "nobody"
PERSON, CLINIC = "person", "clinic"
# What the database asks of a picture that is shown, or that waits to be read so that it can be.
SHOWN_ONLY_WITH_IT = (
    "state NOT IN ('pending', 'published') OR (consent_at IS NOT NULL AND consent_ended_at IS NULL AND unedited)"
)
FACE_ONLY_BY_LINK = "NOT recognisable OR consent_how IN ('', 'link')"
NOBODY_ONLY_OF_PLACES = "consent_how <> 'nobody' OR result_id IS NULL"
HOW_CHECK = "consent_how IN ('', 'link', 'form', 'nobody') AND (consent_how = '') = (consent_at IS NULL)"
ENDED_CHECK = "ended_by IN ('', 'person', 'clinic') AND (ended_by = '') = (consent_ended_at IS NULL)"

WORDS: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
    Path(__file__).with_name("consents.toml").read_text(encoding="utf-8")
)


def present_version(how: str) -> str:
    """The version of the words that are asked for now."""
    return list(WORDS[how])[-1]


def words_of(how: str, version: str = "") -> str:
    """The words of that version, of the present one when none is given."""
    return str(lazy_gettext(WORDS[how][version or present_version(how)]["words"]))


class Consented:
    """The consent to one picture. `consent_how` is empty as long as there is none."""

    consent_how: Mapped[str] = mapped_column(String(8), default="")
    consent_version: Mapped[str] = mapped_column(String(12), default="")
    consent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    consent_ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str] = mapped_column(String(8), default="")

    @property
    def has_consent(self) -> bool:
        return self.consent_at is not None and self.consent_ended_at is None

    def allow(self, how: str) -> None:
        """It may be shown, in the words of the present version."""
        self.consent_how, self.consent_version, self.consent_at = how, present_version(how), now()

    def disallow(self) -> None:
        """There is no consent yet: what was said does not fit the picture any more."""
        self.consent_how, self.consent_version, self.consent_at = "", "", None

    def end_consent(self, by: str) -> None:
        """It is taken back, by the person in it or by the clinic; when and by whom stays on record."""
        self.consent_ended_at, self.ended_by = self.consent_ended_at or now(), self.ended_by or by
