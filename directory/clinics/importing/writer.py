"""Rows into the database: batches that are looked up and checked first, then written in one short transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple, cast

from sqlalchemy import Table as SQLTable
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from directory.clinics.changes import BATCH, next_version
from directory.clinics.importing.changes import FACTS, blank, change_of
from directory.clinics.importing.columns import Layout
from directory.clinics.importing.reader import Table
from directory.clinics.importing.rows import Checked, Picked, RowCheck, pick
from directory.clinics.models import PUBLISHED, Clinic, ClinicSource
from directory.clinics.slugs import SlugBook, stem_of
from directory.db import now
from directory.words import name_key, new_public_id

ADDED, UPDATED, UNCHANGED, REFUSED, FLAGGED = ACTIONS = ("added", "updated", "unchanged", "refused", "flagged")
_CLINIC, _SOURCE = cast(SQLTable, Clinic.__table__), cast(SQLTable, ClinicSource.__table__)


class Outcome(NamedTuple):
    """What became of one row of the file. `slug` is "" when there is no listing."""

    line: int
    action: str
    reasons: list[str]
    slug: str


@dataclass(frozen=True)
class Origin:
    """Where the rows come from. `is_named` says that a person named the source, rather than the file's name."""

    source: str
    file_name: str
    is_named: bool


@dataclass
class Batch:
    """At most BATCH rows, checked. `outcomes` grows while the batch is written."""

    size: int
    outcomes: list[Outcome] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)


class Importer:
    """Takes a table in. Nothing is committed here: the caller commits after each `write`."""

    def __init__(
        self, session: Session, table: Table, layout: Layout, check: RowCheck, origin: Origin, salt: str
    ) -> None:
        self._session = session
        self._table = table
        self._layout = layout
        self._check = check
        self._origin = origin
        self._salt = salt
        self._slugs = SlugBook(session)
        self._lines: dict[int, int] = {}
        self.lines_by_clinic: dict[int, int] = {}
        self.seen = 0

    def batches(self) -> Iterator[Batch]:
        """The file's rows, looked up and checked but not yet written."""
        rows = self._table.rows()
        while part := list(islice(rows, BATCH)):
            batch = Batch(len(part))
            fresh = [picked for row in part if (picked := self._pick(batch, *row))]
            known = self._known(fresh)
            self._session.rollback()  # ends the reading transaction before the slow checks
            for picked in fresh:
                source = known.get(picked.source_id)
                if source is not None and source.digest == picked.digest:
                    self._meet(source.clinic_id, picked.line)
                    batch.outcomes.append(Outcome(picked.line, UNCHANGED, [], source.slug))
                else:
                    batch.checked.append(self._check.check(picked))
            yield batch

    def _meet(self, clinic_id: int, line: int) -> None:
        self.seen += 1
        self.lines_by_clinic[clinic_id] = line

    def _pick(self, batch: Batch, line: int, cells: list[str], fault: str) -> Picked | None:
        """The row's texts, unless it is broken or stood in the file before."""
        if fault:
            batch.outcomes.append(Outcome(line, REFUSED, [fault], ""))
            return None
        picked = pick(line, cells, self._layout, spreadsheet=bool(self._table.delimiter), salt=self._salt)
        mark = int(picked.digest[:8], 16)
        before = self._lines.setdefault(hash(picked.source_id), line << 32 | mark)
        first, its_mark = before >> 32, before & 0xFFFFFFFF
        if first == line:
            return picked
        if its_mark == mark:
            batch.outcomes.append(Outcome(line, UNCHANGED, [f"same as line {first}"], ""))
        else:
            what = "the source_id" if picked.has_own_id else "the name, address and postal code"
            batch.outcomes.append(Outcome(line, REFUSED, [f"has {what} of line {first} but says otherwise"], ""))
        return None

    def _known(self, rows: Sequence[Picked]) -> dict[str, Any]:
        """Earlier rows by source id: of this source or, when nobody named one, of that they were exported from."""
        ids = [row.source_id for row in rows]
        fields = (
            _SOURCE.c.id,
            _SOURCE.c.source,
            _SOURCE.c.source_id,
            _SOURCE.c.clinic_id,
            _SOURCE.c.digest,
            _CLINIC.c.slug,
            _CLINIC.c.name_key,
            _CLINIC.c.postal_code,
        )
        found = select(*fields).join(_CLINIC, _CLINIC.c.id == _SOURCE.c.clinic_id).order_by(_SOURCE.c.id)
        mine = found.where(_SOURCE.c.source == self._origin.source, _SOURCE.c.source_id.in_(ids))
        known: dict[str, Any] = {row.source_id: row for row in self._session.execute(mine)}
        if self._origin.is_named:
            return known
        foreign = {row.source_id: row for row in rows if row.has_own_id and row.source_id not in known}
        if foreign:
            other = found.where(_SOURCE.c.source_id.in_(list(foreign)))
            for row in self._session.execute(other):
                texts = foreign[row.source_id].texts
                same = name_key(texts.get("name", "")) == row.name_key and name_key(
                    texts.get("postal_code", "")
                ) == name_key(row.postal_code)
                if same:
                    known.setdefault(row.source_id, row)
        return known

    def plan(self, batch: Batch) -> None:
        """Say what `write` would do, without writing."""
        self._apply(batch, dry=True)

    def write(self, batch: Batch) -> None:
        """Write the batch inside the caller's transaction; outcomes are complete afterwards."""
        self._apply(batch, dry=False)

    def _apply(self, batch: Batch, *, dry: bool) -> None:
        ready = [row for row in batch.checked if not row.refused]
        outcomes = [
            Outcome(row.picked.line, REFUSED, [row.refused, *row.remarks], "") for row in batch.checked if row.refused
        ]
        if ready:
            # The counter first: it is the lock under which two imports take turns.
            version = 0 if dry else next_version(self._session)
            known = self._known([row.picked for row in ready])
            added = [row for row in ready if row.picked.source_id not in known]
            changed = [row for row in ready if row.picked.source_id in known]
            outcomes += (
                self._add(added, version)
                if not dry
                else [Outcome(row.picked.line, ADDED, row.remarks, "") for row in added]
            )
            outcomes += self._change(changed, known, version, dry=dry)
        batch.outcomes = sorted(batch.outcomes + outcomes)

    def _add(self, rows: Sequence[Checked], version: int) -> list[Outcome]:
        if not rows:
            return []
        moment = now()
        slugs = self._slugs.take([stem_of(row.facts["name"], row.facts.get("city", "")) for row in rows])
        ids = [new_public_id() for _ in rows]
        self._session.execute(
            insert(_CLINIC),
            [
                _clinic_values(row, slug, public_id, version, moment)
                for row, slug, public_id in zip(rows, slugs, ids, strict=True)
            ],
        )
        made = select(_CLINIC.c.public_id, _CLINIC.c.id).where(_CLINIC.c.public_id.in_(ids)).order_by(_CLINIC.c.id)
        numbers = {row.public_id: row.id for row in self._session.execute(made)}
        self._session.execute(
            insert(_SOURCE),
            [
                {
                    **self._source_values(row, moment),
                    "clinic_id": numbers[public_id],
                    "source": self._origin.source,
                    "source_id": row.picked.source_id,
                }
                for row, public_id in zip(rows, ids, strict=True)
            ],
        )
        for row, public_id in zip(rows, ids, strict=True):
            self._meet(numbers[public_id], row.picked.line)
        return [Outcome(row.picked.line, ADDED, row.remarks, slug) for row, slug in zip(rows, slugs, strict=True)]

    def _source_values(self, row: Checked, moment: Any) -> dict[str, Any]:
        return {
            "source_url": row.source_url,
            "file_name": self._origin.file_name,
            "line": row.picked.line,
            "digest": row.picked.digest,
            "row": row.facts,
            "imported_at": moment,
        }

    def _change(self, rows: Sequence[Checked], known: dict[str, Any], version: int, *, dry: bool) -> list[Outcome]:
        if not rows:
            return []
        wanted = [known[row.picked.source_id].id for row in rows]
        fields = [_CLINIC.c[column] for column in (*FACTS, "status", "claimed_at", "is_home", "slug")]
        query = (
            select(_SOURCE.c.id.label("source_key"), _SOURCE.c.clinic_id, _SOURCE.c.row, *fields)
            .join(_CLINIC, _CLINIC.c.id == _SOURCE.c.clinic_id)
            .where(_SOURCE.c.id.in_(wanted))
            .order_by(_SOURCE.c.id)
        )
        standing: dict[int, dict[str, Any]] = {
            row.source_key: dict(row._mapping) for row in self._session.execute(query)
        }
        outcomes = []
        for row in rows:
            clinic = standing[known[row.picked.source_id].id]
            change = change_of(row.facts, clinic["row"], clinic)
            self._meet(clinic["clinic_id"], row.picked.line)
            if change.values and not dry:
                self._session.execute(
                    update(_CLINIC)
                    .where(_CLINIC.c.id == clinic["clinic_id"])
                    .values(**change.values, changed_at_version=version)
                )
            if change.values and not dry:
                self._session.execute(
                    update(_SOURCE)
                    .where(_SOURCE.c.id == clinic["source_key"])
                    .values(**self._source_values(row, now()))
                )
            action = UPDATED if change.values else UNCHANGED
            outcomes.append(Outcome(row.picked.line, action, change.reasons + row.remarks, clinic["slug"]))
        return outcomes

    def vanished(self) -> int:
        """How many listings of this source are not in the file any more; they stay."""
        total = select(func.count()).select_from(_SOURCE).where(_SOURCE.c.source == self._origin.source)
        return max(0, int(self._session.execute(total).scalar_one()) - self.seen)


def _clinic_values(row: Checked, slug: str, public_id: str, version: int, moment: Any) -> dict[str, Any]:
    facts = row.facts
    values = {column: facts.get(column, blank(column)) for column in FACTS}
    return values | {
        "public_id": public_id,
        "slug": slug,
        "status": PUBLISHED,
        "is_example": False,
        "is_home": False,
        "name_key": name_key(facts["name"])[:200],
        "city_key": name_key(facts.get("city", ""))[:120],
        "name_lang": "",
        "description_lang": "",
        "facts": {},
        "created_at": moment,
        "changed_at_version": version,
        "organisation_id": None,
        "claimed_at": None,
        "facts_confirmed_at": None,
    }
