"""A practitioner hands a licence in with a paper; a checker verifies it; nobody else ever sees the paper."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from directory import jobs
from directory.accounts.registry import erase_person
from directory.cases.models import Case
from directory.config import Settings
from directory.credentials.evidence import Evidence
from directory.credentials.evidence_jobs import destroy_papers
from directory.credentials.models import Credential
from directory.db import db, now, writing
from directory.ledger import LedgerRow
from directory.practitioners.accounts import PractitionerAccount
from directory.practitioners.models import Practitioner
from tests import factories
from tests.accounts.people import form_token, letters, links, member, submit
from tests.credentials import papers
from tests.manage.staff import staff
from tests.moderation.cast import decide, open_all, open_cases, press, press_decide, reverse, take, with_role
from tests.reading import text_of

Run = Callable[..., Any]
AMARA = "amara@example.org"
CANARY = b"canary-of-amara"
WHY = "Compared with the register of the council, line by line."


def a_paper(colour: str = "white") -> bytes:
    sheet = BytesIO()
    Image.new("RGB", (60, 40), colour).save(sheet, "JPEG", comment=CANARY)
    return sheet.getvalue()


@pytest.fixture
def amara(app: Flask) -> FlaskClient:
    """The person named by a clinic in Leeds, with her page linked to her account."""
    browser = member(app, AMARA)
    with app.app_context(), writing():
        _studio, person = papers.leeds()
        db.session.add(PractitionerAccount(practitioner_id=person.id, user_id=papers.person(AMARA).id))
        factories.commit()
    return browser


def checker(app: Flask, name: str = "checker") -> FlaskClient:
    return with_role(app, f"{name}@desk.example", "checker")


def begin(browser: FlaskClient, number: str = "LCC/SP/00417", page: str = "/account/credentials/new/amara") -> str:
    fields = {"kind": "gb-eng-person", "authority": "Leeds City Council", "number": number, "issued_on": "2021-03-22"}
    if "manage" in page:
        fields["kind"] = "gb-eng-premises"
    answer = submit(browser, page, **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def add(browser: FlaskClient, address: str, content: bytes = b"") -> TestResponse:
    token = form_token(browser.get(address))
    file = (BytesIO(content or a_paper()), "Amara Osei-Bonsu passport.jpg")
    return browser.post(f"{address}/papers", data={"csrf_token": token, "document": file})


def handed_in(browser: FlaskClient, number: str = "LCC/SP/00417") -> str:
    address = begin(browser, number)
    assert add(browser, address).status_code == 303
    assert submit(browser, f"{address}/submit", page=address).status_code == 303
    return address


def _verify(app: Flask, browser: FlaskClient, act: str = "register", **fields: Any) -> TestResponse:
    (case,) = open_cases(app, "credential")
    more = {"matched": ["name", "number", "status"], "source": "https://register.example.org/leeds", **fields}
    return decide(browser, case, act, "finding", WHY, **more)


def test_from_the_paper_to_the_public_page(app: Flask, amara: FlaskClient) -> None:
    address = handed_in(amara)
    public_id = address.rsplit("/", 1)[1]
    assert "Self-declared, waits for a check" in text_of(app.test_client().get(f"/credentials/{public_id}"))
    assert _verify(app, checker(app)).status_code == 303
    page = text_of(app.test_client().get("/clinics/headingley"))
    assert "Found in register" in page
    assert "LCC/SP/•••417" in page
    assert "00417" not in page
    card = text_of(app.test_client().get(f"/credentials/{public_id}"))
    assert "https://register.example.org/leeds" in card
    letter = letters(app, AMARA)[-1]
    assert "A credential was looked at" in letter["Subject"]
    assert address in letter.get_content()
    with app.app_context():
        acts = [row.act for row in db.session.query(LedgerRow).filter_by(subject=f"credential:{public_id}")]
    assert [act.removeprefix("credential.") for act in acts] == ["submitted", "register.decided", "verified"]


@pytest.mark.parametrize(
    ("act", "fields", "words"),
    [
        ("register", {"matched": ["name"]}, "A name alone is never enough"),
        ("issuer", {"matched": ["name", "activity"]}, "A name alone is never enough"),
        ("register", {"matched": ["name", "number"]}, "The register must say that it is active"),
        ("issuer", {"source": ""}, "Say where the answer stands"),
        ("document", {"matched": []}, "Tick the fields"),
    ],
)
def test_what_is_not_enough_is_refused_and_nothing_is_lost(
    app: Flask, amara: FlaskClient, act: str, fields: dict[str, Any], words: str
) -> None:
    handed_in(amara)
    answer = _verify(app, checker(app), act, **fields)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert WHY in answer.text
    with app.app_context():
        assert db.session.scalar(select(Credential.status)) == "submitted"


def test_the_desk_asks_and_the_holder_answers(app: Flask, amara: FlaskClient) -> None:
    address, desk = handed_in(amara), checker(app)
    (case,) = open_cases(app, "credential")
    decide(desk, case, "ask_info", "finding", "Which of the two councils gave you this one?")
    assert "Which of the two councils" in text_of(amara.get(address))
    assert add(amara, address).status_code == 303, "another paper fits now"
    press(amara, address, f"{address}/answer", text="Leeds, in 2021.")
    (case,) = open_cases(app, "credential")
    take(desk, case)
    assert "Leeds, in 2021." in text_of(desk.get(f"/desk/items/{case}"))
    assert _verify(app, desk).status_code == 303


def test_a_refusal_says_why_to_the_holder_alone_and_an_appeal_brings_it_back(app: Flask, amara: FlaskClient) -> None:
    address = handed_in(amara)
    (case,) = open_cases(app, "credential")
    decide(checker(app), case, "refuse", "finding", "The number stands in the register under another name.")
    assert "under another name" in text_of(amara.get(address))
    assert app.test_client().get(f"/credentials/{address.rsplit('/', 1)[1]}").status_code == 404
    assert "Registered for semi-permanent" not in text_of(app.test_client().get("/practitioners/amara"))
    statement = amara.get("/account/statements").text.split('href="/account/statements/')[1].split('"')[0]
    submit(amara, f"/account/statements/{statement}/appeal", text="It is my name from before I married.")
    (appeal,) = open_cases(app, "appeal")
    reverse(app, appeal, "The register knows the former name.")
    with app.app_context():
        assert db.session.scalar(select(Credential.status)) == "in_review"
    assert _verify(app, checker(app, "second")).status_code == 303


def test_the_same_number_of_somebody_else_is_an_alarm(app: Flask, amara: FlaskClient) -> None:
    with app.app_context(), writing():
        other = factories.practitioner("Amara Osei Bonsu", slug="other")
        facts = {"authority": "Leeds City Council"}
        papers.verified("gb-eng-person", other, "LCC/SP/417", **facts)
        factories.commit()
    handed_in(amara, "lcc sp 00417")
    with app.app_context():
        (case,) = db.session.scalars(select(Case))
        assert (case.priority, case.reason) == ("high", "the same number is held by somebody else")
    answer = _verify(app, checker(app))
    assert answer.status_code == 422
    assert "Somebody else holds this number" in text_of(answer)


def test_a_paper_is_read_only_with_the_case_in_hand_and_each_look_is_counted(app: Flask, amara: FlaskClient) -> None:
    address = handed_in(amara)
    with app.app_context():
        page = f"/desk/papers/{db.session.scalars(select(Evidence.public_id)).one()}/1"
    desk, other = checker(app), checker(app, "other")
    moderator = with_role(app, "moderator@desk.example", "moderator")
    (case,) = open_cases(app, "credential")
    assert desk.get(page).status_code == 404
    take(desk, case)
    shown = desk.get(page)
    assert shown.status_code == 200
    assert shown.data.startswith(b"\x89PNG")
    assert CANARY not in shown.data
    assert shown.headers["Cache-Control"] == "private, no-store"
    for browser in (other, moderator, amara, member(app, "stranger@example.org"), app.test_client()):
        assert browser.get(page).status_code in {302, 303, 404}
    assert "looked at 1 time" in text_of(amara.get(address))
    with app.app_context():
        assert db.session.query(LedgerRow).filter_by(act="evidence.seen").count() == 1


def test_no_paper_is_called_seen_that_this_checker_did_not_open(app: Flask, amara: FlaskClient) -> None:
    address, desk, other = handed_in(amara), checker(app), checker(app, "other")
    public_id = address.rsplit("/", 1)[1]
    (case,) = open_cases(app, "credential")
    take(other, case)
    assert open_all(other, case) == [200]
    press(other, f"/desk/items/{case}", f"/desk/items/{case}/release")
    take(desk, case)
    fields = {"rule": "finding", "matched": ["name", "number"], "source": ""}
    blind = press_decide(desk, case, "document", **fields)
    assert blind.status_code == 422
    assert "Look at page 1 of the paper first" in text_of(blind)
    assert "Self-declared, waits for a check" in text_of(app.test_client().get(f"/credentials/{public_id}"))
    assert open_all(desk, case) == [200]
    assert press_decide(desk, case, "document", **fields).status_code == 303
    assert "Self-declared, waits for a check" not in text_of(app.test_client().get(f"/credentials/{public_id}"))
    with app.app_context():
        assert db.session.scalar(select(Credential.status)) == "verified_document"
    assert "looked at 2 times" in text_of(amara.get(address))


def test_whoever_reads_the_appeal_opens_the_paper_while_it_is_kept(app: Flask, amara: FlaskClient) -> None:
    """A moderator who is no checker too; the holder sees that look, and the paper says when it is gone."""
    address, desk = handed_in(amara), checker(app)
    (case,) = open_cases(app, "credential")
    decide(desk, case, "refuse", "finding", "The number stands in the register under another name.")
    statement = amara.get("/account/statements").text.split('href="/account/statements/')[1].split('"')[0]
    submit(amara, f"/account/statements/{statement}/appeal", text="It is my name from before I married.")
    (appeal,) = open_cases(app, "appeal")
    reader, other = (with_role(app, f"{name}@desk.example", "moderator") for name in ("reader", "other"))
    with app.app_context():
        paper = f"/desk/papers/{db.session.scalars(select(Evidence.public_id)).one()}/1"
    assert reader.get(paper).status_code == 404
    take(reader, appeal)
    assert paper in reader.get(f"/desk/items/{appeal}").text
    assert reader.get(paper).status_code == 200
    for browser in (desk, other):
        assert browser.get(paper).status_code == 404
    assert "looked at 2 times" in text_of(amara.get(address))
    with app.app_context(), writing():
        db.session.query(Evidence).one().destroy("time")
        db.session.commit()
    assert "Destroyed" in text_of(reader.get(f"/desk/items/{appeal}"))
    assert reader.get(paper).status_code == 404


def test_nobody_else_opens_a_holders_pages(app: Flask, amara: FlaskClient, run: Run) -> None:
    """A stranger, and even the clinic that names her: the same answer as for what never was."""
    address = handed_in(amara)
    owner, stranger = staff(app, run, "owner@example.org", "headingley"), member(app, "stranger@example.org")
    missing = stranger.get("/account/credentials/never-was-never-was-ne")
    for browser in (owner, stranger):
        for path in (address, f"{address}/renew", "/account/credentials/new/amara"):
            answer = browser.get(path)
            assert answer.status_code == missing.status_code == 404, path
        token = form_token(browser.get("/account/password"))
        for act in ("submit", "withdraw", "answer", "papers"):
            assert browser.post(f"{address}/{act}", data={"csrf_token": token}).status_code == 404, act


def test_the_clinic_hands_in_for_its_premises_and_invites_its_people(app: Flask, run: Run) -> None:
    with app.app_context(), writing():
        papers.leeds()
        factories.commit()
    owner = staff(app, run, "owner@example.org", "headingley")
    address = begin(owner, "P-77", "/manage/headingley/credentials/new")
    submit(owner, f"{address}/submit", page=address)
    _verify(app, checker(app))
    assert "P-•••7" in text_of(app.test_client().get("/clinics/headingley"))
    desk = owner.get("/manage/headingley/credentials/").text
    assert "badges/headingley.svg" in desk
    assert ", live from Hairline" in desk
    assert ", checked" not in desk, "what is pasted elsewhere says nothing that may end"
    invited = submit(owner, "/manage/headingley/credentials/people/amara", email=AMARA)
    assert invited.status_code == 303
    (link,) = [path for path in links(letters(app, AMARA)[-1]) if "practitioner" in path]
    assert member(app, "stranger@example.org").get(link).status_code == 404, "it opens for nobody else"
    browser = member(app, AMARA)
    assert submit(browser, link).status_code == 303
    assert "Amara Osei-Bonsu" in text_of(browser.get("/account/credentials/"))
    assert browser.get(link).status_code == 404, "it opens once"


def test_a_stolen_file_tells_nothing(app: Flask, amara: FlaskClient, settings: Settings) -> None:
    """The paper's own bytes, its name and what was hidden in it are in no file, table, log of writes or folder."""
    handed_in(amara)
    with app.app_context():
        jobs.drain()
        stored = [path for path in Path(settings.data).rglob("*") if path.is_file()]
        kept = db.session.scalars(select(Evidence)).one()
        assert kept.page(1) is not None
    drawn = b"\x89PNG\r\n"
    for path in stored:
        content = path.read_bytes()
        assert CANARY not in content, path
        assert b"passport" not in content, path
        if path.parent.name == "credentials":
            assert drawn not in content, path


def test_swapped_pages_and_keys_do_not_open(app: Flask, amara: FlaskClient) -> None:
    address = begin(amara)
    add(amara, address)
    add(amara, address, a_paper("black"))
    with app.app_context(), writing():
        one, two = db.session.scalars(select(Evidence).order_by(Evidence.id))
        assert one.page(1) != two.page(1)
        one.folder, two.folder = two.folder, one.folder
        assert one.page(1) is None
        one.folder, two.folder = two.folder, one.folder
        one.wrapped, two.wrapped = two.wrapped, one.wrapped
        assert two.page(1) is None
        one.wrapped, two.wrapped = two.wrapped, one.wrapped
        other = factories.practitioner()
        db.session.flush()
        one.credential.practitioner_id = other.id
        assert one.page(1) is None, "bound to its holder"
        db.session.rollback()


@pytest.mark.parametrize(("act", "days"), [("register", 90), ("refuse", 30), ("withdraw", 30)])
def test_papers_are_destroyed_on_schedule_and_the_facts_stay(
    app: Flask, amara: FlaskClient, settings: Settings, act: str, days: int
) -> None:
    address = handed_in(amara)
    if act == "withdraw":
        submit(amara, f"{address}/withdraw", page=address)
    else:
        _verify(app, checker(app), act)
    decided = now()
    for wait, files in ((timedelta(days=days, hours=-1), 1), (timedelta(days=days, hours=1), 0)):
        with time_machine.travel(decided + wait), app.app_context():
            destroy_papers()
            jobs.drain()
            assert len(list((settings.data / "files" / "credentials").rglob("*"))) == files
    with app.app_context():
        gone = db.session.scalars(select(Evidence)).one()
        assert (gone.wrapped, gone.pages, len(gone.sha256)) == (b"", 1, 64)
        assert db.session.query(LedgerRow).filter_by(act="evidence.destroyed").count() == 1
    with time_machine.travel(decided + timedelta(days=days + 1)), app.app_context():
        assert destroy_papers() == "destroyed 0"


def test_erasing_the_account_destroys_the_papers(app: Flask, amara: FlaskClient, settings: Settings) -> None:
    handed_in(amara)
    with app.app_context(), writing():
        erase_person(papers.person(AMARA))
        db.session.commit()
        jobs.drain()
        assert db.session.scalars(select(Evidence.wrapped)).one() == b""
        assert db.session.scalars(select(Credential.submitted_by_id)).one() is None
        assert db.session.scalars(select(Practitioner.name)).one() == "Amara Osei-Bonsu"
    assert not list((settings.data / "files" / "credentials").rglob("*-1"))


def test_a_renewal_is_checked_anew(app: Flask, amara: FlaskClient) -> None:
    address, desk = handed_in(amara), checker(app)
    _verify(app, desk)
    answer = submit(amara, f"{address}/renew", issued_on="2026-11-01", expires_on="2027-10-31")
    renewed = str(answer.location)
    submit(amara, f"{renewed}/submit", page=renewed)
    with app.app_context():
        states = [one.status for one in db.session.scalars(select(Credential).order_by(Credential.id))]
        assert states == ["verified_primary", "submitted"]
    assert _verify(app, desk).status_code == 303
    with app.app_context():
        states = [one.status for one in db.session.scalars(select(Credential).order_by(Credential.id))]
        assert states == ["superseded", "verified_primary"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"number": ""}, "A paper of this kind has a number."),
        ({"authority": ""}, "Say which one"),
        ({"kind": "us-tx-tattoo-studio"}, "Not a valid choice"),
        ({"issued_on": "2031-01-01"}, "It was not issued yet."),
        ({"issued_on": "2025-01-01", "expires_on": "2024-01-01"}, "It ends before it begins."),
    ],
)
def test_bad_input_is_told_on_its_field(amara: FlaskClient, fields: dict[str, str], words: str) -> None:
    filled = {"kind": "gb-eng-person", "authority": "Leeds", "number": "17", **fields}
    answer = submit(amara, "/account/credentials/new/amara", **filled)
    assert answer.status_code == 422
    assert words in text_of(answer)
    if "issued_on" in fields and "expires_on" not in fields:
        assert 'id="issued_on-error"' in answer.text


def test_a_file_that_is_none_is_told_so(amara: FlaskClient) -> None:
    address = begin(amara)
    answer = add(amara, address, b"MZ not a paper")
    assert answer.status_code == 422
    assert "send a PDF" in text_of(answer)


def test_a_look_that_cannot_be_recorded_shows_nothing(app: Flask, amara: FlaskClient) -> None:
    """Somebody else holds the row (the whole database, on SQLite): decrypted or not, no byte of the paper leaves."""
    address, desk = handed_in(amara), checker(app)
    (case,) = open_cases(app, "credential")
    take(desk, case)
    with app.app_context():
        page = f"/desk/papers/{db.session.scalars(select(Evidence.public_id)).one()}/1"
        db.session.rollback()
        with writing(), db.engine.connect() as holder:
            holder.execute(select(Evidence.id).with_for_update())
            answer = desk.get(page)
            holder.rollback()
    assert answer.status_code >= 500
    assert b"PNG" not in answer.data
    assert "looked at 0 times" in text_of(amara.get(address))
    assert desk.get(page).status_code == 200
    assert "looked at 1 time" in text_of(amara.get(address))
