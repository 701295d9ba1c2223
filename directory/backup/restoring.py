"""Bringing a backup back into an empty place, and making what comes back forget what was erased since.

What was done after the backup is lost, and the record says so: "restored from head …". Sessions and links are ended,
because some of them were ended by their owners since.
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pyrage
from flask_migrate import upgrade
from sqlalchemy import delete, select, update

from directory import files, ledger
from directory.accounts import jobs as account_jobs
from directory.accounts.models import Erasure, User
from directory.accounts.personal_keys import unreadable
from directory.accounts.registry import erase_person
from directory.accounts.sessions import UserSession
from directory.accounts.tokens import AccountToken
from directory.backup import databases
from directory.backup.making import AGE, FILES, erased_in, made, withdrawn_in
from directory.backup.manifest import NAME, Manifest, digest, digest_of, fingerprints
from directory.clinics.changes import SearchVersion, raise_floor
from directory.config import Settings
from directory.consultations.jobs import forget_old
from directory.credentials.evidence_jobs import destroy_papers
from directory.credentials.register_jobs import look_again
from directory.db import db, now
from directory.errors import Refused
from directory.portfolio.jobs import forget_pictures
from directory.portfolio.sending import take_back
from directory.reviews.jobs import drop_drafts, forget_decided

# Versions that were given out after the backup must never be given out again: readers keep pages by them.
VERSIONS_SKIPPED = 1_000_000
SAMPLED_KEYS = 50
# What had its day since the backup was made.
OVERDUE: tuple[Callable[[], str], ...] = (
    account_jobs.drop_old,
    drop_drafts,
    forget_decided,
    forget_old,
    destroy_papers,
    forget_pictures,
    look_again,
)


class Restored(NamedTuple):
    """What came back, what of it is missing or damaged, the accounts erased and the pictures taken back since."""

    manifest: Manifest
    notes: list[str]
    erased: list[str]
    withdrawn: list[str]


class _Source:
    """One backup, read through the key that opens it."""

    def __init__(self, path: Path, identity: pyrage.x25519.Identity | None) -> None:
        self.path, self.identity = path, identity

    def read(self, path: Path) -> bytes | None:
        """The bytes, None when there are none. Raises Refused when they do not open."""
        if path.exists():
            return path.read_bytes()
        sealed = path.with_name(path.name + AGE)
        if not sealed.exists():
            return None
        if self.identity is None:
            raise Refused("The backup is encrypted: name the file with the secret age key (--identity).")
        try:
            return bytes(pyrage.decrypt(sealed.read_bytes(), [self.identity]))
        except pyrage.DecryptError as error:
            raise Refused(f"{path.name} does not open with this key: {error}.") from error

    def unpack(self, name: str, folder: Path) -> Path:
        plain = self.path / name
        if plain.exists():
            return plain
        content = self.read(plain)
        if content is None:
            raise Refused(f"{name} is missing from {self.path.name}.")
        target = folder / name
        target.touch(mode=0o600)
        target.write_bytes(content)
        return target


def newest_in(folder: Path) -> Path:
    """The backup itself, or the newest one below the folder. Raises Refused when there is none."""
    if any((folder / name).exists() for name in (NAME, NAME + AGE)):
        return folder
    found = made(folder)
    if not found:
        raise Refused(f"There is no backup in {folder}.")
    return found[-1][1]


def read_identity(path: Path | None) -> pyrage.x25519.Identity | None:
    """The secret key in a file as `age-keygen` writes it. Raises Refused when there is none in it."""
    if path is None:
        return None
    lines = path.read_text("utf-8").split("\n")
    try:
        return pyrage.x25519.Identity.from_str(next(line.strip() for line in lines if line.startswith("AGE-SECRET")))
    except (StopIteration, pyrage.IdentityError) as error:
        raise Refused(f"There is no secret age key in {path.name}.") from error


def restore(
    settings: Settings, folder: Path, identity: pyrage.x25519.Identity | None, *, other_keys: bool = False
) -> Restored:
    """Bring it back; `forget` must follow. Raises Refused, naming what is wrong, before anything is written."""
    databases.insist_empty()
    path = newest_in(folder)
    source = _Source(path, identity)
    content = source.read(path / NAME)
    if content is None:
        raise Refused(f"{NAME} is missing from {path.name}.")
    manifest = Manifest.read(content)
    _insist_same_kind(manifest)
    wrong = [name for name, mark in manifest.keys.items() if fingerprints(settings).get(name) != mark]
    if wrong and not other_keys:
        raise Refused(f"{', '.join(wrong)} is not the key of this backup: what it sealed could not be opened.")
    with TemporaryDirectory(dir=settings.data, prefix=".restoring-") as working:
        plain = source.unpack(databases.file_name(), Path(working))
        if digest_of(plain) != manifest.database:
            raise Refused(f"{plain.name} is not the file that was backed up: its digest differs.")
        databases.load(settings, plain)
    notes = _put_files(source, path.parent / FILES, manifest)
    with db.engine.connect() as connection:
        held = databases.census(connection)
    if held.rows != manifest.rows or held.head != manifest.head:
        raise Refused("What came back is not what went in: the rows counted differ.")
    upgrade()
    if fault := ledger.verify(ledger.rows(), expected_head=manifest.head):
        raise Refused(f"The record is broken at row {fault.seq}: {fault.reason}.")
    db.session.remove()
    if closed := unreadable(sample=SAMPLED_KEYS):
        notes.append(f"{closed} of the {SAMPLED_KEYS} newest personal keys do not open with this KEK")
    return Restored(manifest, notes, erased_in(path.parent), withdrawn_in(path.parent))


def _insist_same_kind(manifest: Manifest) -> None:
    if manifest.kind != databases.kind():
        raise Refused(f"The backup is of {manifest.kind}, DATABASE_URL names {databases.kind()}.")


def _put_files(source: _Source, folder: Path, manifest: Manifest) -> list[str]:
    """Every stored file back under its key; those that are missing or damaged are named, not passed over."""
    notes = []
    for one in manifest.files:
        content = source.read(folder / one.key)
        if content is None or digest(content) != one.sha256:
            notes.append(f"file {one.key} is {'missing' if content is None else 'damaged'}")
        else:
            files.put(one.key, content, content_type="application/octet-stream")
    return notes


def forget(restored: Restored) -> int:
    """Nobody who was erased is there again, nobody is signed in, the record says what happened; how many were erased.

    One transaction, and then what had its day meanwhile (OVERDUE).
    """
    count, manifest = 0, restored.manifest
    known = set(db.session.scalars(select(Erasure.public_id)))
    for public_id in sorted(set(restored.erased) - known):
        user = db.session.scalars(select(User).where(User.public_id == public_id)).one_or_none()
        if user is None:
            db.session.add(Erasure(public_id=public_id))
        else:
            erase_person(user)
            count += 1
    take_back(restored.withdrawn)
    db.session.execute(update(UserSession).where(UserSession.ended_at.is_(None)).values(ended_at=now()))
    db.session.execute(delete(AccountToken))
    moved = {"version": SearchVersion.version + VERSIONS_SKIPPED, "database_id": secrets.token_hex(16)}
    db.session.execute(update(SearchVersion).values(**moved))
    raise_floor()
    ledger.record(
        "ledger.restored",
        role="operator",
        subject="ledger:record",
        seq=manifest.seq,
        head=manifest.head,
        made_at=manifest.made_at,
    )
    return count
