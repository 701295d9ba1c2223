"""A small world for the access matrix: people of every role, and of each kind of thing one that is `own` (the author's,
the clinic's), one that is another's (`other`), one that was deleted, and the name of none (`missing`)."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from directory.accounts.models import User
from directory.accounts.queries import user_by_email
from directory.accounts.registry import erase_person
from directory.accounts.sessions import UserSession
from directory.cases.decisions import Statement
from directory.cases.models import Case
from directory.clinics import colleagues, organisations
from directory.clinics.membership import Membership
from directory.clinics.models import ERASED, Clinic
from directory.consultations.inquiries import Inquiry
from directory.consultations.models import Consultation
from directory.consultations.photos import QuestionPhoto
from directory.consultations.plans import Plan
from directory.credentials.evidence import Evidence as Paper
from directory.db import db, now, writing
from directory.following.links import token_of
from directory.following.wishing import follow_as
from directory.ledger import record
from directory.moderation.contacts import Contact
from directory.moderation.evidence import Evidence
from directory.moderation.reports import Report
from directory.portfolio.models import Picture
from directory.practitioners.accounts import PractitionerAccount, invite
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from directory.reviews.replies import Reply
from directory.words import new_public_id
from tests import factories
from tests.accounts.people import member, set_up_app, submit
from tests.consultations.people import add_photo, ask
from tests.credentials import papers
from tests.manage import typing
from tests.manage.test_dispute import _upload as upload
from tests.moderation.reporting import report, send
from tests.moderation.test_legal import NOTICE
from tests.portfolio import clinic as portfolio
from tests.reviews import authors

DESK = ("moderator", "checker", "lead", "auditor")
ROLES = ("visitor", "member", "author", "other_author", "editor", "owner", "rival", *DESK, "operator")
STATES = ("own", "other", "deleted", "missing")
MISSING = "never-was"
# Whose things there are in which state, and at which clinic.
WHO = (("own", "author", "mine"), ("other", "other_author", "theirs"), ("deleted", "gone", "mine"))
# What stands for a variable part in any state: it names no thing that somebody could own.
PLAIN = {
    "any": "first",
    "policy": "ranking",
    "topic": "what-it-is",
    "quarter": f"{now().year}-q{(now().month + 2) // 3}",
    "seq": 1,
    "kind": "clinics",
    "part": 1,
    "export": "clinics.csv",
    "nothing": MISSING,
    "job": "scores",
    "said": "attended",
    "claim_act": "enter",
    "act": "cancel",
    "answer": "accepted",
    "number": 1,
    "size": "400.webp",
    "section": "languages",
    "revision": 1,
}


class World(NamedTuple):
    """Browsers by role; by kind of thing, its name in each state."""

    browsers: dict[str, FlaskClient]
    things: dict[str, dict[str, str]]

    def value(self, kind: str, state: str) -> Any:
        if kind in PLAIN:
            return PLAIN[kind]
        return self.things.get(kind, {}).get(state, MISSING)


def _people(app: Flask, run: Callable[..., Any]) -> dict[str, FlaskClient]:
    browsers = {role: member(app, f"{role}@example.org") for role in (*ROLES[1:], "gone")}
    for role in ("editor", "owner", "rival", *DESK, "operator"):
        set_up_app(browsers[role], now().timestamp())
        where = {"editor": "mine", "owner": "mine", "rival": "theirs"}.get(role)
        words = ["--role", "owner" if role == "rival" else role, *(["--clinic", where] if where else [])]
        done = run("accounts", "create", f"{role}@example.org", *words)
        assert done.exit_code == 0, done.output
    return {"visitor": app.test_client(), **browsers}


def _user(role: str) -> User:
    found = user_by_email(f"{role}@example.org")
    assert found is not None
    return found


def _clinics(app: Flask) -> None:
    with app.app_context(), writing():
        for slug in ("mine", "theirs", "gone", "third"):
            factories.clinic(slug=slug, name=f"Clinic {slug}")
        factories.practitioner(slug="first", name="First Person")
        record("world.made", role="system", subject="world:1")
        db.session.flush()
        db.session.scalars(select(Clinic).where(Clinic.slug == "gone")).one().status = ERASED
        db.session.commit()


def _named(model: Any, *which: Any) -> str:
    """The public id of the newest."""
    found: str = db.session.scalars(select(model.public_id).where(*which).order_by(model.id)).all()[-1]
    return found


def _written(app: Flask, browsers: dict[str, FlaskClient]) -> dict[str, dict[str, str]]:
    """By the front door: a published review with a photo and a reply at each clinic, and a draft with a photo."""
    made: dict[str, dict[str, str]] = {kind: {} for kind in ("review", "stage", "photo", "draft", "draft_photo")}
    for place, (state, role, slug) in enumerate(WHO):
        browser = browsers[role]
        address = authors.draft(browser, slug)
        assert authors.upload(browser, address, _picture(place), **authors.judged()).status_code == 303
        answer = authors.fill(browser, f"{address}/sign", **authors.signed(photos="y"))
        assert answer.status_code == 303, answer.text
        authors.publish(app)
        draft = authors.draft(browser, "third")
        assert authors.upload(browser, draft, _picture(place + 9), **authors.judged()).status_code == 303
        made["review"][state], made["draft"][state] = (path.rpartition("/")[2] for path in (address, draft))
        with app.app_context(), writing():
            review = db.session.scalars(select(Review).where(Review.public_id == made["review"][state])).one()
            made["stage"][state] = review.stages[0].public_id
            made["photo"][state] = review.stages[0].photos[0].public_id
            made["draft_photo"][state] = _named(Photo, Photo.state == "draft")
            db.session.add(Reply(review=review, text="Thank you for writing.", state="published"))
            db.session.commit()
    return {**made, "replied": made["review"]}


def _picture(place: int) -> bytes:
    """Another one each time: copies would be noticed."""
    sheet = BytesIO()
    Image.effect_noise((90, 90), 20 + 9 * place).save(sheet, "JPEG")
    return sheet.getvalue()


def _reasons(app: Flask) -> dict[str, str]:
    """A statement of reasons to each author."""
    found = {}
    for state, role, _slug in WHO:
        with app.app_context(), writing():
            case = Case.open(
                "stage", subject=f"stage:{role}", subject_id=1, clock="review", priority="low", reason="new"
            )
            db.session.add(case)
            db.session.flush()
            moderator = _user("moderator").id
            case.lease_to(moderator)
            words = "It names a person who is not listed here."
            decision = case.decide(
                "refuse", rule="personal", statement=words, by_id=moderator, role="moderator", two_people=False
            )
            statement = Statement(to_user_id=_user(role).id, restriction="not_published", facts=words)
            decision.statements.append(statement)
            db.session.flush()
            found[state] = statement.public_id
            db.session.commit()
    return found


def _told(app: Flask) -> dict[str, str]:
    """A statement of reasons to each clinic."""
    found = {}
    for state, slug in (("own", "mine"), ("other", "theirs")):
        with app.app_context(), writing():
            case = Case.open(
                "reply", subject=f"reply:{slug}", subject_id=1, clock="review", priority="low", reason="new"
            )
            db.session.add(case)
            db.session.flush()
            moderator = _user("moderator").id
            case.lease_to(moderator)
            words = "It tells readers who the reviewer may be."
            decision = case.decide(
                "refuse", rule="reply_identity", statement=words, by_id=moderator, role="moderator", two_people=False
            )
            clinic = db.session.scalars(select(Clinic).where(Clinic.slug == slug)).one()
            statement = Statement(to_clinic_id=clinic.id, restriction="reply_refused", facts=words)
            decision.statements.append(statement)
            db.session.flush()
            found[state] = statement.public_id
            db.session.commit()
    return found


def _asked(app: Flask, browsers: dict[str, FlaskClient]) -> dict[str, dict[str, str]]:
    """A question of each author to a clinic, with a photo and the plan that came of it."""
    made: dict[str, dict[str, str]] = {kind: {} for kind in ("consultation", "question", "question_photo", "plan")}
    for place, (state, role, slug) in enumerate(WHO):
        ask(browsers[role], slug)
        with app.app_context():
            made["consultation"][state], made["question"][state] = _named(Consultation), _named(Inquiry)
        assert add_photo(browsers[role], made["question"][state], _picture(place)).status_code == 303
        with app.app_context():
            made["question_photo"][state] = _named(QuestionPhoto)
        with app.app_context(), writing():
            one = db.session.scalars(db.select(Consultation).order_by(Consultation.id.desc())).first()
            assert one is not None
            one.plans.append(Plan(public_id=new_public_id(), version=1, state="offered"))
            db.session.commit()
            made["plan"][state] = _named(Plan)
    return made


def _complained(app: Flask, browsers: dict[str, FlaskClient], reviews: dict[str, str]) -> dict[str, dict[str, str]]:
    """Reports, legal notices put to authors, disputes with documents, invitations: at both clinics."""
    made: dict[str, dict[str, str]] = {
        kind: {} for kind in ("report", "notice", "dispute", "evidence", "batch", "code")
    }
    for state, owner, slug in (("own", "owner", "mine"), ("other", "rival", "theirs")):
        review = reviews[state]
        link = report(app.test_client(), f"review:{review}", email="").location or ""
        link = link or report(app.test_client(), f"review:{review}", "threat", email="", name="").location
        made["report"][state] = link.rpartition("/")[2]
        send(app.test_client(), f"/report/legal?about=review:{review}", **NOTICE)
        base = f"/manage/{slug}/reviews/{review}"
        where = submit(browsers[owner], base + "/dispute", text="It tells of a month in which we were closed.").location
        upload(browsers[owner], where)
        batch = submit(browsers[owner], f"/manage/{slug}/invitations", number="1").location
        made["batch"][state] = batch.rpartition("/")[2]
        made["code"][state] = browsers[owner].get(batch).text.split('class="code">')[1].split("<")[0]
        with app.app_context():
            made["notice"][state] = _named(Contact)
            made["dispute"][state] = _named(Report, Report.kind == "dispute")
            made["evidence"][state] = _named(Evidence)
    return made


def _edited(browsers: dict[str, FlaskClient]) -> None:
    """A first change of each clinic's page."""
    for owner, slug in (("owner", "mine"), ("rival", "theirs")):
        assert typing.save(browsers[owner], f"/manage/{slug}/profile/languages", {"spoken": ["en"]}).status_code == 303


def _certified(app: Flask) -> dict[str, dict[str, str]]:
    """Each author is a practitioner too: a page of their own, a checked credential with a paper; an offer waits."""
    made: dict[str, dict[str, str]] = {kind: {} for kind in ("credential", "own_page", "colleague", "offer", "paper")}
    with app.app_context(), writing():
        papers.rules()
        for state, role, slug in WHO:
            where = db.session.scalars(select(Clinic).where(Clinic.slug == slug)).one()
            page = factories.practitioner(f"Person {role}", slug=f"page-{role.replace('_', '-')}", at=where)
            colleague = factories.practitioner(f"Colleague {role}", slug=f"colleague-{state}", at=where)
            db.session.flush()
            db.session.add(PractitionerAccount(practitioner_id=page.id, user_id=_user(role).id))
            one = papers.verified("gb-eng-person", page, f"N-{state}", submitted_by_id=_user(role).id)
            if state == "deleted":
                one.withdraw()
            kept, _about = Paper.of(one, [b"page"])
            db.session.add(kept)
            made["credential"][state], made["own_page"][state] = one.public_id, page.slug
            made["colleague"][state], made["paper"][state] = colleague.slug, kept.public_id
            offered = invite(colleague, clinic_id=where.id, email=_user(role).email)
            if state != "deleted":
                made["offer"][state] = offered
        db.session.commit()
    del made["colleague"]["deleted"]
    return made


def _following(app: Flask) -> dict[str, dict[str, str]]:
    """Whose letters are about which clinic; one who ended them."""
    made: dict[str, dict[str, str]] = {"follower": {}, "clinic_id": {}}
    with app.app_context(), writing():
        for state, role, slug in WHO:
            clinic = db.session.scalars(select(Clinic).where(Clinic.slug == slug)).one()
            follower = follow_as(_user(role), [clinic], ["papers"])
            db.session.flush()
            made["follower"][state], made["clinic_id"][state] = token_of(follower), clinic.public_id
        db.session.commit()
    return made


def _pictured(app: Flask, browsers: dict[str, FlaskClient]) -> dict[str, dict[str, str]]:
    """At both clinics a result with a picture that is shown, and one with a draft; the links of the people in them."""
    made: dict[str, dict[str, str]] = {
        kind: {} for kind in ("result", "picture", "pictured", "draft_result", "draft_picture")
    }
    for place, (state, role, slug) in enumerate((("own", "owner", "mine"), ("other", "rival", "theirs"))):
        for seed, kinds in ((20, ("result", "picture")), (30, ("draft_result", "draft_picture"))):
            path = portfolio.begin(browsers[role], slug)
            assert portfolio.add(browsers[role], path, portfolio.a_picture(seed + 4 * place)).status_code == 303
            with app.app_context(), writing():
                picture = db.session.scalars(select(Picture).order_by(Picture.id.desc())).first()
                assert picture is not None
                assert picture.result is not None
                made[kinds[0]][state], made[kinds[1]][state] = picture.result.public_id, picture.public_id
                if kinds[0] == "result":
                    made["pictured"][state] = picture.result.link
                    picture.allow("link")
                    picture.become("pending")
                    picture.publish()
                db.session.commit()
    return made


def _desks(app: Flask) -> dict[str, dict[str, str]]:
    """A colleague at each clinic, a link to its desk that waits, an offer of the ownership."""
    made: dict[str, dict[str, str]] = {"worker": {}, "link": {}, "desk_link": {}, "firm": {}}
    with app.app_context(), writing():
        helper = User(email="helper@example.org")
        db.session.add(helper)
        db.session.flush()
        third = db.session.scalars(select(Clinic).where(Clinic.slug == "third")).one()
        for state, slug, owner, worker, guest in (
            ("own", "mine", "owner", _user("editor"), "author"),
            ("other", "theirs", "rival", helper, "other_author"),
        ):
            here = db.session.scalars(select(Clinic).where(Clinic.slug == slug)).one()
            if worker is helper:
                db.session.add(Membership(user_id=helper.id, clinic_id=here.id))
            colleagues.invite(here, f"guest-{slug}@example.org", by=_user(owner))
            db.session.flush()
            made["link"][state] = colleagues.invitations_of(here)[0].public_id
            colleagues.offer_ownership(here, worker, by=_user(owner))
            made["worker"][state] = worker.public_id
            made["firm"][state] = organisations.found(here, f"Firm of {slug}", by=_user(owner)).public_id
            made["desk_link"][state] = colleagues.invite(third, _user(guest).email, by=_user(owner))
        db.session.commit()
    return made


def _claimed(app: Flask, browsers: dict[str, FlaskClient]) -> dict[str, str]:
    """A claim of the third clinic by each author."""
    with app.app_context(), writing():
        db.session.scalars(select(Clinic).where(Clinic.slug == "third")).one().phone = "+441132960000"
        db.session.commit()
    found = {}
    for state, role, _slug in WHO:
        sent = submit(
            browsers[role], "/clinics/third/claim", name=role, role="owner", proof="call", authority="y", once=state
        )
        found[state] = (sent.location or "").rpartition("/")[2]
    return found


def build(app: Flask, run: Callable[..., Any]) -> World:
    """Make everything, mostly by the front door; erase one person at the end."""
    _clinics(app)
    browsers = _people(app, run)
    things = {"clinic": {"own": "mine", "other": "theirs", "deleted": "gone"}, "practitioner": {"own": "first"}}
    things |= _written(app, browsers)
    things |= _certified(app)
    things |= _desks(app)
    _edited(browsers)
    things["statement"] = _reasons(app)
    things["told"] = _told(app)
    things |= _asked(app, browsers)
    things |= _pictured(app, browsers)
    things["claim"] = _claimed(app, browsers)
    things |= _complained(app, browsers, things["review"])
    things |= _following(app)
    with app.app_context(), writing():
        things["session"] = {
            state: _named(UserSession, UserSession.user_id == _user(role).id)
            for state, role in (("own", "author"), ("other", "other_author"), ("deleted", "gone"))
        }
        things["account"] = {
            state: _user(role).public_id
            for state, role in (("own", "author"), ("other", "other_author"), ("deleted", "gone"))
        }
        erase_person(_user("gone"))
        db.session.commit()
        cases = db.session.scalars(select(Case.public_id).where(Case.kind == "report").order_by(Case.id)).all()
        things["item"] = {"own": cases[0], "other": cases[-1]}
    del browsers["gone"]
    return World(browsers, things)
