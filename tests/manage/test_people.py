"""The people of a clinic: named, asked, agreed, ended, denied; what is shown of each and what counts."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.accounts.queries import user_by_email
from directory.clinics.models import Clinic
from directory.db import db, now, writing
from directory.practitioners.accounts import PractitionerAccount
from directory.practitioners.models import Engagement, Practitioner
from tests import factories
from tests.accounts.people import letters, links, member, submit
from tests.credentials.holding import found_in_register
from tests.manage.staff import staff
from tests.moderation.cast import decide, moderator, open_cases, reverse
from tests.reading import reads_of, text_of

Run = Callable[..., Any]


def _clinics(app: Flask) -> None:
    factories.saved(
        app,
        lambda: factories.clinic("Kirkgate Rooms", slug="one"),
        lambda: factories.clinic("Canal Rooms", slug="two", lat=53.9, lon=-1.6),
    )


def _licensed(app: Flask, email: str = "amara@example.org", at: str = "one") -> FlaskClient:
    """Amara has an account, a page of her own, a licence found in the register, and works at the clinic."""
    browser = member(app, email)
    with app.app_context(), writing():
        place = db.session.scalars(select(Clinic).where(Clinic.slug == at)).one()
        person = factories.practitioner("Amara Osei", slug="amara", at=place, role="Artist")
        db.session.flush()
        user = user_by_email(email)
        assert user is not None
        db.session.add(PractitionerAccount(practitioner_id=person.id, user_id=user.id))
        found_in_register(person, "SP-100", expires_on=now().date() + timedelta(days=300))
        db.session.commit()
    return browser


def _strength(app: Flask, slug: str) -> int | None:
    found: int | None = app.test_client().get(f"/api/v1/clinics/{slug}").json["credential_strength"]
    return found


def _people(app: Flask, slug: str) -> list[str]:
    return [one["name"] for one in app.test_client().get(f"/api/v1/clinics/{slug}").json["practitioners"]]


def _name(browser: FlaskClient, slug: str = "one", **fields: Any) -> Any:
    said = {"name": "Jo Marsh", "gender": "unstated", "languages": "", "role": "Artist", "since": "", **fields}
    return submit(browser, f"/manage/{slug}/people/new", **said)


def test_a_clinic_names_a_person_and_it_is_shown_as_its_word(app: Flask, run: Run) -> None:
    _clinics(app)
    owner = staff(app, run, "owner@example.org", "one")
    assert "Name the people who do the work" in text_of(owner.get("/manage/one/"))
    answer = _name(owner, languages="English, Twi", goals=["hairline"], since="2024-03-01", about="Draws by hand.")
    assert answer.status_code == 303
    assert answer.location == "/manage/one/people/jo-marsh"
    page = text_of(app.test_client().get("/clinics/one"))
    assert "Jo Marsh Artist, here since March 2024 · named by the clinic Hairline · English, Twi" in page
    own = text_of(app.test_client().get("/practitioners/jo-marsh"))
    assert "Named by the clinic, not checked" in own
    assert "Draws by hand." in own
    assert "Nobody speaks for this page yet" in text_of(owner.get("/manage/one/people"))
    assert "1 person is only named" in text_of(owner.get("/manage/one/"))
    said = {"name": "Jo Marsh", "languages": "de", "gender": "female", "role": "Owner", "since": ""}
    changed = submit(owner, "/manage/one/people/jo-marsh", **said)
    assert changed.status_code == 303
    assert "Jo Marsh Owner · named by the clinic Treatments Not stated · German" in text_of(
        app.test_client().get("/clinics/one")
    )
    done = text_of(owner.get("/manage/one/colleagues"))
    assert "owner@example.org changed what is said of Jo Marsh" in done
    assert "owner@example.org named Jo Marsh" in done


def test_bad_words_are_told_and_nothing_is_named(app: Flask, run: Run) -> None:
    _clinics(app)
    owner = staff(app, run, "owner@example.org", "one")
    answer = _name(owner, name="", languages="Klingonese", since="2999-01-01")
    assert answer.status_code == 422
    words = text_of(answer)
    assert "Type the name." in words
    assert "“Klingonese” is no language we know." in words
    assert "Choose a day within a year from now." in words
    assert _people(app, "one") == []


def test_somebody_of_that_name_is_asked_and_never_merged(app: Flask, run: Run) -> None:
    _clinics(app)
    amara = _licensed(app)
    rival = staff(app, run, "rival@example.org", "two")
    asked = _name(rival, "two", name="AMARA Osei")
    assert asked.status_code == 422
    assert "Amara Osei, Kirkgate Rooms" in text_of(asked)
    assert _people(app, "two") == []
    assert _name(rival, "two", name="AMARA Osei", who="amara").location == "/manage/two/people"
    # Nothing is shown and nothing counts before she says yes.
    assert _people(app, "two") == []
    assert _strength(app, "two") is None
    assert "Canal Rooms" not in text_of(app.test_client().get("/practitioners/amara"))
    assert _name(rival, "two", name="Amara Osei", who="new").status_code == 303
    assert _people(app, "two") == ["Amara Osei"]
    assert _strength(app, "two") is None
    letter = letters(app, "amara@example.org")[-1]
    assert links(letter) == ["/account/work/"]
    assert "Asks you" in text_of(amara.get("/account/work/"))
    assert submit(amara, "/account/work/amara/two/agree", page="/account/work/").status_code == 303
    assert sorted(_people(app, "two")) == ["Amara Osei", "Amara Osei"]
    assert _strength(app, "two") == 3


def test_what_a_person_holds_counts_until_the_last_day(app: Flask, run: Run) -> None:
    _clinics(app)
    _licensed(app)
    owner = staff(app, run, "owner@example.org", "one")
    assert _strength(app, "one") == 3
    today = now().date()
    ended = submit(owner, "/manage/one/people/amara/end", on=today.isoformat())
    assert ended.status_code == 303
    assert _strength(app, "one") == 3
    assert "last day for your work there" in letters(app, "amara@example.org")[-1].get_content()
    assert submit(owner, "/manage/one/people/amara/return", page="/manage/one/people").status_code == 303
    early = submit(owner, "/manage/one/people/amara/end", on=(today - timedelta(days=1)).isoformat())
    assert early.status_code == 303
    assert _strength(app, "one") is None
    assert _people(app, "one") == []
    assert "Worked before at Kirkgate Rooms" in text_of(app.test_client().get("/practitioners/amara"))
    assert "Worked here before Amara Osei" in text_of(owner.get("/manage/one/people"))


def test_only_who_set_an_end_takes_it_back(app: Flask, run: Run) -> None:
    _clinics(app)
    amara = _licensed(app)
    owner = staff(app, run, "owner@example.org", "one")
    assert submit(amara, "/account/work/amara/one/end", on=now().date().isoformat()).status_code == 303
    assert "gave a last day there" in letters(app, "owner@example.org")[-1].get_content()
    assert submit(owner, "/manage/one/people/amara/return", page="/manage/one/people/new").status_code == 409
    assert submit(amara, "/account/work/amara/one/return", page="/account/work/").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Engagement.until)).one() is None


def test_a_name_is_off_the_page_at_once_when_the_person_never_worked_there(app: Flask, run: Run) -> None:
    _clinics(app)
    amara = _licensed(app)
    owner = staff(app, run, "owner@example.org", "one")
    assert submit(amara, "/account/work/amara/one/deny", words="I only ever visited.").status_code == 303
    assert _people(app, "one") == []
    assert _strength(app, "one") is None
    assert "Kirkgate" not in text_of(app.test_client().get("/practitioners/amara"))
    assert "says that they never worked there" in letters(app, "owner@example.org")[-1].get_content()
    told = text_of(owner.get("/manage/one/decisions"))
    assert "Amara Osei says that they never worked at Kirkgate Rooms" in told
    assert "I only ever visited" not in told
    again = _name(owner, name="Amara Osei", who="amara")
    assert again.status_code == 303  # another page of that name; hers is not named again
    with app.app_context():
        assert (
            len(db.session.scalars(select(Engagement).join(Practitioner).where(Practitioner.slug == "amara")).all())
            == 1
        )


def test_the_desk_settles_it_and_each_side_is_told(app: Flask, run: Run) -> None:
    _clinics(app)
    amara = _licensed(app)
    staff(app, run, "owner@example.org", "one")
    submit(amara, "/account/work/amara/one/deny", words="")
    (case,) = open_cases(app, "engagement")
    why = "The rota of three months names this person."
    done = decide(moderator(app), case, "restore", rule="finding", statement=why)
    assert done.status_code == 303, done.text
    assert _people(app, "one") == ["Amara Osei"]
    assert _strength(app, "one") is None  # the clinic's word and no more
    assert "A name is shown again" in text_of(amara.get("/account/statements"))


def test_a_clinic_appeals_and_the_name_comes_back_as_its_word(app: Flask, run: Run) -> None:
    _clinics(app)
    amara = _licensed(app)
    owner = staff(app, run, "owner@example.org", "one")
    submit(amara, "/account/work/amara/one/deny", words="")
    (case,) = open_cases(app, "engagement")
    done = decide(moderator(app), case, "keep", rule="finding", statement="Nothing shows that this person was there.")
    assert done.status_code == 303, done.text
    told = owner.get("/manage/one/decisions")
    assert "Nothing shows that this person was there." in text_of(told)
    path = re.findall(r'href="(/manage/one/decisions/[^"]+/appeal)"', told.text)[0]
    assert submit(owner, path, text="Our rota and three pay slips name her, and we send them.").status_code == 303
    (appeal,) = open_cases(app, "appeal")
    reverse(app, appeal, "The pay slips show it well.")
    assert _people(app, "one") == ["Amara Osei"]
    assert _strength(app, "one") is None


def test_whoever_takes_the_page_over_by_a_clinics_link_agrees_to_that_clinic(app: Flask, run: Run) -> None:
    _clinics(app)
    owner = staff(app, run, "owner@example.org", "one")
    _name(owner)
    with app.app_context(), writing():
        person = db.session.scalars(select(Practitioner)).one()
        other = db.session.scalars(select(Clinic).where(Clinic.slug == "two")).one()
        db.session.add(Engagement(practitioner=person, clinic=other))
        db.session.commit()
    submit(owner, "/manage/one/credentials/people/jo-marsh", email="jo@example.org")
    jo = member(app, "jo@example.org")
    (path,) = [one for one in links(letters(app, "jo@example.org")[-1]) if "practitioner" in one]
    assert submit(jo, path).status_code == 303
    said = {
        one["slug"]: one["agreed"] for one in app.test_client().get("/api/v1/practitioners/jo-marsh").json["clinics"]
    }
    assert said == {"one": True, "two": False}
    # From now on the page is theirs: the clinic says what they do there, and no more.
    assert "The page is the person's own" in text_of(owner.get("/manage/one/people/jo-marsh"))
    submit(owner, "/manage/one/people/jo-marsh", name="Somebody Else", role="Trainee")
    assert "Jo Marsh Trainee" in text_of(app.test_client().get("/clinics/one"))
    edited = submit(
        jo, "/account/work/jo-marsh/edit", name="Jo B. Marsh", gender="other", languages="en", about="Mine."
    )
    assert edited.status_code == 303
    page = text_of(app.test_client().get("/practitioners/jo-marsh"))
    assert "Jo B. Marsh" in page
    assert "In the person's own words" in page


def test_an_engagement_to_come_does_not_count_yet(app: Flask) -> None:
    _clinics(app)
    _licensed(app)
    with app.app_context(), writing():
        db.session.scalars(select(Engagement)).one().since = date(2999, 1, 1)
        db.session.commit()
    assert _strength(app, "one") is None


def test_the_list_of_people_is_read_in_few_statements(app: Flask, run: Run) -> None:
    _clinics(app)
    owner = staff(app, run, "owner@example.org", "one")
    with app.app_context(), writing():
        place = db.session.scalars(select(Clinic).where(Clinic.slug == "one")).one()
        for number in range(12):
            factories.practitioner(f"Person {number}", at=place)
        db.session.commit()
    assert len(reads_of(app, owner, "/manage/one/people")) <= 22
