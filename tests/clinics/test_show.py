"""A visitor opens a clinic's page."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.clinics.models import Clinic, ClinicSource, OldSlug
from directory.db import db, writing
from directory.practitioners.models import Practitioner
from tests.factories import clinic, commit, practitioner, price, saved
from tests.reading import reads_of, text_of

Page = Callable[[str], TestResponse]
SUNDAY_EVENING = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


def headingley() -> None:
    studio = clinic(
        "Headingley Scalp & Hairline",
        slug="headingley",
        address="14 Otley Road",
        postal_code="LS6 2AD",
        phone="+441134960417",
        website="https://xn--bcher-kva.example/",
        website_host="xn--bcher-kva.example",
        email="owner@headingley.example",
        opening_hours="Tu-Th 10:00-18:00; Fr 10:00-19:30; Sa 09:00-16:00",
        languages=["en", "pl"],
        goals=["removal"],
        facts={"deposit": "£100, returned", "private_room": True},
        description="Two rooms over a bookshop.",
    )
    studio.put_prices(
        [
            price("hairline", 125_000, sessions_min=2, sessions_max=3, included="Touch-up"),
            price("scar-fut", 48_000, 70_050, sessions_min=1, sessions_max=1),
        ]
    )
    practitioner("Amara Osei-Bonsu", slug="amara", at=studio, role="Owner", goals=["hairline"], languages=["en"])


def test_the_page_states_the_facts_and_their_absence(app: Flask, page: Page) -> None:
    saved(app, headingley)
    with time_machine.travel(SUNDAY_EVENING, tick=False):
        text = text_of(page("/clinics/headingley"))
    assert "14 Otley Road, Leeds LS6 2AD" in text
    assert "Closed, opens Tue 10:00" in text
    assert "Tuesday to Thursday 10:00 to 18:00" in text
    assert "Unclaimed, not checked" in text
    assert "What the law asks at this address is not known here." in text
    assert "£480 to £1,250" in text
    assert "FUT strip scar 1 session 1 £480 to £700.50 Not stated" in text
    assert "Removal Not stated Not stated Not stated" in text
    assert "Deposit £100, returned" in text
    assert "Pigments Not stated" in text
    assert "Private room Yes" in text
    assert "+44 113 496 0417" in text
    assert "xn--bcher-kva.example" in text
    assert "Amara Osei-Bonsu Owner" in text
    assert "No reviews yet" in text


def test_the_e_mail_is_not_handed_out(app: Flask, page: Page) -> None:
    saved(app, headingley)
    assert "owner@" not in page("/clinics/headingley").text


def test_a_website_carries_no_recommendation(app: Flask, page: Page) -> None:
    saved(app, headingley)
    assert '<a href="https://xn--bcher-kva.example/" rel="nofollow noopener ugc">' in page("/clinics/headingley").text


def test_a_home_studio_tells_its_area_only(app: Flask, page: Page) -> None:
    def home() -> None:
        made = clinic("Quiet Room", slug="quiet-room", is_home=True, address="1 Secret Street", postal_code="LS7 9ZZ")
        made.move_point(53.81234, -1.54321, precision="given")

    saved(app, home)
    answer = page("/clinics/quiet-room")
    for secret in ("Secret Street", "LS7 9ZZ", "53.81234", "53.8123", "1.54321"):
        assert secret not in answer.text
    assert "Home studio: shown to about 1 km." in text_of(answer)
    assert 'href="geo:53.8' in answer.text
    assert 'stroke-dasharray="4 3"' in page("/clinics/quiet-room/map.svg").text


def test_search_engines_read_only_what_the_page_shows(app: Flask, page: Page) -> None:
    saved(app, headingley, lambda: clinic("Made Up", slug="made-up", is_example=True))
    answer = page("/clinics/headingley")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    assert found
    facts = json.loads(found[1])
    assert facts["@type"] == "HealthAndBeautyBusiness"
    assert facts["address"]["streetAddress"] == "14 Otley Road"
    assert "aggregateRating" not in facts
    assert "email" not in facts
    assert '<link rel="canonical" href="http://localhost:8000/clinics/headingley">' in answer.text

    example = page("/clinics/made-up").text
    assert "ld+json" not in example
    assert '<meta name="robots" content="noindex">' in example
    assert "Invented example" in example


def test_hostile_words_stay_words(app: Flask, page: Page) -> None:
    vector = "\"'><script>alert(1)</script><svg onload=alert(2)>"
    fields = ("address", "city", "region", "postal_code", "description")

    def hostile() -> None:
        made = clinic(vector, slug="hostile", **{field: vector[:16] for field in fields}, facts={"deposit": vector})
        made.description = "</script><script>alert(3)</script>"
        practitioner(vector, at=made, role=vector)

    saved(app, hostile)
    answer = page("/clinics/hostile")
    assert "<script>alert" not in answer.text
    assert "<svg onload" not in answer.text
    assert answer.text.count("<script") == answer.text.count("</script>")


@pytest.mark.parametrize(
    ("name", "lang"), [("استوديو نور لفروة الرأس", "ar"), ("微名斋头皮纹饰工作室", "zh-Hans"), ("A" * 80, "")]
)
def test_names_of_every_script_and_length(app: Flask, page: Page, name: str, lang: str) -> None:
    saved(app, lambda: clinic(name, slug="named", name_lang=lang))
    answer = page("/clinics/named").text
    assert f'dir="auto">{name}</span></h1>' in answer
    assert (f'lang="{lang}"' in answer) == bool(lang)


def test_a_closed_clinic_says_so(app: Flask, page: Page) -> None:
    saved(app, lambda: clinic("Was Here", slug="was-here", status="closed", opening_hours="24/7"))
    text = text_of(page("/clinics/was-here"))
    assert "This clinic has closed." in text
    assert "Open day and night" not in text


def test_what_is_hidden_looks_like_what_never_was(app: Flask, client: FlaskClient) -> None:
    saved(app, lambda: clinic("Hidden", slug="hidden", status="suspended"))
    hidden, missing = client.get("/clinics/hidden"), client.get("/clinics/never")
    assert hidden.status_code == missing.status_code == 404
    without_id = [re.sub(r"[0-9a-f]{16}", "", answer.text) for answer in (hidden, missing)]
    assert without_id[0] == without_id[1]
    assert client.get("/clinics/hidden/map.svg").status_code == 404


def test_an_erased_clinic_is_gone(app: Flask, client: FlaskClient) -> None:
    saved(app, lambda: clinic("Gone", slug="gone"))
    saved(app, lambda: db.session.scalars(db.select(Clinic)).one().erase())
    assert client.get("/clinics/gone").status_code == 410


def test_an_old_address_leads_on_for_ever(app: Flask, client: FlaskClient) -> None:
    def moved() -> None:
        kept = clinic("Kept", slug="kept")
        clinic("Settled into Kept", slug="settled", status="closed")
        db.session.flush()
        db.session.add_all([OldSlug(slug="was-kept", clinic_id=kept.id), OldSlug(slug="settled", clinic_id=kept.id)])

    saved(app, moved)
    for slug in ("was-kept", "settled"):
        answer = client.get(f"/clinics/{slug}")
        assert (answer.status_code, answer.location) == (301, "/clinics/kept")


def test_a_listing_names_its_source(app: Flask, page: Page) -> None:
    def imported() -> None:
        made = clinic("Imported", slug="imported")
        read = datetime(2026, 11, 2, tzinfo=UTC)
        made.sources = [
            ClinicSource(source="Open list", source_id="7", source_url="https://list.example/", imported_at=read),
            ClinicSource(source="Other list", source_id="7", source_url="javascript:alert(1)", imported_at=read),
        ]

    saved(app, imported)
    answer = page("/clinics/imported")
    assert "Listed from Open list, row read on 2 Nov 2026" in text_of(answer)
    assert 'href="https://list.example/"' in answer.text
    assert "javascript:" not in answer.text


def test_an_unchanged_page_is_not_sent_again(app: Flask, client: FlaskClient) -> None:
    saved(app, headingley)
    with time_machine.travel(SUNDAY_EVENING, tick=False) as clock:
        first = client.get("/clinics/headingley")
        tag = {"If-None-Match": first.headers["ETag"]}
        assert first.headers["Cache-Control"] == "public, no-cache"
        assert "Set-Cookie" not in first.headers
        assert client.get("/clinics/headingley", headers=tag).status_code == 304

        clock.move_to(datetime(2026, 11, 24, 10, 30, tzinfo=UTC))
        opened = client.get("/clinics/headingley", headers=tag)
        assert opened.status_code == 200
        assert "Open until 18:00" in text_of(opened)

    with app.app_context(), writing():
        person = db.session.scalars(db.select(Practitioner)).one()
        person.name = "Amara Mensah"
        commit()
    with time_machine.travel(SUNDAY_EVENING, tick=False):
        renamed = client.get("/clinics/headingley", headers=tag)
    assert renamed.status_code == 200
    assert "Amara Mensah" in renamed.text


def test_only_those_who_work_there_now_are_named(app: Flask, page: Page) -> None:
    def three() -> None:
        place = clinic("Three", slug="three")
        practitioner("Present Person", at=place)
        practitioner("Hidden Person", at=place, status="suspended")
        practitioner("Past Person", at=place).engagements[0].until = date(2020, 1, 1)

    saved(app, three)
    text = text_of(page("/clinics/three"))
    assert "Present Person" in text
    assert "Hidden Person" not in text
    assert "Past Person" not in text


def test_few_statements_however_much_is_shown(app: Flask, client: FlaskClient) -> None:
    def crowded() -> None:
        place = clinic("Crowded", slug="crowded", goals=[])
        place.put_prices([price("hairline", 1000 + n, title=f"Line {n}") for n in range(30)])
        for n in range(30):
            practitioner(f"Person {n}", slug=f"p{n}", at=place)
        place.sources = [ClinicSource(source="List", source_id=str(n)) for n in range(10)]

    saved(app, crowded)
    reads = reads_of(app, client, "/clinics/crowded")
    assert len(reads) <= 17, "\n".join(reads)
    again = reads_of(app, client, "/clinics/crowded")
    assert len(again) == 1, "a page that is kept is only asked whether it still holds"


def test_a_cover_is_drawn_from_its_address_alone(client: FlaskClient) -> None:
    first, again = client.get("/clinics/any-name/cover.svg"), client.get("/clinics/any-name/cover.svg")
    assert first.mimetype == "image/svg+xml"
    assert first.data == again.data != client.get("/clinics/other/cover.svg").data
    assert first.headers["Cache-Control"].startswith("public, max-age")
    assert client.get("/clinics/UPPER%20case/cover.svg").status_code == 404


def test_the_map_names_the_towns_around(app: Flask, page: Page) -> None:
    saved(app, headingley)
    drawn = page("/clinics/headingley/map.svg")
    assert drawn.mimetype == "image/svg+xml"
    assert ">Bradford</text>" in drawn.text
    assert ">5 mi</text>" in drawn.text
    assert 'stroke-dasharray="4 3"' not in drawn.text
