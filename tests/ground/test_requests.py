"""What every visitor may rely on, whatever the page: limits, errors, ids, hosts, health."""

import json
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from directory.accounts.models import User
from directory.db import db
from tests import factories
from tests.accounts.people import form_token

HOSTS = ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:8000"]


def test_healthz_answers_without_the_database(client: FlaskClient) -> None:
    assert client.get("/healthz").get_data(as_text=True) == "ok\n"


def test_readyz_names_what_it_checked(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["checks"] == {"database": "ok", "migrations": "ok", "index": "ok"}


def test_metrics_exist_only_for_the_operator(client: FlaskClient) -> None:
    stranger = client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    missing = client.get("/nowhere")
    assert stranger.status_code == missing.status_code == 404


@pytest.mark.parametrize("host", HOSTS)
def test_a_foreign_host_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("status", [404, 405])
def test_error_pages_say_what_to_do_and_carry_an_id(client: FlaskClient, status: int) -> None:
    answer = client.get("/nowhere") if status == 404 else client.post("/healthz", data={"a": 1})
    assert answer.status_code in {status, 400}
    assert answer.headers["X-Request-Id"] in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_api_errors_are_problem_details(client: FlaskClient) -> None:
    answer = client.get("/api/v1/clinics/none")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert set(answer.get_json()) == {"type", "title", "status", "detail", "errors", "request_id"}


def test_a_fault_of_ours_shows_an_id_and_no_trace(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    app.view_functions["healthz"] = lambda: 1 / 0
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/healthz")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in text
    assert "ZeroDivisionError" not in text
    assert "request_failed" in caplog.text
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_who_waited_too_long_for_another_writer_is_asked_to_try_again(app: Flask, client: FlaskClient) -> None:
    """PostgreSQL lets a visitor wait a second for a row that somebody else holds; SQLite five for the file."""
    token = form_token(client.get("/account/sign-up"))
    fields = {"email": "new@example.org", "password": "a long enough phrase", "csrf_token": token}

    def away(*_: object) -> None:
        raise OperationalError("SELECT 1 FOR UPDATE", {}, Exception("canceling statement due to lock timeout"))

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", away)
    for address, send in (("/account/sign-up", fields), ("/api/v1/clinics/none", None)):
        answer = client.post(address, data=fields) if send else client.get(address)
        assert answer.status_code == 503, address
        assert answer.headers["Retry-After"] == "2"
        assert answer.headers["Cache-Control"].endswith("no-store")
        assert ("was not kept" if send else "nothing was changed") in answer.text
    with app.app_context():
        event.remove(db.engine, "before_cursor_execute", away)
    assert client.post("/account/sign-up", data=fields).status_code in {200, 303}


def test_error_and_guide_pages_need_no_database(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the database is gone"))

    with app.app_context():
        monkeypatch.setattr(type(db.engine), "connect", gone)
    visitor = app.test_client()
    assert visitor.get("/nowhere").status_code == 404
    assert visitor.get("/guide/").status_code == 200
    assert visitor.get("/readyz").status_code == 503


BODIES = [
    ({"headers": {"Content-Length": ""}, "data": b""}, 411),
    ({"data": {"theme": "x" * 70_000}}, 413),
    ({"data": {f"field{n}": "x" for n in range(5_000)}}, 413),
]


@pytest.mark.parametrize(("body", "status"), BODIES)
def test_bodies_past_the_limit_are_refused(client: FlaskClient, body: dict, status: int) -> None:
    assert client.post("/preferences", **body).status_code in {status, 400 if status == 413 else status}


@pytest.mark.parametrize(
    "address",
    ["/" + "a" * 600, "/search?" + "q=x&" * 40, "/search?near=" + "x" * 20_000],
    ids=["path", "count", "query"],
)
def test_over_long_addresses_get_a_plain_answer(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 414
    told = json.loads(answer.get_data())
    assert set(told) == {"type", "title", "status", "detail", "errors", "request_id"}
    assert told["detail"]
    assert told["request_id"] == answer.headers["X-Request-Id"]


def test_a_fault_of_the_database_is_logged_without_what_somebody_wrote(
    app: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    """Two of one address: PostgreSQL would name it, and SQLAlchemy all that was to be written."""

    def fail() -> None:
        for _twice in range(2):
            db.session.add(User(email="canary@example.org"))
            db.session.flush()

    app.view_functions["healthz"] = fail
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert app.test_client().get("/healthz").status_code == 500
    logged = capfd.readouterr().err
    assert "request_failed" in logged
    assert "IntegrityError" in logged
    assert "test_requests.py" in logged  # where it was
    assert "INSERT INTO" in logged
    assert "canary" not in logged


def test_the_log_never_tells_what_was_searched(capfd: pytest.CaptureFixture[str], client: FlaskClient) -> None:
    client.get("/search?near=Leeds&q=secretword")
    client.get("/search?lat=53.801234&lon=-1.549876")
    logged = capfd.readouterr().err
    assert '"endpoint": "search.results"' in logged
    for hidden in ("secretword", "Leeds", "53.801234", "1.549876", "53.801"):
        assert hidden not in logged


def test_a_visitor_who_holds_the_page_gets_304(app: Flask, client: FlaskClient) -> None:
    factories.saved(app, lambda: factories.clinic("First", slug="first"))
    answer = client.get("/clinics/first", headers={"Accept-Encoding": "br"})
    tag = answer.headers["ETag"]
    again = client.get("/clinics/first", headers={"If-None-Match": tag, "Accept-Encoding": "br"})
    assert again.status_code == 304
    assert not again.get_data()


def test_the_theme_arrives_as_its_own_stylesheet(client: FlaskClient) -> None:
    assert client.get("/theme.css").get_data(as_text=True) == ""
    client.set_cookie("theme", "dark")
    answer = client.get("/theme.css")
    assert answer.get_data(as_text=True) == ":root{color-scheme:dark}\n"
    assert "Cookie" in answer.headers["Vary"]
    client.set_cookie("theme", "red;} body{display:none")
    assert client.get("/theme.css").get_data(as_text=True) == ""


def test_no_header_moves_the_site_to_another_address(app: Flask, client: FlaskClient) -> None:
    """A visitor's SCRIPT_NAME would end up in links that are kept for everybody."""
    factories.saved(app, lambda: factories.clinic("First", slug="first"))
    for path in ("/search?near=Leeds", "/clinics/first"):
        moved = client.get(path, environ_overrides={"SCRIPT_NAME": "//evil.example"})
        assert moved.status_code == 200
        assert "evil.example" not in moved.get_data(as_text=True)


NUL_PATHS = ["/clinics/%00", "/clinics/a%00b/map.svg", "/practitioners/%00", "/api/v1/clinics/%00"]
NUL_VALUES = ["/compare?c=%00", "/compare?c=a%00&c=b", "/saved?add=%00", "/search?near=%00", "/search?q=%00"]


@pytest.mark.parametrize("address", NUL_VALUES)
def test_a_nul_character_in_a_value_finds_nothing(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code in {200, 404}


@pytest.mark.parametrize("address", NUL_PATHS)
def test_a_nul_character_in_a_path_is_a_plain_400(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "NUL" in answer.get_data(as_text=True)
