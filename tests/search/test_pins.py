"""What the map is given: the list's rows with their numbers, others without."""

from directory.search.pins import OTHERS
from tests import factories
from tests.factories import saved


def test_numbers_are_those_of_the_list(app, page):
    saved(app, lambda: [factories.clinic(f"Clinic {number:02}", lat=53.8 + number / 1000) for number in range(25)])
    answer = page("/search/pins.json?near=53.8,-1.5492&sort=distance").get_json()
    assert [(pin["n"], pin["name"]) for pin in answer["pins"]] == [
        (number + 1 if number < 20 else None, f"Clinic {number:02}") for number in range(25)
    ]
    second = page("/search/pins.json?near=53.8,-1.5492&sort=distance&page=2").get_json()
    assert [(pin["n"], pin["name"]) for pin in second["pins"]][:5] == [
        (number + 1, f"Clinic {number:02}") for number in range(20, 25)
    ]
    assert len(second["pins"]) == 25


def test_origin_rings_and_towns_frame_the_map(app, page):
    saved(app, lambda: factories.clinic("Ada", point_precision="town"))
    answer = page("/search/pins.json?near=53.8,-1.55&radius=15&unit=mi").get_json()
    assert answer["origin"]["lat"] == 53.8
    assert answer["radius_km"] == 15 * 1.609344
    assert (answer["unit"], answer["rings"]) == ("mi", [5.0, 10.0, 15.0])
    assert answer["towns"][0]["name"] == "Leeds"
    assert answer["pins"][0]["approximate"] is True
    assert answer["pins"][0]["url"].startswith("/clinics/")


def test_a_crowd_is_cut_and_a_map_without_a_place_has_no_origin(app, page):
    saved(app, lambda: [factories.clinic() for _number in range(OTHERS + 60)])
    answer = page("/search/pins.json").get_json()
    assert answer["origin"] is None
    assert len(answer["pins"]) == OTHERS + 20


def test_a_home_studio_is_only_ever_shown_by_its_square(app, page):
    def home() -> None:
        made = factories.clinic("Ada", is_home=True)
        made.move_point(53.80321, -1.54321, precision="given")

    saved(app, home)
    pin = page("/search/pins.json?near=53.8,-1.55").get_json()["pins"][0]
    assert (pin["lat"], pin["lon"], pin["approximate"]) == (53.805, -1.545, True)
