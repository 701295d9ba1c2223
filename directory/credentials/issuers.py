"""Issuer (who gives credentials out), CredentialType (what kinds it gives out), Requirement (what the law asks where).

These rows are read from the files in `reference/` (see `credentials.reference`); nobody types them into a form.
"""

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.db import Base, WordList, one_of
from directory.words import new_public_id

if TYPE_CHECKING:
    pass

# What an issuer's word is worth, strongest first; a private academy may name its paper like a regulated one.
RECOGNITIONS = (
    "state_regulator",
    "regulated_awarding_body",
    "professional_society",
    "academy_private",
    "insurer",
    "unknown",
)
SCOPES = ("person", "premises", "either", "training", "insurance", "product")
# A permission: only these give a clinic its strength; training and insurance are shown beside it.
PERMISSIONS = ("person", "premises", "either")
ASPECTS = ("person", "premises", "training", "insurance", "product")
# required; local: each council or county decides; none: nothing is asked; not_issued: no such paper exists there.
STATES = ("required", "local", "none", "not_issued", "unknown")
CONFIDENCES = ("stated", "inferred", "unconfirmed")
CHECK_PATHS = ("register", "register_or_call", "issuer", "document", "none")


class Issuer(Base):
    """One authority, awarding body, academy or insurer. `key` is fixed for ever: registers and files name it.

    `jurisdiction` is a path such as `US-CA`, empty where none applies. `local` marks a class of many offices (councils,
    counties): a credential then names its own. `timezone` decides when a day of expiry ends. `deep_link` is the
    address of the official look-up with `{number}` in it.
    """

    __tablename__ = "issuer"
    __table_args__ = (CheckConstraint(one_of("recognition", RECOGNITIONS), name="recognition"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    recognition: Mapped[str] = mapped_column(String(24))
    jurisdiction: Mapped[str] = mapped_column(String(40), default="", index=True)
    local: Mapped[bool] = mapped_column(default=False)
    timezone: Mapped[str] = mapped_column(String(48), default="UTC")
    prefixes: Mapped[list[str]] = mapped_column(WordList, default=list)
    contact_url: Mapped[str] = mapped_column(String(300), default="")
    register_url: Mapped[str] = mapped_column(String(300), default="")
    deep_link: Mapped[str] = mapped_column(String(300), default="")
    is_example: Mapped[bool] = mapped_column(default=False)
    closed: Mapped[bool] = mapped_column(default=False)

    def look_up(self, number: str) -> str:
        """The official page about this number, or else the page where one looks for it; empty when neither is known."""
        return self.deep_link.replace("{number}", quote(number, safe="")) if self.deep_link else self.register_url

    types: Mapped[list["CredentialType"]] = relationship(back_populates="issuer", order_by="CredentialType.id")


class CredentialType(Base):
    """One kind of paper that an issuer gives out. `scope` says who or what it speaks of (see SCOPES)."""

    __tablename__ = "credential_type"
    __table_args__ = (
        CheckConstraint(one_of("scope", SCOPES), name="scope"),
        CheckConstraint(one_of("check_path", CHECK_PATHS), name="check_path"),
        CheckConstraint(one_of("confidence", CONFIDENCES), name="confidence"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    scope: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    activity: Mapped[str] = mapped_column(String(120), default="")
    validity_months: Mapped[int | None]
    no_expiry_reason: Mapped[str] = mapped_column(String(200), default="")
    has_number: Mapped[bool] = mapped_column(default=True)
    check_path: Mapped[str] = mapped_column(String(20), default="document")
    law: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    confidence: Mapped[str] = mapped_column(String(12))
    last_reviewed: Mapped[date]
    limits: Mapped[str] = mapped_column(Text, default="")  # what it does not tell, in sentences of ours

    issuer: Mapped[Issuer] = relationship(back_populates="types")

    @property
    def is_permission(self) -> bool:
        return self.scope in PERMISSIONS

    def may_be_held_by(self, holder: str) -> bool:
        """Whether a person, or premises, can hold it (`holder` is either word)."""
        return (
            holder == "person"
            if self.scope in {"person", "training"}
            else self.scope in {holder, "either", "insurance"}
        )


class Requirement(Base):
    """What the law asks of one aspect in one jurisdiction, from when to when, as read in which source and how surely.

    `types` are keys of credential types, any of which meets it. An unconfirmed rule says "unknown", never "missing".
    """

    __tablename__ = "requirement"
    __table_args__ = (
        CheckConstraint(one_of("aspect", ASPECTS), name="aspect"),
        CheckConstraint(one_of("state", STATES), name="state"),
        CheckConstraint(one_of("confidence", CONFIDENCES), name="confidence"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="order"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    jurisdiction: Mapped[str] = mapped_column(String(40), index=True)
    aspect: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200))
    types: Mapped[list[str]] = mapped_column(WordList, default=list)
    law: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(300))
    confidence: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    last_reviewed: Mapped[date]


class ReferenceFile(Base):
    """Which text of a reference file the rows above were read from: a file that did not change is not read again."""

    __tablename__ = "reference_file"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
