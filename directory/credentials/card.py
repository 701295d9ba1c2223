"""The provenance card of one credential: what was compared, every check, what it does not tell, how to check it."""

import json
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from directory.clinics.filters import day
from directory.credentials.checks import Check
from directory.credentials.levels import FRESH, NEVER, Standing, next_change
from directory.credentials.lines import (
    LEVEL_NOTES,
    LEVEL_WORDS,
    METHOD_WORDS,
    STATE_KINDS,
    STATE_WORDS,
    last_look,
    line,
    masked,
    title_of,
)
from directory.credentials.models import Credential
from directory.db import db
from directory.ledger import LedgerRow

FIELD_WORDS = {
    "name": _l("Name"),
    "number": _l("Number"),
    "activity": _l("Activity"),
    "place": _l("Place"),
    "status": _l("Status"),
    "issued": _l("Issued"),
    "expires": _l("Runs until"),
}
STATE_NOTES = {
    "stands": _l("No suspension, dispute or appeal is known to us."),
    "ending": _l("It ends within 60 days; a renewal is checked anew."),
    "expired": _l("Its last day has passed. It counts for nothing."),
    "stale": _l("Nobody has checked it for a year, so it counts as a paper seen once."),
    "not_found": _l("The newest look did not find it as it was. A person is looking into it."),
    "self_declared": _l("Nobody has checked it yet."),
    "suspended": _l("Suspended by its issuer. It counts for nothing."),
    "revoked": _l("Revoked by its issuer. It counts for nothing."),
    "disputed": _l("An appeal or a report about it is open. It counts for nothing meanwhile."),
    "superseded": _l("Its renewal has taken its place."),
    "unverifiable": _l("Its issuer is gone, or keeps no register."),
}


class Compared(NamedTuple):
    """One field of the newest look: as claimed (a number masked), and how it came out (ok, stop or empty)."""

    field: str
    claimed: str
    words: str
    kind: str


class Look(NamedTuple):
    """One check of the history; `seq` is its row of the public record, None when it has none."""

    date: str
    words: str
    level: int | None
    note: str
    by: str
    seq: int | None


class Card(NamedTuple):
    """All that the page says, derived at one moment; equal cards are equal pages."""

    title: str
    number: str
    level: int
    level_words: str
    checked: str
    checked_note: str
    until: str
    until_note: str
    until_kind: str
    state: str
    state_words: str
    state_note: str
    state_kind: str
    compared: tuple[Compared, ...]
    looks: tuple[Look, ...]
    levels: tuple[tuple[int, str, str], ...]
    limits: tuple[str, ...]
    source: str
    deep_link: str
    sentence: str
    changes: datetime


def card(one: Credential, moment: datetime) -> Card:
    """The card at that moment."""
    standing, drawn = one.standing(moment), line(one, moment)
    look = last_look(one)
    return Card(
        title=_title(one, standing),
        number=masked(one.number),
        level=standing.level,
        level_words=str(LEVEL_WORDS[standing.level]),
        checked=day(look.at) if look else "",
        checked_note=_age(look, moment),
        until=drawn.until,
        until_note=drawn.until_note,
        until_kind=drawn.until_kind,
        state=standing.state,
        state_words=str(STATE_WORDS[standing.state]),
        state_note=str(STATE_NOTES.get(standing.state, "")),
        state_kind=STATE_KINDS.get(standing.state, "stop"),
        compared=tuple(_compared(one, look)),
        looks=tuple(_looks(one)),
        levels=tuple((n, str(LEVEL_WORDS[n]), str(LEVEL_NOTES[n])) for n in range(4, -1, -1)),
        limits=tuple(_limits(one)),
        source=look.source if look else "",
        deep_link=_deep_link(one),
        sentence=_sentence(one, standing, look),
        changes=min(next_change(one.steps, moment), one.lapses_at if one.lapses_at > moment else NEVER),
    )


def _title(one: Credential, standing: Standing) -> str:
    facts = {"holder": one.holder.name, "what": title_of(one), "issuer": one.issued_by}
    if standing.state in {"stands", "ending", "stale"}:
        return str(_("%(holder)s: %(what)s, by %(issuer)s", **facts))
    if standing.state == "self_declared":
        return str(_("%(holder)s states to hold: %(what)s, by %(issuer)s", **facts))
    return str(_("%(holder)s held: %(what)s, by %(issuer)s", **facts))


def _age(look: Check | None, moment: datetime) -> str:
    if look is None:
        return str(_("Not yet"))
    days = max(0, (moment - look.at).days)
    due = look.at + FRESH
    words = str(_("today") if days == 0 else _("%(n)s days ago", n=days))
    return words if due < moment else str(_("%(age)s, next by %(day)s", age=words, day=day(due)))


def _compared(one: Credential, look: Check | None) -> list[Compared]:
    if look is None:
        return []
    claims = {
        "name": one.holder.name,
        "number": masked(one.number),
        "activity": one.activity,
        "place": one.clinic.city if one.clinic else "",
        "issued": day(one.issued_on) if one.issued_on else "",
        "expires": day(one.expires_on) if one.expires_on else "",
    }
    rows = []
    for key, words in FIELD_WORDS.items():
        if key in look.matched:
            rows.append(Compared(str(words), claims.get(key, ""), str(_("Same")), "ok"))
        elif key in look.mismatched:
            rows.append(Compared(str(words), claims.get(key, ""), str(_("Not the same")), "stop"))
        elif claims.get(key):
            rows.append(Compared(str(words), claims[key], str(_("Not compared")), ""))
    return rows


def _looks(one: Credential) -> list[Look]:
    """Every check, newest first, and its beginning; steps of the desk that found nothing out are left out."""
    subject = one.subject
    query = select(LedgerRow.seq, LedgerRow.facts).where(LedgerRow.subject == subject).order_by(LedgerRow.seq)
    rows = {named: seq for seq, facts in db.session.execute(query) if (named := _check_in(facts))}
    looks = []
    for check in reversed(one.checks):
        if check.method in {"desk", "attestation"} and check.status not in {"suspended", "revoked"}:
            continue
        by = _("by itself") if check.method in {"register_watched", "badge", "renewal"} else _("A checker")
        if check.second_key:
            by = _("Two checkers")
        failed = check.result == "failed"
        words = STATE_WORDS["not_found"] if failed and check.status not in STATE_WORDS else METHOD_WORDS[check.method]
        if check.status in {"suspended", "revoked"}:
            words = STATE_WORDS[check.status]
        level = None if failed or check.result == "open" else check.level
        looks.append(Look(day(check.at), str(words), level, check.source, str(by), rows.get(check.public_id)))
    looks.append(Look(day(one.created_at), str(LEVEL_WORDS[0]), 0, "", str(_("Its holder")), None))
    return looks


def _check_in(facts: str) -> str:
    return str(json.loads(facts).get("check", ""))


def _limits(one: Credential) -> list[str]:
    found = [one.type.limits] if one.type.limits else []
    if one.type.is_permission:
        found.append(str(_("Whether scalp work was taught. Training is a line of its own.")))
    found.append(str(_("Anything about other people at the same address.")))
    return found


def _deep_link(one: Credential) -> str:
    """The official place to look it up; the number is left out, so that it cannot be borrowed from here."""
    return one.issuer.register_url or one.issuer.contact_url


def _sentence(one: Credential, standing: Standing, look: Check | None) -> str:
    stands = standing.state in {"stands", "ending", "stale"}
    how = LEVEL_WORDS[standing.level] if stands else STATE_WORDS[standing.state]
    facts = {"holder": one.holder.name, "id": one.public_id, "how": str(how).lower()}
    if look is None:
        return str(_("%(holder)s, credential %(id)s, %(how)s.", **facts))
    return str(_("%(holder)s, credential %(id)s, %(how)s, %(day)s.", day=day(look.at), **facts))
