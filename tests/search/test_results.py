"""The page of results, as a visitor meets it."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import event

from directory.db import db
from tests import factories
from tests.factories import saved
from tests.search.held import clinic_called

LEEDS = "near=53.8,-1.55"


@pytest.fixture
def town(app: Flask) -> Flask:
    """Four clinics in and around Leeds, one in Berlin."""

    def clinics() -> None:
        factories.clinic(
            "Kirkgate Rooms", goals=["hairline", "crown"], lat=53.797, lon=-1.54, opening_hours="24/7"
        ).put_prices([factories.price("hairline", 160_000, 295_000)])
        headingley = factories.clinic("Headingley Scalp", goals=["hairline"], lat=53.82, lon=-1.58)
        factories.practitioner("Ann Noor", at=headingley, gender="female", languages=["ar"])
        factories.clinic("Bradford Ink", goals=["scar-fut"], lat=53.795, lon=-1.752, city="Bradford")
        factories.clinic("استوديو نور", lat=53.68, lon=-1.49, city="Wakefield", is_home=True, goals=[]).put_prices(
            [factories.price("crown", 50_000, currency="EUR")]
        )
        factories.clinic("Studio Berlin", lat=52.52, lon=13.4, city="Berlin", country="DE", timezone="Europe/Berlin")

    saved(app, clinics)
    return app


@pytest.fixture
def shown(town: Flask) -> Callable[[str], str]:
    """The text of the page for a query string."""

    def get(query: str) -> str:
        answer = town.test_client().get(f"/search?{query}")
        assert answer.status_code == 200, query
        return answer.text

    return get


def titles(page: str) -> list[str]:
    found = re.findall(r'<h2><a href="/clinics/[^>]*>(.*?)</a>', page)
    return [unescape(re.sub("<[^>]+>", "", title)) for title in found]


def heading(page: str) -> str:
    found = re.search(r'<h1 id="results-title"[^>]*>(.*?)</h1>', page)
    assert found
    return unescape(found[1])


def links(page: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'href="(/search[^"]*)"', page)]


def counts(page: str) -> dict[str, int]:
    """Each filter chip with the number beside it."""
    found = re.findall(r'<a class="chip[^>]*>(.*?)</a>', page, re.DOTALL)
    texts = [" ".join(unescape(re.sub("<[^>]+>", " ", chip)).split()) for chip in found]
    pairs = [re.fullmatch(r"(.*?) (\d+)(?: .*)?", text) for text in texts]
    return {pair[1]: int(pair[2]) for pair in pairs if pair}


def test_nearest_clinics_come_with_their_distance(shown):
    page = shown(f"{LEEDS}&radius=15&unit=mi&sort=distance")
    assert titles(page) == ["Kirkgate Rooms", "Headingley Scalp", "Bradford Ink", "استوديو نور"]
    assert heading(page).startswith("4 clinics within 15 miles of ")
    assert "0.5\N{NO-BREAK SPACE}mi" in page
    assert "8.3\N{NO-BREAK SPACE}mi" in page


def test_filters_narrow_and_words_find_names_and_people(shown):
    assert titles(shown(f"{LEEDS}&goal=hairline&sort=distance")) == ["Kirkgate Rooms", "Headingley Scalp"]
    assert titles(shown(f"{LEEDS}&goal=hairline&goal=crown")) == ["Kirkgate Rooms"]
    assert titles(shown(f"{LEEDS}&q=noor")) == ["Headingley Scalp"]
    assert titles(shown(f"{LEEDS}&q={quote('نور')}")) == ["استوديو نور"]
    assert titles(shown(f"{LEEDS}&gender=female")) == titles(shown(f"{LEEDS}&language=ar")) == ["Headingley Scalp"]
    assert titles(shown(f"{LEEDS}&open_now=1")) == ["Kirkgate Rooms"]


def test_a_price_limit_says_what_it_leaves_out(shown):
    page = shown(f"{LEEDS}&price_max=2000&currency=GBP")
    assert titles(page) == ["Kirkgate Rooms"]
    assert "1 clinic states its prices in another currency and is left out." in page
    assert "2 clinics state no price and are left out." in page
    assert "Prices from £2,000 or less" in page
    assert "Looks at the clinic’s lowest stated price" in page
    dearer = shown(f"{LEEDS}&price_max=2000&currency=GBP&goal=crown")
    assert "The price looked at is the lowest a clinic states" in dearer


def test_consultations_by_video_are_those_a_clinic_stated(town, shown):
    """Its words are not searched: "no video" holds the word too."""

    def state() -> None:
        for name, facts in (
            ("Kirkgate Rooms", {"consultation_ways": ["in_person", "video"]}),
            ("Headingley Scalp", {"consultation_ways": ["in_person"], "consultation": "No video"}),
            ("Bradford Ink", {"consultation": "video"}),
        ):
            clinic_called(name).facts = facts

    saved(town, state)
    page = shown(f"{LEEDS}&radius=50")
    assert counts(page)["Consultation by video"] == 1
    assert titles(shown(f"{LEEDS}&radius=50&consultation=video")) == ["Kirkgate Rooms"]
    empty = shown(f"{LEEDS}&radius=50&consultation=video&q=bradford")
    assert titles(empty) == []
    assert "Also without a consultation by video" in empty
    saved(town, lambda: setattr(clinic_called("Kirkgate Rooms"), "facts", {}))
    assert "Consultation by video" not in counts(shown(f"{LEEDS}&radius=50"))


def test_each_chip_counts_what_pressing_it_leaves(shown):
    page = shown(f"{LEEDS}&goal=hairline")
    for label, count in counts(page).items():
        link = next(found for found in links(page) if _chip_of(page, found) == label)
        assert heading(shown(link.partition("?")[2])).startswith(f"{count} clinic"), label


def _chip_of(page: str, link: str) -> str:
    escaped = re.escape(link.replace("&", "&amp;"))
    found = re.search(rf'<a class="chip[^>]*href="{escaped}"[^>]*>(.*?)</a>', page, re.DOTALL)
    text = " ".join(unescape(re.sub("<[^>]+>", " ", found[1])).split()) if found else ""
    pair = re.fullmatch(r"(.*?) (\d+)(?: .*)?", text)
    return pair[1] if pair else ""


def test_every_result_says_why_it_stands_there_and_the_sums_order_the_list(shown):
    page = shown(f"{LEEDS}&goal=hairline")
    cards = page.split('<li class="result"')[1:]
    sums = []
    for card in cards:
        weights = re.findall(r'class="weight">([^<]*)<', card)
        assert "offers hairline" in card
        assert len(weights) == 4
        sums.append(sum(float(weight) for weight in weights))
    assert len(sums) == 2
    assert sums == sorted(sums, reverse=True)


def test_nothing_found_says_what_to_loosen_and_where_the_nearest_is(shown):
    page = shown("near=53.96,-1.08&radius=10&goal=hairline&open_now=1")
    assert titles(page) == []
    assert "Kirkgate Rooms" in page  # the nearest that is open and does hairlines, 35 km away
    page = shown("near=52.52,13.4&radius=10&goal=hairline&open_now=1")
    assert titles(page) == []
    assert "Kirkgate Rooms" not in page  # 950 km away, which is no help
    page = shown(f"{LEEDS}&goal=hairline&goal=scar-fut")
    assert titles(page) == []
    links_with_counts = re.findall(r"<li><span>(.*?)</span><a href=\"(.*?)\"[^>]*>(.*?)</a>", page)
    assert {(unescape(label), count) for label, _url, count in links_with_counts} == {
        ("Without “Hairline”", "1 clinic"),
        ("Without “FUT strip scar”", "2 clinics"),
    }
    for _label, url, count in links_with_counts:
        assert len(titles(shown(unescape(url).partition("?")[2]))) == int(count.split()[0])


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("min_score=4", "Whatever the score, or without one"),
        ("stage=healed", "Also without a review of a healed result"),
        ("credential=4", "With a weaker credential, or none"),
        ("requirement=met", "Whether or not they show what the law asks"),
    ],
)
def test_whatever_emptied_the_list_can_be_let_go(shown, asked, offered):
    page = shown(f"{LEEDS}&{asked}")
    assert titles(page) == []
    assert offered in re.findall(r"<li><span>(.*?)</span>", page)


def test_a_whole_country_is_searched_by_its_borders(shown):
    assert titles(shown("near=Germany")) == ["Studio Berlin"]
    assert heading(shown("near=Germany")) == "1 clinic in Germany"


def test_without_a_place_everything_is_listed(shown):
    page = shown("")
    assert len(titles(page)) == 5
    assert "sort=newest" in page
    assert "sort=distance" not in page
    unplaced = shown("sort=distance&q=noor")
    assert "Say where, to see the nearest first." in unplaced
    assert titles(unplaced) == ["Headingley Scalp"]


def test_a_place_nobody_knows_is_not_searched(shown):
    page = shown("near=xqzzzvvv")
    assert titles(page) == []
    assert heading(page) == "We do not know a place called “xqzzzvvv”"
    assert "Try the nearest town or a postcode." in page
    assert "near:" not in page
    assert "in the name" not in page
    assert '<div id="view-switch" hidden>' in page


def test_a_place_nobody_knows_that_is_in_a_clinics_name_leads_there(shown):
    page = shown("near=Headingley&goal=crown")
    assert "Clinics with “Headingley” in the name (1)" in page
    assert "/search?q=Headingley" in links(page)
    assert titles(shown("q=Headingley")) == ["Headingley Scalp"]


def test_a_mended_spelling_is_read_as_the_place_that_has_clinics(town, shown):
    saved(town, lambda: factories.clinic("Mill Rooms", lat=53.838, lon=-1.79))
    page = shown("near=Saltair")
    assert "Mill Rooms" in titles(page)
    assert heading(page).endswith("of Saltaire")
    assert "Salair, Kuzbass, Russia" in page


HOSTILE = (
    "near=" + "x" * 3_000,
    "near=%00%ff%fe",
    "lat=999&lon=1",
    "radius=-1",
    "page=1000000000",
    "sort=paid",
    "goal=beard",
    "near=Leeds&near=York",
    "near=%3Cscript%3Ealert(1)%3C/script%3E",
    "near=91,181",
    "q=%27%22%3E%3Csvg/onload=1%3E",
    "lat=53.8&lon=-1.55&radius=1000",
    "price_max=5",
    "near=53.8,-1.55&page=40",
    "cursor=x&per_page=0",
    "near=%E2%80%AE%F0%9F%92%89",
    "q=%00",
)


def test_no_question_breaks_the_page(shown):
    for query in HOSTILE:
        page = shown(query)
        assert "<script>alert" not in page, query
        assert "<svg/onload" not in page, query


def test_pages_follow_one_another_without_gap_or_repeat(app, client):
    saved(app, lambda: [factories.clinic(f"Clinic {number:02}") for number in range(45)])
    address, seen = f"/search?{LEEDS}", []
    for _page in range(3):
        page = client.get(address).text
        seen += titles(page)
        address = next((link for link in links(page) if "page=" in link and link not in address), "")
        address = next((link for link in links(page) if f"page={len(seen) // 20 + 1}" in link), address)
    assert sorted(seen) == [f"Clinic {number:02}" for number in range(45)]
    assert titles(client.get(f"/search?{LEEDS}&page=9").text) == seen[40:]


def test_a_page_is_public_fresh_and_the_same_for_everybody(town, client):
    first = client.get(f"/search?{LEEDS}", headers={"Cookie": "theme=dark; unit=km; session=x"})
    again = client.get(f"/search?{LEEDS}")
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.headers
    assert first.text == again.text
    assert client.get(f"/search?{LEEDS}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_a_change_gives_the_page_a_new_tag(town, client):
    tag = client.get(f"/search?{LEEDS}").headers["ETag"]
    saved(town, lambda: factories.clinic("Brand New"))
    answer = client.get(f"/search?{LEEDS}", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "Brand New" in answer.text


def test_a_full_page_takes_few_statements_and_a_known_one_none(app, client):
    saved(
        app,
        lambda: [
            factories.practitioner(f"Person {number}", at=factories.clinic(f"Clinic {number}")) for number in range(30)
        ],
    )
    said: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(connection: object, cursor: object, statement: str, *more: object) -> None:
        if statement != "BEGIN" and "search_version" not in statement:
            said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    client.get(f"/search?{LEEDS}")
    said.clear()
    client.get(f"/search?{LEEDS}&page=2")
    assert len(said) == 8, said  # cards, and what their clinics show of credentials and healed results
    said.clear()
    client.get(f"/search?{LEEDS}&radius=24")
    client.get(f"/search?{LEEDS}&radius=24&page=2")
    assert said == []


def test_the_log_does_not_say_what_was_searched(town, client, capfd):
    client.get("/search?near=53.81234,-1.55&q=alopecia")
    logged = capfd.readouterr().err
    assert "53.8" not in logged
    assert "alopecia" not in logged
