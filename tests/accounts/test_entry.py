"""Coming in: sign-up by letter, sign-in, sign-out, and what a stranger can learn from the answers."""

import statistics
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.people import PASSWORD, empty_outbox, is_in, letters, links, sign_in, sign_up, submit

EMAIL = "noor@example.org"


def test_a_visitor_signs_up_confirms_and_is_in(app: Flask) -> None:
    browser = sign_up(app, EMAIL)
    page = browser.get("/account/")
    assert EMAIL in page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert is_in(sign_in(app, EMAIL))


def test_nobody_is_in_before_the_letter_is_answered(app: Flask, client: FlaskClient) -> None:
    submit(client, "/account/sign-up", email=EMAIL)
    answer = submit(client, "/account/sign-in", email=EMAIL, password=PASSWORD)
    assert answer.status_code == 422
    assert client.get("/account/").location == "/account/sign-in?next=/account/"


def test_opening_the_link_changes_nothing_and_it_works_once(app: Flask, client: FlaskClient) -> None:
    """Mail programs open links by themselves: only the button uses the link up."""
    submit(client, "/account/sign-up", email=EMAIL)
    path = links(letters(app, EMAIL)[0])[0]
    first = app.test_client().get(path)
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(path).status_code == 200
    assert submit(client, path, password=PASSWORD).status_code == 303
    assert client.get(path).status_code == 410


def test_a_second_letter_kills_the_first_link(app: Flask, client: FlaskClient) -> None:
    for _ in range(2):
        submit(client, "/account/sign-up", email=EMAIL)
    older, newer = (links(letter)[0] for letter in letters(app, EMAIL))
    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "at least 12 characters"),
        ("a" * 129, "at most 128"),
        ("passwordpassword", "easy to guess"),
        ("qwertyuiop12", "easy to guess"),
        ("noor@example.org", "tried first"),  # one's own address
        ("", "Type the password"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(app: Flask, client: FlaskClient, password: str, words: str) -> None:
    submit(client, "/account/sign-up", email=EMAIL)
    answer = submit(client, links(letters(app, EMAIL)[0])[0], password=password)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "a@b", "two@example.org, three@example.org", "x\r\nBcc: y@example.org", "a" * 300 + "@e.org"],
)
def test_what_is_no_address_is_said_on_the_field(client: FlaskClient, email: str) -> None:
    answer = submit(client, "/account/sign-up", email=email)
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.get_data(as_text=True)


def test_known_and_unknown_addresses_get_the_same_bytes(app: Flask) -> None:
    """Sign-up, reset and sign-in with a wrong password answer alike, whoever has an account."""
    sign_up(app, EMAIL)
    for address, fields in (
        ("/account/sign-up", {}),
        ("/account/reset", {}),
        ("/account/sign-in", {"password": "wrong horse battery nine"}),
    ):
        bodies = []
        for email in (EMAIL, "else@example.org"):
            answer = submit(app.test_client(), address, email=email, **fields)
            body = answer.get_data(as_text=True).replace(email, "ADDRESS")
            headers = {k: v for k, v in answer.headers if k not in {"Set-Cookie", "X-Request-Id"}}
            bodies.append((answer.status_code, _without_token(body), headers))
        assert bodies[0] == bodies[1], address


def _without_token(body: str) -> str:
    return "\n".join(line for line in body.splitlines() if "csrf_token" not in line)


def test_sign_in_works_as_long_for_strangers(app: Flask) -> None:
    """A password is hashed for every address. Coarse here: without that work the answer comes ten times sooner."""
    sign_up(app, EMAIL)
    seconds = {}
    for email in (EMAIL, "else@example.org"):
        taken = []
        for _ in range(4):
            browser = app.test_client()
            browser.get("/account/sign-in")
            began = time.perf_counter()
            submit(browser, "/account/sign-in", email=email, password="wrong horse battery nine")
            taken.append(time.perf_counter() - began)
        seconds[email] = statistics.median(taken)
    ratio = seconds[EMAIL] / seconds["else@example.org"]
    assert 0.5 < ratio < 2, seconds


def test_the_owner_of_a_known_address_learns_it_by_letter(app: Flask, client: FlaskClient) -> None:
    sign_up(app, EMAIL)
    empty_outbox(app)
    submit(client, "/account/sign-up", email=EMAIL.upper())
    (letter,) = letters(app, EMAIL)
    assert "There is one already" in letter.get_content()
    assert not any("/confirm/" in path for path in links(letter))


def test_no_letter_goes_to_a_stranger_who_forgot_a_password(app: Flask, client: FlaskClient) -> None:
    submit(client, "/account/reset", email="else@example.org")
    assert letters(app) == []


def test_signing_out_ends_the_session_and_clears_the_browser(app: Flask) -> None:
    browser = sign_up(app, EMAIL)
    stolen = browser.get_cookie("sid").value
    answer = submit(browser, "/account/sign-out", page="/account/")
    assert "Clear-Site-Data" in answer.headers
    assert not is_in(browser)
    thief = app.test_client()
    thief.set_cookie("sid", stolen)
    assert not is_in(thief)


def test_a_planted_session_id_is_never_taken_over(app: Flask) -> None:
    """Signing in always makes a new id; a value from outside is nobody's."""
    sign_up(app, EMAIL)
    browser = app.test_client()
    browser.set_cookie("sid", "planted.by.somebody")
    submit(browser, "/account/sign-in", email=EMAIL, password=PASSWORD)
    assert "planted" not in browser.get_cookie("sid").value
    assert is_in(browser)


def test_the_form_token_of_before_is_dead_after_sign_in(app: Flask) -> None:
    sign_up(app, EMAIL)
    browser = app.test_client()
    page = browser.get("/account/sign-in").get_data(as_text=True)
    before = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    submit(browser, "/account/sign-in", email=EMAIL, password=PASSWORD)
    assert browser.post("/account/sign-out", data={"csrf_token": before}).status_code == 400
    assert is_in(browser)
