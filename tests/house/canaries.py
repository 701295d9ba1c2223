"""Reviewers planted with strings that occur nowhere else: whatever of them is ever seen outside names its owner.

For each of fifty: the address, the account's number and public id, network, device, the moments of writing and sending,
the words that were never published (a draft, what a redaction took out, what was refused), what a moderator noted.
"""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from PIL import Image

from directory.accounts.models import User
from directory.accounts.sessions import UserSession
from directory.cases.decisions import Statement
from directory.cases.models import Case, Note
from directory.clinics.drafts import keep_draft
from directory.clinics.membership import EDITOR, Membership
from directory.clinics.models import Clinic
from directory.consultations.inquiries import Inquiry
from directory.credentials.issuers import Issuer
from directory.credentials.outside import Inspection, Sanction
from directory.credentials.page_requests import PageRequest
from directory.db import db, writing
from directory.following.models import Follower
from directory.following.topics import TOPICS
from directory.following.wishing import ask
from directory.moderation.suspicion import note_submission
from directory.portfolio.models import Picture, ResultSet
from directory.practitioners.accounts import PractitionerAccount
from directory.reviews.decided_texts import DecidedText
from directory.reviews.models import Review, Stage
from directory.words import new_public_id
from tests import factories
from tests.accounts.people import member, submit
from tests.consultations import people as seekers
from tests.reviews import authors

PEOPLE = 50
CLINICS = ("first", "second")
FIRST_ID = 1_740_000_000  # numbers that no other row has


def _moment(place: int) -> datetime:
    return datetime(2026, 2, 3, 4, 7, 19, tzinfo=UTC) + timedelta(days=place % 25, minutes=61 * place)


def _written(moment: datetime) -> list[str]:
    """A moment as pages, feeds and records write it, to the minute."""
    return [f"{moment:%Y-%m-%dT%H:%M}", f"{moment:%Y-%m-%d %H:%M}", str(int(moment.timestamp()))]


def _mark(place: int, what: str) -> str:
    return f"zqx{place:02d}{what}"


def _statement(case: Case, author: User) -> Statement:
    words = "It names a person who is not listed here."
    decision = case.decide(
        "redact", rule="personal", statement=words, by_id=case.leased_by_id or 0, role="moderator", two_people=False
    )
    made = Statement(to_user_id=author.id, restriction="redacted", facts=words)
    decision.statements.append(made)
    db.session.flush()
    return made


def _case(place: int, review: Review, moderator: User) -> Case:
    case = Case.open(
        "review",
        subject=f"review:{review.public_id}",
        subject_id=review.id,
        clock="review",
        priority="low",
        reason="new",
        clinic_id=review.clinic_id,
        author_id=review.author_id,
        words=_mark(place, "facts"),
    )
    db.session.add(case)
    case.notes.append(Note(by_id=moderator.id, text=_mark(place, "note")))
    db.session.flush()
    case.lease_to(moderator.id)
    return case


def _person(place: int, clinic: Clinic, moderator: User) -> list[str]:
    """One reviewer with a published, partly redacted review; the strings that must stay inside."""
    written, sent = _moment(place), _moment(place) + timedelta(hours=7, minutes=3)
    person = User(id=FIRST_ID + place, public_id=new_public_id(), email=f"{_mark(place, 'mail')}@quiet.example")
    db.session.add(person)
    db.session.flush()
    network = f"198.51.{100 + place}"
    session = UserSession(user_id=person.id, digest=f"{place:064x}", epoch=1, network=f"{network}.0/24")
    session.device = _mark(place, "device")
    review = Review(clinic=clinic, author_id=person.id, pseudonym=f"Calm owl {place}", treated_month="2026-01")
    review.verification, review.created_at, review.attested = "contact", written, {"on": _mark(place, "attested")}
    shown = Stage(
        review=review, stage="fresh", overall=1 + place % 5, text=f"The line sat well. {place}", state="pending"
    )
    shown.created_at, shown.submitted_at, shown.saved_at = written, sent, written
    draft = Stage(review=review, stage="6m", position=2, text=_mark(place, "draft"), state="draft", saved_at=sent)
    db.session.add_all([session, review, shown, draft])
    db.session.flush()
    note_submission(shown, caller=f"{network}.7", device=_mark(place, "mark"))
    reasons = _statement(_case(place, review, moderator), person)
    shown.original_text = ""
    shown.decided_texts.append(DecidedText(decision=reasons.decision, text=_mark(place, "then")))
    if place % 2:
        shown.text = f"{shown.text} {_mark(place, 'original')}"
        shown.redact(f"The line sat well. {place}", reasons.id)
    else:
        shown.publish()
    shown.published_at = sent + timedelta(days=2, minutes=5)
    review.recount()
    marks = [
        _mark(place, what)
        for what in ("mail", "device", "attested", "draft", "original", "facts", "note", "mark", "then")
    ]
    return [*marks, str(person.id), person.public_id, network, *_written(written), *_written(sent)]


def _unsaved(clinic: Clinic, writer: User) -> str:
    """What a colleague typed into the clinic's profile and has not saved: not even its owner sees it."""
    mark = "zqxunsaved"
    keep_draft(writer, clinic, "policies", {"deposit": [mark]}, seen="0-")
    return mark


def plant(app: Flask) -> list[str]:
    """Make everybody and everything they wrote; the strings that nobody outside may ever see."""
    with app.app_context(), writing():
        clinics = [factories.clinic(slug=slug, name=f"Rooms {slug}") for slug in CLINICS]
        moderator = User(email="inner@desk.example")
        db.session.add(moderator)
        db.session.flush()
        planted_draft = _unsaved(clinics[0], moderator)
        planted = [mark for place in range(PEOPLE) for mark in _person(place, clinics[place % len(clinics)], moderator)]
        planted += _in_pictures(factories.clinic(slug="third", name="Rooms third"))
        planted += _following(clinics[0])
        planted += _before_the_desk(clinics[0], moderator)
        db.session.commit()
    return [*planted, planted_draft, *_by_the_front_door(app)]


def _following(clinic: Clinic) -> list[str]:
    """Two mailboxes that want letters, one that has not said yes; and somebody who was locked out and told why."""
    wanted, follower, locked = _mark(96, "wanted"), _mark(97, "reader"), _mark(0, "lock")
    ask(f"{wanted}@quiet.example", [clinic.slug], list(TOPICS))
    reader = Follower.at(f"{follower}@quiet.example")
    reader.follow([clinic], list(TOPICS))
    db.session.add(reader)
    person = db.session.get_one(User, FIRST_ID)  # told in a letter of their own, which is none of this search's matter
    person.locked_at, person.lock_reason = _moment(0), f"{locked} was seen at two places at once."
    return [wanted, follower, locked]


def _in_pictures(clinic: Clinic) -> list[str]:
    """A client whose result is shown: how the clinic's papers call them."""
    db.session.flush()
    mark = _mark(99, "reference")
    result = ResultSet.begin(clinic, reference=mark, goal="crown", variant="permanent", finished="2026-01")
    db.session.add(result)
    db.session.flush()
    shown = Picture(clinic_id=clinic.id, result_id=result.id, kind="6w", taken="2026-03", light="daylight")
    shown.hair_length, shown.unedited, shown.key = "1mm", True, "pictures/00/planted"
    shown.width, shown.height, shown.phash, shown.state = 90, 90, 0, "pending"
    shown.allow("link")
    shown.publish()
    db.session.add(shown)
    return [mark]


def _before_the_desk(clinic: Clinic, moderator: User) -> list[str]:
    """A number by which somebody asks for a page, and what a checker entered that nobody has decided on."""
    office = Issuer(key="xx-canary", name="Office of canaries (invented)", recognition="state_regulator")
    page = factories.practitioner("Canary Keeper", at=clinic)
    db.session.add(office)
    db.session.flush()
    number, visit, order = (_mark(98, what) for what in ("number", "visit", "order"))
    asked = PageRequest(user_id=moderator.id, practitioner_id=page.id, issuer_id=office.id, number=number)
    source = {"issuer_id": office.id, "url": "https://office.example/"}
    seen = Inspection(clinic_id=clinic.id, inspected_on=date(2026, 1, 5), outcome="failed", words=visit, **source)
    ordered = Sanction(practitioner_id=page.id, kind="fine", since=date(2026, 1, 6), words=order, **source)
    db.session.add_all([asked, seen, ordered])
    db.session.flush()
    return [number, visit, order]


def _photo(mark: str) -> bytes:
    """A picture that says in every way a picture can who took it, when and where."""
    exif = Image.Exif()
    exif[0x010F], exif[0x013B], exif[0x9286] = f"{mark}maker", f"{mark}artist", f"{mark}comment"
    exif[0x0132] = "2026:02:03 04:07:19"
    sheet = BytesIO()
    picture = Image.effect_noise((160, 120), 60)
    picture.save(sheet, "JPEG", exif=exif, comment=f"{mark}tail".encode())
    return sheet.getvalue()


def _by_the_front_door(app: Flask) -> list[str]:
    """Two who take every step themselves, with a photo and a bill; what their files were called and held."""
    planted = []
    for place, slug in enumerate(CLINICS):
        mark = f"zqxfront{place}"
        browser: Any = member(app, f"{mark}@quiet.example")
        browser.environ_base["REMOTE_ADDR"] = f"198.18.7{place}.4"
        browser.environ_base["HTTP_USER_AGENT"] = f"Mozilla/5.0 {mark}agent"
        address = authors.draft(browser, slug)
        sent = authors.upload(browser, address, _photo(mark), f"{mark}file.jpg", **authors.judged())
        assert sent.status_code == 303
        assert authors.prove(browser, address, _photo(f"{mark}bill"), f"{mark}bill.jpg").status_code == 303
        assert authors.fill(browser, f"{address}/sign", **authors.signed(photos="y")).status_code == 303
        _never_worked(app, browser, slug, mark)
        planted += _asks(app, browser, slug, mark)
        planted += [mark, f"198.18.7{place}"]
    authors.publish(app)
    return planted + _claims(app)


def _claims(app: Flask) -> list[str]:
    """Two who claim one clinic: their names, when to call, what they say about it."""
    with app.app_context(), writing():
        db.session.query(Clinic).filter_by(slug=CLINICS[0]).one().phone = "+441132960000"
        db.session.commit()
    planted = []
    for place in range(2):
        mark = f"zqxclaim{place}"
        browser = member(app, f"{mark}@quiet.example")
        form = {"name": f"{mark}name", "role": "owner", "proof": "call", "when": f"{mark}when", "authority": "y"}
        sent = submit(browser, f"/clinics/{CLINICS[0]}/claim", once=mark, **form)
        assert sent.status_code == 303, sent.text
        where = sent.location or ""
        assert submit(browser, f"{where}/say", page=where, text=f"{mark}words", once=mark).status_code == 303
        planted.append(mark)
    return planted


def _never_worked(app: Flask, browser: Any, slug: str, mark: str) -> None:
    """The same person is named by a clinic, says that it is not so, and tells the moderators why."""
    with app.app_context(), writing():
        here = db.session.query(Clinic).filter_by(slug=slug).one()
        page = factories.practitioner(f"Named at {slug}", slug=f"named-{slug}", at=here)
        db.session.flush()
        user = db.session.query(User).filter_by(email=f"{mark}@quiet.example").one()
        db.session.add(PractitionerAccount(practitioner_id=page.id, user_id=user.id))
        db.session.commit()
    sent = submit(browser, f"/account/work/named-{slug}/{slug}/deny", words=f"I never met them. {mark}denial")
    assert sent.status_code == 303


def _asks(app: Flask, browser: Any, slug: str, mark: str) -> list[str]:
    """A question to a clinic of which nobody looks here, in confidence; and a photo to the one whose owner looks."""
    other = f"asked-by-{slug}"
    with app.app_context(), writing():
        for where in (factories.clinic(slug=other), db.session.query(Clinic).filter_by(slug=slug).one()):
            reader = User(email=f"reader-{where.slug}@clinic.example", confirmed_at=datetime.now(UTC))
            db.session.add(reader)
            db.session.flush()
            db.session.add(Membership(user_id=reader.id, clinic_id=where.id, level=EDITOR))
        db.session.commit()
    private = {"concern": f"My {mark}scar shows.", "reach": "phone", "phone": f"01134960987 {mark}tel"}
    assert seekers.ask(browser, other, **private).status_code == 303
    assert seekers.ask(browser, slug).status_code == 303
    with app.app_context():
        question = db.session.query(Inquiry).order_by(Inquiry.id.desc()).first()
        assert question is not None
        name = question.public_id
    assert seekers.add_photo(browser, name, _photo(f"{mark}head"), f"{mark}head.jpg").status_code == 303
    return [name]
