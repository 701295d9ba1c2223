"""Credentials and what the law asks in words: lines of a ledger, rows of the law panel; derived at one moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from directory.clinics.filters import day
from directory.credentials.checks import Check
from directory.credentials.levels import FRESH, NEVER, Standing, next_change
from directory.credentials.models import Credential
from directory.credentials.requirements import COUNTED, Answer, Shown, held_until, strongest, verdict

MASK = "•••"
ENDS_SOON_DAYS = 60

METHOD_WORDS = {
    "attestation": _l("Self-declared"),
    "document": _l("Document seen"),
    "issuer": _l("Issuer confirmed"),
    "badge": _l("Signed by the issuer"),
    "register": _l("Found in register"),
    "register_watched": _l("Register re-checked"),
    "desk": _l("Looked at"),
    "renewal": _l("Renewed"),
}
STATE_WORDS = {
    "self_declared": _l("Self-declared, waits for a check"),
    "stands": _l("Stands"),
    "ending": _l("Ends soon"),
    "expired": _l("Expired"),
    "stale": _l("Not checked for a year"),
    "not_found": _l("Not found in register"),
    "suspended": _l("Suspended"),
    "revoked": _l("Revoked"),
    "disputed": _l("Disputed"),
    "superseded": _l("Replaced by its renewal"),
    "unverifiable": _l("Cannot be checked"),
    "hidden": _l("Not shown"),
}
STATE_KINDS = {"stands": "ok", "ending": "warn", "stale": "warn", "disputed": "warn", "self_declared": "",
               "superseded": "", "unverifiable": ""}  # fmt: skip
LEVEL_WORDS = (
    _l("Self-declared"),
    _l("Document seen"),
    _l("Issuer confirmed"),
    _l("Found in register"),
    _l("Register re-checked"),
)
LEVEL_NOTES = (
    _l("The holder says so."),
    _l("A moderator saw the paper; it is deleted afterwards."),
    _l("The issuer answered, at an address we found ourselves, or its signature was checked."),
    _l("A moderator found it in the official register."),
    _l("The register is read again on a timetable, without anyone asking."),
)
RECOGNITION_WORDS = {
    "state_regulator": _l("public authority"),
    "regulated_awarding_body": _l("regulated awarding body"),
    "professional_society": _l("professional society"),
    "academy_private": _l("private academy"),
    "insurer": _l("insurer"),
    "unknown": _l("recognition not known"),
}
STATUS_KINDS = {"met": "ok", "expired": "stop", "missing": "warn"}
VERDICT_WORDS = {
    "met": _l("Shown"),
    "expired": _l("Lapsed"),
    "missing": _l("Not shown"),
    "unknown": _l("Not known here"),
    "local": _l("Decided locally"),
    "none": _l("Nothing is asked"),
}


class Line(NamedTuple):
    """One line of a ledger; see the macro `ledger_line`."""

    level: int
    what: str
    issuer: str
    number: str
    how: str
    how_date: str
    until: str
    until_note: str
    url: str
    how_kind: str
    until_kind: str


class Row(NamedTuple):
    """One thing the law asks and what is shown, for the law panel. `url` leads to the credential, or is empty."""

    title: str
    law: str
    kind: str
    words: str
    note: str
    url: str
    source: str
    confidence: str


def masked(number: str) -> str:
    """Enough of a number to find it again by, not enough to borrow it: `LCC/SP/•••417`."""
    digits = sum(letter.isdigit() for letter in number)
    if len(number) <= 3:
        return MASK if number else ""
    keep = 3 if digits > 4 or len(number) > 6 else 1
    head = number[:-keep].rstrip("0123456789") if digits else number[:1]
    return f"{head[:12]}{MASK}{number[-keep:]}"


def title_of(one: Credential) -> str:
    """What it is: a certificate's own name in quotes, its kind otherwise."""
    return f"“{one.title}”" if one.title else one.type.title


def issuer_words(one: Credential) -> str:
    if one.type.is_permission or one.issuer.is_example:
        return one.issued_by
    return f"{one.issued_by}, {RECOGNITION_WORDS[one.issuer.recognition]}"


def last_look(one: Credential) -> Check | None:
    """The newest check that found or did not find it."""
    told = [check for check in one.checks if check.result in {"confirmed", "failed"} and check.method != "desk"]
    return told[-1] if told else None


def how_of(one: Credential, standing: Standing, moment: datetime) -> tuple[str, str, str]:
    """(how it was checked, when, kind). An old check says that it is old."""
    look = last_look(one)
    if standing.state in {"suspended", "revoked", "disputed", "not_found", "unverifiable", "superseded"}:
        when = day(look.at) if look else ""
        return str(STATE_WORDS[standing.state]), when, "" if standing.state in STATE_KINDS else "stop"
    if look is None:
        return str(LEVEL_WORDS[0]), str(_("waits for a check")), ""
    if standing.old and standing.state != "expired":
        return str(METHOD_WORDS[look.method]), str(_("last checked %(day)s", day=day(look.at))), ""
    return str(METHOD_WORDS[look.method]), day(look.at), ""


def until_of(one: Credential, standing: Standing, moment: datetime) -> tuple[str, str, str]:
    """(until when, a note, kind): "31 Dec 2026", "ends in 39 days", warn."""
    if one.expires_on is None:
        reason = one.no_expiry_reason or one.type.no_expiry_reason
        return (str(_("No expiry")), reason, "") if reason else ("", "", "")
    if standing.state == "expired":
        return str(_("Expired")), day(one.expires_on), "stop"
    if standing.state == "ending":
        left = max(0, (one.lapses_at - moment).days)
        return day(one.expires_on), str(_("ends in %(n)s days", n=left) if left else _("ends today")), "warn"
    return day(one.expires_on), "", ""


def line(one: Credential, moment: datetime) -> Line:
    """The credential at that moment as a line of a ledger."""
    standing = one.standing(moment)
    how, when, how_kind = how_of(one, standing, moment)
    until, note, until_kind = until_of(one, standing, moment)
    url = url_for("credentials.show", public_id=one.public_id)
    what = (standing.level, title_of(one), issuer_words(one), masked(one.number))
    return Line(*what, how, when, until, note, url, how_kind, until_kind)


def ledger(credentials: Iterable[Credential], moment: datetime) -> list[Line]:
    """What may be shown of them, permissions first, the strongest first."""
    kept = [one for one in credentials if one.standing(moment).state not in {"hidden", "superseded"}]
    return [line(one, moment) for one in sorted(kept, key=lambda one: _place(one, moment))]


def _place(one: Credential, moment: datetime) -> tuple[bool, bool, int, int]:
    return not one.type.is_permission, one.type.scope == "insurance", -one.level(moment), one.id


def row(found: Answer, moment: datetime) -> Row:
    """One answer of the law panel in words."""
    rule = found.rule
    words, note, url = _said(found, moment)
    return Row(rule.title, rule.law, STATUS_KINDS.get(found.status, ""), words, note, url, rule.source, rule.confidence)


def _said(found: Answer, moment: datetime) -> tuple[str, str, str]:
    paper = found.shown[-1] if found.shown else None
    best = max(found.shown, key=lambda one: (held_until(one, moment) is not None, one.level(moment)), default=paper)
    url = url_for("credentials.show", public_id=best.public_id) if best is not None else ""
    note = ""
    if best is not None:
        how, when, _kind = how_of(best, best.standing(moment), moment)
        note = f"{how}, {when}" if when else how
    match found.status:
        case "met":
            if found.inspection is not None and best is None:
                return str(_("Inspected")), day(found.inspection.inspected_on), found.inspection.url
            many = found.of > 1
            return str(_("Shown for all %(n)s people", n=found.of) if many else _("Shown")), note, url
        case "expired":
            ended = day(best.expires_on) if best is not None and best.expires_on else ""
            return str(_("Lapsed")), str(_("ended %(day)s", day=ended)) if ended else "", url
        case "missing" if found.people:
            return str(_("Shown for %(n)s of %(of)s people", n=found.people, of=found.of)), note, url
        case "missing":
            return str(_("Not shown")), note, url
        case "not_issued":
            return str(_("Not issued here")), found.rule.note, ""
        case "none":
            return str(_("Not asked")), found.rule.note, ""
        case "local":
            return str(_("Decided locally")), found.rule.note, ""
        case _:
            return str(_("Not known here")), found.rule.note or str(_("This rule was not read at its source.")), ""


class Panel(NamedTuple):
    """The law panel of one clinic: rows asked, rows shown though not asked, the answer in short, how old the rules are.

    `until`: when any of it changes by itself.
    """

    place: str
    rows: list[Row]
    beside: list[Row]
    verdict: str
    kind: str
    note: str
    read_on: str
    strongest: Line | None
    until: datetime


def panel(place: str, found: Sequence[Answer], shown: Shown, moment: datetime) -> Panel:
    """All of it in words. Rows of one clinic's address are in order of aspect."""
    asked = [row(one, moment) for one in found]
    used = {paper.id for one in found for paper in one.shown}
    rest = [one for one in shown.credentials if one.id not in used and not one.type.is_permission]
    told = [one for one in rest if one.standing(moment).state in {"stands", "ending", "stale"}]
    by_kind: dict[str, list[Credential]] = {}
    for one in told:
        by_kind.setdefault(one.type.key, []).append(one)
    best = strongest(shown.credentials, moment)
    word = verdict(found)
    read = min((one.rule.last_reviewed for one in found), default=None)
    return Panel(
        place=place,
        rows=asked,
        beside=[_beside(papers, shown, moment) for papers in by_kind.values()],
        verdict=str(VERDICT_WORDS[word]),
        kind=STATUS_KINDS.get(word, ""),
        note=_short(found),
        read_on=day(read) if read else "",
        strongest=line(best, moment) if best is not None else None,
        until=changes_at(found, shown, moment),
    )


def _beside(papers: Sequence[Credential], shown: Shown, moment: datetime) -> Row:
    """Papers of one kind in one row: how they were checked at best, and for how many of the people."""
    best = max(papers, key=lambda one: (one.level(moment), one.lapses_at, -one.id))
    how, when, _kind = how_of(best, best.standing(moment), moment)
    until, note, _until_kind = until_of(best, best.standing(moment), moment)
    held = len({one.practitioner_id for one in papers if one.practitioner_id})
    words = f"{how}, {when}"
    if held and len(shown.people) > 1:
        words = str(_("%(how)s for %(n)s of %(of)s people", how=how, n=held, of=len(shown.people)))
    url = url_for("credentials.show", public_id=best.public_id)
    return Row(best.type.title, issuer_words(best), "", words, note or until, url, "", "stated")


def _short(found: Sequence[Answer]) -> str:
    counted = [one for one in found if one.rule.aspect in COUNTED]
    met = sum(one.status == "met" for one in counted)
    asked = sum(one.status in {"met", "missing", "expired"} for one in counted)
    if not asked:
        return str(_("What is asked at this address was not read at a source."))
    words = ngettext("%(met)s of %(num)s known requirement", "%(met)s of %(num)s known requirements", asked, met=met)
    return str(words)


def changes_at(found: Sequence[Answer], shown: Shown, moment: datetime) -> datetime:
    """The next moment at which something said here stops to be so without anybody writing anything."""
    ends = [next_change(one.steps, moment) for one in shown.credentials]
    ends += [one.lapses_at for one in shown.credentials if one.lapses_at > moment]
    ends += [check.at + FRESH for one in shown.credentials for check in one.checks if check.at + FRESH > moment]
    ends += [one.until for one in found if one.until > moment]
    return min(ends, default=NEVER)
