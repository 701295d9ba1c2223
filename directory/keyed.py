"""Keyed digests, sealed secrets, signatures: what stands for things that must not be read, and for our word.

Each purpose has a key of its own, drawn from PSEUDONYM_KEY, KEK or LEDGER_KEY by HKDF-SHA256 (RFC 5869).
"""

import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from directory.config import Settings

NONCE_BYTES = 12
KEY_BYTES = 32


@lru_cache(maxsize=256)
def _key(master: str, purpose: str) -> bytes:
    derive = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=f"hairline {purpose}".encode())
    return derive.derive(master.encode())


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def pseudonym(purpose: str, text: str) -> str:
    """64 hex digits that stand for the text within one purpose; nobody without the key can try out texts."""
    return hmac.new(_key(_settings().pseudonym_key, purpose), text.encode(), hashlib.sha256).hexdigest()


def fingerprint(token: str) -> str:
    """SHA-256 of a random token, in hex: enough to find it again, useless to whoever reads the table."""
    return hashlib.sha256(token.encode()).hexdigest()


def seal(purpose: str, secret: bytes, *, about: str) -> bytes:
    """Encrypt with AES-256-GCM, bound to what it is about: a sealed secret moved to another row does not open."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key(_settings().kek, purpose)).encrypt(nonce, secret, about.encode())


def unseal(purpose: str, sealed: bytes, *, about: str) -> bytes | None:
    """The secret, or None when key, row or bytes are not the ones it was sealed with."""
    try:
        return AESGCM(_key(_settings().kek, purpose)).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode()
        )
    except InvalidTag:
        return None


def signer(purpose: str) -> Ed25519PrivateKey:
    """The key that signs what is published for this purpose; anybody can check it by the public half (RFC 8032)."""
    return Ed25519PrivateKey.from_private_bytes(_key(_settings().ledger_key, purpose))
