"""Operators: accounts found by their whole address, roles, locks; listings off for a technical cause; jobs, settings,
storage, and the proof that what must be gone is gone. What they do stands in the record, without a name."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from directory.accounts.queries import user_by_email
from directory.clinics.models import Clinic
from directory.credentials.evidence import Evidence as Paper
from directory.credentials.evidence_jobs import destroy_papers
from directory.credentials.models import Credential
from directory.db import db, now, writing
from directory.ledger import LedgerRow
from directory.operating.retention import RULES
from directory.queue import QueuedJob, put
from directory.timetable import TIMETABLE
from tests import factories
from tests.accounts.people import PASSWORD, form_token, letters, member, set_up_app, sign_in, submit
from tests.consultations.people import OWNER_EMAIL, clinic_with_owner
from tests.credentials import papers
from tests.reading import text_of

WHY = "Somebody else knows its password; please choose another one."


@pytest.fixture
def operator(app: Flask, run: Callable[..., Any]) -> FlaskClient:
    """An operator's browser, second proof given a moment ago."""
    browser = member(app, "op@example.org")
    assert run("accounts", "create", "op@example.org", "--role", "operator").exit_code == 0
    set_up_app(browser, time.time())
    return browser


def _press(browser: FlaskClient, page: str, action: str, **fields: str) -> TestResponse:
    return browser.post(action, data={"csrf_token": form_token(browser.get(page)), **fields})


def _acts(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(LedgerRow).order_by(LedgerRow.seq))
        return [(row.act, row.role) for row in rows]


def _record(app: Flask) -> str:
    with app.app_context():
        return repr([row.public() for row in db.session.scalars(select(LedgerRow).order_by(LedgerRow.seq))])


def _account(operator: FlaskClient, email: str) -> str:
    found = submit(operator, "/operator/people", email=email)
    assert found.status_code == 303, found.text
    return found.location or ""


def test_an_account_is_found_by_its_whole_address_and_locked_with_a_reason(app: Flask, operator: FlaskClient) -> None:
    ann = member(app, "ann@example.org")
    assert submit(operator, "/operator/people", email="ann@example").status_code == 422
    page = _account(operator, "Ann@Example.org")
    assert "ann@example.org" in text_of(operator.get(page))
    short = _press(operator, page, f"{page}/lock", reason="no")
    assert (short.status_code, ann.get("/account/").status_code) == (422, 200)
    assert _press(operator, page, f"{page}/lock", reason=WHY).status_code == 303
    assert ann.get("/account/").location.startswith("/account/sign-in")
    refused = submit(app.test_client(), "/account/sign-in", email="ann@example.org", password=PASSWORD)
    assert refused.status_code == 409
    assert "locked" in refused.text
    assert WHY in letters(app, "ann@example.org")[-1].get_content()
    assert WHY in text_of(operator.get(page))
    assert _press(operator, page, f"{page}/unlock").status_code == 303
    back = sign_in(app, "ann@example.org")
    assert back.get("/account/").status_code == 200
    assert _press(operator, page, f"{page}/sign-out").status_code == 303
    assert back.get("/account/").location.startswith("/account/sign-in")
    acts = _acts(app)
    for act in ("account.locked", "account.unlocked", "account.signed_out"):
        assert (act, "operator") in acts
    with app.app_context():
        ann_id = user_by_email("ann@example.org").public_id  # type: ignore[union-attr]
    for private in ("ann@example.org", ann_id, WHY):
        assert private not in _record(app)


def test_roles_are_given_and_taken_but_never_to_oneself(app: Flask, operator: FlaskClient) -> None:
    member(app, "bea@example.org")
    page, own = _account(operator, "bea@example.org"), _account(operator, "op@example.org")
    assert _press(operator, page, f"{page}/roles", role="checker", act="give").status_code == 303
    assert "checker" in text_of(operator.get(page))
    assert _press(operator, page, f"{page}/roles", role="checker", act="take").status_code == 303
    assert _press(operator, page, f"{page}/roles", role="checker", act="take").status_code == 409
    assert _press(operator, page, f"{page}/roles", role="owner", act="give").status_code == 422
    for role in ("lead", "moderator", "checker"):
        assert _press(operator, own, f"{own}/roles", role=role, act="give").status_code == 409
    assert _press(operator, own, f"{own}/roles", role="operator", act="take").status_code == 409
    assert _press(operator, own, f"{own}/lock", reason=WHY).status_code == 409
    assert ("role.granted", "operator") in _acts(app)
    assert ("role.withdrawn", "operator") in _acts(app)
    assert operator.get("/desk/").status_code == 404  # operators decide nothing


def test_changes_ask_for_a_fresh_proof_and_the_auditor_only_looks(
    app: Flask, operator: FlaskClient, run: Callable[..., Any]
) -> None:
    member(app, "ann@example.org")
    page = _account(operator, "ann@example.org")
    token = form_token(operator.get(page))
    with time_machine.travel(now() + timedelta(minutes=11)):
        late = operator.post(f"{page}/sign-out", data={"csrf_token": token})
        assert (late.status_code, (late.location or "").split("?")[0]) == (303, "/account/again")
        assert operator.get(page).status_code == 200
    auditor = member(app, "audit@example.org")
    run("accounts", "create", "audit@example.org", "--role", "auditor")
    set_up_app(auditor, time.time())
    for address in ("", "jobs", "settings", "storage", "retention", "clinics", "people"):
        assert auditor.get(f"/operator/{address}").status_code == 200
        assert app.test_client().get(f"/operator/{address}").status_code == 303
    assert _press(auditor, "/operator/people", f"{page}/sign-out").status_code == 404


def test_a_listing_goes_off_with_words_to_its_people_and_comes_back(app: Flask, operator: FlaskClient) -> None:
    owner = clinic_with_owner(app)
    found = submit(operator, "/operator/clinics", slug="https://localhost/clinics/one").location
    assert found == "/operator/clinics/one"
    assert _press(operator, found, f"{found}/suspend", reason="A broken import.").status_code == 422
    why = "An import put another clinic's address here; we mend it today."
    assert _press(operator, found, f"{found}/suspend", cause="import", reason=why).status_code == 303
    assert app.test_client().get("/clinics/one").status_code == 404
    assert why in letters(app, OWNER_EMAIL)[-1].get_content()
    desk = text_of(owner.get("/manage/one/"))
    assert why in desk
    assert "off the site" in desk
    assert "Clinic one" in text_of(operator.get("/operator/clinics"))
    assert _press(operator, "/operator/clinics", f"{found}/suspend", cause="data", reason=why).status_code == 409
    assert _press(operator, found, f"{found}/lift").status_code == 303
    assert app.test_client().get("/clinics/one").status_code == 200
    assert "off the site" not in text_of(owner.get("/manage/one/"))
    assert _press(operator, found, f"{found}/lift").status_code == 404
    with app.app_context(), writing():
        db.session.scalars(select(Clinic)).one().suspend()  # the desk did
        db.session.commit()
    assert "Nothing can be done about it from here" in text_of(operator.get(found))
    for act in ("clinic.technical_suspended", "clinic.technical_lifted"):
        assert (act, "operator") in _acts(app)


def test_jobs_run_on_request_and_failed_letters_are_tried_again(app: Flask, operator: FlaskClient) -> None:
    assert _press(operator, "/operator/jobs", "/operator/jobs/old-rows/run").status_code == 303
    assert _press(operator, "/operator/jobs", "/operator/jobs/queue/run").status_code == 404
    assert _press(operator, "/operator/jobs", "/operator/jobs/none/run").status_code == 404
    letters(app)
    words = text_of(operator.get("/operator/jobs"))
    assert "old-rows deletes ended sessions" in words
    assert "Nothing failed." in words
    with app.app_context(), writing():
        put("mail", letter="accounts/known", to="zqx <x> y", facts={"sign_in": "s", "reset": "r"})
        db.session.commit()
    letters(app)
    words = text_of(operator.get("/operator/jobs"))
    assert "mail 1 ValueError" in words
    assert "zqx" not in words
    with app.app_context(), writing():
        row = db.session.scalars(select(QueuedJob).where(QueuedJob.error != "")).one()
        address = f"/operator/jobs/queue/{row.public_id}/again"
    assert _press(operator, "/operator/jobs", address).status_code == 303
    letters(app)
    assert "mail 2 ValueError" in text_of(operator.get("/operator/jobs"))
    with app.app_context(), writing():
        db.session.scalars(select(QueuedJob).where(QueuedJob.error != "")).one().give_up()
        db.session.commit()
    assert "given up" in text_of(operator.get("/operator/jobs"))
    assert _press(operator, "/operator/jobs", address).status_code == 404
    assert {("job.asked", "operator"), ("queue.tried_again", "operator")} <= set(_acts(app))


def test_settings_show_no_secret(app: Flask, operator: FlaskClient) -> None:
    settings = app.config["SETTINGS"]
    page = operator.get("/operator/settings")
    for secret in (settings.secret_key, settings.kek, settings.pseudonym_key, settings.ledger_key):
        assert secret[:12] not in page.text
    assert settings.database_url not in page.text
    words = text_of(page)
    assert "MODE local environment" in words
    assert "made here" in words
    assert "MAIL_URL not set default" in words


def test_what_must_be_gone_is_proven(app: Flask, operator: FlaskClient) -> None:
    with app.app_context(), writing():
        one = papers.licensed()
        kept, about = Paper.of(one, [b"page"])
        db.session.add(kept)
        db.session.commit()
        kept.seal([b"page"], about)
        one.withdraw()
        db.session.commit()
    assert "Papers of credentials" in text_of(operator.get("/operator/storage"))
    assert "none Documents" not in text_of(operator.get("/operator/storage"))
    assert "No paper was ever due" in text_of(operator.get("/operator/retention"))
    assert "Nothing Public record" in text_of(operator.get("/operator/"))
    with app.app_context(), writing():
        past = now() - timedelta(days=40)
        db.session.scalars(select(Paper)).one().created_at = past
        held = db.session.scalars(select(Credential).where(Credential.status == "withdrawn")).one()
        for check in held.checks:
            check.at = past
        db.session.commit()
    assert "1 thing" in text_of(operator.get("/operator/"))  # its time is over and nobody destroyed it
    with app.app_context():
        assert destroy_papers() == "destroyed 1"
    assert "Nothing Public record" in text_of(operator.get("/operator/"))
    assert "1 paper was destroyed within 30 days" in text_of(operator.get("/operator/retention"))


def test_every_promise_names_a_job_that_runs() -> None:
    assert {rule.job for rule in RULES} <= {job.name for job in TIMETABLE}


def test_the_pages_hold_with_nothing_there(app: Flask, operator: FlaskClient) -> None:
    factories.saved(app, lambda: factories.clinic(slug="one"))
    for address in ("", "jobs", "settings", "storage", "retention", "clinics"):
        assert operator.get(f"/operator/{address}").status_code == 200
