"""The second proof: codes of an authenticator app (TOTP, RFC 6238: SHA-1, six digits, 30 seconds) and recovery codes.

A code is good for the present step and one to each side, and once: the step it belongs to is written down by the same
UPDATE that accepts it.
"""

import base64
import secrets
from collections.abc import Sequence
from urllib.parse import quote, urlencode

import qrcode
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from sqlalchemy import delete, update

from directory.accounts.models import RecoveryCode, User
from directory.db import db, now
from directory.keyed import pseudonym, seal, unseal

STEP_SECONDS = 30
DIGITS = 6
DRIFT_STEPS = 1
SECRET_BYTES = 20
PURPOSE = "totp"
CODES = 10
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
CODE_LENGTH, CODE_GROUP = 16, 4


def begin_app(user: User) -> None:
    """A fresh secret for an authenticator app; it counts for nothing until a code proves it arrived."""
    user.totp_sealed = seal(PURPOSE, secrets.token_bytes(SECRET_BYTES), about=user.public_id)
    user.totp_confirmed_at, user.totp_last_step = None, 0


def drop_app(user: User) -> None:
    user.totp_sealed, user.totp_confirmed_at, user.totp_last_step = None, None, 0


def _secret(user: User) -> bytes | None:
    return unseal(PURPOSE, user.totp_sealed, about=user.public_id) if user.totp_sealed else None


def secret_words(user: User) -> str:
    """The secret for typing in by hand: base32 in groups of four; empty when there is none."""
    plain = base64.b32encode(_secret(user) or b"").decode().rstrip("=")
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def app_address(user: User, issuer: str) -> str:
    """The otpauth address that apps read."""
    facts = {"secret": secret_words(user).replace(" ", ""), "issuer": issuer}
    return f"otpauth://totp/{quote(issuer)}:{quote(user.email)}?{urlencode(facts, quote_via=quote)}"


def qr_path(address: str) -> tuple[str, int]:
    """(path data, side) of the QR code as SVG drawing orders in units of one module, four modules of margin inside."""
    code = qrcode.QRCode(border=4)
    code.add_data(address)
    rows = code.get_matrix()
    cells = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return "".join(cells), len(rows)


def _matching_step(secret: bytes, code: str, moment: int) -> int | None:
    generator = HOTP(secret, DIGITS, SHA1(), enforce_key_length=False)  # noqa: S303 - apps know no other hash
    here = moment // STEP_SECONDS
    for step in range(here - DRIFT_STEPS, here + DRIFT_STEPS + 1):
        try:
            generator.verify(code.encode(), step)
        except InvalidToken:
            continue
        return step
    return None


def app_code_fits(user: User, typed: str) -> bool:
    """Accept a code of the app, once. Two who bring the same code at the same time: one gets in."""
    code, secret = typed.replace(" ", ""), _secret(user)
    if secret is None or len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return False
    step = _matching_step(secret, code, int(now().timestamp()))
    if step is None:
        return False
    taken = update(User).where(User.id == user.id, User.totp_last_step < step).values(totp_last_step=step)
    return bool(db.session.execute(taken).rowcount)  # type: ignore[attr-defined]


def confirm_app(user: User, typed: str) -> bool:
    """The first code proves that the app holds the secret; from now on it is asked for."""
    fits = app_code_fits(user, typed)
    if fits:
        user.totp_confirmed_at = now()
    return fits


def _digest(user: User, code: str) -> str:
    return pseudonym("recovery", f"{user.public_id}\0{code}")


def new_codes(user: User) -> Sequence[str]:
    """Ten codes to print, shown this once; older ones are dead."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = ["".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    db.session.add_all(RecoveryCode(user_id=user.id, digest=_digest(user, code)) for code in codes)
    db.session.expire(user, ["recovery_codes"])
    starts = range(0, CODE_LENGTH, CODE_GROUP)
    return ["-".join(code[start : start + CODE_GROUP] for start in starts) for code in codes]


def recovery_code_fits(user: User, typed: str) -> bool:
    """Use a recovery code up; False when it is not one of the person's unused ones."""
    code = "".join(letter for letter in typed.lower() if letter.isalnum())
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.digest == _digest(user, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
    )
    fits = bool(db.session.execute(used).rowcount)  # type: ignore[attr-defined]
    db.session.expire(user, ["recovery_codes"])
    return fits


def any_code_fits(user: User, typed: str) -> bool:
    """A code of the app or a recovery code, told apart by their shape."""
    short = len(typed.replace(" ", "")) <= DIGITS
    return (user.has_app and app_code_fits(user, typed)) if short else recovery_code_fits(user, typed)
