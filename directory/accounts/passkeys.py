"""Passkeys (WebAuthn level 2): a key pair on the person's device, checked by the `webauthn` library.

A challenge is a token of `accounts.tokens`: it is good for five minutes and once, and the origin that the browser signs
over must be BASE_URL's.
"""

import base64
import json
from urllib.parse import urlsplit

from flask import current_app
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from directory.accounts import tokens
from directory.accounts.models import Passkey, User
from directory.accounts.queries import passkey_by_credential
from directory.config import Settings
from directory.db import db, now
from directory.words import visible

MOST = 10


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _site() -> str:
    """The host name keys are bound to."""
    return urlsplit(_settings().base_url).hostname or "localhost"


def _descriptors(user: User) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=key.credential_id) for key in user.passkeys]


def adding_options(user: User) -> str:
    """What the browser needs to make a new key, as JSON."""
    challenge = tokens.issue(tokens.PASSKEY_ADD, user.id)
    options = generate_registration_options(
        rp_id=_site(),
        rp_name=_settings().site_name,
        user_id=user.public_id.encode(),
        user_name=user.email,
        challenge=challenge.encode(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_descriptors(user),
    )
    return options_to_json(options)


def sign_in_options(user: User | None) -> str:
    """What the browser needs to prove a key, as JSON. With nobody known yet the device offers the keys it holds."""
    challenge = tokens.issue(tokens.PASSKEY_SIGN_IN, user.id if user else None)
    options = generate_authentication_options(
        rp_id=_site(),
        challenge=challenge.encode(),
        allow_credentials=_descriptors(user) if user else [],
        user_verification=UserVerificationRequirement.PREFERRED if user else UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def _unpacked(text: str) -> str:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def _challenge(credential: str) -> str | None:
    """The challenge the browser says it answers; whether it is one of ours is decided by using it up."""
    try:
        client_data = json.loads(_unpacked(json.loads(credential)["response"]["clientDataJSON"]))
        return _unpacked(client_data["challenge"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def add(user: User, credential: str, name: str) -> Passkey | None:
    """Keep the key that the browser made; None when the answer does not hold or there are MOST already."""
    challenge = _challenge(credential)
    grant = tokens.use(tokens.PASSKEY_ADD, challenge) if challenge else None
    if challenge is None or grant is None or grant.user_id != user.id or len(user.passkeys) >= MOST:
        return None
    try:
        proven = verify_registration_response(
            credential=credential,
            expected_challenge=challenge.encode(),
            expected_rp_id=_site(),
            expected_origin=_settings().base_url,
        )
    except (WebAuthnException, ValueError, KeyError):
        return None
    if passkey_by_credential(proven.credential_id) is not None:
        return None
    made = Passkey(
        credential_id=proven.credential_id,
        public_key=proven.credential_public_key,
        sign_count=proven.sign_count,
        name=visible(name, limit=60),
    )
    user.passkeys.append(made)
    return made


def prove(credential: str, *, second_step_of: User | None) -> User | None:
    """Who holds the key, or None. Alone it stands for both factors, so the device must have checked its user."""
    challenge = _challenge(credential)
    grant = tokens.use(tokens.PASSKEY_SIGN_IN, challenge) if challenge else None
    if challenge is None or grant is None:
        return None
    expected = {owner for owner in (grant.user_id, second_step_of.id if second_step_of else None) if owner}
    try:
        raw = json.loads(credential)["rawId"]
        key = passkey_by_credential(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
        if key is None or not expected <= {key.user_id}:
            return None
        proven = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge.encode(),
            expected_rp_id=_site(),
            expected_origin=_settings().base_url,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=second_step_of is None,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    key.sign_count, key.last_used_at = proven.new_sign_count, now()
    return db.session.get(User, key.user_id)
