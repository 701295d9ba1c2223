"""Invitation: proof of a visit that tells the clinic nothing."""

import re

from sqlalchemy import ForeignKey, String, update
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, db
from directory.keyed import fingerprint


class Invitation(Base):
    """A single-use code that a clinic gives to a client: proof of a visit, without telling the clinic who used it.

    Only the code's digest is kept. `used` is a mark without a time and without a link to the review, so the clinic's
    list cannot be laid beside the reviews.
    """

    says_itself = True  # see clinics.changes
    __tablename__ = "review_invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    issued_month: Mapped[str] = mapped_column(String(7))
    used: Mapped[bool] = mapped_column(default=False)


def digest_of(code: str) -> str:
    """What is kept of a code, however it was typed: case, spaces and dashes do not matter."""
    return fingerprint(re.sub(r"[\W_]+", "", code).casefold())


def is_good(digest: str, clinic_id: int) -> bool:
    """Whether this clinic gave out a code of that digest.

    A used one answers as an unused one does: whoever holds the cards must not learn here which of them was used.
    """
    issued = (Invitation.digest == digest, Invitation.clinic_id == clinic_id)
    return db.session.query(db.session.query(Invitation).where(*issued).exists()).scalar() is True


def use(digest: str, clinic_id: int) -> bool:
    """Use a code up in one statement; False when it is unknown, used, or another clinic's."""
    taken = (
        update(Invitation)
        .where(Invitation.digest == digest, Invitation.clinic_id == clinic_id, Invitation.used.is_(False))
        .values(used=True)
    )
    return bool(
        db.session.execute(taken, execution_options={"synchronize_session": False}).rowcount  # type: ignore[attr-defined]
    )
