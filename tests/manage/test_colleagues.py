"""Colleagues at a clinic's desk: invited, taken off at once, leaving; the ownership passing from one to another."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from directory.clinics.colleagues import ColleagueInvitation, Handover
from directory.clinics.membership import Membership
from directory.db import db, now, writing
from tests import factories
from tests.accounts.people import letters, links, member, set_up_app, submit
from tests.manage.staff import staff
from tests.reading import reads_of, text_of

Run = Callable[..., Any]
DESK = "/manage/one/colleagues"


def _owner(app: Flask, run: Run) -> FlaskClient:
    factories.saved(app, lambda: factories.clinic("Kirkgate Rooms", slug="one"))
    return staff(app, run, "owner@example.org", "one")


def _link(app: Flask, owner: FlaskClient, email: str) -> str:
    assert submit(owner, DESK, email=email).status_code == 303
    return links(letters(app, email)[-1])[0]


def _joined(app: Flask, owner: FlaskClient, email: str = "ed@example.org") -> FlaskClient:
    browser = member(app, email)
    set_up_app(browser, now().timestamp())
    assert submit(browser, _link(app, owner, email)).status_code == 303
    return browser


def _who(browser: FlaskClient, email: str, what: str) -> str:
    """The address behind that link in the row of that colleague."""
    row = browser.get(DESK).text.partition(f"<span>{email}")[2]
    found = [part.partition('"')[0] for part in row.split('href="')[1:] if what in part.partition('"')[0]]
    return found[0]


def _levels(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Membership.level).order_by(Membership.id)))


def test_a_colleague_comes_by_a_link_with_a_second_proof(app: Flask, run: Run) -> None:
    owner = _owner(app, run)
    path = _link(app, owner, "ed@example.org")
    assert "ed@example.org good until" in text_of(owner.get(DESK))
    assert app.test_client().get(path).location.startswith("/account/sign-in")
    assert member(app, "nosy@example.org").get(path).status_code == 404  # it was sent to somebody else
    ed = member(app, "ed@example.org")
    assert "Set up a second proof" in text_of(ed.get(path))
    refused = submit(ed, path, page="/account/")
    assert refused.status_code == 200
    assert ed.get("/manage/one/people").status_code == 404
    set_up_app(ed, now().timestamp())
    assert submit(ed, path).location == "/manage/one/people"
    assert ed.get("/manage/one/people").status_code == 200
    assert ed.get(path).status_code == 404  # once
    assert "works on the listing of Kirkgate Rooms now" in letters(app, "owner@example.org")[-1].get_content()
    assert "ed@example.org began to work on this listing" in text_of(owner.get(DESK))
    assert _levels(app) == ["owner", "editor"]


def test_a_link_dies_by_age_by_another_and_by_hand(app: Flask, run: Run) -> None:
    owner = _owner(app, run)
    first, second = _link(app, owner, "ed@example.org"), _link(app, owner, "ed@example.org")
    ed = member(app, "ed@example.org")
    assert (ed.get(first).status_code, ed.get(second).status_code) == (404, 200)
    address = owner.get(DESK).text.partition('action="/manage/one/colleagues/links/')[2].partition('"')[0]
    assert submit(owner, f"{DESK}/links/{address}", page=DESK).status_code == 303
    assert ed.get(second).status_code == 404
    third = _link(app, owner, "ed@example.org")
    with app.app_context(), writing():
        db.session.execute(update(ColleagueInvitation).values(expires_at=now() - timedelta(seconds=1)))
        db.session.commit()
    assert ed.get(third).status_code == 404
    assert "deleted 1 links" in run("jobs", "once", "desk-links").output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ColleagueInvitation)) == 0


def test_whoever_is_here_is_not_invited_again(app: Flask, run: Run) -> None:
    owner = _owner(app, run)
    _joined(app, owner)
    answer = submit(owner, DESK, email="ed@example.org")
    assert answer.status_code == 422
    assert "works on the listing already" in text_of(answer)
    assert submit(owner, DESK, email="nobody").status_code == 422


def test_an_editor_sees_the_desk_and_changes_none_of_it(app: Flask, run: Run) -> None:
    owner = _owner(app, run)
    ed = _joined(app, owner)
    page = ed.get(DESK)
    assert "Send the link" not in text_of(page)
    assert submit(ed, DESK, page="/manage/one/people/new", email="more@example.org").status_code == 404
    with app.app_context():
        people = db.session.scalars(select(Membership).order_by(Membership.id)).all()
        assert len(people) == 2
    remove = _who(owner, "ed@example.org", "/remove")
    assert ed.get(remove).status_code == 404


def test_taken_off_means_out_at_the_next_click(app: Flask, run: Run) -> None:
    owner = _owner(app, run)
    ed = _joined(app, owner)
    assert ed.get("/manage/one/reviews").status_code == 200
    assert submit(owner, _who(owner, "ed@example.org", "/remove")).status_code == 303
    assert ed.get("/manage/one/reviews").status_code == 404
    assert ed.get("/account/").status_code == 200  # the account is theirs
    assert "took you off the listing" in letters(app, "ed@example.org")[-1].get_content()
    done = text_of(owner.get(DESK))
    assert "owner@example.org took ed@example.org off this listing" in done
    assert "ed@example.org began to work on this listing" in done


def test_a_colleague_leaves_and_an_owner_does_not(app: Flask, run: Run) -> None:
    owner = _owner(app, run)
    ed = _joined(app, owner)
    assert "hands the clinic over before leaving" in text_of(owner.get(f"{DESK}/leave"))
    assert submit(owner, f"{DESK}/leave", page=DESK).status_code == 409
    assert submit(ed, f"{DESK}/leave").status_code == 303
    assert ed.get(DESK).status_code == 404
    assert "no longer works on the listing" in letters(app, "owner@example.org")[-1].get_content()


def test_the_ownership_passes_when_both_say_so(app: Flask, run: Run) -> None:
    owner = _owner(app, run)
    ed = _joined(app, owner)
    offer = _who(owner, "ed@example.org", "/hand-over")
    assert submit(owner, offer).status_code == 422  # not ticked
    assert submit(owner, offer, sure="y").status_code == 303
    assert _levels(app) == ["owner", "editor"]
    third = _joined(app, owner, "third@example.org")
    assert third.get(f"{DESK}/ownership").status_code == 404
    assert "offers you the ownership" in text_of(ed.get(f"{DESK}/ownership"))
    assert submit(ed, f"{DESK}/ownership", answer="take").status_code == 303
    assert _levels(app) == ["editor", "owner", "editor"]
    assert "Send the link" not in text_of(owner.get(DESK))
    assert "Send the link" in text_of(ed.get(DESK))
    for email in ("owner@example.org", "ed@example.org"):
        assert "ownership of the listing of Kirkgate Rooms passed" in letters(app, email)[-1].get_content()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Handover)) == 0


def test_an_offer_ends_by_either_side_by_age_and_with_the_colleague(app: Flask, run: Run) -> None:
    owner = _owner(app, run)
    ed = _joined(app, owner)
    offer = _who(owner, "ed@example.org", "/hand-over")
    submit(owner, offer, sure="y")
    assert submit(owner, f"{DESK}/ownership", answer="keep").status_code == 303
    assert ed.get(f"{DESK}/ownership").status_code == 404
    submit(owner, offer, sure="y")
    assert submit(ed, f"{DESK}/ownership", answer="keep").status_code == 303
    submit(owner, offer, sure="y")
    with app.app_context(), writing():
        db.session.execute(update(Handover).values(expires_at=now() - timedelta(seconds=1)))
        db.session.commit()
    assert ed.get(f"{DESK}/ownership").status_code == 404
    assert submit(ed, f"{DESK}/ownership", page="/account/", answer="take").status_code == 404
    submit(owner, offer, sure="y")
    submit(owner, _who(owner, "ed@example.org", "/remove"))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Handover)) == 0
    assert _levels(app) == ["owner"]


def test_an_erased_colleague_leaves_what_was_done_without_a_name(app: Flask, run: Run) -> None:
    owner = _owner(app, run)
    _joined(app, owner)
    kept = run("accounts", "export", "ed@example.org", str(app.config["SETTINGS"].data / "ed.json"))
    assert kept.exit_code == 0, kept.output
    assert "colleague.joined" in (app.config["SETTINGS"].data / "ed.json").read_text()
    assert run("accounts", "erase", "ed@example.org", "--yes").exit_code == 0
    done = text_of(owner.get(DESK))
    assert "Somebody whose account is erased began to work on this listing" in done
    assert "ed@example.org" not in done


def test_the_page_is_read_in_few_statements(app: Flask, run: Run) -> None:
    owner = _owner(app, run)
    for number in range(3):
        _joined(app, owner, f"ed{number}@example.org")
    assert len(reads_of(app, owner, DESK)) <= 17
