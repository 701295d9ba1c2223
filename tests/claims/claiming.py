"""A listing as an import leaves it, somebody who claims it by the front door, and the desk that looks."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.accounts.models import User
from directory.claims.models import Claim
from directory.clinics.membership import Membership, owner_of
from directory.clinics.models import Clinic
from directory.db import db, writing
from tests import factories
from tests.accounts import people
from tests.credentials import papers
from tests.moderation.cast import decide, moderator, open_cases, press, take

KNOWN = {
    "address": "12 Vicar Lane",
    "phone": "+441132960000",
    "email": "studio@headingley.example",
    "website": "https://www.headingley.example/",
    "website_host": "www.headingley.example",
}
WHY = "The number, the name and the place agree with the list."


def listing(app: Flask, slug: str = "one", **facts: Any) -> None:
    """A published listing with all that a claim could be proven by, and the rules of its place."""
    with app.app_context(), writing():
        papers.rules()
        factories.clinic(slug=slug, name=f"Clinic {slug}", **{**KNOWN, **facts})
        db.session.commit()


def send(browser: FlaskClient, proof: str, slug: str = "one", **fields: str) -> TestResponse:
    """Fill the form in and send it."""
    told = {"name": "Ada Muster", "role": "owner", "proof": proof, "authority": "y"}
    if proof == "licence":
        told |= {"licence": "P-77001", "issuer": "gb-eng-council", "holder": "Headingley Scalp"}
        told |= {"email": "ada@headingley.example"}
    return people.submit(browser, f"/clinics/{slug}/claim", once=f"{proof}{slug}", **{**told, **fields})


def claimed(app: Flask, proof: str, email: str = "ada@home.example", slug: str = "one") -> tuple[FlaskClient, str]:
    """A member who sent the claim; (their browser, the address of the claim's page)."""
    browser = people.member(app, email)
    sent = send(browser, proof, slug)
    assert sent.status_code == 303, sent.text
    return browser, sent.location or ""


def only_case(app: Flask) -> str:
    [case] = open_cases(app, "claim")
    return case


def proof_page(desk: FlaskClient, case: str, what: str) -> TestResponse:
    """Take the item and press the button of its proof."""
    took = take(desk, case)
    assert took.status_code == 303, took.text
    return press(desk, f"/desk/items/{case}", f"/desk/claims/{case}/{what}")


def code_on(page: TestResponse) -> str:
    found = re.search(r'class="letter-code code">([^<]+)<', page.text)
    assert found, page.text
    return found.group(1)


def type_code(browser: FlaskClient, where: str, code: str) -> TestResponse:
    return people.submit(browser, f"{where}/code", page=where, code=code)


def submit_dead(browser: FlaskClient, where: str, code: str) -> int:
    """Send a code although the page no longer asks for one."""
    token = people.form_token(browser.get(f"{where}/withdraw"))
    return browser.post(f"{where}/code", data={"csrf_token": token, "code": code}).status_code


def settle(desk: FlaskClient, case: str, act: str, statement: str = WHY, **more: Any) -> TestResponse:
    return decide(desk, case, act, "finding", statement, **more)


def owner_email(app: Flask, slug: str = "one") -> str:
    """Who owns the clinic now; "" for nobody."""
    with app.app_context():
        clinic = db.session.query(Clinic).filter_by(slug=slug).one()
        owner = owner_of(clinic.id)
        return db.session.get_one(User, owner.user_id).email if owner is not None else ""


def taken_over(app: Flask, proof: str = "letter") -> tuple[FlaskClient, str, FlaskClient]:
    """A listing claimed by a code and approved: (who claimed it, the claim's page, the moderator)."""
    listing(app)
    browser, where = claimed(app, proof)
    desk, case = moderator(app), only_case(app)
    type_code(browser, where, code_on(proof_page(desk, case, proof)))
    settle(desk, case, "approve")
    return browser, where, desk


def reasons(browser: FlaskClient, where: str) -> str:
    """The statement that the claim's page leads to."""
    return "/account/statements/" + browser.get(where).text.split('href="/account/statements/')[1].split('"')[0]


def state(app: Flask, where: str) -> str:
    with app.app_context():
        return db.session.query(Claim).filter_by(public_id=where.rpartition("/")[2]).one().state


def owners(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Membership).filter_by(level="owner").count()


def link(app: Flask, to: str, path: str) -> str:
    """The newest link of that kind in that mailbox."""
    found = [
        address
        for letter in people.letters(app, to)
        for address in re.findall(rf"http://localhost:\d+({path}\S+)", letter.get_content())
    ]
    assert found, f"no letter to {to} with {path}"
    return found[-1]
