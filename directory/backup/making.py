"""Making a backup: one folder each, named by its moment; stored files once for all of them.

FOLDER/20261128T101500Z/ holds the database and the manifest; FOLDER/files/ every stored file under its key (files are
never written twice under one key, so each is read once, and its digest kept in FOLDER/digests.json);
FOLDER/erased.txt and FOLDER/withdrawn.txt the accounts erased and the pictures taken back so far, by their random ids
alone, so that also an older backup can be made to forget them. With a recipient everything but these lists is
encrypted with age.
"""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyrage
from sqlalchemy import select

from directory import files
from directory.accounts.models import Erasure
from directory.backup import databases
from directory.backup.manifest import NAME, Manifest, Stored, digest, digest_of, fingerprints
from directory.config import Settings
from directory.db import db, now
from directory.errors import Refused
from directory.portfolio.queries import withdrawn_ids

STAMP = "%Y%m%dT%H%M%SZ"
FILES, DIGESTS, ERASED, WITHDRAWN, AGE = "files", "digests.json", "erased.txt", "withdrawn.txt", ".age"
# What is erased on the site is out of every backup this long after (security: "delete me").
KEPT_FOR = timedelta(days=35)
ALL_KEPT_FOR = timedelta(days=1)

Recipients = list[pyrage.x25519.Recipient]


def recipients(words: str) -> Recipients:
    """Who can open it: public age keys. Raises Refused with the word that is none."""
    found = []
    for word in words.replace(",", " ").split():
        try:
            found.append(pyrage.x25519.Recipient.from_str(word))
        except pyrage.RecipientError as error:
            raise Refused(f"{word[:24]}… is no public age key: it begins with age1.") from error
    return found


def create(settings: Settings, folder: Path, to: Recipients) -> Path:
    """Make a backup in a folder of its own below this one; whole or not there at all. Returns where it is."""
    moment = now()
    target = folder / moment.strftime(STAMP)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if target.exists():
        raise Refused(f"{target.name} is there already: one backup a second is enough.")
    with TemporaryDirectory(dir=folder, prefix=".making-") as working:
        draft = Path(working) / "backup"
        draft.mkdir(mode=0o700)
        plain = Path(working) / databases.file_name()
        held = databases.dump(settings, plain)
        stored = _keep_files(folder, to)
        database = digest_of(plain)
        _put_file(plain, draft / plain.name, to)
        manifest = Manifest(
            moment.isoformat(timespec="seconds"),
            databases.kind(),
            held.migration,
            database,
            held.seq,
            held.head,
            held.rows,
            stored,
            fingerprints(settings),
        )
        _put(draft / NAME, manifest.as_json(), to)
        _note_erased(folder)
        draft.rename(target)
    files.flush_names(folder)
    return target


def _put(path: Path, content: bytes, to: Recipients) -> None:
    """Write it whole, encrypted when there is somebody to encrypt it for."""
    name, body = (f"{path.name}{AGE}", pyrage.encrypt(content, list(to))) if to else (path.name, content)
    draft = path.with_name(f".{name}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path.with_name(name))


def _put_file(source: Path, path: Path, to: Recipients) -> None:
    if to:
        pyrage.encrypt_file(str(source), f"{path}{AGE}", list(to))
        Path(f"{path}{AGE}").chmod(0o600)
    else:
        shutil.move(source, path)
        path.chmod(0o600)


def _keep_files(folder: Path, to: Recipients) -> list[Stored]:
    """Copy what is not there yet. A file that goes while this runs was deleted on purpose and is left out."""
    known, stored = _digests(folder), []
    for key in files.every_key():
        path = folder / FILES / key
        copy = path.with_name(path.name + (AGE if to else ""))
        one = known.get(key) if copy.exists() else None
        if one is None:
            content = files.get(key)
            if content is None:
                continue
            one = Stored(key, digest(content), len(content))
            if not copy.exists():
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                _put(path, content, to)
        os.utime(copy, (now().timestamp(),) * 2)  # still wanted: see drop_files
        stored.append(one)
    _put(folder / DIGESTS, json.dumps(stored).encode(), [])
    return stored


def _digests(folder: Path) -> dict[str, Stored]:
    """What was read before, by key."""
    path = folder / DIGESTS
    return {row[0]: Stored(*row) for row in json.loads(path.read_bytes())} if path.exists() else {}


def _note_erased(folder: Path) -> None:
    """All accounts erased and pictures taken back so far, the old lists' too: a restored database may know fewer."""
    erased = db.session.scalars(select(Erasure.public_id).order_by(Erasure.id))
    for name, more in ((ERASED, erased), (WITHDRAWN, withdrawn_ids())):
        known = set(_listed(folder / name)) | set(more)
        _put(folder / name, "".join(f"{one}\n" for one in sorted(known)).encode(), [])


def _listed(path: Path) -> list[str]:
    return path.read_text("ascii").split() if path.exists() else []


def erased_in(folder: Path) -> list[str]:
    """The accounts that no restored backup may bring back."""
    return _listed(folder / ERASED)


def withdrawn_in(folder: Path) -> list[str]:
    """The pictures of clinics that no restored backup may show again."""
    return _listed(folder / WITHDRAWN)


def made(folder: Path) -> list[tuple[datetime, Path]]:
    """The backups in a folder, oldest first."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            found.append((datetime.strptime(path.name, STAMP).replace(tzinfo=UTC), path))
        except ValueError:
            continue
    return sorted(found)


def thin(folder: Path, moment: datetime) -> int:
    """Delete what need not be kept: all of a day, then the last of each day, none after KEPT_FOR. Returns how many."""
    dropped = 0
    later: datetime | None = None
    for at, path in reversed(made(folder)):
        same_day = later is not None and later.date() == at.date()
        if moment - at > KEPT_FOR or (moment - at > ALL_KEPT_FOR and same_day):
            shutil.rmtree(path)
            dropped += 1
        later = at
    return dropped


def drop_files(folder: Path, moment: datetime) -> int:
    """Delete copies of files that the site destroyed KEPT_FOR ago or longer. Returns how many.

    A copy is touched by every backup that finds its file on the site.
    """
    gone = 0
    for path in (folder / FILES).rglob("*") if (folder / FILES).is_dir() else ():
        if path.is_file() and moment.timestamp() - path.stat().st_mtime > KEPT_FOR.total_seconds():
            path.unlink()
            gone += 1
    return gone
