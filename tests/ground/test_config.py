"""A production configuration that is not safe does not start, and says why in one line each."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from directory.config import read_settings, unsafe_settings

GOOD = {
    "MODE": "production",
    "SECRET_KEY": secrets.token_hex(32),
    "BASE_URL": "https://directory.example",
    "TRUSTED_HOSTS": "directory.example",
    "PROXY_HOPS": "1",
    "CONTACT_EMAIL": "desk@directory.example",
    "MAIL_FROM": "letters@directory.example",
    "PSEUDONYM_KEY": secrets.token_hex(32),
    "KEK": secrets.token_hex(32),
    "LEDGER_KEY": secrets.token_hex(32),
}

BAD = [
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    ({"SECRET_KEY": "short"}, "at least 32 bytes"),
    ({"SECRET_KEY": "a" * 64}, "placeholder"),  # long, and guessable
    ({"SECRET_KEY_FALLBACKS": "old-secret"}, "at least 32 bytes"),  # Flask would accept each letter as a key
    ({"BASE_URL": "http://directory.example"}, "https://"),
    ({"BASE_URL": "https://elsewhere.example"}, "TRUSTED_HOSTS"),
    ({"PROXY_HOPS": ""}, "PROXY_HOPS is not set"),
    ({"PROXY_HOPS": "one"}, "PROXY_HOPS must be a whole number"),
    ({"CONTACT_EMAIL": ""}, "CONTACT_EMAIL"),
    ({"MAIL_FROM": ""}, "MAIL_FROM"),
    ({"MAIL_URL": "http://relay.example"}, "MAIL_URL must look like"),
    ({"MAIL_URL": "smtp://relay.example?tls=none"}, "this machine only"),  # letters hold links that sign in
    ({"MAIL_URL": "smtp://relay.example:port"}, "port must be a number"),
    ({"PSEUDONYM_KEY": ""}, "PSEUDONYM_KEY must be set"),
    ({"KEK": "short"}, "KEK must be set and have at least 32 bytes"),
    ({"LEDGER_KEY": ""}, "LEDGER_KEY must be set"),
    ({"ANCHOR_EMAIL": "two words@example.org"}, "ANCHOR_EMAIL must be one"),
    ({"LEDGER_KEY": "0123456789abcdef" * 2, "KEK": "0123456789abcdef" * 2}, "must differ"),
    ({"KEK": "0123456789abcdef" * 2, "PSEUDONYM_KEY": "0123456789abcdef" * 2}, "must differ"),
    ({"REDIS_URL": "redis://127.0.0.1/0"}, "SQLite"),  # several machines, one file
    ({"METRICS_ADDRESS": "everyone"}, "METRICS_ADDRESS"),
    ({"SITE_COUNTRY": "United Kingdom"}, "SITE_COUNTRY"),
    ({"MODE": "live"}, "MODE must be"),
    ({"SECRET_KEY": "", "SECRET_KEY_FILE": "/nonexistent/key"}, "SECRET_KEY_FILE cannot be read"),
]


def test_the_good_configuration_is_good(tmp_path: Path) -> None:
    assert unsafe_settings(read_settings({**GOOD, "DATA": str(tmp_path)})) == []


@pytest.mark.parametrize(("change", "line"), BAD)
def test_unsafe_configuration_is_named(change: dict[str, str], line: str, tmp_path: Path) -> None:
    found = unsafe_settings(read_settings({**GOOD, **change, "DATA": str(tmp_path)}))
    assert any(line in text for text in found), found


def test_an_unsafe_server_does_not_start(tmp_path: Path) -> None:
    """The real process: status 78 and the reasons on standard error, no traceback."""
    environ = {**os.environ, **GOOD, "SECRET_KEY": "short", "DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"], env=environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 78
    assert "at least 32 bytes" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_says_the_same(tmp_path: Path) -> None:
    environ = {**os.environ, **GOOD, "CONTACT_EMAIL": "", "DATA": str(tmp_path)}
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "doctor"]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 78
    assert "CONTACT_EMAIL" in done.stdout
    assert "migration" in done.stdout  # nobody has set the database up yet


def test_local_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = read_settings({"DATA": str(tmp_path)}).secret_key
    assert read_settings({"DATA": str(tmp_path)}).secret_key == first
    assert (tmp_path / "secrets" / "secret_key").stat().st_mode & 0o077 == 0
