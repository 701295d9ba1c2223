"""A person's data: handed out whole, forgotten whole."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from directory.accounts.models import Erasure
from directory.accounts.registry import covered, tables_about_people
from directory.db import db, now
from directory.queue import QueuedJob
from tests import factories
from tests.accounts.people import is_in, letters, member, set_up_app, sign_in, submit

EMAIL = "noor.unique@example.org"


def everything(app: Flask) -> str:
    """Every value of every row of the database."""
    with app.app_context():
        found = [repr(tuple(row)) for table in db.metadata.sorted_tables for row in db.session.execute(table.select())]
    return "\n".join(found)


def test_every_table_that_points_at_a_person_is_covered(app: Flask) -> None:
    assert tables_about_people() <= covered(), "a room keeps something about people that is neither exported nor erased"
    assert len(tables_about_people()) >= 6


def test_the_person_reads_and_downloads_all_of_it(app: Flask, run: Callable[..., Any]) -> None:
    factories.saved(app, lambda: factories.clinic(slug="soft-lines"))
    device = member(app, EMAIL)
    set_up_app(device, now().timestamp())
    run("accounts", "create", EMAIL, "--role", "owner", "--clinic", "soft-lines")
    answer = device.get("/account/data.json")
    data = json.loads(answer.get_data(as_text=True))
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-data.json"
    assert data["Account"][0]["e-mail address"] == EMAIL
    assert data["Clinics you work for"][0]["clinic"] == "soft-lines"
    assert len(data["Recovery codes"]) == 10
    page = device.get("/account/data").get_data(as_text=True)
    assert EMAIL in page
    assert "soft-lines" in page


def test_an_erased_person_leaves_no_row(app: Flask) -> None:
    device = member(app, EMAIL)
    other = sign_in(app, EMAIL)
    set_up_app(device, now().timestamp())
    submit(device, "/account/email", email="noor.unique@new.example")
    refused = submit(device, "/account/erase")
    assert refused.status_code == 422
    assert is_in(device)
    device.set_cookie("saved", "one.two")
    assert submit(device, "/account/erase", sure="y").location == "/account/erased"
    assert device.get_cookie("saved") is None
    with app.app_context():
        waiting = db.session.scalars(select(QueuedJob.payload).where(QueuedJob.state == "waiting")).all()
    assert [row.get("letter") for row in waiting] == ["accounts/erased"]  # what else waited is dropped
    assert "are erased" in letters(app, EMAIL)[-1].get_content()
    assert not is_in(device)
    assert not is_in(other)
    assert "noor.unique" not in everything(app)
    with app.app_context():
        assert len(db.session.scalars(select(Erasure)).all()) == 1
    assert is_in(member(app, EMAIL))  # the address is free again


def test_commands_export_and_erase(app: Flask, run: Callable[..., Any], tmp_path: Path) -> None:
    member(app, EMAIL)
    target = tmp_path / "person.json"
    assert run("accounts", "export", EMAIL, target).exit_code == 0
    assert json.loads(target.read_text())["Account"][0]["e-mail address"] == EMAIL
    assert target.stat().st_mode & 0o077 == 0
    assert run("accounts", "erase", EMAIL, "--yes").exit_code == 0
    letters(app)
    assert EMAIL not in everything(app)
    assert run("accounts", "erase", EMAIL, "--yes").exit_code == 1


def test_the_first_operator_comes_in_by_the_link_printed(app: Flask, run: Callable[..., Any]) -> None:
    printed = run("accounts", "create", EMAIL, "--role", "operator").output
    path = printed.split("http://localhost:8000")[1].split()[0]
    device = app.test_client()
    assert submit(device, path, password="violet harbour tractor seven").location == "/account/"
    assert "Your role needs a second proof" in device.get("/account/").get_data(as_text=True)
    assert device.get("/account/data").location == "/account/second-factor"
    assert app.test_client().get(path).status_code == 410


def test_wrong_commands_say_what_is_wrong(app: Flask, run: Callable[..., Any]) -> None:
    factories.saved(app, lambda: factories.clinic(slug="soft-lines"))
    for words, said in (
        (["nobody", "--role", "lead"], "not an e-mail address"),
        ([EMAIL, "--role", "king"], "There is no role"),
        ([EMAIL, "--role", "owner"], "name it"),
        ([EMAIL, "--role", "owner", "--clinic", "nowhere"], "There is no clinic"),
        ([EMAIL, "--role", "lead", "--clinic", "soft-lines"], "leave the clinic out"),
    ):
        answer = run("accounts", "create", *words)
        assert answer.exit_code == 1
        assert said in answer.output
    assert EMAIL not in everything(app)  # nothing half done
