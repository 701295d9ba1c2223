"""Clinic (one address), what it charges, where its facts came from, and the addresses it had on this site."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.db import Base, UTCDateTime, WordList, now
from directory.errors import Refused
from directory.ledger import record
from directory.words import name_key, new_public_id

PUBLISHED, SUSPENDED, CLOSED, ERASED = "published", "suspended", "closed", "erased"
STATES = (PUBLISHED, SUSPENDED, CLOSED, ERASED)

# What may follow what. Erased is the end: the row stays as a tombstone so that its address answers 410.
TRANSITIONS = {
    (PUBLISHED, SUSPENDED),
    (PUBLISHED, CLOSED),
    (PUBLISHED, ERASED),
    (SUSPENDED, PUBLISHED),
    (SUSPENDED, CLOSED),
    (SUSPENDED, ERASED),
    (CLOSED, PUBLISHED),
    (CLOSED, ERASED),
}

HOME_GRID_DEGREES = 0.01  # about 1.1 km north to south


_forgets: list[Callable[["Clinic"], None]] = []


def forgets(forget: Callable[["Clinic"], None]) -> Callable[["Clinic"], None]:
    """Run this too when a listing is erased: it stands for what other tables know of the place."""
    _forgets.append(forget)
    return forget


class Organisation(Base):
    """The firm above one or more clinics; optional."""

    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    name: Mapped[str] = mapped_column(String(200))


class Clinic(Base):
    """One address where scalp micropigmentation is done.

    `lat`, `lon` are degrees WGS84 and public: for a home studio they are already snapped (`snap_home`).
    `price_min`, `price_max` are the range over all its prices in minor units of `currency`.
    `changed_at_version` is the search version at which the row last changed (see `clinics.changes`).
    """

    __tablename__ = "clinic"
    __table_args__ = (
        CheckConstraint("status IN ('published', 'suspended', 'closed', 'erased')", name="status"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="point"),
        CheckConstraint("price_min IS NULL OR price_min >= 0", name="price_min"),
        CheckConstraint("price_max IS NULL OR price_max >= price_min", name="price_range"),
        CheckConstraint("(price_min IS NULL) = (currency IS NULL)", name="price_currency"),
        Index("ix_clinic_changed_at_version_id", "changed_at_version", "id"),
        Index("ix_clinic_name_key_id", "name_key", "id"),
        Index("ix_clinic_country_city_key", "country", "city_key"),
        Index("ix_clinic_lat_lon", "lat", "lon"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    status: Mapped[str] = mapped_column(String(12), default=PUBLISHED)
    is_example: Mapped[bool] = mapped_column(default=False, index=True)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closes_on: Mapped[date | None]  # announced by its owner: the first day on which it is closed, in its own zone
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # by its owner, who may open it again for a year
    moved_from_id: Mapped[int | None] = mapped_column(ForeignKey("clinic.id", ondelete="SET NULL"), unique=True)

    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    name_lang: Mapped[str] = mapped_column(String(12), default="")

    address: Mapped[str] = mapped_column(String(200), default="")
    address2: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    city_key: Mapped[str] = mapped_column(String(120), default="")
    region: Mapped[str] = mapped_column(String(120), default="")
    postal_code: Mapped[str] = mapped_column(String(16), default="")
    country: Mapped[str] = mapped_column(String(2))
    is_home: Mapped[bool] = mapped_column(default=False)
    lat: Mapped[float]
    lon: Mapped[float]
    point_precision: Mapped[str] = mapped_column(String(12), default="given")
    timezone: Mapped[str] = mapped_column(String(48), default="UTC")

    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    website_host: Mapped[str] = mapped_column(String(253), default="", index=True)

    description: Mapped[str] = mapped_column(Text, default="")
    description_lang: Mapped[str] = mapped_column(String(12), default="")
    opening_hours: Mapped[str] = mapped_column(String(500), default="")
    goals: Mapped[list[str]] = mapped_column(WordList, default=list)
    languages: Mapped[list[str]] = mapped_column(WordList, default=list)
    price_min: Mapped[int | None] = mapped_column(BigInteger)
    price_max: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    facts_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    changed_at_version: Mapped[int] = mapped_column(default=0)

    organisation: Mapped[Organisation | None] = relationship()
    services: Mapped[list["Service"]] = relationship(
        back_populates="clinic", order_by="Service.position, Service.id", cascade="all, delete-orphan"
    )
    sources: Mapped[list["ClinicSource"]] = relationship(
        back_populates="clinic", order_by="ClinicSource.id", cascade="all, delete-orphan"
    )

    @property
    def is_approximate(self) -> bool:
        """Whether the point shown is not the door: a home studio, or a place known by its town or code only."""
        return self.is_home or self.point_precision != "given"

    @property
    def street(self) -> str:
        """The street lines fit to show; a home studio shows none."""
        return "" if self.is_home else ", ".join(line for line in (self.address, self.address2) if line)

    def rename(self, name: str) -> None:
        self.name = name
        self.name_key = name_key(name)[:200]

    def move_point(self, lat: float, lon: float, *, precision: str) -> None:
        """Put the public point; a home studio's is snapped to the grid and the exact one is not kept."""
        self.lat, self.lon = snap_home(lat, lon) if self.is_home else (lat, lon)
        self.point_precision = precision

    def confirm_facts(self) -> None:
        """The clinic says that everything it states still holds."""
        self.facts_confirmed_at = now()
        record("clinic.facts_confirmed", role="clinic", subject=f"clinic:{self.public_id}")

    def put_prices(self, services: Sequence["Service"]) -> None:
        """Replace the price list. The clinic's own range and goals follow from it.

        Raises Refused when the list mixes currencies: prices are never converted.
        """
        currencies = {service.currency for service in services if service.currency}
        if len(currencies) > 1:
            raise Refused("All prices of one clinic are given in one currency.")
        priced = [service for service in services if service.price_min is not None]
        self.services = list(services)
        self.price_min = min((s.price_min for s in priced if s.price_min is not None), default=None)
        self.price_max = max((s.price_max or s.price_min or 0 for s in priced), default=None)
        self.currency = currencies.pop() if priced else None
        goals = [service.goal for service in services if service.goal]
        self.goals = list(dict.fromkeys([*(self.goals or []), *goals]))

    def _become(self, status: str) -> None:
        if (self.status, status) not in TRANSITIONS:
            raise Refused(f"A clinic that is {self.status} cannot become {status}.")
        self.status = status

    def suspend(self) -> None:
        self._become(SUSPENDED)

    def publish(self) -> None:
        self._become(PUBLISHED)

    def close(self) -> None:
        self._become(CLOSED)

    def erase(self) -> None:
        """Forget everything that describes the place; its address on this site answers 410 from now on."""
        self._become(ERASED)
        self.rename("")
        for field in ("address", "address2", "city", "city_key", "region", "postal_code", "phone", "email"):
            setattr(self, field, "")
        for field in ("website", "website_host", "description", "opening_hours"):
            setattr(self, field, "")
        self.lat, self.lon, self.facts = 0.0, 0.0, {}
        self.services, self.goals, self.languages = [], [], []
        for source in self.sources:
            source.source_url, source.row = "", {}
        for forget in _forgets:
            forget(self)
        self.price_min = self.price_max = self.currency = None


def snap_home(lat: float, lon: float) -> tuple[float, float]:
    """The middle of the grid cell of about 1 km that holds the point (degrees in, degrees out)."""
    step = HOME_GRID_DEGREES
    return round((lat // step + 0.5) * step, 3), round((lon // step + 0.5) * step, 3)


class OldSlug(Base):
    """An address this clinic once had on this site: answered with 301 for ever."""

    __tablename__ = "old_slug"
    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id"), index=True)


class Service(Base):
    """One line of the price list. `goal` is empty for the clinic's general range.

    Prices are whole minor units (pence, cents) of an ISO 4217 currency; never converted.
    """

    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("price_min IS NULL OR price_min >= 0", name="price_min"),
        CheckConstraint("price_max IS NULL OR price_max >= price_min", name="price_range"),
        CheckConstraint("(price_min IS NULL) = (currency IS NULL)", name="price_currency"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    goal: Mapped[str] = mapped_column(String(24), default="")
    title: Mapped[str] = mapped_column(String(120), default="")
    price_min: Mapped[int | None] = mapped_column(BigInteger)
    price_max: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    sessions_min: Mapped[int | None]
    sessions_max: Mapped[int | None]
    included: Mapped[str] = mapped_column(String(200), default="")

    clinic: Mapped[Clinic] = relationship(back_populates="services")


class ClinicSource(Base):
    """Where a listing's facts came from: one row of one file.

    `digest` is the SHA-256 of the row as read; `row` the facts last taken from it, which tell an edit made here
    from one made in the file. An erased listing keeps its source ids, so that no later import lists it again.
    """

    __tablename__ = "clinic_source"
    __table_args__ = (UniqueConstraint("source", "source_id", name="uq_clinic_source_source_source_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(String(120))
    source_id: Mapped[str] = mapped_column(String(200))
    source_url: Mapped[str] = mapped_column(String(500), default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    line: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64), default="")
    row: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    clinic: Mapped[Clinic] = relationship(back_populates="sources")
