"""A clinic that reads questions, its owner's browser, and a seeker who asks by the front door."""

import io
import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask, Response
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from directory.accounts import sessions
from directory.accounts.models import User
from directory.clinics.membership import OWNER, Membership
from directory.clinics.models import Clinic
from directory.db import db, writing
from tests import factories
from tests.accounts import people

OWNER_EMAIL = "owner@clinic.example"
SEEKER = "seeker@example.org"
LINK = re.compile(r"http://localhost:\d+(/\S+)")
LONDON = ZoneInfo("Europe/London")
CONCERN = "The scar on my crown shows when I swim."


def clinic_with_owner(app: Flask, slug: str = "one", email: str = OWNER_EMAIL, **facts: object) -> FlaskClient:
    """A published clinic and the browser of its owner, second factor set up."""
    factories.saved(app, lambda: factories.clinic(slug=slug, name=f"Clinic {slug}", **facts))
    browser = people.member(app, email)
    people.set_up_app(browser, time.time())
    with app.app_context(), writing():
        user = db.session.query(User).filter_by(email=email).one()
        clinic = db.session.query(Clinic).filter_by(slug=slug).one()
        db.session.add(Membership(user_id=user.id, clinic_id=clinic.id, level=OWNER))
        db.session.commit()
    return browser


def ask(browser: FlaskClient, slug: str = "one", **fields: str | list[str]) -> TestResponse:
    """Fill the form in and send it."""
    told: dict[str, str | list[str]] = {"concern": CONCERN, "goal": "", "look": "soft", "reach": "here", "consent": "y"}
    told |= {"timezone": "America/New_York", "clinics": slug}
    return people.submit(browser, f"/clinics/{slug}/consultations/new", **{**told, **fields})


def picture(mark: str = "", seed: int = 60) -> bytes:
    """A JPEG that says in every way a picture can where it comes from."""
    exif = Image.Exif()
    exif[0x010F], exif[0x013B] = f"{mark}maker", f"{mark}artist"
    sheet = io.BytesIO()
    Image.effect_noise((160, 120), seed).save(sheet, "JPEG", exif=exif, comment=f"{mark}tail".encode())
    return sheet.getvalue()


def add_photo(browser: FlaskClient, question: str, content: bytes, name: str = "me.jpg", **more: str) -> TestResponse:
    """Send one photo into a question, as its page does."""
    address = f"/account/questions/{question}/photos"
    data = {"csrf_token": people.form_token(browser.get(address)), "consent": "y", **more}
    return browser.post(address, data={**data, "photo": (io.BytesIO(content), name)})


def path_in_letter(app: Flask, to: str) -> str:
    """Where the newest letter to this address leads."""
    return str(LINK.findall(people.letters(app, to)[-1].get_content())[0])


def soon(days: int = 5) -> datetime:
    return (datetime.now(LONDON) + timedelta(days=days)).replace(hour=14, minute=30, second=0, microsecond=0)


def offer(owner: FlaskClient, path: str, *moments: datetime, **more: str) -> TestResponse:
    fields = {f"time_{number}": f"{moment:%Y-%m-%dT%H:%M}" for number, moment in enumerate(moments, 1)}
    told = {"minutes": "30", "way": "clinic", "note": "Bring a photo.", **more}
    return people.submit(owner, f"{path}/answer", **told, **fields)


def book(seeker: FlaskClient, path: str) -> TestResponse:
    page = seeker.get(path)
    choice = re.search(r'name="choice" value="(\d+)"', page.text)
    assert choice
    return seeker.post(f"{path}/book", data={"csrf_token": people.form_token(page), "choice": choice.group(1)})


def press(browser: FlaskClient, page: str, address: str) -> TestResponse:
    return browser.post(address, data={"csrf_token": people.form_token(browser.get(page))})


def again(app: Flask, owner: FlaskClient) -> FlaskClient:
    """The owner's session is over after days: a new one, straight into the database."""
    with app.test_request_context("/account/", method="POST"), writing():
        sessions.begin(db.session.query(User).filter_by(email=OWNER_EMAIL).one())
        db.session.commit()
        cookies = app.process_response(Response()).headers.getlist("Set-Cookie")
    value = next(line.partition("=")[2].partition(";")[0] for line in cookies if line.startswith("sid="))
    browser = people.a_browser(app, OWNER_EMAIL)
    browser.set_cookie("sid", value)
    return browser
