"""Open Badges 3.0: a training certificate signed by its issuer, checked against keys that the issuer's file lists.

Only the JWT proof of the standard (a VC-JWT: three parts, signed) is read, with the two algorithms named here and keys
that were put into `reference/*.toml` by hand. Nothing is fetched: no key from the badge itself, no address in it, no
list of revoked ones; whoever can forge a badge needs the issuer's key. What is proven counts as the issuer's word.
https://www.imsglobal.org/spec/ob/v3p0/, RFC 7515, RFC 8037.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256
from flask_babel import gettext as _

from directory.errors import Refused
from directory.words import name_key, visible

MOST = 20_000  # letters of a badge
ALGORITHMS = {"EdDSA": "OKP", "RS256": "RSA"}
LEAST_RSA_BITS = 2048
HEADER = {"alg", "typ", "kid", "cty"}  # `crit`, `jwk`, `jku`, `x5u`, `x5c` would let a badge bring its own key or rules
BADGE_TYPES = {"OpenBadgeCredential", "AchievementCredential"}


class Badge(NamedTuple):
    """What a badge proves: who signed it, to whom (as written in it), for what, from when to when."""

    issuer_id: str
    key_id: str
    recipient: str
    achievement: str
    issued_on: date | None
    expires_on: date | None
    badge_id: str


def verify(text: str, keys: Sequence[Mapping[str, Any]], *, moment: datetime) -> Badge:
    """The badge, when one of these keys signed it and it holds at that moment. Raises Refused in words otherwise.

    `keys` are JWKs with the issuer's own `issuer` address beside them: a badge of another issuer does not pass.
    """
    token = text.strip()
    if len(token) > MOST or token.count(".") != 2:
        raise Refused(_("This is not a signed badge: three parts with a dot between them."))
    head, body, signature = token.split(".")
    header, payload = _object(head), _object(body)
    if set(header) - HEADER or header.get("alg") not in ALGORITHMS:
        raise Refused(_("This badge is signed in a way that is not taken here."))
    key = _key(header, keys)
    if not _is_signed(key, header["alg"], f"{head}.{body}".encode(), _bytes(signature)):
        raise Refused(_("The signature is not the issuer's."))
    return _read(payload, key, moment)


def names_match(badge: Badge, name: str) -> bool:
    """Whether the badge was given to a person of that name."""
    return bool(name_key(badge.recipient)) and name_key(badge.recipient) == name_key(name)


def _bytes(part: str) -> bytes:
    """Strict base64url without padding; one text for one value."""
    if not part.isascii() or "=" in part:
        raise Refused(_("This badge is damaged."))
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(_("This badge is damaged.")) from error
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != part:
        raise Refused(_("This badge is damaged."))
    return raw


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(_bytes(part), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Refused(_("This badge is damaged.")) from error
    if not isinstance(found, dict):
        raise Refused(_("This badge is damaged."))
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice would be read one way by us and another way by others."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _key(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The one key of the issuer's file that this header names, of the kind that its algorithm needs."""
    wanted = header.get("kid")
    found = [key for key in keys if key.get("kid") == wanted and key.get("kty") == ALGORITHMS[header["alg"]]]
    if not isinstance(wanted, str) or len(found) != 1:
        raise Refused(_("The issuer's file lists no key of that name."))
    return found[0]


def _is_signed(key: Mapping[str, Any], algorithm: str, message: bytes, signature: bytes) -> bool:
    try:
        if algorithm == "EdDSA" and key.get("crv") == "Ed25519":
            Ed25519PublicKey.from_public_bytes(_bytes(str(key["x"]))).verify(signature, message)
            return True
        if algorithm == "RS256":
            _rsa(key).verify(signature, message, padding.PKCS1v15(), SHA256())
            return True
    except (InvalidSignature, ValueError, KeyError):
        return False
    return False


def _rsa(key: Mapping[str, Any]) -> RSAPublicKey:
    modulus, exponent = (int.from_bytes(_bytes(str(key[name])), "big") for name in ("n", "e"))
    if modulus.bit_length() < LEAST_RSA_BITS:
        raise ValueError("too short a key")
    return RSAPublicNumbers(exponent, modulus).public_key()


def _read(payload: Mapping[str, Any], key: Mapping[str, Any], moment: datetime) -> Badge:
    """The claims, each looked at; what stands in `vc` and beside it must not differ."""
    inner = payload.get("vc", payload)
    if not isinstance(inner, dict) or not BADGE_TYPES & set(_words(inner.get("type"))):
        raise Refused(_("This is signed, and is no Open Badge."))
    issuer = _id(inner.get("issuer"))
    if issuer != key.get("issuer") or payload.get("iss", issuer) != issuer:
        raise Refused(_("The badge names another issuer than the key belongs to."))
    subject = inner.get("credentialSubject")
    subject = subject[0] if isinstance(subject, list) and len(subject) == 1 else subject
    if not isinstance(subject, dict):
        raise Refused(_("The badge is given to nobody."))
    began = _latest(payload.get("nbf"), inner.get("validFrom"), inner.get("issuanceDate"))
    ends = [end for end in (_moment(payload.get("exp")), _moment(inner.get("validUntil"))) if end]
    if began is not None and began > moment:
        raise Refused(_("The badge is not valid yet."))
    if ends and min(ends) <= moment:
        raise Refused(_("The badge has expired."))
    achievement = subject.get("achievement")
    named = achievement.get("name") if isinstance(achievement, dict) else ""
    return Badge(
        issuer_id=issuer,
        key_id=str(key["kid"]),
        recipient=_recipient(subject),
        achievement=visible(named if isinstance(named, str) else "", limit=200),
        issued_on=began.date() if began else None,
        expires_on=min(ends).date() if ends else None,
        badge_id=visible(str(payload.get("jti") or inner.get("id") or ""), limit=200),
    )


def _recipient(subject: Mapping[str, Any]) -> str:
    """The name it was given to: an identity object of kind `name` in the clear, or the subject's own name."""
    identities = subject.get("identifier")
    for one in identities if isinstance(identities, list) else [identities]:
        if isinstance(one, dict) and one.get("identityType") == "name" and one.get("hashed") is not True:
            found = one.get("identityHash")
            return visible(found if isinstance(found, str) else "", limit=200)
    found = subject.get("name")
    return visible(found if isinstance(found, str) else "", limit=200)


def _words(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _id(value: Any) -> str:
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def _moment(value: Any) -> datetime | None:
    """Seconds since 1970 or an RFC 3339 text; a value that is neither makes the badge damaged."""
    if value is None:
        return None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise Refused(_("This badge is damaged.")) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _latest(*values: Any) -> datetime | None:
    return max((moment for value in values if (moment := _moment(value))), default=None)
