"""Claim: one person says that a clinic is theirs to run, and by which proof; and what each side said about it."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.models import User
from directory.accounts.personal_keys import open_for, seal_for
from directory.clinics.models import Clinic, forgets
from directory.db import Base, UTCDateTime, db, now, one_of
from directory.errors import Refused
from directory.keyed import seal, unseal
from directory.ledger import record
from directory.words import new_public_id

# Strongest first.
PROOFS = ("letter", "licence", "call", "tag")
AT_ONCE = ("letter", "licence")  # strong enough to take effect without a week's notice where nobody objects
ACTIVE = ("open", "asked", "noticed")
STATES = (*ACTIVE, "approved", "refused", "withdrawn", "lapsed")
NOTICE = timedelta(days=7)
CODE_LIFE, CODE_TRIES = timedelta(days=30), 5
CALL_LIFE = timedelta(hours=1)
SILENT = timedelta(days=30)  # a claim that its claimant leaves alone for so long lapses
# What was typed in confidence is destroyed so long after the decision.
KEPT_APPROVED, KEPT_ENDED = timedelta(days=90), timedelta(days=30)
SIDES = ("claimant", "owner", "contact")
WORD = "claim word"

# What may follow what. An objection and an appeal that is won bring a claim back to the desk.
TRANSITIONS = {
    ("open", "asked"),
    ("open", "noticed"),
    ("open", "approved"),
    ("open", "refused"),
    ("open", "withdrawn"),
    ("open", "lapsed"),
    ("asked", "open"),
    ("asked", "withdrawn"),
    ("asked", "lapsed"),
    ("noticed", "approved"),
    ("noticed", "open"),
    ("noticed", "withdrawn"),
    ("noticed", "refused"),  # an appeal of the owner who was to part with it
    ("approved", "refused"),
    ("refused", "open"),
}


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Claim(Base):
    """One person's claim of one clinic.

    `phone`, `email`, `host` are what the listing said before the claim; nothing the claimant changes later moves them.
    `code_digest` stands for the code of the letter or the call, `mail_digest` for the link sent to the clinic's own
    domain, `objection_digest` for the link that the known contact may object with; the texts are kept nowhere.
    """

    says_itself = True  # see clinics.changes
    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint(one_of("proof", PROOFS), name="proof"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint("(state = 'noticed') = (effective_at IS NOT NULL)", name="noticed"),
        CheckConstraint(f"code_tries BETWEEN 0 AND {CODE_TRIES}", name="code_tries"),
        Index("uq_claim_active", "clinic_id", "user_id", unique=True, **_where(one_of("state", ACTIVE))),
        # Of many that are approved at once for one clinic, one goes to its notice.
        Index("uq_claim_noticed", "clinic_id", unique=True, **_where("state = 'noticed'")),
        Index("ix_claim_clinic_id_id", "clinic_id", "id"),
        Index("ix_claim_state_effective_at", "state", "effective_at", "id"),
        Index("ix_claim_state_state_at", "state", "state_at", "id"),
        Index("ix_claim_user_id_id", "user_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    proof: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10), default="open")
    state_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    contested: Mapped[bool] = mapped_column(default=False)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    host: Mapped[str] = mapped_column(String(253), default="")

    code_digest: Mapped[str] = mapped_column(String(64), default="")
    code_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    code_tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    mail_digest: Mapped[str] = mapped_column(String(64), default="", index=True)
    mail_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tag: Mapped[str] = mapped_column(String(40), default=new_public_id)
    proven_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    effective_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    objection_digest: Mapped[str] = mapped_column(String(64), default="", index=True)
    objected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id"))

    clinic: Mapped[Clinic] = relationship()
    user: Mapped[User | None] = relationship()
    said: Mapped[list["ClaimWord"]] = relationship(
        back_populates="claim", order_by="ClaimWord.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def subject(self) -> str:
        return f"claim:{self.public_id}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def is_due(self) -> bool:
        """Whether the notice is over; it takes effect now."""
        return self.effective_at is not None and self.effective_at <= now()

    def become(self, state: str) -> None:
        """Raises Refused when the rules do not allow it."""
        if (self.state, state) not in TRANSITIONS:
            raise Refused(f"A claim that is {self.state} cannot become {state}.")
        self.state, self.state_at = state, now()
        if state != "noticed":
            self.effective_at = None

    def put_words(self, user: User, words: dict[str, str]) -> None:
        """Seal what the claimant typed with their own key."""
        self.sealed = seal_for(user, json.dumps(words).encode(), about=self.public_id)

    def words(self) -> dict[str, str]:
        """What the claimant typed; empty once it is gone."""
        opened = open_for(self.user_id, self.sealed, about=self.public_id) if self.sealed and self.user_id else None
        found: dict[str, str] = json.loads(opened) if opened else {}
        return found

    def prove(self, *, role: str) -> None:
        """The proof was shown; whether it is enough, the desk says."""
        if not self.is_active:
            raise Refused("This claim is closed.")
        self.proven_at = now()
        record("claim.proven", role=role, subject=self.subject, proof=self.proof)

    def forget(self) -> None:
        """What was told in confidence, and how somebody could be reached, is destroyed."""
        self.sealed, self.phone, self.email, self.host = None, "", "", ""
        self.mail_digest = self.objection_digest = self.code_digest = ""
        for word in self.said:
            word.sealed = None


@forgets
def _forget_clinic(clinic: Clinic) -> None:
    """An erased listing is nobody's: what was told about it goes at once."""
    for claim in db.session.scalars(select(Claim).where(Claim.clinic_id == clinic.id).order_by(Claim.id)):
        claim.forget()


class ClaimWord(Base):
    """What one side said: an answer to the desk, evidence of the owner, an objection of the listing's known contact.

    Sealed with its author's own key; a contact without an account has none, so theirs rests under the site's.
    """

    __tablename__ = "claim_word"
    __table_args__ = (CheckConstraint(one_of("side", SIDES), name="side"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    side: Mapped[str] = mapped_column(String(8))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    claim: Mapped[Claim] = relationship(back_populates="said")

    @classmethod
    def of(cls, claim: Claim, side: str, words: str, *, by: User | None) -> "ClaimWord":
        """Something said, sealed; it hangs on the claim from now on."""
        made = cls(public_id=new_public_id(), side=side, by_id=by.id if by is not None else None)
        plain = words.encode()
        made.sealed = (
            seal_for(by, plain, about=made.public_id) if by is not None else seal(WORD, plain, about=made.public_id)
        )
        claim.said.append(made)
        return made

    def text(self) -> str:
        """What was said; empty once it is gone."""
        if self.sealed is None:
            return ""
        if self.by_id is None:
            return (unseal(WORD, self.sealed, about=self.public_id) or b"").decode()
        return (open_for(self.by_id, self.sealed, about=self.public_id) or b"").decode()
