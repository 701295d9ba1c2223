"""Credential: what a person or a clinic's premises hold, from whom, under which number, and what came of checking it.

Its status changes by a check only (see `credentials.checks`), along the table of `credentials.transitions`; its level
is derived whenever somebody looks (see `credentials.levels`). Verbs here never commit.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, event, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from directory.accounts.models import User
from directory.clinics.changes import note_change
from directory.clinics.models import Clinic
from directory.credentials.checked import Checked
from directory.credentials.checks import Check
from directory.credentials.issuers import CredentialType, Issuer
from directory.credentials.numbers import number_key
from directory.credentials.transitions import STANDING, STATUSES, TRANSITIONS, UNCHECKED, VERIFIED
from directory.db import Base, UTCDateTime, db, now, one_of
from directory.errors import Refused
from directory.ledger import record
from directory.practitioners.models import Engagement, Practitioner
from directory.words import name_key, new_public_id

PRIMARY = ("issuer", "badge", "register", "register_watched")
_STANDING = text(one_of("status", STANDING) + " AND number_key <> ''")


class Credential(Checked, Base):
    """One paper of one holder: a person, or the premises of a clinic, never both.

    `authority` is the office of an issuer that stands for many (a council, a county); `number_key` is the number as
    compared. `title` is what a certificate calls itself where the type does not say it.
    """

    __tablename__ = "credential"
    __table_args__ = (
        CheckConstraint("(practitioner_id IS NULL) <> (clinic_id IS NULL)", name="one_holder"),
        CheckConstraint(one_of("status", STATUSES), name="status"),
        CheckConstraint(f"{one_of('status', UNCHECKED)} OR check_id IS NOT NULL", name="status_rests_on_a_check"),
        CheckConstraint("expires_on IS NULL OR issued_on IS NULL OR expires_on >= issued_on", name="order"),
        CheckConstraint("supersedes_id IS NULL OR supersedes_id <> id", name="not_itself"),
        ForeignKeyConstraint(
            ["check_id", "id", "status"],
            ["credential_check.id", "credential_check.credential_id", "credential_check.status"],
            name="fk_credential_check_that_gives_the_status",
            use_alter=True,
        ),
        # A number stands for one holder. Who brings a number that somebody holds already raises an alarm.
        Index(
            "uq_credential_standing_number",
            "issuer_id",
            "type_id",
            "authority_key",
            "number_key",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index("ix_credential_issuer_id_number_key", "issuer_id", "number_key", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    clinic_id: Mapped[int | None] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    type_id: Mapped[int] = mapped_column(ForeignKey("credential_type.id"), index=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    authority: Mapped[str] = mapped_column(String(120), default="")
    authority_key: Mapped[str] = mapped_column(String(120), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    number: Mapped[str] = mapped_column(String(60), default="")
    number_key: Mapped[str] = mapped_column(String(60), default="")
    activity: Mapped[str] = mapped_column(String(120), default="")
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None] = mapped_column(index=True)
    no_expiry_reason: Mapped[str] = mapped_column(String(200), default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(18), default="draft")
    check_id: Mapped[int | None] = mapped_column(index=True)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("credential.id", ondelete="SET NULL"), index=True)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    practitioner: Mapped[Practitioner | None] = relationship()
    clinic: Mapped[Clinic | None] = relationship()
    type: Mapped[CredentialType] = relationship()
    issuer: Mapped[Issuer] = relationship()
    supersedes: Mapped["Credential | None"] = relationship(remote_side=[id])
    submitted_by: Mapped[User | None] = relationship()
    checks: Mapped[list[Check]] = relationship(
        back_populates="credential",
        foreign_keys=[Check.credential_id],
        order_by=Check.id,
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    @classmethod
    def of(
        cls, kind: CredentialType, *, holder: Practitioner | Clinic, number: str = "", authority: str = "", **facts: Any
    ) -> "Credential":
        """A draft. Raises Refused when a paper of this kind is not held by such a holder."""
        is_person = isinstance(holder, Practitioner)
        if not kind.may_be_held_by("person" if is_person else "premises"):
            raise Refused("A paper of this kind is held by somebody else.")
        made = cls(
            practitioner_id=holder.id if is_person else None,
            clinic_id=None if is_person else holder.id,
            type=kind,
            issuer=kind.issuer,
            activity=facts.pop("activity", kind.activity),
            status="draft",
            **facts,
        )
        made.put_number(number, authority=authority)
        return made

    def put_number(self, number: str, *, authority: str = "") -> None:
        """The number as written and as compared, and the office that gave it."""
        self.number, self.number_key = number, number_key(number, self.issuer.prefixes or ())
        self.authority, self.authority_key = authority, name_key(authority)[:120]

    @property
    def subject(self) -> str:
        return f"credential:{self.public_id}"

    @property
    def holder(self) -> Practitioner | Clinic:
        found = self.practitioner or self.clinic
        assert found is not None  # noqa: S101 (the database keeps it so)
        return found

    @property
    def issued_by(self) -> str:
        """Who gave it, in words: the office where the issuer has many."""
        return self.authority or self.issuer.name

    def submit(self) -> None:
        """Hand it in: from now on a person checks it. Raises Refused when it needs a number and has none."""
        if (self.status, "submitted") not in TRANSITIONS:
            raise Refused("This was handed in already.")
        if self.type.has_number and not self.number_key:
            raise Refused("A credential of this kind has a number.")
        if self.type.issuer.local and not self.authority:
            raise Refused("Say which office issued it.")
        self.status = "submitted"
        record("credential.submitted", role=self._side, subject=self.subject, type=self.type.key)

    @property
    def _side(self) -> str:
        return "clinic" if self.practitioner_id is None else "member"

    def take_up(self, by: User, *, role: str = "checker") -> Check:
        """A checker begins to look."""
        return self._become("in_review", role=role, act="taken_up", by=by, method="desk", result="open")

    def verify(
        self,
        *,
        method: str,
        matched: Sequence[str],
        source: str,
        by: User | None = None,
        mismatched: Sequence[str] = (),
        source_date: date | None = None,
        load: str = "",
        note: str = "",
        role: str = "checker",
    ) -> Check:
        """It holds. Raises Refused for a name alone, for a register without an active status, for a taken number."""
        agreed = set(matched)
        wanted = {"name", "number"} if self.type.has_number else {"name"}
        if method in PRIMARY and not wanted <= agreed:
            raise Refused("A name alone is never enough: name and number must both agree.")
        if method in {"register", "register_watched"} and "status" not in agreed:
            raise Refused("The register must say that it is active.")
        if agreed & set(mismatched):
            raise Refused("A field agrees or does not agree.")
        status = "verified_primary" if method in PRIMARY or self.status == "verified_primary" else "verified_document"
        if self.supersedes is not None and self.supersedes.status in STANDING:
            self.supersedes.supersede()
        look: dict[str, Any] = {
            "method": method,
            "result": "confirmed",
            "matched": sorted(agreed),
            "mismatched": sorted(mismatched),
        }
        more: dict[str, Any] = {"source": source, "source_date": source_date, "load": load, "note": note}
        return self._become(status, role=role, act="verified", by=by, **look, **more)

    def contradict(
        self,
        *,
        method: str,
        mismatched: Sequence[str],
        source: str,
        by: User | None = None,
        matched: Sequence[str] = (),
        source_date: date | None = None,
        load: str = "",
        note: str = "",
        role: str = "register",
    ) -> Check:
        """A later look did not find it so: its level is gone at once; the word "revoked" waits for two people."""
        if self.status not in VERIFIED:
            raise Refused("Only what was verified can be contradicted.")
        look: dict[str, Any] = {
            "method": method,
            "result": "failed",
            "matched": sorted(matched),
            "mismatched": sorted(mismatched),
        }
        more: dict[str, Any] = {"source": source, "source_date": source_date, "load": load, "note": note}
        return self._look(self.status, role=role, act="contradicted", by=by, **look, **more)

    def ask_info(self, question: str, by: User, *, role: str = "checker") -> Check:
        """The holder is asked for something; only the holder and the desk read the question."""
        look: dict[str, Any] = {"method": "desk", "result": "open", "note": question}
        return self._become("needs_info", role=role, act="asked", by=by, **look)

    def answer(self, words: str, by: User) -> Check:
        """The holder answered; a checker goes on."""
        look: dict[str, Any] = {"method": "attestation", "result": "open", "note": words}
        return self._become("in_review", role=self._side, act="answered", by=by, **look)

    def refuse(self, statement: str, by: User, *, role: str = "checker") -> Check:
        """It did not hold; the holder reads why and may appeal. Nobody else ever sees it."""
        look: dict[str, Any] = {"method": "desk", "result": "failed", "note": statement}
        return self._become("rejected", role=role, act="refused", by=by, **look)

    def reopen(self, by: User | None = None, *, role: str = "checker") -> Check:
        """An appeal brought it back to the desk."""
        return self._become("in_review", role=role, act="reopened", by=by, method="desk", result="open")

    def withdraw(self, by: User | None = None) -> None:
        """Its holder takes it back; it is shown no more."""
        self._become("withdrawn", role=self._side, act="withdrawn", by=by, method="attestation", result="open")

    def supersede(self) -> Check:
        """Its renewal was verified and stands in its place."""
        return self._become("superseded", role="checker", act="superseded", method="renewal", result="open")

    def renew(self, *, number: str = "", issued_on: date | None, expires_on: date | None) -> "Credential":
        """A draft that takes this one's place once it is verified; until then this one stands as long as its date."""
        made = Credential(type=self.type, issuer=self.issuer, activity=self.activity, title=self.title, status="draft")
        made.practitioner_id, made.clinic_id, made.supersedes = self.practitioner_id, self.clinic_id, self
        made.issued_on, made.expires_on, made.submitted_by_id = issued_on, expires_on, self.submitted_by_id
        made.put_number(number or self.number, authority=self.authority)
        db.session.add(made)
        return made


@event.listens_for(Session, "after_flush")
def _note_clinics(session: Session, context: object) -> None:
    """What a person holds is found through the clinics they work at; premises are noted by their own clinic."""
    touched = [one for one in (*session.new, *session.dirty, *session.deleted) if isinstance(one, Credential)]
    people = {one.practitioner_id for one in touched if one.practitioner_id is not None}
    if people:
        places = select(Engagement.clinic_id).where(Engagement.practitioner_id.in_(people))
        note_change(session, *session.connection().execute(places).scalars())
