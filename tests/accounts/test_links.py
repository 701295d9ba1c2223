"""Coming in by a mailed link, without a password: what a used one leads to, a fresh one, and where it goes on."""

import time

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts import people
from tests.accounts.people import letters, links, submit
from tests.consultations.people import OWNER_EMAIL, ask, book, clinic_with_owner, offer, path_in_letter, soon

SEEKER = "seeker@example.org"
HERE = "/account/consultations/"


def _asked(app: Flask) -> FlaskClient:
    """Somebody who asked without ever choosing a password, and has an answer."""
    owner, seeker = clinic_with_owner(app), people.a_browser(app, SEEKER)
    ask(seeker, email=SEEKER)
    people.submit(seeker, path_in_letter(app, SEEKER))
    offer(owner, path_in_letter(app, OWNER_EMAIL), soon(5), soon(40))
    return seeker


def _newest(app: Flask) -> str:
    return links(letters(app, SEEKER)[-1])[-1]


def test_a_used_link_leads_on_where_one_is_in_and_is_replaced_by_one_press_elsewhere(app: Flask) -> None:
    seeker, other = _asked(app), people.a_browser(app, "elsewhere@example.org")
    path = _newest(app)
    there = submit(seeker, path).location
    assert there.startswith(HERE)
    assert seeker.get(path).location == there  # the same letter opened once more, in the same browser
    page = other.get(path)
    assert (page.status_code, "This link was used" in page.text, SEEKER in page.text) == (410, True, False)
    fresh = path.partition("?")[0] + "/fresh?" + path.partition("?")[2]
    assert submit(other, fresh, page=path).location == "/account/sent"
    again = _newest(app)
    assert again != path
    assert submit(other, again).location == there
    assert other.get(there).status_code == 200


def test_a_letter_opens_its_appointment_until_it_is_over(app: Flask) -> None:
    seeker = _asked(app)
    offered = _newest(app)
    for days, status in ((30, 200), (60, 410)):  # the last time on offer lies forty days ahead
        with time_machine.travel(time.time() + days * 86_400):
            assert people.a_browser(app, "late@example.org").get(offered).status_code == status
    book(seeker, submit(seeker, offered).location)
    confirmed = _newest(app)
    with time_machine.travel(time.time() + 9 * 86_400):
        assert submit(people.a_browser(app, "late@example.org"), confirmed).location.startswith(HERE)


def test_whoever_types_the_address_is_sent_the_way_in_that_fits(app: Flask) -> None:
    _asked(app)
    before = len(letters(app, SEEKER))
    visitor = people.a_browser(app, "visitor@example.org")
    assert "/account/link?next=" in visitor.get(f"/account/sign-in?next={HERE}").text
    for door, fields in (("link", {"next": "/account/plans"}), ("sign-up", {"next": "/account/plans"})):
        assert submit(visitor, f"/account/{door}", email=SEEKER, **fields).location == "/account/sent"
        assert "need none" in letters(app, SEEKER)[-1].get_content()
        assert submit(people.a_browser(app, door), _newest(app)).location == "/account/plans"
    assert len(letters(app, SEEKER)) == before + 2
    submit(visitor, "/account/reset", email=SEEKER)
    forgotten = letters(app, SEEKER)[-1].get_content()
    assert ("You never chose one" in forgotten, "stays as it is" in forgotten) == (True, False)
    assert submit(people.a_browser(app, "x"), _newest(app)).location == "/account/"
    people.member(app, "ann@example.org")
    submit(visitor, "/account/link", email="ann@example.org")
    told = letters(app, "ann@example.org")[-1]
    assert ("a password opens it" in told.get_content(), "/enter/" in told.get_content()) == (True, False)
    submit(visitor, "/account/link", email="nobody@example.org")
    assert letters(app, "nobody@example.org") == []


def test_a_fresh_link_goes_to_its_owner_a_few_times_a_day(app: Flask) -> None:
    _asked(app)
    path = _newest(app)
    submit(people.a_browser(app, "a"), path)
    visitor, before = people.a_browser(app, "b"), len(letters(app, SEEKER))
    for _press in range(7):
        assert submit(visitor, path.partition("?")[0] + "/fresh", page=path).location == "/account/sent"
    assert len(letters(app, SEEKER)) == before + 5
    page = visitor.get("/account/enter/nobodys")
    assert (page.status_code, "/account/link" in page.text, "/fresh" in page.text) == (410, True, False)


def test_the_account_of_somebody_without_a_password_says_so_and_proves_by_mail(app: Flask) -> None:
    seeker = _asked(app)
    page = seeker.get("/account/").text
    assert ("A link that we mail to you" in page, "A password alone" in page) == (True, False)
    with time_machine.travel(time.time() + 1_200):
        assert seeker.get("/account/password").location.startswith("/account/again")
        page = seeker.get("/account/again?next=/account/password").text
        assert ("Send me the link" in page, 'name="password"' in page) == (True, False)
        submit(seeker, "/account/link", email=SEEKER, next="/account/password")
        assert submit(seeker, _newest(app)).location == "/account/password"
        assert seeker.get("/account/password").status_code == 200


@pytest.mark.parametrize(("page", "there"), [("/clinics/one/reviews/new",) * 2, ("https://evil.example/", "/account/")])
def test_whoever_opens_an_account_to_write_a_review_goes_on_to_write_it(app: Flask, page: str, there: str) -> None:
    clinic_with_owner(app)
    visitor = people.a_browser(app, "noor@example.org")
    sign_in = visitor.get(f"/account/sign-in?next={page}").text
    assert "What comes next needs to know who you are" in sign_in
    assert "/account/sign-up?next=" in sign_in
    submit(visitor, "/account/sign-up", page=f"/account/sign-up?next={page}", email="noor@example.org", next=page)
    path = links(letters(app, "noor@example.org")[-1])[0]
    assert f'action="{path}"' in visitor.get(path).text
    assert submit(visitor, path, password=people.PASSWORD).location == there
