"""Places offered while somebody types."""


def test_the_likeliest_place_comes_first(page):
    rows = page("/places/suggest?q=leed").get_json()["results"]
    assert rows[0]["label"].startswith("Leeds, ")
    assert set(rows[0]) == {"label", "name", "region", "country", "lat", "lon", "kind", "matched"}
    assert len(rows) <= 6


def test_nothing_typed_offers_nothing(page):
    assert page("/places/suggest").get_json() == {"results": []}


def test_a_flood_of_letters_is_refused_in_words(client):
    answer = client.get("/places/suggest?q=" + "x" * 500)
    assert answer.status_code == 422
    assert "200" in answer.get_json()["errors"]["q"]
