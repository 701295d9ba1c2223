"""Open Badges 3.0: a signed certificate confirms itself; planted forgeries do not."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient

from directory.credentials.badges import verify
from directory.credentials.reference_files import reference
from directory.db import db, now, writing
from directory.errors import Refused
from directory.practitioners.accounts import PractitionerAccount
from tests import factories
from tests.accounts.people import member, submit
from tests.credentials import papers
from tests.reading import text_of

KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"the invented issuer of the example data").digest())
OTHER = Ed25519PrivateKey.generate()
ISSUER = "https://example-register.example/"
AMARA = "amara@example.org"


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(**changed: Any) -> dict[str, Any]:
    return {
        "iss": ISSUER,
        "jti": "urn:example:badge:4711",
        "nbf": 1_700_000_000,
        "vc": {
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": ISSUER, "name": "Example register (invented)"},
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "identifier": [{"identityType": "name", "hashed": False, "identityHash": "Amara Osei-Bonsu"}],
                "achievement": {"name": "Scalp course of 185 hours (invented)"},
            },
        },
        **changed,
    }


def signed(payload: Any, head: dict[str, Any] | None = None, sign: Callable[[bytes], bytes] = KEY.sign) -> str:
    head = {"alg": "EdDSA", "typ": "JWT", "kid": "example-1"} if head is None else head
    message = f"{encoded(head)}.{encoded(payload)}"
    return f"{message}.{encoded(sign(message.encode()))}"


def keys() -> list[dict[str, Any]]:
    return list(reference().badge_keys["example-register"])


def mac(secret: bytes) -> Callable[[bytes], bytes]:
    def sign(message: bytes) -> bytes:
        code = hmac.HMAC(secret, hashes.SHA256())
        code.update(message)
        return code.finalize()

    return sign


def changed(token: str, place: int) -> str:
    """One letter of one part changed, so that the bytes differ."""
    parts = token.split(".")
    letter = parts[place][10]
    parts[place] = parts[place][:10] + ("A" if letter != "A" else "B") + parts[place][11:]
    return ".".join(parts)


def inner(**facts: Any) -> dict[str, Any]:
    made = claims()
    made["vc"] = {**made["vc"], **facts}
    return made


HEAD = {"alg": "EdDSA", "kid": "example-1"}
FORGERIES: dict[str, Callable[[], str]] = {
    "signed by somebody else": lambda: signed(claims(), sign=OTHER.sign),
    "another key brought along": lambda: signed(claims(), {**HEAD, "jwk": {"kty": "OKP"}}, OTHER.sign),
    "a key to be fetched": lambda: signed(claims(), {**HEAD, "jku": "https://evil.example/keys"}, OTHER.sign),
    "rules of its own": lambda: signed(claims(), {**HEAD, "crit": ["exp"]}),
    "no signature at all": lambda: f"{encoded({'alg': 'none', 'kid': 'example-1'})}.{encoded(claims())}.",
    "no algorithm, signed": lambda: signed(claims(), {"alg": "none", "kid": "example-1"}),
    "the public key as a secret": lambda: signed(
        claims(), {"alg": "HS256", "kid": "example-1"}, mac(base64.urlsafe_b64decode(keys()[0]["x"] + "="))
    ),
    "an algorithm of another kind of key": lambda: signed(claims(), {"alg": "RS256", "kid": "example-1"}),
    "a key nobody listed": lambda: signed(claims(), {"alg": "EdDSA", "kid": "example-2"}),
    "no key named": lambda: signed(claims(), {"alg": "EdDSA"}),
    "a letter of the claims": lambda: changed(signed(claims()), 1),
    "a letter of the head": lambda: changed(signed(claims()), 0),
    "a letter of the signature": lambda: changed(signed(claims()), 2),
    "the signature of another badge": lambda: (
        signed(claims(jti="other")).rpartition(".")[0] + "." + signed(claims()).rpartition(".")[2]
    ),
    "padding": lambda: signed(claims()) + "=",
    "another issuer outside": lambda: signed(claims(iss="https://academy.example/")),
    "another issuer inside": lambda: signed(inner(issuer="https://academy.example/")),
    "no badge": lambda: signed(inner(type=["VerifiableCredential"])),
    "not valid yet": lambda: signed(claims(nbf=4_000_000_000)),
    "not valid yet, inside": lambda: signed(inner(validFrom="2096-01-01T00:00:00Z")),
    "expired": lambda: signed(claims(exp=1_700_000_001)),
    "expired, inside": lambda: signed(inner(validUntil="2024-01-01T00:00:00Z")),
    "a time that is none": lambda: signed(claims(exp="soon")),
    "two people": lambda: signed(inner(credentialSubject=[{"name": "A"}, {"name": "B"}])),
    "a name that stands twice": lambda: twice(),
    "no parts": lambda: "badge",
    "empty parts": lambda: "..",
    "not text": lambda: "é.é.é",
    "a list": lambda: signed([claims()]),
    "too long": lambda: signed(claims(pad="x" * 20_000)),
}


def twice() -> str:
    body = json.dumps(claims())[:-1] + ', "iss": "' + ISSUER + '"}'
    message = f"{encoded({'alg': 'EdDSA', 'kid': 'example-1'})}.{encoded(body.encode())}"
    return f"{message}.{encoded(KEY.sign(message.encode()))}"


@pytest.mark.parametrize("how", FORGERIES)
def test_a_planted_forgery_is_refused(app: Flask, how: str) -> None:
    with app.test_request_context(), pytest.raises(Refused):
        verify(FORGERIES[how](), keys(), moment=now())


def test_a_true_badge_says_what_it_says(app: Flask) -> None:
    with app.test_request_context():
        badge = verify(signed(claims(exp=4_000_000_000)), keys(), moment=now())
    assert (badge.issuer_id, badge.recipient) == (ISSUER, "Amara Osei-Bonsu")
    assert badge.achievement == "Scalp course of 185 hours (invented)"
    assert (str(badge.issued_on), badge.badge_id) == ("2023-11-14", "urn:example:badge:4711")


@pytest.mark.parametrize(("bits", "passes"), [(2048, True), (1024, False)])
def test_rsa_keys_must_be_long(app: Flask, bits: int, *, passes: bool) -> None:
    own = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    numbers = own.public_key().public_numbers()
    size = bits // 8
    listed = {"issuer": ISSUER, "kid": "r", "kty": "RSA"}
    listed |= {"n": encoded(numbers.n.to_bytes(size, "big")), "e": encoded((65537).to_bytes(3, "big"))}
    token = signed(
        claims(), {"alg": "RS256", "kid": "r"}, lambda text: own.sign(text, padding.PKCS1v15(), hashes.SHA256())
    )
    with app.test_request_context():
        if passes:
            assert verify(token, [listed], moment=now()).recipient == "Amara Osei-Bonsu"
        else:
            with pytest.raises(Refused):
                verify(token, [listed], moment=now())


@pytest.fixture
def draft(app: Flask) -> tuple[FlaskClient, str]:
    """Amara, invented, with a draft of her course."""
    browser = member(app, AMARA)
    with app.app_context(), writing():
        papers.rules()
        studio = factories.clinic(slug="one", is_example=True)
        amara = factories.practitioner("Amara Osei-Bonsu", slug="amara", at=studio, is_example=True)
        db.session.flush()
        db.session.add(PractitionerAccount(practitioner_id=amara.id, user_id=papers.person(AMARA).id))
        factories.commit()
    begun = submit(browser, "/account/credentials/new/amara", kind="example-training", number="x-1")
    return browser, str(begun.location)


def test_a_badge_counts_as_the_issuers_word_at_once(app: Flask, draft: tuple[FlaskClient, str]) -> None:
    browser, address = draft
    assert submit(browser, f"{address}/badge", page=address, badge=signed(claims())).status_code == 303
    card = text_of(app.test_client().get(f"/credentials/{address.rpartition('/')[2]}"))
    assert "Signed by the issuer" in card
    assert "2 of 4" in card
    again = submit(browser, "/account/credentials/new/amara", kind="example-training", number="x-2")
    twice = submit(browser, f"{again.location}/badge", page=str(again.location), badge=signed(claims()))
    assert twice.status_code == 422, "one badge stands for one credential"


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (lambda: signed(claims(), sign=OTHER.sign), "The signature is not the issuer"),
        (
            lambda: signed(inner(credentialSubject={"name": "Jo Marsh", "achievement": {"name": "Course"}})),
            "The badge was given to another name",
        ),
        (lambda: "", "Paste the badge."),
    ],
)
def test_a_refused_badge_says_why(draft: tuple[FlaskClient, str], token: Callable[[], str], words: str) -> None:
    browser, address = draft
    answer = submit(browser, f"{address}/badge", page=address, badge=token())
    assert answer.status_code == 422
    assert words in text_of(answer)
