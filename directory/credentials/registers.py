"""Register (an official list), its loads and their entries; and the look-up the desk and the claims use.

A load is read into its own entries first and becomes the list in force by one change of state: a reader sees the old
list or the new one, never a mixture, and a load that was killed leaves nothing in force. Loads stay as history with
their date, source, licence, fingerprint and counts; entries are kept of the list in force and of the one that waits.
"""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    case,
    func,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from directory.credentials.matching import STATUSES, Claim, Crowd, Finding, Listed, judge
from directory.credentials.names import name_sort_key, surname_key
from directory.credentials.numbers import MAX_NUMBER, number_key
from directory.credentials.outside import OUTCOMES
from directory.db import Base, UTCDateTime, WordList, db, now, one_of
from directory.errors import Refused
from directory.places.fold import fold
from directory.words import new_public_id

READING, WAITING, APPLIED, SUPERSEDED, REFUSED = "reading", "waiting", "applied", "superseded", "refused"
MOST = 12  # candidates shown at once
# A load is read, then applied or held for a second person; one list follows another.
TRANSITIONS = {
    (READING, WAITING),
    (READING, APPLIED),
    (WAITING, APPLIED),
    (WAITING, REFUSED),
    (WAITING, SUPERSEDED),  # a newer load was applied before anybody decided
    (APPLIED, SUPERSEDED),
}


class Register(Base):
    """An official list of one issuer, found by the issuer's key. `link` leads to the official page of one number."""

    __tablename__ = "register"
    __table_args__ = (CheckConstraint("kind IN ('persons', 'premises')", name="kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    issuer_key: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(200))
    source_url: Mapped[str] = mapped_column(String(300), default="")
    licence: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(300), default="")
    prefixes: Mapped[list[str]] = mapped_column(WordList, default=list)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    def link_to(self, number: str) -> str:
        """The issuer's own page about this number, or the list's page; empty when neither is known."""
        return self.link.replace("{number}", quote(number, safe="")) if self.link else self.source_url


class RegisterLoad(Base):
    """One reading of a list. Of the counts, the last four compare it with `base`, the list in force before it.

    `why_waiting` is one line for each thing that was off; `by_id` loaded it, `accepted_by_id` is the second person.
    """

    __tablename__ = "register_load"
    __table_args__ = (
        CheckConstraint("state IN ('reading', 'waiting', 'applied', 'superseded', 'refused')", name="state"),
        CheckConstraint("accepted_by_id IS NULL OR by_id IS NULL OR accepted_by_id <> by_id", name="two_people"),
        CheckConstraint("(state IN ('reading', 'waiting')) = (settled_at IS NULL)", name="settled"),
        Index("ix_register_load_register_id_id", "register_id", "id"),
        # One list in force, one being read and one waiting for each register.
        *(
            Index(
                f"uq_register_load_{state}",
                "register_id",
                unique=True,
                sqlite_where=text(where),
                postgresql_where=text(where),
            )
            for state, where in (
                ("applied", "state = 'applied'"),
                ("reading", "state = 'reading'"),
                ("waiting", "state = 'waiting'"),
            )
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    base_id: Mapped[int | None] = mapped_column(ForeignKey("register_load.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(12), default=READING)
    sha256: Mapped[str] = mapped_column(String(64))
    layout_sha256: Mapped[str] = mapped_column(String(64))
    source_url: Mapped[str] = mapped_column(String(300), default="")
    licence: Mapped[str] = mapped_column(String(200), default="")
    listed_on: Mapped[date]
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    why_waiting: Mapped[str] = mapped_column(Text, default="")
    rows: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    filtered: Mapped[int] = mapped_column(default=0)
    entries: Mapped[int] = mapped_column(default=0)
    active: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    vanished: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    expired: Mapped[int] = mapped_column(default=0)

    register: Mapped[Register] = relationship()

    def become(self, state: str) -> None:
        """Raises Refused for what may not follow; the time is noted when the load needs nobody any more."""
        if (self.state, state) not in TRANSITIONS:
            raise Refused(f"A load that is {self.state} cannot become {state}.")
        self.state = state
        if state != WAITING:
            self.settled_at = now()


class RegisterChange(Base):
    """One thing that a load changed against the list before it; `before` and `after` are statuses, empty for none."""

    __tablename__ = "register_change"
    __table_args__ = (
        CheckConstraint("kind IN ('added', 'vanished', 'changed', 'expired')", name="kind"),
        Index("ix_register_change_load_id_id", "load_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    load_id: Mapped[int] = mapped_column(ForeignKey("register_load.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    number: Mapped[str] = mapped_column(String(MAX_NUMBER))
    before: Mapped[str] = mapped_column(String(12), default="")
    after: Mapped[str] = mapped_column(String(12), default="")


class RegisterEntry(Base):
    """One line of a list. A list of persons keeps town and postal area; only premises have an address here.

    `number_key` and the name keys are the forms that are compared (see `numbers`, `names`). An inspection of the
    premises may stand beside: its day, its outcome in our words and in theirs, and where it stands.
    """

    __tablename__ = "register_entry"
    __table_args__ = (
        CheckConstraint(f"status IN ({', '.join(repr(word) for word in STATUSES)})", name="status"),
        CheckConstraint(one_of("outcome", ("", *OUTCOMES)), name="outcome"),
        CheckConstraint("(inspected_on IS NULL) = (outcome = '')", name="inspection"),
        UniqueConstraint("load_id", "number_key", name="uq_register_entry_load_id_number_key"),
        Index("ix_register_entry_load_id_name_key_city_key", "load_id", "name_key", "city_key"),
        Index("ix_register_entry_load_id_surname_key_id", "load_id", "surname_key", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    load_id: Mapped[int] = mapped_column(ForeignKey("register_load.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(MAX_NUMBER))
    number_key: Mapped[str] = mapped_column(String(MAX_NUMBER))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    surname_key: Mapped[str] = mapped_column(String(80))
    other_names: Mapped[str] = mapped_column(Text, default="")  # one to a line
    status: Mapped[str] = mapped_column(String(12))
    status_word: Mapped[str] = mapped_column(String(60), default="")
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    type_word: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    city_key: Mapped[str] = mapped_column(String(120), default="")
    postal_area: Mapped[str] = mapped_column(String(16), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    inspected_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(String(24), default="", server_default="")
    outcome_word: Mapped[str] = mapped_column(String(120), default="", server_default="")
    inspection_url: Mapped[str] = mapped_column(String(300), default="", server_default="")

    def listed(self, register: Register) -> Listed:
        """The entry as it is compared."""
        return Listed(
            number=self.number,
            name=self.name,
            status=self.status,
            other_names=tuple(self.other_names.split("\n")) if self.other_names else (),
            city=self.city,
            postal_area=self.postal_area,
            expires_on=self.expires_on,
            kind=register.kind,
            prefixes=tuple(register.prefixes),
        )


@dataclass(frozen=True)
class Candidate:
    """An entry that may be the one a claim speaks of, with what agrees and what does not, and the official page."""

    entry: RegisterEntry
    load: RegisterLoad
    finding: Finding
    standing: str
    link: str


def register_of(issuer_key: str) -> Register | None:
    return db.session.scalars(select(Register).where(Register.issuer_key == issuer_key)).one_or_none()


def load_in_force(issuer_key: str) -> RegisterLoad | None:
    """The newest applied load of the issuer's list, if there is one."""
    query = (
        select(RegisterLoad)
        .join(Register)
        .where(Register.issuer_key == issuer_key, RegisterLoad.state == APPLIED)
        .options(contains_eager(RegisterLoad.register))
    )
    return db.session.scalars(query).one_or_none()


def entry_of(load: RegisterLoad, number: str) -> RegisterEntry | None:
    """The entry with this number, however the number is written."""
    key = number_key(number, load.register.prefixes)
    query = select(RegisterEntry).where(RegisterEntry.load_id == load.id, RegisterEntry.number_key == key)
    return db.session.scalars(query).one_or_none() if key else None


def crowd_around(entry: RegisterEntry) -> Crowd:
    """How many others of the list have the entry's name, anywhere and in its place."""
    nearby = func.sum(case((RegisterEntry.city_key == entry.city_key, 1), else_=0))
    query = select(func.count(), nearby).where(
        RegisterEntry.load_id == entry.load_id, RegisterEntry.name_key == entry.name_key, RegisterEntry.id != entry.id
    )
    row = db.session.execute(query).one()
    return Crowd(int(row[0]), int(row[1] or 0))


def compare(issuer_key: str, claim: Claim, *, today: date) -> Candidate | None:
    """What the list in force says of the claim's number; None when there is no list, or no such number in it."""
    load = load_in_force(issuer_key)
    entry = entry_of(load, claim.number) if load else None
    return _candidate(claim, entry, load, today) if load and entry else None


def find(
    issuer_key: str, *, number: str = "", name: str = "", place: str = "", today: date | None = None
) -> list[Candidate]:
    """Entries that may be meant, the likeliest first, at most MOST: by the number, and by the name or its last word.

    Those found by the name alone say so; none of them raises anything.
    """
    load = load_in_force(issuer_key)
    if load is None:
        return []
    claim = Claim(number=number, name=name, place=place)
    query = select(RegisterEntry).where(RegisterEntry.id.in_(_likely(load, claim))).order_by(RegisterEntry.id)
    made = [_candidate(claim, entry, load, today or now().date()) for entry in db.session.scalars(query)]
    made.sort(key=lambda one: (-len(one.finding.matched), len(one.finding.mismatched), one.entry.id))
    return made


def _likely(load: RegisterLoad, claim: Claim) -> list[int]:
    """Ids of at most MOST entries: of that number; of that very name, in that place before elsewhere; of its last word.

    One statement of four looks into indexes, whose rows are few: the whole of an entry is read for those alone.
    """
    key, name = number_key(claim.number, load.register.prefixes), surname_key(claim.name)
    mine = select(RegisterEntry.id).where(RegisterEntry.load_id == load.id).limit(MOST)
    exact = mine.where(RegisterEntry.name_key == name_sort_key(claim.name))
    looks = [mine.where(RegisterEntry.number_key == key)] if key else []
    if name and claim.place:
        looks.append(exact.where(RegisterEntry.city_key == fold(claim.place)[:120]).order_by(RegisterEntry.id))
    if name:
        looks.append(exact.order_by(RegisterEntry.city_key, RegisterEntry.id))
        looks.append(mine.where(RegisterEntry.surname_key == name).order_by(RegisterEntry.id))
    if not looks:
        return []
    parts = [look.add_columns(literal(rank).label("rank")).subquery() for rank, look in enumerate(looks)]
    whole = union_all(*(select(part.c.id, part.c.rank) for part in parts)).subquery()
    found = db.session.execute(select(whole.c.id).order_by(whole.c.rank, whole.c.id)).scalars()
    return list(dict.fromkeys(found))[:MOST]


def _candidate(claim: Claim, entry: RegisterEntry, load: RegisterLoad, today: date) -> Candidate:
    listed = entry.listed(load.register)
    # Namesakes are counted only where they matter: an entry that shares the number.
    shares_number = bool(claim.number) and entry.number_key == number_key(claim.number, load.register.prefixes)
    crowd = crowd_around(entry) if shares_number else Crowd()
    finding = judge(claim, listed, crowd, today=today)
    return Candidate(entry, load, finding, listed.standing(today), load.register.link_to(entry.number))
