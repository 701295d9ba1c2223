"""Files that few may ever read (proofs, evidence): each thing has a random key of its own, kept wrapped by KEK.

Destroying the wrapped key destroys the files, wherever copies of them may be. Key, place and owner are bound to the
bytes: a sealed file moved to another place, or a key moved to another row, does not open.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from directory import files
from directory.keyed import KEY_BYTES, NONCE_BYTES, seal, unseal

PURPOSE = "sealed files"
CONTENT_TYPE = "application/octet-stream"


def new_key(about: str) -> bytes:
    """A fresh key, wrapped: keep it in the row of the thing. `about` names the thing, such as `proof:public_id`."""
    return seal(PURPOSE, secrets.token_bytes(KEY_BYTES), about=about)


def put(key: str, content: bytes, *, wrapped: bytes, about: str) -> None:
    """Keep the bytes encrypted (AES-256-GCM) under a key of `files`. Raises what `files.put` raises."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    body = nonce + _cipher(wrapped, about).encrypt(nonce, content, _bound(key, about))
    files.put(key, body, content_type=CONTENT_TYPE)


def get(key: str, *, wrapped: bytes, about: str) -> bytes | None:
    """The bytes; None when they are gone, or key, place or bytes are not the ones they were sealed with."""
    body = files.get(key)
    if body is None or not wrapped:
        return None
    try:
        return _cipher(wrapped, about).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], _bound(key, about))
    except (InvalidTag, ValueError):
        return None


def _cipher(wrapped: bytes, about: str) -> AESGCM:
    key = unseal(PURPOSE, wrapped, about=about)
    if key is None:
        raise ValueError("this key was wrapped for something else")
    return AESGCM(key)


def _bound(key: str, about: str) -> bytes:
    return f"{about}\0{key}".encode()
