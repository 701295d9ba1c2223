"""What changed at a followed clinic comes in one letter a day, once, and says nothing to whoever reads along."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, select

from directory.clinics.membership import OWNER, Membership
from directory.clinics.models import Clinic
from directory.config import Settings
from directory.credentials.models import Credential
from directory.db import db, now, writing
from directory.factory import create_app
from directory.following.digests import waiting, write_to
from directory.following.models import News
from directory.following.sweeping import sweep
from directory.practitioners.models import Practitioner
from directory.reviews.models import Stage
from tests import factories
from tests.accounts.people import empty_outbox, form_token, letters
from tests.credentials import papers
from tests.following.readers import READER, ask, links, look, say_yes
from tests.reading import reads_of, text_of
from tests.reviews import authors


def _follow(app: Flask, *slugs: str, topics: list[str] | None = None, email: str = READER) -> str:
    browser = app.test_client()
    ask(browser, *slugs, email=email, topics=topics)
    page = say_yes(app, browser, email)
    empty_outbox(app)
    return page


def _leeds(app: Flask) -> None:
    with app.app_context(), writing():
        papers.licensed()
        _premises().expires_on = now().date() + timedelta(days=3)
        factories.clinic("Second Scalp", slug="second")
        db.session.commit()


def _words(app: Flask, email: str = READER) -> str:
    """The one letter there is, in words."""
    (letter,) = letters(app, email)
    empty_outbox(app)
    assert letter["Subject"] == "Something changed at a place you saved"
    content: str = letter.get_content()
    return content


def test_a_change_comes_once_in_one_letter_a_day(app: Flask) -> None:
    _leeds(app)
    page = _follow(app, "headingley", "second")
    _follow(app, "headingley", topics=["reviews"], email="other@quiet.example")
    assert look(app) == "wrote 0 letters"  # what was checked before is no news
    _change(app, _revoke)
    assert look(app) == "wrote 1 letters"
    letter = letters(app, READER)[0]
    assert letter["List-Unsubscribe"] == f"<http://localhost:8000{page}/end>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    told = _words(app)
    assert "A document was taken back by whoever issued it." in told
    assert len([link for link in links(letter) if "/end/" in link]) == 1
    for word in ("Scalp", "scalp", "hair", "linic", "icen", "Amara", "eadingley"):
        assert word not in told.replace("Hairline", ""), word
    assert look(app, days=0.01) == "wrote 0 letters"
    _change(app, lambda: _clinic("second").close())
    reviewer = authors.author(app)
    authors.send(reviewer, "headingley")
    authors.publish(app)
    assert look(app, days=0.3) == "wrote 0 letters"  # not twice a day
    assert look(app, days=1) == "wrote 1 letters"
    assert "It closed." in _words(app)
    # Nobody looked for four days: the premises' registration ran out, and the review has waited its three days.
    assert look(app, days=5) == "wrote 2 letters"
    (other,) = letters(app, "other@quiet.example")  # asked for reviews only
    assert "ran out" not in other.get_content()
    assert "There is a new review to read; A document ran out." in _words(app)
    assert look(app, days=9) == "wrote 0 letters"
    shown = app.test_client().get(page)
    assert "A document was taken back" in text_of(shown)
    assert len(reads_of(app, app.test_client(), page)) <= 6


def test_a_better_check_another_owner_and_reopening_are_news(app: Flask) -> None:
    _leeds(app)
    _own(app, "second", "first@owner.example")
    _follow(app, "headingley", "second")
    look(app)
    _change(app, lambda: papers.verified("gb-eng-person", _at_headingley(), "LCC/SP/00999", method="document"))
    assert look(app) == "wrote 1 letters"
    assert "A document was checked." in _words(app)
    _own(app, "headingley", "claims@owner.example")  # its first owner: no change of owner
    _own(app, "second", "next@owner.example")
    _change(app, lambda: _clinic("second").close())
    assert look(app, days=1) == "wrote 1 letters"
    assert "It closed; It has another owner." in _words(app)
    _change(app, lambda: _clinic("second").publish())
    assert look(app, days=2) == "wrote 1 letters"
    assert "It opened again." in _words(app)
    _change(app, _move)
    assert look(app, days=3) == "wrote 1 letters"
    assert "It moved to another address." in _words(app)


def test_what_is_no_longer_so_is_not_told(app: Flask) -> None:
    """A review taken back before its letter left; and a page that shows it no more."""
    _leeds(app)
    page = _follow(app, "headingley")
    reviewer = authors.author(app)
    authors.send(reviewer, "headingley")
    authors.publish(app)
    assert look(app, days=4) == "wrote 1 letters"
    empty_outbox(app)
    follower = _follow(app, "second", email="late@quiet.example")
    _change(app, lambda: [stage.review.withdraw() for stage in db.session.scalars(select(Stage))])
    assert "new review" not in text_of(app.test_client().get(page))
    assert "Nothing has changed" in text_of(app.test_client().get(follower))


def test_many_at_once_make_one_follower_one_change_and_one_letter(app: Flask, settings: Settings) -> None:
    """Six presses on one link, then six jobs at once, six times."""
    _leeds(app)
    browser = app.test_client()
    ask(browser, "headingley", "second")
    link = links(letters(app, READER)[-1])[0]
    token = form_token(browser.get(link))
    cookie = browser.get_cookie("session")
    assert cookie is not None

    def press() -> int:
        other = app.test_client()
        other.set_cookie("session", cookie.value)
        return other.post(link, data={"csrf_token": token}).status_code

    answers = _at_once(press)
    assert set(answers) <= {303, 404}
    assert 303 in answers
    empty_outbox(app)
    jobs = create_app(settings, purpose="command")  # a job waits for the other, however long
    for round_ in range(6):
        _change(app, lambda: _turn(_clinic("second")))
        said = _at_once(lambda day=round_ * 2: _job(jobs, day))  # type: ignore[misc]
        assert sum(words.endswith("wrote 1 letters") for words in said) == 1, said
    with app.app_context():
        assert len(letters(app, READER)) == 6
        assert len(db.session.scalars(select(News.id).where(News.kind.in_(("closed", "opened")))).all()) == 6


def _turn(clinic: Clinic) -> None:
    if clinic.status == "published":
        clinic.close()
    else:
        clinic.publish()


def _job(app: Flask, days: int) -> str:
    moment = now() + timedelta(days=days)
    with app.app_context(), writing():
        sweep(moment)
        db.session.commit()
        wrote = 0
        for follower in waiting(moment):
            wrote += write_to(follower, moment)
            db.session.commit()
    return f"wrote {wrote} letters"


def _at_once(act: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(6) as pool:
        return [done.result() for done in [pool.submit(act) for _one in range(6)]]


def _change(app: Flask, act: Callable[[], object]) -> None:
    with app.app_context(), writing():
        act()
        db.session.commit()


def _clinic(slug: str) -> Clinic:
    return db.session.scalars(select(Clinic).where(Clinic.slug == slug)).one()


def _at_headingley() -> Practitioner:
    made = factories.practitioner("Jo Marsh", at=_clinic("headingley"))
    db.session.flush()
    return made


def _own(app: Flask, slug: str, email: str) -> None:
    """The one owner of a clinic from now on."""

    def give() -> None:
        clinic = _clinic(slug)
        db.session.execute(delete(Membership).where(Membership.clinic_id == clinic.id))
        db.session.add(Membership(user_id=papers.person(email).id, clinic_id=clinic.id, level=OWNER))

    _change(app, give)


def _move() -> None:
    old = _clinic("second")
    old.close()
    factories.clinic("Second Scalp", slug="second-elsewhere").moved_from_id = old.id


def _premises() -> Credential:
    return db.session.scalars(select(Credential).where(Credential.clinic_id.is_not(None))).one()


def _revoke() -> None:
    one = db.session.scalars(select(Credential).where(Credential.practitioner_id.is_not(None))).one()
    first, second = papers.person("a@checkers.example"), papers.person("b@checkers.example")
    one.revoke(source=papers.SOURCE, by=first, second=second)
