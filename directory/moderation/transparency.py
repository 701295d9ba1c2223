"""What the desk did in one quarter, counted: by kind, by rule, by star, against the promised clocks.

Seven queries whatever the quarter holds; all but the veiled figures can be counted again from the public record.
"""

from collections import Counter
from collections.abc import Container, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, case, extract, func, select

from directory.cases.clocks import CLOCKS
from directory.cases.decisions import Appeal, Decision, Statement
from directory.cases.models import Case
from directory.db import db
from directory.moderation.quarters import Quarter
from directory.moderation.reports import Report
from directory.moderation.veil import FEWEST, veiled

STARS = (1, 2, 3, 4, 5)
NOT_SHOWN = {"refuse", "remove"}
IN_PART = {"redact", "ask_edit", "set_aside", "publish_part"}
COMPLAINTS = ("report", "legal_notice", "dispute")
# Whether a review is shown is decided in these; a photo or a reply has no stars, an appeal would count it twice.
ABOUT_REVIEWS = {"review", "stage", "suspicion", *COMPLAINTS}
PROVISIONAL = "hold"  # ends by itself: the decision that follows is the one that counts


class ByStar(NamedTuple):
    """Decisions about reviews of so many stars; None where the number stays hidden. `share` is 0 to 1."""

    stars: int
    decided: int | None
    not_shown: int | None

    @property
    def share(self) -> float | None:
        return self.not_shown / self.decided if self.not_shown is not None and self.decided else None


class ByKind(NamedTuple):
    """Items of one kind; `received` is None where the number stays hidden. `acts` are (what was done, how often).

    What was hidden for the time being stands among the acts and is no decision.
    """

    kind: str
    received: int | None
    decided: int
    acts: list[tuple[str, int]]


class ByRule(NamedTuple):
    """Decisions by one rule, the appeals against them that were answered, and those that won."""

    rule: str
    decided: int
    not_shown: int
    in_part: int
    appealed: int
    reversed: int


class Waited(NamedTuple):
    """How long items under one clock waited, in seconds; None where fewer than FEWEST were closed."""

    clock: str
    promise: str
    promised: int  # seconds; of a clock of business hours the number of such hours
    closed: int | None
    median: float | None
    ninth: float | None
    in_time: float | None


class Complaints(NamedTuple):
    """Reports, notices or disputes decided, and in how many something was taken down, cut or set aside for it."""

    kind: str
    decided: int
    upheld: int

    @property
    def share(self) -> float | None:
        return self.upheld / self.decided if self.decided >= FEWEST else None


class ByGround(NamedTuple):
    """Reports that gave one ground, and of those whose case was decided the upheld; None where it stays hidden."""

    ground: str
    received: int | None
    decided: int | None
    upheld: int | None

    @property
    def share(self) -> float | None:
        return self.upheld / self.decided if self.upheld is not None and self.decided else None


class Figures(NamedTuple):
    """All figures of one quarter."""

    received: int
    decided: int
    kinds: list[ByKind]
    rules: list[ByRule]
    stars: list[ByStar]
    waited: list[Waited]
    complaints: list[Complaints]
    grounds: list[ByGround]
    statements: int
    automated: int
    appeals: int
    reversed: int


def first_opened() -> datetime | None:
    """When the first case was opened."""
    return db.session.scalar(select(func.min(Case.opened_at)))


def _received(quarter: Quarter) -> dict[str, int]:
    query = (
        select(Case.kind, func.count())
        .where(Case.opened_at >= quarter.begins, Case.opened_at < quarter.ends)
        .group_by(Case.kind)
        .order_by(Case.kind)
    )
    return {kind: count for kind, count in db.session.execute(query)}


class _Cell(NamedTuple):
    kind: str
    act: str
    rule: str
    stars: int | None


def _decided(quarter: Quarter) -> Counter[_Cell]:
    """Decisions carried out, by all that they are counted by: a few hundred rows at the most."""
    by = (Case.kind, Decision.act, Decision.rule, Decision.stars)
    query = (
        select(*by, func.count())
        .join(Decision.case)
        .where(Decision.at >= quarter.begins, Decision.at < quarter.ends, Decision.carried_out_at.is_not(None))
        .group_by(*by)
        .order_by(*by)
    )
    return Counter({_Cell(*row[:4]): row[4] for row in db.session.execute(query)})


def _answered(quarter: Quarter) -> dict[tuple[str, str], int]:
    by = (Decision.rule, Appeal.outcome)
    query = (
        select(*by, func.count())
        .join(Appeal.decision)
        .where(Appeal.answered_at >= quarter.begins, Appeal.answered_at < quarter.ends)
        .group_by(*by)
        .order_by(*by)
    )
    return {(rule, outcome): count for rule, outcome, count in db.session.execute(query)}


def _statements(quarter: Quarter) -> tuple[int, int]:
    automated = func.coalesce(func.sum(case((Statement.automated, 1), else_=0)), 0)
    query = select(func.count(), automated).where(Statement.at >= quarter.begins, Statement.at < quarter.ends)
    row = db.session.execute(query).one()
    return row[0], int(row[1])


def _waited(quarter: Quarter) -> list[Waited]:
    """Median and ninth decile by nearest rank: the item at that place when all of a clock are put in order."""
    seconds = extract("epoch", Case.closed_at) - extract("epoch", Case.opened_at)
    placed = (
        select(
            Case.clock,
            seconds.label("seconds"),
            func.row_number().over(partition_by=Case.clock, order_by=(seconds, Case.id)).label("place"),
            func.count().over(partition_by=Case.clock).label("closed"),
            func.sum(case((Case.closed_at <= Case.due_at, 1), else_=0)).over(partition_by=Case.clock).label("in_time"),
        )
        .where(Case.closed_at >= quarter.begins, Case.closed_at < quarter.ends, Case.state == "decided")
        .subquery()
    )
    middle, ninth = (placed.c.closed + 1) // 2, (placed.c.closed * 9 + 9) // 10
    query = (
        select(placed)
        .where((placed.c.place == middle) | (placed.c.place == ninth))
        .order_by(placed.c.clock, placed.c.place)
    )
    found: dict[str, list[Row[Any]]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.clock, []).append(row)
    return [_line(clock, found.get(clock, [])) for clock in CLOCKS]


def _line(clock: str, rows: Sequence[Row[Any]]) -> Waited:
    hours, _business, promise = CLOCKS[clock]
    closed = int(rows[0].closed) if rows else 0
    if closed < FEWEST:
        return Waited(clock, promise, hours * 3600, None, None, None, None)
    share = int(rows[0].in_time) / closed
    return Waited(clock, promise, hours * 3600, closed, float(rows[0].seconds), float(rows[-1].seconds), share)


def _count(cells: Counter[_Cell], column: str, acts: Container[str] | None = None, kind: str = "") -> Counter[str]:
    """Added up by one column; of some acts or of one kind only."""
    counts: Counter[str] = Counter()
    for cell, count in cells.items():
        if (acts is None or cell.act in acts) and kind in {"", cell.kind}:
            counts[getattr(cell, column)] += count
    return counts


def _kinds(received: dict[str, int], decided: Counter[_Cell]) -> list[ByKind]:
    shown = veiled(received)
    lines = []
    for kind in sorted(received.keys() | {cell.kind for cell in decided}):
        acts = _count(decided, "act", kind=kind)
        ordered = sorted(acts.items(), key=lambda pair: (-pair[1], pair[0]))
        lines.append(ByKind(kind, shown.get(kind), acts.total() - acts[PROVISIONAL], ordered))
    return lines


def _rules(decided: Counter[_Cell], answered: dict[tuple[str, str], int]) -> list[ByRule]:
    every, gone, part = (_count(decided, "rule", acts) for acts in (None, NOT_SHOWN, IN_PART))
    appealed: Counter[str] = Counter()
    for (rule, _outcome), count in answered.items():
        appealed[rule] += count
    return [
        ByRule(rule, every[rule], gone[rule], part[rule], appealed[rule], answered.get((rule, "reversed"), 0))
        for rule in sorted(every | appealed)
    ]


def _stars(decided: Counter[_Cell]) -> list[ByStar]:
    """Where the number not shown stays hidden, so does the number decided: published reviews can be counted."""
    every: Counter[int] = Counter()
    gone: Counter[int] = Counter({stars: 0 for stars in STARS})
    for cell, count in decided.items():
        if cell.stars in STARS and cell.kind in ABOUT_REVIEWS:
            every[cell.stars] += count
            gone[cell.stars] += count if cell.act in NOT_SHOWN else 0
    shown = veiled(gone)
    return [ByStar(n, None if shown[n] is None else every[n], shown[n]) for n in STARS]


def _complaints(decided: Counter[_Cell]) -> list[Complaints]:
    every, upheld = _count(decided, "kind"), _count(decided, "kind", NOT_SHOWN | IN_PART)
    return [Complaints(kind, every[kind], upheld[kind]) for kind in COMPLAINTS]


def _grounds(quarter: Quarter) -> list[ByGround]:
    """Grounds stand nowhere in the public record, and a clinic may know who has one: small numbers stay hidden."""
    wrong = case((Decision.act.in_(NOT_SHOWN | IN_PART), 1), else_=0)
    # One decision of a case was carried out and was not for the time being: only that counts.
    final = and_(Decision.case_id == Case.id, Decision.carried_out_at.is_not(None), Decision.act != PROVISIONAL)
    query = (
        select(Report.ground, func.count(), func.count(Decision.id), func.coalesce(func.sum(wrong), 0))
        .join(Report.case)
        .outerjoin(Decision, final)
        .where(Report.created_at >= quarter.begins, Report.created_at < quarter.ends)
        .group_by(Report.ground)
        .order_by(Report.ground)
    )
    rows = [(ground, received, decided, int(upheld)) for ground, received, decided, upheld in db.session.execute(query)]
    received, decided, upheld = (veiled({row[0]: row[place] for row in rows}) for place in (1, 2, 3))
    told = {ground for ground in received if decided[ground] is not None and upheld[ground] is not None}
    return [
        ByGround(ground, received[ground], *((decided[ground], upheld[ground]) if ground in told else (None, None)))
        for ground in received
    ]


def read_figures(quarter: Quarter) -> Figures:
    """The figures of one quarter."""
    received, done, answered = _received(quarter), _decided(quarter), _answered(quarter)
    decided = Counter({cell: count for cell, count in done.items() if cell.act != PROVISIONAL})
    statements, automated = _statements(quarter)
    return Figures(
        received=sum(received.values()),
        decided=decided.total(),
        kinds=_kinds(received, done),
        rules=_rules(decided, answered),
        stars=_stars(decided),
        waited=_waited(quarter),
        complaints=_complaints(decided),
        grounds=_grounds(quarter),
        statements=statements,
        automated=automated,
        appeals=sum(answered.values()),
        reversed=sum(count for (_rule, outcome), count in answered.items() if outcome == "reversed"),
    )
