"""Passwords: what is strong enough, and argon2id with the parameters OWASP names (19 MiB, two passes, one lane).

Hashing takes tens of milliseconds of a core and 19 MiB, so only a few run at once in a process; who waits too long is
asked to come back. Call these before the transaction begins: SQLite has one writer.
"""

import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from werkzeug.exceptions import ServiceUnavailable
from zxcvbn import zxcvbn

from directory.keyed import pseudonym

SHORTEST, LONGEST = 12, 128
STRENGTH = 3  # of 0-4: zxcvbn's "safely unguessable" where guesses can be limited
# zxcvbn's time grows fast with length; a password that is strong in its first part is strong.
JUDGED = 32
AT_ONCE_PER_CORE = 2
PATIENCE_SECONDS = 5

# Of random bytes nobody kept, by the parameters below: checking against it is the same work and never fits.
NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$Stq3tBTvuyf5TZNiOjx+tA$94P2/VSU1G+lyZddrE26Clgtd7nS1WuCP/wJSyBf5sE"

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turns = threading.BoundedSemaphore(AT_ONCE_PER_CORE)


@contextmanager
def _turn() -> Iterator[None]:
    """One of the few places; gunicorn runs one process a core, so the bound per process is the bound per core."""
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise ServiceUnavailable(retry_after=PATIENCE_SECONDS)
    try:
        yield
    finally:
        _turns.release()


def _peppered(password: str) -> str:
    """The password under a key that is not in the database: a stolen table alone cannot be guessed at."""
    return pseudonym("password", unicodedata.normalize("NFKC", password))


def hash_password(password: str) -> str:
    """An argon2id hash in PHC form. Raises ServiceUnavailable when too many are being made."""
    with _turn():
        return _hasher.hash(_peppered(password))


def password_fits(stored: str | None, password: str) -> bool:
    """Whether this is the password. Without a stored hash the same work is done, and the answer is no."""
    with _turn():
        try:
            _hasher.verify(stored or NOBODYS_HASH, _peppered(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def checked(stored: str | None, password: str) -> str | None:
    """The hash to keep when the password fits (a new one when today's measure is another), None when it does not."""
    if not password_fits(stored, password) or stored is None:
        return None
    return hash_password(password) if _hasher.check_needs_rehash(stored) else stored


def weakness(password: str, about: Iterable[str] = ()) -> str:
    """Why a password is too easy, as a key: `short`, `long`, `common`, `guessable`; empty when it will do.

    `about` are words that must not carry it: the person's address, the site's name. Common passwords, names and words
    come from the ranked lists inside zxcvbn (some 30,000 passwords among them).
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    own = [part for word in about for part in [word, *word.replace("@", ".").split(".")] if len(part) > 2]
    judged = zxcvbn(
        password[:JUDGED], user_inputs=[*own, current_app.config["SETTINGS"].site_name, "micropigmentation"]
    )
    listed = any(m["pattern"] == "dictionary" and m["token"] == password[:JUDGED] for m in judged["sequence"])
    if listed:
        return "common"
    return "guessable" if judged["score"] < STRENGTH else ""
