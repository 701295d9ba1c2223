"""How often a clinic's page was opened and how often search showed it: so many a day, and nothing of who looked.

Looking at a page writes nothing: counts are gathered in memory (see `clinics.sightings_writer`). Machines that say what
they are, and pages a browser fetches ahead, do not count.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Literal

from flask import current_app, request
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base

Kind = Literal["views", "appearances"]
_MACHINE = re.compile(
    r"bot\b|bots\b|crawl|spider|slurp|preview|scrape|archiv|monitor|headless|lighthouse|curl|wget|python|java/|go-http|"
    r"node|axios|httpclient|okhttp|libwww|facebookexternal|embedly|validator",
    re.IGNORECASE,
)


class Sighting(Base):
    """One clinic on one day (UTC)."""

    says_itself = True  # see clinics.changes
    __tablename__ = "clinic_sighting"
    __table_args__ = (CheckConstraint("views >= 0 AND appearances >= 0", name="counts"),)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    views: Mapped[int] = mapped_column(default=0)
    appearances: Mapped[int] = mapped_column(default=0)


@lru_cache(maxsize=1_024)
def is_machine(agent: str) -> bool:
    """Whether a User-Agent says that no person is looking; an empty one does."""
    return not agent or _MACHINE.search(agent) is not None


def note(kind: Kind, clinic_ids: tuple[int, ...]) -> None:
    """Count the present request, unless a machine or a browser working ahead makes it."""
    said = request.environ
    if said["REQUEST_METHOD"] != "GET" or said.get("HTTP_SEC_PURPOSE", "").startswith("prefetch"):
        return
    if not is_machine(said.get("HTTP_USER_AGENT", "")):
        current_app.extensions["sightings"].note(kind, clinic_ids)
