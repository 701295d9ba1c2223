"""The watch: what the list in force means for the credentials that rest on a register.

What the list does not bear out falls in the very transaction that puts the list in force; what it bears out is noted
afterwards, in batches. A credential rests on a register once somebody found it there: the watch raises nothing that
nobody looked at, and the public word "revoked" waits for two people at the desk.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload, selectinload

from directory import mail
from directory.cases.opening import case_about, open_case
from directory.clinics.models import Clinic
from directory.credentials.checks import Check
from directory.credentials.holders import addresses_of, clinics_of, own_address
from directory.credentials.issuers import Issuer
from directory.credentials.matching import CONFIRMED, REASONS, Claim, Crowd, Finding, judge
from directory.credentials.models import Credential
from directory.credentials.numbers import number_key
from directory.credentials.register_inspections import propose
from directory.credentials.registers import RegisterEntry, RegisterLoad
from directory.credentials.transitions import VERIFIED
from directory.db import db

BATCH = 500
KIND = "register_change"
READ = ("register", "register_watched")
GRAVE = {"status_revoked", "status_suspended", "number_of_another"}
VANISHED = Finding("refused", (), ("number",), "vanished", True)


class Seen(NamedTuple):
    """A credential beside its entry in the list; no entry when its number is gone."""

    credential: Credential
    entry: RegisterEntry | None
    finding: Finding

    @property
    def falls(self) -> bool:
        """The list contradicts it: gone, not active, another's; or premises that are elsewhere now."""
        reason = self.finding.reason
        moved = reason == "place_differs" and self.credential.clinic_id is not None
        return moved or reason in {"vanished", "number_of_another"} or reason.startswith("status_")


def fall(load: RegisterLoad, *, today: date) -> int:
    """All that the list contradicts loses its level; returns how many. Call it in the load's own transaction."""
    fallen = 0
    for seen in _all_seen(load, today):
        if seen.falls and _told(seen.credential) == "confirmed":
            _contradict(seen, load)
            fallen += 1
    return fallen


def rise(load: RegisterLoad, after: int, *, today: date) -> int:
    """Note what the list bears out, and propose what it tells of inspections there: of up to BATCH credentials whose id
    is above `after`.

    Returns the last id looked at, 0 when there are no more. A second run notes nothing twice.
    """
    batch = _resting(load, after)
    for seen in _seen(batch, load, today, with_places=True):
        noted = any(check.load == load.public_id and check.result == "confirmed" for check in seen.credential.checks)
        if seen.finding.outcome == CONFIRMED and not (noted and _told(seen.credential) == "confirmed"):
            _confirm(seen, load)
        if seen.finding.outcome == CONFIRMED and seen.entry is not None:
            propose(seen.credential, seen.entry, load, today=today)
    return batch[-1].id if batch else 0


def _all_seen(load: RegisterLoad, today: date) -> Iterator[Seen]:
    after = 0
    while batch := _resting(load, after):
        after = batch[-1].id
        yield from _seen(batch, load, today, with_places=False)


def _resting(load: RegisterLoad, after: int) -> list[Credential]:
    """Verified credentials of this issuer that somebody once found in its register, in order of id."""
    found_there = exists().where(
        Check.credential_id == Credential.id, Check.method.in_(READ), Check.result == "confirmed"
    )
    query = (
        select(Credential)
        .join(Issuer, Issuer.id == Credential.issuer_id)
        .where(Issuer.key == load.register.issuer_key, Credential.status.in_(VERIFIED), found_there)
        .where(Credential.id > after)
        .order_by(Credential.id)
        .limit(BATCH)
        .options(
            selectinload(Credential.checks),
            joinedload(Credential.practitioner),
            joinedload(Credential.clinic),
            joinedload(Credential.issuer),
            joinedload(Credential.type),
        )
    )
    return list(db.session.scalars(query).unique())


def _told(credential: Credential) -> str:
    """What the newest look that said anything came to; a failure that was not the register's own is left alone."""
    told = [check for check in credential.checks if check.result in {"confirmed", "failed"}]
    newest = max(told, key=lambda check: (check.at, check.id), default=None)
    if newest is None or (newest.result == "failed" and newest.method not in READ):
        return ""
    return newest.result


def _seen(batch: list[Credential], load: RegisterLoad, today: date, *, with_places: bool) -> list[Seen]:
    """Each credential with its entry and what the comparison came to; one query for all entries.

    Where a person works never makes a licence fall, so it is read only when something is to be confirmed.
    """
    prefixes = load.register.prefixes
    keys = {one.id: number_key(one.number, prefixes) for one in batch}
    query = select(RegisterEntry).where(
        RegisterEntry.load_id == load.id, RegisterEntry.number_key.in_(sorted(set(keys.values())))
    )
    entries = {entry.number_key: entry for entry in db.session.scalars(query.order_by(RegisterEntry.id))}
    return [
        _compared(one, entries.get(keys[one.id]), load, today, clinics_of(one) if with_places or one.clinic else [])
        for one in batch
    ]


def _compared(
    credential: Credential, entry: RegisterEntry | None, load: RegisterLoad, today: date, clinics: list[Clinic]
) -> Seen:
    if entry is None:
        return Seen(credential, None, VANISHED)
    listed, name = entry.listed(load.register), credential.holder.name
    places = [(clinic.city, clinic.postal_code) for clinic in clinics] or [("", "")]
    # Namesakes and the date do not matter here: a person looked once, and the list's date is the one that counts.
    found = [
        judge(Claim(credential.number, name, place=city, postal_code=code), listed, Crowd(), today=today)
        for city, code in places
    ]
    return Seen(credential, entry, max(found, key=lambda one: (one.outcome == CONFIRMED, len(one.matched))))


def _contradict(seen: Seen, load: RegisterLoad) -> None:
    """The level is gone, the holder is told, a person will look."""
    credential, finding = seen.credential, seen.finding
    _take_date(seen)
    credential.contradict(
        method="register_watched",
        matched=finding.matched,
        mismatched=finding.mismatched,
        source=_source(load, credential),
        source_date=load.listed_on,
        load=load.public_id,
        note=str(REASONS[finding.reason]),
    )
    clinics = clinics_of(credential)
    open_case(
        KIND,
        subject=credential.subject,
        subject_id=credential.id,
        clock="report",
        priority="high" if finding.reason in GRAVE else "medium",
        reason="The register no longer bears a credential out.",
        clinic_id=clinics[0].id if clinics else None,
        finding=finding.reason,
        words=str(REASONS[finding.reason]),
        register=load.register.title,
        listed_on=load.listed_on.isoformat(),
        load=load.public_id,
        status_word=seen.entry.status_word if seen.entry else "",
        link=load.register.link_to(credential.number),
    )
    for address in addresses_of(credential):
        mail.post(
            "credentials/register_changed",
            to=address,
            what=credential.title or credential.type.title,
            issuer=credential.issued_by,
            link=own_address(credential),
        )


def _confirm(seen: Seen, load: RegisterLoad) -> None:
    """The list bears it out: watched. An entry that came back settles what was opened when it was gone."""
    credential = seen.credential
    was_gone = _told(credential) == "failed"
    _take_date(seen)
    credential.verify(
        method="register_watched",
        matched=seen.finding.matched,
        mismatched=seen.finding.mismatched,
        source=_source(load, credential),
        source_date=load.listed_on,
        load=load.public_id,
        role="register",
    )
    waiting = case_about(KIND, credential.subject) if was_gone else None
    if waiting is not None and waiting.state == "open":
        waiting.withdraw()


def _take_date(seen: Seen) -> None:
    """The register's day of expiry counts, never the paper's."""
    credential, entry = seen.credential, seen.entry
    if entry is None or entry.expires_on is None or (credential.issued_on and entry.expires_on < credential.issued_on):
        return
    credential.expires_on = entry.expires_on


def _source(load: RegisterLoad, credential: Credential) -> str:
    return (load.register.link_to(credential.number) or load.register.title)[:300]
