"""Every route, every role, every state of the thing behind it: who gets in, who does not, and that "not yours" is told
by the same bytes as "there is none". Unsafe methods without their token change nothing."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from directory.accounts.roles import OPENS
from directory.accounts.sessions import UserSession
from directory.db import Base, db, now, writing
from tests.house.conftest import House
from tests.house.doors import (
    BEGUN,
    DOORS,
    HELD,
    MARKED,
    MEMBER,
    OPERATOR,
    OWN,
    OWNER,
    PUBLIC,
    READER,
    SECRET,
    STAFF,
    STRANGER,
)
from tests.house.world import DESK, PLAIN, ROLES, STATES, World, build

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Written by looking, not by acting: when a session was last seen, how often something was tried.
LOOKING = {"user_session", "rate_event"}
VARYING = ("X-Request-Id", "Content-Length", "Set-Cookie")
# Whose a thing is, by the kind of door and the state of the thing.
WHOSE = {
    OWN: {"own": ("author",), "other": ("other_author",)},
    STAFF: {"own": ("editor", "owner"), "other": ("rival",)},
    OWNER: {"own": ("owner",), "other": ("rival",)},
}
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Case(NamedTuple):
    """One request of the matrix."""

    rule: Rule
    role: str
    state: str
    address: str


@pytest.fixture(scope="module")
def app(house: House) -> Flask:
    return house.app


@pytest.fixture(scope="module")
def world(house: House) -> World:
    return build(house.app, house.run)


def _rules(app: Flask, methods: tuple[str, ...]) -> list[Rule]:
    found = [rule for rule in app.url_map.iter_rules() if set(methods) & (rule.methods or set())]
    return sorted(found, key=lambda rule: (rule.endpoint, rule.rule))


def _named_things(rule: Rule) -> list[str]:
    """The parts of the address that name something that can be somebody's, or be missing."""
    return [kind for kind in DOORS[rule.endpoint][1].values() if kind not in PLAIN]


def _address(app: Flask, world: World, rule: Rule, state: str) -> str:
    kinds = DOORS[rule.endpoint][1]
    values = {name: world.value(kinds[name], state) for name in rule.arguments if name in kinds}
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        built = rule.build({**(rule.defaults or {}), **values}, append_unknown=False)
        assert built is not None, rule.rule
        adapter.match(built[1], method=next(iter(set(rule.methods or ()) - {"HEAD", "OPTIONS"})))
    return built[1]


def _prove_anew(app: Flask) -> None:
    """Some doors ask for a proof of the last ten minutes; on a slow machine the walk takes longer than that."""
    with app.app_context(), writing():
        db.session.execute(sa.update(UserSession).values(proven_at=now()))
        db.session.commit()


def _cases(app: Flask, world: World, methods: tuple[str, ...]) -> Iterator[Case]:
    for rule in _rules(app, methods):
        _prove_anew(app)
        for state in STATES if _named_things(rule) else ("own",):
            address = _address(app, world, rule, state)
            for role in ROLES:
                yield Case(rule, role, state, address)


def _gets_in(endpoint: str, role: str, state: str, *, looks: bool = True) -> str:
    """`in`, `out` (there is no such thing), or `sign in`."""
    kind, things = DOORS[endpoint]
    named = any(thing not in PLAIN for thing in things.values())
    there = not named or state in ("own", "other")
    if kind in (PUBLIC, SECRET):
        alone = things.get("slug") == "practitioner"  # of these there is one
        return "in" if there and "nothing" not in things.values() and not (alone and state == "other") else "out"
    if kind == MARKED:
        return "in" if there or state == "deleted" else "out"
    if kind == OPERATOR:
        return "out"
    if role == "visitor" or kind == BEGUN:
        return "sign in"
    if kind == MEMBER:
        return "in" if there else "out"
    if kind == STRANGER:
        works = {"own": ("editor", "owner"), "other": ("rival",)}.get(state, ())
        return "out" if not there else "409" if role in works else "in"
    if kind == READER:
        near = {"own": ("author", "editor", "owner"), "other": ("other_author", "rival")}.get(state, ())
        return "out" if not there else "409" if role in near else "in"
    if kind == STAFF and not named:
        return "in" if role in ("editor", "owner", "rival") else "out"
    if kind in WHOSE:
        return "in" if role in WHOSE[kind].get(state, ()) else "out"
    if kind == HELD:
        return "out"  # nobody holds the case here; holding it is tested with the evidence
    held = role in OPENS[kind] or (looks and role == "auditor")
    return "in" if there and held else "out"


def _got(answer: TestResponse) -> str:
    if answer.status_code in (404, 410):
        return "out"
    if answer.status_code == 303 and (answer.location or "").startswith("/account/sign-in"):
        return "sign in"
    return "in" if answer.status_code < 400 or answer.status_code == 422 else str(answer.status_code)


def _bytes(answer: TestResponse) -> tuple[Any, ...]:
    """What the visitor receives, without what differs between any two requests: its number, a session's renewal."""
    mark = answer.headers.get("X-Request-Id", "none")
    headers = sorted((name, value) for name, value in answer.headers if name not in VARYING)
    return answer.status_code, answer.get_data().replace(mark.encode(), b""), headers


def _look(browser: FlaskClient, address: str) -> TestResponse:
    """From outside, and to the last byte."""
    return browser.get(address, environ_overrides={"REMOTE_ADDR": "192.0.2.9"}, buffered=True)


def _digest(app: Flask) -> str:
    """One number for all that the database holds."""
    held = hashlib.sha256()
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            if table.name not in LOOKING:
                rows = sorted(repr(tuple(row)) for row in db.session.execute(sa.select(table)))
                held.update("\n".join([table.name, *rows]).encode())
        db.session.rollback()
    return held.hexdigest()


def test_every_route_has_its_line_and_every_line_its_route(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint != "static"}
    assert sorted(routes - set(DOORS)) == [], "say in tests/house/doors.py who may open these"
    assert sorted(set(DOORS) - routes) == [], "these lines of tests/house/doors.py have no route"
    for rule in app.url_map.iter_rules():
        parts = set(rule.arguments) - set(rule.defaults or {})
        assert parts == set(DOORS[rule.endpoint][1]) & set(rule.arguments), rule.rule


def test_each_door_opens_to_its_people_only(app: Flask, world: World) -> None:
    wrong, missing = [], {}
    for case in _cases(app, world, ("GET",)):
        browser = world.browsers[case.role]
        answer = _look(browser, case.address)
        expected, got = _gets_in(case.rule.endpoint, case.role, case.state), _got(answer)
        if got not in {expected, "out" if case.rule.endpoint in NEEDS_MORE else expected}:
            wrong.append((case.rule.rule, case.role, case.state, f"{got}, not {expected}", answer.status_code))
        if expected == "out" and answer.status_code == 404 and _named_things(case.rule):
            key = (case.rule.rule, case.role)
            if key not in missing:
                missing[key] = _bytes(_look(browser, _address(app, world, case.rule, "missing")))
            if _bytes(answer) != missing[key]:
                wrong.append((case.rule.rule, case.role, case.state, "differs from a missing one", 404))
    assert not wrong, "\n".join(map(str, wrong))


# Looking at these needs more than the right person: a booking, times on offer, a file written at night.
NEEDS_MORE = {"consultations.calendar", "consultations.book", "api.export", "robots.part"}


def test_a_thing_of_one_clinic_is_not_reached_through_another(app: Flask, world: World) -> None:
    """The address names the right clinic and somebody else's thing, or the other way round."""
    wrong = []
    for rule in _rules(app, ("GET",)):
        if DOORS[rule.endpoint][0] not in (STAFF, OWNER) or len(_named_things(rule)) < 2:
            continue
        for role, slug, state in (("owner", "mine", "other"), ("rival", "theirs", "own")):
            address = _address(app, world, rule, state).replace("/mine/" if state == "own" else "/theirs/", f"/{slug}/")
            answer = world.browsers[role].get(address)
            none = world.browsers[role].get(
                _address(app, world, rule, "missing").replace("/never-was/", f"/{slug}/", 1)
            )
            if answer.status_code != 404 or _bytes(answer) != _bytes(none):
                wrong.append((rule.rule, role, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def _token(world: World, role: str) -> str:
    page = world.browsers[role].get("/account/sign-in" if role == "visitor" else "/account/").text
    found = _TOKEN.search(page)
    assert found, role
    return found[1]


def test_nothing_changes_without_the_forms_token(app: Flask, world: World) -> None:
    """None, a wrong one, somebody else's, a good one from another site: refused, and not a row is different."""
    tokens = {role: _token(world, role) for role in ROLES}
    before, wrong = _digest(app), []
    for case in _cases(app, world, UNSAFE):
        if case.state != "own":
            continue
        other = tokens["visitor" if case.role != "visitor" else "member"]
        tries: list[tuple[dict[str, str], dict[str, str]]] = [
            ({"nothing": "else"}, {}),
            ({"csrf_token": "forged"}, {}),
            ({"csrf_token": other}, {}),
            ({"csrf_token": tokens[case.role]}, {"Sec-Fetch-Site": "cross-site"}),
        ]
        for data, headers in tries:
            for method in set(UNSAFE) & (case.rule.methods or set()):
                answer = world.browsers[case.role].open(case.address, method=method, data=data, headers=headers)
                if answer.status_code not in (400, 403):
                    wrong.append((case.rule.rule, case.role, data.keys(), answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))
    assert _digest(app) == before


def test_who_may_not_look_may_not_act(app: Flask, world: World) -> None:
    """With a good token, from the right page: whoever is not let in changes nothing, and learns nothing."""
    tokens = {role: _token(world, role) for role in ROLES}
    before, wrong = _digest(app), []
    for case in _cases(app, world, UNSAFE):
        expected = _gets_in(case.rule.endpoint, case.role, case.state, looks=False)
        if expected == "in" or DOORS[case.rule.endpoint][0] in (PUBLIC, SECRET, BEGUN):
            continue
        for method in set(UNSAFE) & (case.rule.methods or set()):
            answer = world.browsers[case.role].open(case.address, method=method, data={"csrf_token": tokens[case.role]})
            if _got(answer) != expected:
                wrong.append((case.rule.rule, case.role, case.state, answer.status_code, expected))
    assert not wrong, "\n".join(map(str, wrong))
    assert _digest(app) == before


def test_the_roles_are_all_there() -> None:
    assert set(DESK) <= set(OPENS)
