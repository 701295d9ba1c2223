"""An account in a real browser: by letter, with a passkey, and without any script."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.accounts.people import OTHER_PASSWORD, PASSWORD, letters, links
from tests.journeys.conftest import OUTPUT, Visitor
from tests.journeys.test_pages import violations

Visit = Callable[..., Visitor]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def arrive(visitor: Visitor, office: Flask, email: str) -> Page:
    """Sign up by letter; on the account page afterwards."""
    page = visitor.open("/account/sign-up")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    (link,) = links(letters(office, email)[-1])
    assert "/account/confirm/" in link, f"{email} has an account already: one journey, one address"
    visitor.open(link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    return page


def test_a_passkey_is_made_and_opens_the_account_by_itself(visit: Visit, office: Flask) -> None:
    visitor = visit()
    page = arrive(visitor, office, "passkey@example.org")
    device = visitor.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.get_by_role("link", name="Second proof").click()
    page.get_by_label("Name of this passkey").fill("Phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have them").click()
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    page.get_by_label("E-mail address").fill("passkey@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()

    page.get_by_role("link", name="Second proof").click()
    expect(page.get_by_text("last used")).to_be_visible()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    visitor.insist_on_calm()


def test_a_passkey_of_elsewhere_opens_nothing(visit: Visit, office: Flask) -> None:
    """The device has a key of its own, which this site never saw: the page says so and the visitor stays outside."""
    visitor = visit()
    page = visitor.open("/account/sign-in")
    device = visitor.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    device.send(
        "WebAuthn.addCredential",
        {
            "authenticatorId": made["authenticatorId"],
            "credential": {
                "credentialId": "c3RyYW5nZXItY3JlZGVudGlhbA==",
                "isResidentCredential": True,
                "rpId": "localhost",
                "privateKey": _private_key(),
                "userHandle": "c3RyYW5nZXI=",
                "signCount": 1,
            },
        },
    )
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey did not fit")).to_be_visible()
    visitor.open("/account/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def _private_key() -> str:
    import base64

    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    der = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return base64.b64encode(der).decode()


TOUR = (
    "",
    "sign-up",
    "sent",
    "sign-in",
    "reset",
    "confirm/none",
    "second-factor",
    "sessions",
    "password",
    "email",
    "data",
    "erase",
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_the_account(visit: Visit, office: Flask, theme: str) -> None:
    """Nothing axe objects to, nothing that scrolls sideways; a picture of each for eyes to judge."""
    visitor = visit(dark=theme == "dark")
    page = arrive(visitor, office, f"tour-{theme}@example.org")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    wrong = []
    for name in TOUR:
        visitor.open(f"/account/{name}")
        wrong += look(page, name or "home", theme)
    visitor.open("/account/second-factor")
    page.get_by_role("button", name="Set up an app").click()
    expect(page.get_by_role("heading", name="Set up an app")).to_be_visible()
    wrong += look(page, "app", theme)
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("alert")).to_contain_text("Code: Type the code.")
    wrong += look(page, "app-wrong", theme)
    assert wrong == []


def look(page: Page, name: str, theme: str) -> list[str]:
    """What is wrong with the page in front, at a desk and on the smallest phone."""
    found = []
    for width in (1440, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=OUTPUT / f"account-{name.replace('/', '-')}-{width}-{theme}.png", full_page=True)
        found += [f"{name} at {width}: {line}" for line in violations(page)] if width != 390 else []
    return found


def test_all_of_it_works_without_a_script(visit: Visit, office: Flask) -> None:
    visitor = visit(script=False)
    page = arrive(visitor, office, "plain@example.org")
    page.get_by_role("link", name="Password").click()
    page.get_by_label("New password").fill("too short")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Use at least 12 characters").first).to_be_visible()
    page.get_by_label("New password").fill(OTHER_PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("All other devices are signed out.").first).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail address").fill("plain@example.org")
    page.get_by_label("Password").fill(OTHER_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
