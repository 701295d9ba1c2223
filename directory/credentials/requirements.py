"""What the law asks at a place, and what a clinic shows of it: pure functions over rules, credentials and a moment.

A rule of a narrower place replaces the wider ones of the same aspect. A rule that was not read at its source gives
"unknown", never "missing"; what a council decides is "local"; a paper that does not exist there is "not issued".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from directory.clinics.hours import zone
from directory.clinics.models import Clinic
from directory.credentials.issuers import ASPECTS, Requirement
from directory.credentials.jurisdictions import Address
from directory.credentials.levels import NEVER, Step
from directory.credentials.models import Credential
from directory.credentials.outside import Inspection
from directory.credentials.reference_files import INSPECTION

# What stands for the papers of a real place among the invented clinics (decision 20).
EXAMPLE_TYPES = {"person": "example-person", "premises": "example-premises", "training": "example-training",
                 "insurance": "example-insurance"}  # fmt: skip
INSPECTED_WITHIN = timedelta(days=550)  # a yearly visit and half a year of grace
COUNTED = ("person", "premises", "training", "insurance")
# Worst first: one lapsed paper is told before one that was never shown.
WORST = ("expired", "missing", "unknown", "local", "met")


class Answer(NamedTuple):
    """One thing the law asks, and what is shown: `status` is met, expired, missing, unknown, local, none, not_issued.

    Of a thing asked of each person `people` of `of` show it. `until`: when a met answer stops to be one by itself.
    """

    rule: Requirement
    status: str
    shown: list[Credential]
    people: int
    of: int
    until: datetime
    inspection: Inspection | None


@dataclass(frozen=True)
class Shown:
    """What one clinic has: credentials of its premises and its present people, and who these are."""

    clinic: Clinic
    people: Sequence[int]
    credentials: Sequence[Credential]
    inspections: Sequence[Inspection] = ()


def address_of(clinic: Clinic) -> Address:
    return Address(clinic.country, clinic.region, clinic.city, clinic.postal_code)


def rules_in_force(rules: Iterable[Requirement], paths: Sequence[str], today: date) -> list[Requirement]:
    """The rules of the narrowest of these places (wider ones first) that speaks of each aspect, in order of aspect."""
    chosen: dict[str, tuple[int, list[Requirement]]] = {}
    for rule in rules:
        began = rule.valid_from is None or rule.valid_from <= today
        if rule.jurisdiction not in paths or not began or (rule.valid_to is not None and rule.valid_to < today):
            continue
        depth = paths.index(rule.jurisdiction)
        held = chosen.get(rule.aspect)
        if held is None or depth > held[0]:
            chosen[rule.aspect] = (depth, [rule])
        elif depth == held[0]:
            held[1].append(rule)
    return [rule for aspect in ASPECTS for rule in sorted(chosen.get(aspect, (0, []))[1], key=lambda one: one.key)]


def held_until(credential: Credential, moment: datetime) -> datetime | None:
    """Until when the paper counts for the law, None when it does not: it was checked, and its date has not passed."""
    steps: list[Step] = credential.steps
    ends = [step.until for step in steps if moment < step.until]
    return max(ends, default=None)


def answer(rule: Requirement, shown: Shown, moment: datetime) -> Answer:
    """What this clinic shows of one rule at that moment."""
    kinds = set(rule.types)
    if shown.clinic.is_example and rule.aspect in EXAMPLE_TYPES and rule.state in {"required", "local"}:
        kinds.add(EXAMPLE_TYPES[rule.aspect])
    papers = [one for one in shown.credentials if one.type.key in kinds]
    papers = [one for one in papers if one.standing(moment).state not in {"hidden", "superseded"}]
    inspection = _inspection(shown, moment) if INSPECTION in kinds else None
    until, people, of = _met(rule, papers, shown, moment)
    if inspection is not None and until is None:
        until = _end_of_inspection(inspection, shown.clinic)
    status = _status(rule, papers, until, moment)
    return Answer(rule, status, papers, people, of, until or NEVER, inspection)


def _status(rule: Requirement, papers: Sequence[Credential], until: datetime | None, moment: datetime) -> str:
    if rule.state in {"none", "not_issued"} and rule.confidence != "unconfirmed":
        return rule.state
    if until is not None:
        return "met"
    if rule.state == "local":
        return "local"
    if rule.state != "required" or rule.confidence == "unconfirmed" or rule.aspect not in COUNTED:
        return "unknown"
    return "expired" if any(one.standing(moment).state == "expired" for one in papers) else "missing"


def _met(
    rule: Requirement, papers: Sequence[Credential], shown: Shown, moment: datetime
) -> tuple[datetime | None, int, int]:
    """(until when it is met or None, people who show it, people asked). Each person shows it, or the premises do."""
    ends: dict[int | None, datetime] = {}
    for one in papers:
        until = held_until(one, moment)
        if until is not None:
            ends[one.practitioner_id] = max(until, ends.get(one.practitioner_id, until))
    asked = list(dict.fromkeys(shown.people)) if rule.aspect in {"person", "training", "insurance"} else []
    have = [person for person in asked if person in ends]
    if None in ends:  # the business as such holds it
        return ends[None], len(have), len(asked)
    if rule.aspect == "premises":
        return max(ends.values(), default=None), 0, 0
    met = bool(asked) and len(have) == len(asked)
    return (min(ends[person] for person in asked) if met else None), len(have), len(asked)


def _inspection(shown: Shown, moment: datetime) -> Inspection | None:
    newest = max(shown.inspections, key=lambda one: (one.inspected_on, one.id), default=None)
    if newest is None or newest.outcome not in {"passed", "passed_with_conditions"}:
        return None
    return newest if moment < _end_of_inspection(newest, shown.clinic) else None


def _end_of_inspection(inspection: Inspection, clinic: Clinic) -> datetime:
    day = inspection.inspected_on + INSPECTED_WITHIN
    return datetime(day.year, day.month, day.day, tzinfo=zone(clinic.timezone))


def answers(rules: Iterable[Requirement], shown: Shown, paths: Sequence[str], moment: datetime) -> list[Answer]:
    """All that is asked at this clinic's address on its own day, in order of aspect."""
    today = moment.astimezone(zone(shown.clinic.timezone)).date()
    return [answer(rule, shown, moment) for rule in rules_in_force(rules, paths, today)]


def verdict(found: Sequence[Answer]) -> str:
    """All of it in one word: expired, missing, unknown, local or met; "none" where nothing is asked at all."""
    statuses = {one.status for one in found if one.rule.aspect in COUNTED}
    if "met" in statuses and not statuses & {"expired", "missing"}:
        return "met"
    return next((word for word in WORST if word in statuses), "none")


def met_until(found: Sequence[Answer]) -> datetime | None:
    """Until when everything known to be asked is shown; None when it is not, or nothing is known to be asked."""
    if verdict(found) != "met":
        return None
    return min(one.until for one in found if one.status == "met" and one.rule.aspect in COUNTED)


def strength_steps(credentials: Iterable[Credential]) -> dict[int, datetime]:
    """For each level 1 to 4, until when a permission held here reaches it (decision 18); levels never reached are not
    in it."""
    until: dict[int, datetime] = {}
    for one in credentials:
        if one.type.is_permission:
            for step in one.steps:
                until[step.level] = max(step.until, until.get(step.level, step.until))
    return until


def strongest(credentials: Iterable[Credential], moment: datetime) -> Credential | None:
    """The permission that gives a clinic its strength: the highest level, then the one that runs longest."""
    there = [one for one in credentials if one.type.is_permission and one.standing(moment).state in CURRENT]
    return max(there, key=lambda one: (one.level(moment), one.lapses_at, -one.id), default=None)


CURRENT = ("self_declared", "stands", "ending", "stale", "not_found", "disputed")


def counted(found: Sequence[Answer]) -> Mapping[str, int]:
    """How many of the things asked are met, missing (lapsed ones too), or unknown (local ones too)."""
    groups = {"met": ("met",), "missing": ("missing", "expired"), "unknown": ("unknown", "local")}
    statuses = [one.status for one in found if one.rule.aspect in COUNTED]
    return {name: sum(status in words for status in statuses) for name, words in groups.items()}
