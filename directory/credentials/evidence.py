"""Evidence: the paper behind a credential, drawn anew page by page, sealed with its own key, destroyed on schedule.

Only the checker who holds the case reads it, each look is written down before a byte leaves and counted for the holder.
The key is bound to the thing and its holder: a sealed page moved elsewhere does not open. What stays for ever is the
row: how many pages, their fingerprint, when it was destroyed and why.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from directory import sealed, transit
from directory.credentials.models import Credential
from directory.credentials.transitions import VERIFIED
from directory.db import Base, UTCDateTime, db, now
from directory.ledger import record
from directory.words import new_public_id

# security.md 4f: after a refusal or a withdrawal, and after an approval; then pages and key are destroyed.
AFTER_REFUSAL, AFTER_APPROVAL = timedelta(days=30), timedelta(days=90)
MOST_FILES = 6
BATCH = 100


class Evidence(Base):
    """One document. `wrapped` is the key of its sealed pages; empty once they are destroyed.

    `sha256` is of the pages as drawn, with the row's own random `salt`: nobody can look a paper up by it.
    """

    __tablename__ = "credential_evidence"
    __table_args__ = (
        CheckConstraint("kind IN ('document', 'register_capture', 'issuer_reply')", name="kind"),
        Index("ix_credential_evidence_credential_id_id", "credential_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(18), default="document")
    folder: Mapped[str] = mapped_column(String(64))
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    pages: Mapped[int] = mapped_column(SmallInteger)
    salt: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    looks: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    destroyed_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)

    credential: Mapped[Credential] = relationship()

    @property
    def about(self) -> str:
        """What the key and every page are bound to: this object and its holder."""
        return _about(self.public_id, self.credential)

    @property
    def keys(self) -> list[str]:
        return [f"{self.folder}-{number}" for number in range(1, self.pages + 1)]

    @classmethod
    def of(cls, credential: Credential, drawn: list[bytes], *, kind: str = "document") -> tuple["Evidence", str]:
        """Not yet kept, and what it is bound to: its keys can be announced before `seal` writes them."""
        salt, public_id = secrets.token_hex(16), new_public_id()
        digest = hashlib.sha256(salt.encode())
        for page in drawn:
            digest.update(page)
        about = _about(public_id, credential)
        made = cls(
            public_id=public_id,
            credential_id=credential.id,
            kind=kind,
            folder=f"credentials/{secrets.token_hex(16)}",
            wrapped=sealed.new_key(about),
            pages=len(drawn),
            salt=salt,
            sha256=digest.hexdigest(),
        )
        return made, about

    def seal(self, drawn: list[bytes], about: str) -> None:
        """Write the pages, encrypted; reads no row. Raises what `files.put` raises."""
        for key, page in zip(self.keys, drawn, strict=True):
            sealed.put(key, page, wrapped=self.wrapped, about=about)

    def page(self, number: int) -> bytes | None:
        """One page as PNG, counted from 1; None when there is none, or none any more."""
        if self.destroyed_at is not None or not 1 <= number <= self.pages:
            return None
        return sealed.get(self.keys[number - 1], wrapped=self.wrapped, about=self.about)

    def look(self, number: int, *, role: str) -> None:
        """Somebody is about to read a page: counted for the holder, and in the record. Commit before a byte leaves."""
        self.looks = Evidence.looks + 1
        record("evidence.seen", role=role, subject=f"evidence:{self.public_id}", page=number)

    @property
    def due_at(self) -> datetime | None:
        """When it is destroyed: some weeks after what was decided last; None while nothing is decided."""
        one = self.credential
        if one.status in {"rejected", "withdrawn", "superseded", "unverifiable"}:
            wait = AFTER_REFUSAL
        elif one.status in {*VERIFIED, "suspended", "revoked"}:
            wait = AFTER_APPROVAL
        else:
            return None
        return first_at(one) + wait

    def destroy(self, why: str) -> None:
        """Pages and key go; the row and a line of the record say that they were destroyed."""
        transit.send_off(self.keys)
        self.destroyed_at, self.wrapped = now(), b""
        record("evidence.destroyed", role="jobs", subject=f"evidence:{self.public_id}", pages=self.pages, why=why)


def _about(public_id: str, one: Credential) -> str:
    holder = f"practitioner:{one.practitioner_id}" if one.practitioner_id else f"clinic:{one.clinic_id}"
    return f"credential-evidence:{public_id}:{holder}"


def first_at(credential: Credential) -> datetime:
    """When the credential came to the status it has: a later look that changed nothing does not prolong anything."""
    came = credential.checks[-1].at
    for check in reversed(credential.checks):
        if check.status != credential.status:
            break
        came = check.at
    return came


def evidence_by_public_id(public_id: str) -> Evidence | None:
    query = select(Evidence).options(joinedload(Evidence.credential)).where(Evidence.public_id == public_id)
    return db.session.scalars(query).one_or_none()


def evidence_of(credential_id: int) -> list[Evidence]:
    """The documents of a credential, oldest first, destroyed ones too."""
    query = select(Evidence).where(Evidence.credential_id == credential_id).order_by(Evidence.id)
    return list(db.session.scalars(query))


def destroy_due(limit: int = BATCH) -> int:
    """Destroy what is past its time; returns how many documents. Idempotent; the caller commits."""
    decided = ("draft", "submitted", "in_review", "needs_info", "disputed")
    query = (
        select(Evidence)
        .join(Evidence.credential)
        .where(
            Evidence.destroyed_at.is_(None),
            Credential.status.not_in(decided),
            Evidence.created_at < now() - AFTER_REFUSAL,
        )
        .order_by(Evidence.id)
        .execution_options(yield_per=limit)
    )
    gone = 0
    for one in list(db.session.scalars(query)):
        if gone < limit and one.due_at is not None and one.due_at <= now():
            one.destroy("time")
            gone += 1
    return gone
