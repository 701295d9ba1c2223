"""A clinic that shows its work: its owner, a result with pictures, the page of the person in them, the desk."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from directory.db import db, now
from directory.portfolio.models import Picture, ResultSet
from tests.accounts.people import form_token, letters
from tests.imaging.corpus import photo, written
from tests.manage.staff import staff
from tests.moderation.cast import decide, moderator, open_cases
from tests.reviews import authors

Run = Callable[..., Any]


def month_ago(months: int) -> str:
    year, month = divmod(now().year * 12 + now().month - 1 - months, 12)
    return f"{year:04d}-{month + 1:02d}"


def a_picture(seed: int = 0, comment: bytes = b"") -> bytes:
    """Another one for each seed, so unlike the others that no copy is seen in it."""
    return written(photo(320, 240, seed=seed), comment=comment)


def owner(app: Flask, run: Run, slug: str = "one") -> FlaskClient:
    authors.clinic(app, slug)
    return staff(app, run, f"owner@{slug}.example", slug)


def begin(browser: FlaskClient, slug: str = "one", **facts: str) -> str:
    """A result without pictures; its path."""
    page = f"/manage/{slug}/results/new"
    told = {"goal": "hairline", "variant": "permanent", "finished": month_ago(13), "sessions": "3", **facts}
    answer = browser.post(page, data={"csrf_token": form_token(browser.get(page)), **told})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def add(browser: FlaskClient, path: str, content: bytes | None = None, **facts: Any) -> TestResponse:
    """Send one picture into the result, whatever comes of it."""
    told = {"kind": "12m", "taken": month_ago(1), "light": "harsh", "hair_length": "shaved", "unedited": "y", **facts}
    told["csrf_token"] = form_token(browser.get(path))
    told["photo"] = (BytesIO(a_picture() if content is None else content), "Anna Lind.jpg")
    return browser.post(f"{path}/pictures", data=told, content_type="multipart/form-data")


def ids(app: Flask) -> list[str]:
    """The public ids of all pictures, oldest first."""
    with app.app_context():
        return list(db.session.scalars(select(Picture.public_id).order_by(Picture.id)))


def states(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Picture.state).order_by(Picture.id)))


def link_of(app: Flask) -> str:
    """The path of the person's page of the newest result."""
    with app.app_context():
        return f"/p/{db.session.scalars(select(ResultSet).order_by(ResultSet.id.desc())).first().link}"  # type: ignore[union-attr]


def post(browser: FlaskClient, page: str, address: str, **fields: str) -> TestResponse:
    return browser.post(address, data={"csrf_token": form_token(browser.get(page)), **fields})


def agree(app: Flask, link: str, picture: str) -> TestResponse:
    """The person's own word, in a browser that has no account."""
    visitor = app.test_client()
    stated = visitor.get(link).text.split(f'value="{picture}"')[1].split('name="stated" value="')[1].split('"')[0]
    return post(visitor, link, f"{link}/agree", picture=picture, stated=stated)


def send(browser: FlaskClient, path: str) -> TestResponse:
    return post(browser, path, f"{path}/send")


def shown(app: Flask, run: Run, slug: str = "one", **facts: Any) -> tuple[FlaskClient, str, str]:
    """A result with one published picture, agreed to at the link: the owner, the result's path, the person's page."""
    browser = owner(app, run, slug)
    path = begin(browser, slug)
    assert add(browser, path, **facts).status_code == 303
    link = link_of(app)
    assert agree(app, link, ids(app)[-1]).status_code == 303
    assert send(browser, path).status_code == 303
    letters(app)  # the comparison with other clinics' pictures has been made
    (case,) = open_cases(app, "result")
    answer = decide(moderator(app, f"reader-{slug}"), case, "publish")
    assert answer.status_code == 303, answer.text
    return browser, path, link


def a_copy(content: bytes) -> bytes:
    """The same picture, smaller and written anew."""
    sheet = BytesIO()
    picture = Image.open(BytesIO(content))
    picture.resize((picture.width * 3 // 4, picture.height * 3 // 4)).save(sheet, "WEBP", quality=80)
    return sheet.getvalue()


def add_place(browser: FlaskClient, slug: str = "one", content: bytes | None = None, **facts: Any) -> TestResponse:
    """Send one picture of the place."""
    page = f"/manage/{slug}/pictures"
    told = {"kind": "front", "nobody": "y", **facts, "csrf_token": form_token(browser.get(page))}
    told["photo"] = (BytesIO(a_picture() if content is None else content), "front.jpg")
    return browser.post(page, data=told, content_type="multipart/form-data")
