"""A load from its first row to the list in force: what changed, whether a second person must look, and applying it.

The caller commits: the entries in batches of at most BATCH, then everything that follows from them at once.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select

from directory import queue
from directory.cases.models import Case
from directory.cases.opening import case_about, open_case
from directory.credentials import watch
from directory.credentials.matching import Listed
from directory.credentials.register_layouts import Layout
from directory.credentials.register_lists import Reading
from directory.credentials.registers import (
    APPLIED,
    READING,
    REFUSED,
    SUPERSEDED,
    WAITING,
    Register,
    RegisterChange,
    RegisterEntry,
    RegisterLoad,
    load_in_force,
    register_of,
)
from directory.db import db
from directory.errors import Refused
from directory.ledger import record

BATCH = 500
KIND, JOB = "register_load", "registers/note"
# What makes a load wait, in per cent.
MOST_REFUSED, MOST_VANISHED = 2, 5
FEWEST_ROWS, MOST_ROWS = 70, 200
SHOWN = 20  # changes that the desk sees beside the counts
FEW = 20  # rows more or less that are never called far off
SECOND_PEOPLE = ("checker", "lead", "operator")
Change = tuple[str, str, str, str]


def put_register(layout: Layout) -> Register:
    """The register of this layout, made or brought up to date."""
    register = register_of(layout.issuer)
    if register is None:
        register = Register(issuer_key=layout.issuer, kind=layout.kind, title=layout.title)
        db.session.add(register)
    register.kind, register.title, register.prefixes = layout.kind, layout.title[:200], list(layout.prefixes)
    register.source_url, register.licence, register.link = layout.source_url, layout.licence[:200], layout.link
    db.session.flush()
    return register


def same_load(register: Register, reading: Reading, layout: Layout) -> RegisterLoad | None:
    """The load in force, or the one that waits, if it came from these very bytes by this very mapping."""
    query = select(RegisterLoad).where(
        RegisterLoad.register_id == register.id,
        RegisterLoad.state.in_((APPLIED, WAITING)),
        RegisterLoad.sha256 == reading.sha256,
        RegisterLoad.layout_sha256 == layout.sha256,
    )
    return db.session.scalars(query.order_by(RegisterLoad.id.desc()).limit(1)).one_or_none()


def begin(
    register: Register, reading: Reading, layout: Layout, *, listed_on: date, by_id: int | None = None
) -> RegisterLoad:
    """A load whose entries come next. One that was never finished, or that waits still, makes room for it."""
    for left in db.session.scalars(
        select(RegisterLoad)
        .where(RegisterLoad.register_id == register.id, RegisterLoad.state.in_((READING, WAITING)))
        .order_by(RegisterLoad.id)
    ):
        if left.state == READING:
            db.session.delete(left)
        else:
            _supersede(left)
    db.session.flush()
    load = RegisterLoad(
        register=register,
        sha256=reading.sha256,
        layout_sha256=layout.sha256,
        source_url=layout.source_url,
        licence=layout.licence[:200],
        listed_on=listed_on,
        by_id=by_id,
        rows=reading.rows,
        refused=len(reading.faults),
        filtered=reading.filtered,
        entries=len(reading.lines),
    )
    db.session.add(load)
    db.session.flush()
    return load


def stage(load_id: int, reading: Reading) -> Iterator[int]:
    """Write the entries, BATCH at a time; the caller commits after each."""
    lines = list(reading.lines.values())
    for start in range(0, len(lines), BATCH):
        rows = [{"load_id": load_id, **line.columns()} for line in lines[start : start + BATCH]]
        db.session.execute(insert(RegisterEntry), rows)
        yield len(rows)


def settle(load: RegisterLoad, reading: Reading, *, today: date) -> None:
    """All entries are in: count what changed, then apply the load, or hold it for a second person and say why."""
    _lock(load.register)
    base = load_in_force(load.register.issuer_key)
    load.base_id = base.id if base else None
    before, after = _standings(base, today), _standings(load, today)
    changes = _changes(before, after) if base else []
    load.active = sum(standing == "active" for _, standing in after.values())
    for kind in ("added", "vanished", "changed", "expired"):
        setattr(load, kind, sum(change[0] == kind for change in changes))
    if base is None:
        load.added = load.entries
    for start in range(0, len(changes), BATCH):
        rows = [
            {"load_id": load.id, "kind": kind, "number": number, "before": old, "after": new}
            for kind, number, old, new in changes[start : start + BATCH]
        ]
        db.session.execute(insert(RegisterChange), rows)
    gone = sum(change[0] == "vanished" and change[2] == "active" for change in changes)
    active = sum(standing == "active" for _, standing in before.values())
    reasons = _reasons(load, base, reading, gone=gone, active=active)
    if reasons:
        _hold(load, reasons, changes)
    else:
        apply(load, role="register", today=today)


def _standings(load: RegisterLoad | None, today: date) -> dict[str, tuple[str, str]]:
    """Number and standing of every entry, by the number's key."""
    if load is None:
        return {}
    columns = (RegisterEntry.number_key, RegisterEntry.number, RegisterEntry.status, RegisterEntry.expires_on)
    query = select(*columns).where(RegisterEntry.load_id == load.id).order_by(RegisterEntry.id)
    return {
        key: (number, Listed(number, "", status, expires_on=ends).standing(today))
        for key, number, status, ends in db.session.execute(query)
    }


def _changes(before: dict[str, tuple[str, str]], after: dict[str, tuple[str, str]]) -> list[Change]:
    """What is different, in the order of the numbers: vanished and fallen entries first."""
    found: list[Change] = [("vanished", before[key][0], before[key][1], "") for key in before.keys() - after.keys()]
    for key in before.keys() & after.keys():
        old, new = before[key][1], after[key][1]
        if old != new:
            found.append(("expired" if new == "expired" else "changed", after[key][0], old, new))
    found += [("added", after[key][0], "", after[key][1]) for key in after.keys() - before.keys()]
    order = ("vanished", "changed", "expired", "added")
    return sorted(found, key=lambda change: (order.index(change[0]), change[1]))


def _reasons(load: RegisterLoad, base: RegisterLoad | None, reading: Reading, *, gone: int, active: int) -> list[str]:
    """Why the load must not be believed by itself, one line each; empty when nothing is off."""
    found = []
    if reading.missing:
        found.append(f"the file lacks columns that the mapping names: {', '.join(reading.missing)}")
    if load.refused * 100 > load.rows * MOST_REFUSED:
        found.append(f"{load.refused} of {load.rows} rows could not be used; {MOST_REFUSED} % are accepted")
    if not load.entries:
        found.append("not one row could be used")
    if base is None:
        return found
    far_off = not base.rows * FEWEST_ROWS <= load.rows * 100 <= base.rows * MOST_ROWS
    if far_off and abs(load.rows - base.rows) > FEW:
        found.append(f"it has {load.rows} rows where the list in force has {base.rows}")
    if gone * 100 > active * MOST_VANISHED:
        found.append(f"{gone} of {active} active entries are not in it any more; {MOST_VANISHED} % are accepted")
    if load.listed_on < base.listed_on:
        found.append(f"it is of {load.listed_on}, older than the list in force of {base.listed_on}")
    return found


def _hold(load: RegisterLoad, reasons: list[str], changes: list[Change]) -> None:
    load.why_waiting = "\n".join(reasons)
    load.become(WAITING)
    db.session.flush()
    open_case(
        KIND,
        subject=f"{KIND}:{load.public_id}",
        subject_id=load.id,
        clock="report",
        priority="high",
        reason="A list of a register waits for a second person.",
        opened_by_id=load.by_id,
        register=load.register.title,
        issuer=load.register.issuer_key,
        reasons=reasons,
        counts=counts(load),
        changes=[" ".join(filter(None, change)) for change in changes[:SHOWN]],
    )
    record("register_load.held", role="register", subject=f"{KIND}:{load.public_id}", **counts(load))


def counts(load: RegisterLoad) -> dict[str, Any]:
    """The load in numbers, for the record and for whoever decides."""
    names = ("rows", "refused", "entries", "active", "added", "vanished", "changed", "expired")
    return {name: getattr(load, name) for name in names}


def apply(load: RegisterLoad, *, role: str, today: date) -> None:
    """Make it the list in force. Everything that rested on the old list falls or stands by the new one, at once.

    Raises Refused when another list came into force since the load was compared.
    """
    _lock(load.register)
    base = load_in_force(load.register.issuer_key)
    if (base.id if base else None) != load.base_id:
        raise Refused("Another list came into force since; load the file again.")
    if base is not None:
        base.become(SUPERSEDED)
        db.session.flush()
    load.become(APPLIED)
    db.session.flush()
    record("register_load.applied", role=role, subject=f"{KIND}:{load.public_id}", **counts(load))
    watch.fall(load, today=today)
    queue.put(JOB, load_id=load.id)


def accept(load: RegisterLoad, *, by_id: int, role: str, today: date) -> None:
    """The second person's word. Raises Refused for whoever loaded it, and when nobody is named as that."""
    if load.state != WAITING:
        raise Refused("This load does not wait for anybody.")
    if load.by_id is None:
        raise Refused("Nobody is named as the one who loaded it: load the file again with --as, then accept.")
    if load.by_id == by_id:
        raise Refused("The second person must be somebody else than the one who loaded it.")
    load.accepted_by_id = by_id
    apply(load, role=role, today=today)


def refuse(load: RegisterLoad, *, role: str) -> None:
    """It is not what the issuer published: nothing of it is kept but that it was there."""
    load.become(REFUSED)
    record("register_load.refused", role=role, subject=f"{KIND}:{load.public_id}", **counts(load))


def _supersede(load: RegisterLoad) -> None:
    load.become(SUPERSEDED)
    waiting: Case | None = case_about(KIND, f"{KIND}:{load.public_id}")
    if waiting is not None:
        waiting.withdraw()


def name_loader(load: RegisterLoad, by_id: int) -> None:
    """Whoever loads a waiting file again, with a name, is the one who loaded it."""
    if load.by_id is None:
        load.by_id = by_id


def drop_entries(limit: int) -> int:
    """Delete up to `limit` entries of lists that neither are in force nor wait; returns how many went."""
    dead = (
        select(RegisterEntry.id)
        .join(RegisterLoad, RegisterLoad.id == RegisterEntry.load_id)
        .where(RegisterLoad.state.in_((SUPERSEDED, REFUSED)))
        .order_by(RegisterEntry.id)
        .limit(limit)
    )
    ids = list(db.session.scalars(dead))
    db.session.execute(delete(RegisterEntry).where(RegisterEntry.id.in_(ids)))
    return len(ids)


def _lock(register: Register) -> None:
    """Two loads of one register wait for each other; SQLite has one writer anyway."""
    db.session.execute(select(Register.id).where(Register.id == register.id).with_for_update())
