"""User: a person known by a confirmed e-mail address, with what they may do and how they prove who they are."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.db import Base, UTCDateTime, now
from directory.words import new_public_id

ROLES = ("moderator", "checker", "lead", "auditor", "operator")


class User(Base):
    """One person. `email` is kept in lower case; there is no password until the address is confirmed.

    `epoch` counts what ends all sessions: one begun in an earlier epoch is over, whatever its row says.
    """

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    idle_warnings: Mapped[int] = mapped_column(default=0)
    idle_warned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    # Locked by an operator, with the reason that the person was told (see `accounts.locks`).
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lock_reason: Mapped[str | None] = mapped_column(String(500))

    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    totp_last_step: Mapped[int] = mapped_column(default=0)

    roles: Mapped[list["UserRole"]] = relationship(
        order_by="UserRole.role", lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )
    passkeys: Mapped[list["Passkey"]] = relationship(
        order_by="Passkey.id", lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )
    recovery_codes: Mapped[list["RecoveryCode"]] = relationship(
        order_by="RecoveryCode.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def role_names(self) -> set[str]:
        return {held.role for held in self.roles}

    @property
    def has_app(self) -> bool:
        """Whether an authenticator app was set up and proven once."""
        return self.totp_confirmed_at is not None

    @property
    def has_second_factor(self) -> bool:
        return self.has_app or bool(self.passkeys)

    @property
    def codes_left(self) -> int:
        return sum(code.used_at is None for code in self.recovery_codes)

    def confirm(self, password_hash: str) -> None:
        """The address is proven; from now on the person can sign in."""
        self.confirmed_at = self.confirmed_at or now()
        self.put_password(password_hash)

    def confirm_address(self) -> None:
        """The address is proven by a link of ours; without a password the person comes in by such links only."""
        self.confirmed_at = self.confirmed_at or now()

    @property
    def enters_by_link(self) -> bool:
        """Whether nothing but the mailbox opens this account."""
        return self.password_hash is None and not self.has_second_factor and not self.roles

    def put_password(self, password_hash: str) -> None:
        """A new password ends every session begun before."""
        self.password_hash = password_hash
        self.epoch += 1

    def signed_in(self) -> None:
        self.last_sign_in_at = now()
        self.idle_warnings, self.idle_warned_at = 0, None

    def move_to(self, email: str) -> None:
        self.email = email.lower()

    def give_role(self, role: str) -> bool:
        """Whether the role is new to this person."""
        if role in self.role_names:
            return False
        self.roles.append(UserRole(role=role))
        return True


class UserRole(Base):
    """What a person may do on this site as a whole; rights at one clinic are a membership there."""

    __tablename__ = "user_role"
    __table_args__ = (CheckConstraint("role IN ('moderator', 'checker', 'lead', 'auditor', 'operator')", name="role"),)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(12), primary_key=True)
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Passkey(Base):
    """A public key that lives on a device of this person (WebAuthn); nothing here is secret."""

    __tablename__ = "passkey"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RecoveryCode(Base):
    """A code on paper that stands in for the second factor once; only its digest is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "digest", name="uq_recovery_code_user_id_digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Erasure(Base):
    """That an account was erased, and nothing else of it: a restored backup is made to forget it again."""

    __tablename__ = "erasure"
    __table_args__ = (Index("ix_erasure_at_id", "at", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
