"""Invitation: proof of a visit that tells the clinic nothing."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base


class Invitation(Base):
    """A single-use code that a clinic gives to a client: proof of a visit, without telling the clinic who used it.

    Only the code's digest is kept. `used` is a mark without a time and without a link to the review, so the clinic's
    list cannot be laid beside the reviews.
    """

    __tablename__ = "review_invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    issued_month: Mapped[str] = mapped_column(String(7))
    used: Mapped[bool] = mapped_column(default=False)
