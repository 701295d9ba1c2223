"""Who is let in where: each door against each kind of visitor; a door that stays shut looks like no door."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory import access
from directory.db import now
from tests import factories
from tests.accounts.people import form_token, member, set_up_app

DOORS = ("member", "moderator", "checker", "lead", "auditor", "editor", "owner")
# Who: the doors that open to look, and those that open to act.
OPEN = {
    "member": ({"member"}, {"member"}),
    "moderator": ({"member", "moderator"}, {"member", "moderator"}),
    "checker": ({"member", "checker"}, {"member", "checker"}),
    "lead": ({"member", "moderator", "checker", "lead", "auditor"},) * 2,
    "auditor": ({"member", "moderator", "checker", "lead", "auditor"}, {"member", "auditor"}),
    "operator": ({"member"}, {"member"}),  # technical: no say in what is published
    "editor": ({"member", "editor"}, {"member", "editor"}),
    "owner": ({"member", "editor", "owner"}, {"member", "editor", "owner"}),
}


@pytest.fixture
def doors(app: Flask) -> Flask:
    """One page behind each door."""
    staff = {"editor": access.clinic_staff(level="editor"), "owner": access.clinic_staff(level="owner")}
    worn: dict[str, Any] = {"member": access.member(), **staff}
    worn |= {
        "moderator": access.moderator(),
        "checker": access.checker(),
        "lead": access.lead(),
        "auditor": access.auditor(),
    }
    for name, door in worn.items():
        rule = f"/t/{name}/<slug>"
        app.add_url_rule(rule, f"t_{name}", door(lambda slug: "in"), methods=["GET", "POST"])
    factories.saved(app, lambda: factories.clinic(slug="mine"), lambda: factories.clinic(slug="rival"))
    return app


def test_each_door_opens_to_its_people(doors: Flask, run: Callable[..., Any]) -> None:
    for who, (to_look, to_act) in OPEN.items():
        device = member(doors, f"{who}@example.org")
        set_up_app(device, now().timestamp())
        if who != "member":
            run("accounts", "create", f"{who}@example.org", "--role", who, *where(who))
        token = form_token(device.get("/account/"))
        looked = {door for door in DOORS if device.get(f"/t/{door}/mine").status_code == 200}
        acted = {
            door for door in DOORS if device.post(f"/t/{door}/mine", data={"csrf_token": token}).status_code == 200
        }
        assert (looked, acted) == (to_look, to_act), who


def where(role: str) -> list[str]:
    return ["--clinic", "mine"] if role in {"editor", "owner"} else []


def test_an_owner_is_nobody_at_a_rival(doors: Flask, run: Callable[..., Any]) -> None:
    device = member(doors, "owner@example.org")
    set_up_app(device, now().timestamp())
    run("accounts", "create", "owner@example.org", "--role", "owner", "--clinic", "mine")
    assert device.get("/t/owner/mine").status_code == 200
    shut = device.get("/t/owner/rival")
    missing = device.get("/t/owner/none")
    assert shut.status_code == missing.status_code == 404
    assert _alike(shut.get_data(as_text=True)) == _alike(missing.get_data(as_text=True))


def _alike(page: str) -> list[str]:
    return [line for line in page.splitlines() if "code" not in line]


def test_a_visitor_is_asked_to_sign_in_and_led_back(doors: Flask, client: FlaskClient) -> None:
    assert client.get("/t/moderator/mine?page=2").location == "/account/sign-in?next=/t/moderator/mine?page%3D2"
    assert client.get("/t/member/mine").headers["Cache-Control"] == "private, no-store"
    assert client.get("/t/member/mine").headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/").headers


def test_a_role_taken_away_shuts_the_door_at_the_next_click(doors: Flask, run: Callable[..., Any]) -> None:
    from directory.accounts.queries import user_by_email
    from directory.db import db, writing

    device = member(doors, "lead@example.org")
    set_up_app(device, now().timestamp())
    run("accounts", "create", "lead@example.org", "--role", "lead")
    assert device.get("/t/lead/mine").status_code == 200
    with doors.app_context(), writing():
        user = user_by_email("lead@example.org")
        assert user is not None
        user.roles.clear()
        db.session.commit()
    assert device.get("/t/lead/mine").status_code == 404
