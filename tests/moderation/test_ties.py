"""Ties that people at the desk declare: what the public reads of it, and how a slip is taken back."""

from flask import Flask

from directory.clinics.models import Clinic
from directory.db import db, writing
from directory.ledger import LedgerRow
from directory.moderation.ties import DeclaredTie
from tests import factories
from tests.accounts.people import form_token, submit
from tests.moderation.cast import a_review, moderator, press, with_role
from tests.reading import text_of


def _clinic(app: Flask, slug: str = "one") -> None:
    with app.app_context(), writing():
        factories.clinic(slug=slug, name=f"Clinic {slug}")
        db.session.commit()


def _ties(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        query = db.session.query(DeclaredTie.id, Clinic.slug).join(Clinic, Clinic.id == DeclaredTie.clinic_id)
        return [tuple(row) for row in query.order_by(DeclaredTie.id)]


def _acts(app: Flask) -> list[str]:
    with app.app_context():
        rows = db.session.query(LedgerRow).filter(LedgerRow.act.startswith("tie.")).order_by(LedgerRow.seq)
        return [f"{row.act} {row.role}" for row in rows]


def test_the_form_says_what_the_public_record_tells(app: Flask) -> None:
    _clinic(app)
    first = moderator(app)
    assert "The public record tells at once that a moderator declared a tie to this clinic" in text_of(
        first.get("/desk/ties")
    )
    submit(first, "/desk/ties", slug="one", why="My sister works there")
    log = text_of(app.test_client().get("/transparency/log"))
    assert "Tie of somebody at the desk to a clinic: declared" in log
    assert "My sister" not in log


def test_a_slip_is_taken_back_by_whoever_made_it_and_by_nobody_else(app: Flask) -> None:
    _clinic(app)
    first, other = moderator(app), moderator(app, "second")
    submit(first, "/desk/ties", slug="one")
    ((number, _slug),) = _ties(app)
    where = f"/desk/ties/{number}/drop"
    assert other.post(where, data={"csrf_token": form_token(other.get("/desk/ties"))}).status_code == 404
    assert press(first, "/desk/ties", where).status_code == 303
    assert _ties(app) == []
    assert first.post(where, data={"csrf_token": form_token(first.get("/desk/ties"))}).status_code == 404
    assert _acts(app) == ["tie.declared moderator", "tie.taken_back moderator"]


def test_a_tie_that_hid_something_is_taken_back_by_a_lead(app: Flask) -> None:
    case, first = a_review(app), moderator(app)
    submit(first, "/desk/ties", slug="one", why="I was treated there")
    ((number, _slug),) = _ties(app)
    where = f"/desk/ties/{number}/drop"
    assert where not in first.get("/desk/ties").text
    refused = first.post(where, data={"csrf_token": form_token(first.get("/desk/ties"))})
    assert refused.status_code == 409
    assert "ask a lead" in text_of(refused)
    lead = with_role(app, "lead@desk.example", "lead")
    page = lead.get("/desk/ties")
    assert "Clinic one" in page.text
    assert "I was treated there" not in page.text
    assert press(lead, "/desk/ties", where).status_code == 303
    assert _acts(app)[-1] == "tie.taken_back lead"
    assert f"/desk/items/{case}" in first.get("/desk/").text


def test_a_leads_own_tie_that_hid_something_is_for_another_lead(app: Flask) -> None:
    a_review(app)
    lead = with_role(app, "lead@desk.example", "lead")
    submit(lead, "/desk/ties", slug="one")
    ((number, _slug),) = _ties(app)
    answer = lead.post(f"/desk/ties/{number}/drop", data={"csrf_token": form_token(lead.get("/desk/ties"))})
    assert answer.status_code == 409
    assert (
        press(with_role(app, "other@desk.example", "lead"), "/desk/ties", f"/desk/ties/{number}/drop").status_code
        == 303
    )
    assert _ties(app) == []
