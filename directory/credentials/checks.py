"""Check: one time that somebody looked, how, what agreed, and which status followed. Nothing is overwritten.

A credential's status rests on a check; the database refuses a status that no check gives (see the composite foreign key
of `Credential`). Suspended and revoked need a source and two different people, and the database refuses less.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.credentials.transitions import STATUSES
from directory.db import Base, UTCDateTime, WordList, now, one_of
from directory.words import new_public_id

if TYPE_CHECKING:
    from directory.credentials.models import Credential

# How one knows, and the level it gives while it is fresh (see `credentials.levels`).
METHODS = {
    "attestation": 0,  # the holder says so: handing in, answering, taking back
    "document": 1,  # the paper was seen
    "issuer": 2,  # the issuer answered, at a contact found independently of the applicant
    "badge": 2,  # the issuer's signature was verified
    "register": 3,  # found in the official register by a person
    "register_watched": 4,  # read again in the newest register, by itself
    "desk": 0,  # a step of the desk: taken up, asked, refused
    "renewal": 0,  # another credential took its place
}
RESULTS = ("confirmed", "failed", "open")
# The fields of a credential that a check compares.
FIELDS = ("name", "number", "activity", "place", "status", "issued", "expires")


class Check(Base):
    """One look. `status` is the credential's from then on; `matched` and `mismatched` name FIELDS.

    `by_key` and `second_key` stand for the people and outlive their accounts; `by_id` and `second_id` do not.
    `source` says where the answer stands, fit to show; `note` is for the desk and the holder only.
    """

    __tablename__ = "credential_check"
    __table_args__ = (
        CheckConstraint(one_of("method", tuple(METHODS)), name="method"),
        CheckConstraint(one_of("result", RESULTS), name="result"),
        CheckConstraint(one_of("status", STATUSES), name="status"),
        CheckConstraint(
            "status NOT IN ('suspended', 'revoked') OR result = 'open'"
            " OR (source <> '' AND by_key <> '' AND second_key <> '' AND by_key <> second_key)",
            name="two_people_and_a_source",
        ),
        CheckConstraint(
            "status NOT IN ('verified_document', 'verified_primary')"
            " OR (result = 'confirmed' AND method IN ('document', 'issuer', 'badge', 'register', 'register_watched'))"
            " OR result = 'failed'",
            name="verified_by_a_look",
        ),
        CheckConstraint("status <> 'rejected' OR note <> ''", name="refusal_says_why"),
        UniqueConstraint("id", "credential_id", "status", name="uq_credential_check_id_credential_id_status"),
        Index("ix_credential_check_credential_id_id", "credential_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id", ondelete="CASCADE"))
    method: Mapped[str] = mapped_column(String(18))
    result: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(18))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    by_key: Mapped[str] = mapped_column(String(64), default="")
    second_key: Mapped[str] = mapped_column(String(64), default="")
    matched: Mapped[list[str]] = mapped_column(WordList, default=list)
    mismatched: Mapped[list[str]] = mapped_column(WordList, default=list)
    source: Mapped[str] = mapped_column(String(300), default="")
    source_date: Mapped[date | None]  # the day of the register, or of the issuer's answer
    load: Mapped[str] = mapped_column(String(22), default="")  # the register load it was read in
    note: Mapped[str] = mapped_column(Text, default="")

    credential: Mapped["Credential"] = relationship(back_populates="checks", foreign_keys=[credential_id])

    @property
    def level(self) -> int:
        """What it gives while it is fresh; 0 when it did not confirm."""
        return METHODS[self.method] if self.result == "confirmed" else 0
