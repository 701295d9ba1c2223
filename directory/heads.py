"""Heads of the record: "so many rows, the last with this hash", dated, signed, published each hour that brought one.

A chain alone proves that its rows fit each other. Whoever could rewrite the whole table could make another chain that
fits as well. A head that strangers hold rules that out: a record changed or cut afterwards no longer leads to it.
Signed with Ed25519 and not with an HMAC, because an HMAC can be checked only by its own maker: here anybody can, with
the public key on the page, and the site can never deny a head that somebody kept.
"""

from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import BigInteger, CheckConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from directory import ledger
from directory.db import Base, db, now
from directory.keyed import signer

PURPOSE = "ledger head"
PREFIX = b"hairline ledger head\n"


class LedgerHead(Base):
    """Row `seq` had this `hash` at `at` (microseconds since 1970, UTC). `key` and `signature` are in hex."""

    __tablename__ = "ledger_head"
    __table_args__ = (CheckConstraint("seq >= 1", name="seq"),)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))

    def public(self) -> dict[str, Any]:
        """The head as published: all of it."""
        return {"seq": self.seq, "hash": self.hash, "at": self.at, "key": self.key, "signature": self.signature}

    def is_signed(self) -> bool:
        """Whether the signature is that of the key the head itself names."""
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            public.verify(bytes.fromhex(self.signature), signed_bytes(self.seq, self.hash, self.at))
        except (InvalidSignature, ValueError):
            return False
        return True


def signed_bytes(seq: int, digest: str, at: int) -> bytes:
    """What is signed: a line that says what this is, then the canonical JSON of the three facts."""
    return PREFIX + ledger.canonical({"at": at, "hash": digest, "seq": seq}).encode()


def public_key() -> str:
    """The key that signs now, in hex; drawn from LEDGER_KEY."""
    return signer(PURPOSE).public_key().public_bytes_raw().hex()


def publish() -> LedgerHead | None:
    """A signed head for the newest row, added to the session; None when that row has one, or there is no row."""
    seq, digest = ledger.head()
    if not seq or db.session.get(LedgerHead, seq) is not None:
        return None
    moment = now()
    at = int(moment.timestamp()) * 1_000_000 + moment.microsecond
    signature = signer(PURPOSE).sign(signed_bytes(seq, digest, at)).hex()
    head = LedgerHead(seq=seq, hash=digest, at=at, key=public_key(), signature=signature)
    db.session.add(head)
    return head


def published(after: int = 0, batch: int = 1_000) -> Iterator[LedgerHead]:
    """All heads from the first on, read in batches."""
    while True:
        query = select(LedgerHead).where(LedgerHead.seq > after).order_by(LedgerHead.seq).limit(batch)
        found = db.session.scalars(query).all()
        yield from found
        if len(found) < batch:
            return
        after = found[-1].seq


def newest() -> LedgerHead | None:
    """The head published last."""
    return db.session.scalars(select(LedgerHead).order_by(LedgerHead.seq.desc()).limit(1)).first()


def covering(seq: int) -> LedgerHead | None:
    """The first head published with or after that row: it vouches for the row and all before it."""
    return db.session.scalars(select(LedgerHead).where(LedgerHead.seq >= seq).order_by(LedgerHead.seq).limit(1)).first()


def verify() -> tuple[ledger.Fault | None, int]:
    """The first fault of the chain or of a published head, and how many heads there are."""
    heads = list(published())
    for head in heads:
        if not head.is_signed():
            return ledger.Fault(head.seq, "the head published for it is not signed by the key it names"), len(heads)
    fault = ledger.verify(ledger.rows(), published={head.seq: head.hash for head in heads})
    return fault, len(heads)
