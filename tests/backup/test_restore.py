"""Backups: what goes in comes back in an empty place, whoever was erased stays erased, and nothing is overwritten."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
import time_machine
from click.testing import Result
from flask import Flask
from sqlalchemy import inspect

from directory import files
from directory.accounts.models import User
from directory.accounts.personal_keys import open_for, seal_for
from directory.accounts.registry import erase_person
from directory.backup import making
from directory.clinics.changes import present_version
from directory.clinics.models import Clinic
from directory.config import Settings, unsafe_settings
from directory.db import db, now, writing
from directory.factory import create_app
from directory.ledger import LedgerRow, record
from tests import factories
from tests.accounts import people
from tests.conftest import _run_sql, settings_for

CANARY = "told in confidence: canary-7731"
Run = Callable[..., Result]
_serial = iter(range(1_000))


@contextmanager
def _empty(settings: Settings, place: Path, **more: str) -> Iterator[Flask]:
    """Another machine: the same keys, no table, no file."""
    keys = {name.upper(): getattr(settings, name) for name in ("kek", "pseudonym_key", "ledger_key", "secret_key")}
    data = place / f"elsewhere{next(_serial)}"
    data.mkdir()
    for name in ("gazetteer-lite.sqlite",):
        if (settings.data / name).exists():
            os.link(settings.data / name, data / name)
    url, name = "", f"r{os.getpid()}_{next(_serial)}"
    cluster = settings.database_url.rpartition("/")[0]
    if not settings.is_sqlite:
        _run_sql(cluster, f"CREATE DATABASE {name}")
        url = f"{cluster}/{name}"
    app = create_app(settings_for(data, url, **{**keys, **more}), purpose="command")
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if url:
        _run_sql(cluster, f"DROP DATABASE {name} WITH (FORCE)")


def _command(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


@pytest.fixture
def lived_in(app: Flask) -> Flask:
    """A clinic, somebody who told something in confidence, a file, an act on record."""
    people.member(app, "keeps@example.org")
    people.member(app, "leaves@example.org")
    with app.app_context(), writing():
        factories.clinic(slug="stays", name="Stays")
        user = db.session.query(User).filter_by(email="keeps@example.org").one()
        db.session.add_all([])
        record("clinic.published", role="moderator", subject="clinic:x")
        files.put("photos/aa/one.webp", b"a picture", content_type="image/webp")
        files.put("proofs/aa/two", seal_for(user, CANARY.encode(), about="proof:1"), content_type="application/x")
        db.session.commit()
    return app


def test_what_went_in_comes_back_elsewhere(lived_in: Flask, settings: Settings, run: Run, tmp_path: Path) -> None:
    vault, identity = tmp_path / "vault", pyrage.x25519.Identity.generate()
    secret = tmp_path / "key.txt"
    secret.write_text(f"# made for a test\n{identity}\n")
    made = run("backup", "create", vault, "--for", identity.to_public())
    assert made.exit_code == 0, made.output
    everything = b"".join(path.read_bytes() for path in vault.rglob("*") if path.is_file())
    for word in (b"keeps@example.org", b"Stays", CANARY.encode(), b"a picture", b"SQLite format"):
        assert word not in everything, f"{word!r} can be read in the backup"
    with _empty(settings, tmp_path) as elsewhere:
        assert "is encrypted" in _command(elsewhere, "backup", "restore", vault).output
        done = _command(elsewhere, "backup", "restore", vault, "--identity", secret)
        assert done.exit_code == 0, done.output
        with elsewhere.app_context():
            assert db.session.query(Clinic).one().name == "Stays"
            user = db.session.query(User).filter_by(email="keeps@example.org").one()
            sealed = files.get("proofs/aa/two")
            assert sealed is not None
            assert open_for(user.id, sealed, about="proof:1") == CANARY.encode()
            assert files.get("photos/aa/one.webp") == b"a picture"
            rows = [row.act for row in db.session.query(LedgerRow).order_by(LedgerRow.seq)]
            assert rows[-1] == "ledger.restored"
            assert "clinic.published" in rows
        assert _command(elsewhere, "ledger", "verify").exit_code == 0
        looked = _command(elsewhere, "backup", "look")
        assert looked.exit_code == 0, looked.output
        again = _command(elsewhere, "backup", "restore", vault, "--identity", secret)
        assert "not empty" in again.output


def test_whoever_was_erased_since_is_not_brought_back(
    lived_in: Flask, settings: Settings, run: Run, tmp_path: Path
) -> None:
    vault = tmp_path / "vault"
    old = Path(run("backup", "create", vault).output.strip())
    with lived_in.app_context(), writing():
        erase_person(db.session.query(User).filter_by(email="leaves@example.org").one())
        db.session.commit()
    with time_machine.travel(now() + timedelta(minutes=15), tick=True):
        assert run("backup", "create", vault).exit_code == 0
    with _empty(settings, tmp_path) as elsewhere:
        done = _command(elsewhere, "backup", "restore", old)
        assert "1 erased accounts forgotten again" in done.output, done.output
        with elsewhere.app_context():
            assert [user.email for user in db.session.query(User)] == ["keeps@example.org"]


def test_nobody_stays_signed_in_and_no_version_is_given_out_twice(
    app: Flask, settings: Settings, run: Run, tmp_path: Path
) -> None:
    browser = people.member(app, "keeps@example.org")
    cookie = browser.get_cookie("sid")
    assert cookie is not None
    vault = tmp_path / "vault"
    assert run("backup", "create", vault).exit_code == 0
    with app.app_context():
        before = present_version()
    with _empty(settings, tmp_path) as elsewhere:
        assert _command(elsewhere, "backup", "restore", vault).exit_code == 0
        with elsewhere.app_context():
            after = present_version()
        assert after.version > before.version + 100_000
        assert after.floor == after.version
        assert after.database_id != before.database_id
        visitor = elsewhere.test_client()
        visitor.set_cookie("sid", cookie.value)
        assert visitor.get("/account/").status_code in {302, 303}
    assert browser.get("/account/").status_code == 200  # the site itself goes on


def test_a_file_is_read_once_and_what_spoils_it_later_is_not_backed_up(
    lived_in: Flask, settings: Settings, run: Run, tmp_path: Path
) -> None:
    vault = tmp_path / "vault"
    assert run("backup", "create", vault).exit_code == 0
    (settings.data / "files/photos/aa/one.webp").write_bytes(b"spoilt")
    with time_machine.travel(now() + timedelta(minutes=15), tick=True):
        assert run("backup", "create", vault).exit_code == 0
    with _empty(settings, tmp_path) as elsewhere:
        done = _command(elsewhere, "backup", "restore", vault)
        assert done.exit_code == 0, done.output
        with elsewhere.app_context():
            assert files.get("photos/aa/one.webp") == b"a picture"


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40] + b"x" * 40)


SPOILT: list[tuple[str, Callable[[Path, Path], Any], str]] = [
    ("database", lambda backup, _vault: _cut(next(backup.glob("database.*"))), "digest differs"),
    ("manifest", lambda backup, _vault: (backup / "manifest.json").unlink(), "no backup in|missing"),
    ("words", lambda backup, _vault: (backup / "manifest.json").write_text("{}"), "cannot be read"),
    ("file", lambda _backup, vault: (vault / "files/photos/aa/one.webp").write_bytes(b"x"), "one.webp is damaged"),
    ("lost file", lambda _backup, vault: (vault / "files/photos/aa/one.webp").unlink(), "one.webp is missing"),
]


@pytest.mark.parametrize(("spoil", "words"), [row[1:] for row in SPOILT], ids=[row[0] for row in SPOILT])
def test_what_is_damaged_says_so(
    lived_in: Flask, settings: Settings, run: Run, tmp_path: Path, spoil: Callable[[Path, Path], Any], words: str
) -> None:
    vault = tmp_path / "vault"
    backup = Path(run("backup", "create", vault).output.strip())
    spoil(backup, vault)
    with _empty(settings, tmp_path) as elsewhere:
        done = _command(elsewhere, "backup", "restore", backup)
        assert done.exit_code == 1
        assert re.search(words, done.output + (done.stderr or "")), done.output
        if words in {"digest differs", "cannot be read"}:
            with elsewhere.app_context():
                assert inspect(db.engine).get_table_names() == []  # nothing was written


def test_another_key_is_named_before_anything_is_written(
    lived_in: Flask, settings: Settings, run: Run, tmp_path: Path
) -> None:
    vault = tmp_path / "vault"
    assert run("backup", "create", vault).exit_code == 0
    with _empty(
        settings, tmp_path, KEK="another key of sixty-four letters for a test that must not open it"
    ) as elsewhere:
        done = _command(elsewhere, "backup", "restore", vault)
        assert "KEK is not the key of this backup" in done.output
        with elsewhere.app_context():
            assert inspect(db.engine).get_table_names() == []
        forced = _command(elsewhere, "backup", "restore", vault, "--other-keys")
        assert "personal keys do not open" in forced.output + forced.stderr


def test_the_drill_brings_one_back_and_leaves_nothing(
    lived_in: Flask, settings: Settings, run: Run, tmp_path: Path
) -> None:
    done = run("backup", "drill", tmp_path / "drill")
    assert done.exit_code == 0, done.output
    assert "every page answers" in done.output
    assert re.search(r"Made in [\d.]+ s, back in [\d.]+ s\.", done.output)
    assert list((tmp_path / "drill").iterdir()) == []


def test_old_backups_and_the_files_they_alone_held_go_after_35_days(
    lived_in: Flask, settings: Settings, run: Run, tmp_path: Path
) -> None:
    vault, began = tmp_path / "vault", now().replace(hour=1, minute=0, second=0, microsecond=0)
    app = create_app(settings_for(settings.data, settings.database_url, BACKUP_FOLDER=str(vault)), purpose="command")
    for days in (0, 0.01, 0.02, 3, 36, 39):
        with time_machine.travel(began + timedelta(days=days), tick=False):
            done = _command(app, "jobs", "once", "backup")
            assert done.exit_code == 0, done.output
        if days == 3:
            with app.app_context():
                files.delete("photos/aa/one.webp")
    assert [(at - began).days for at, _path in making.made(vault)] == [36, 39]
    assert (vault / "files/proofs/aa/two").exists()
    assert not (vault / "files/photos/aa/one.webp").exists()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_production_does_not_write_what_anybody_could_read(settings: Settings) -> None:
    found = unsafe_settings(settings_for(settings.data, BACKUP_FOLDER="/somewhere"))
    assert any("BACKUP_FOR" in line for line in found)
    assert settings_for(settings.data, BACKUP_FOR="ssh-rsa").problems == [
        "BACKUP_FOR holds 'ssh-rsa', which is no public age key"
    ]
