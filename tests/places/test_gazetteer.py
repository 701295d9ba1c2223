"""The gazetteer's file: unpacked once, whole or not at all, and read by many at once."""

import multiprocessing
import shutil
import threading
from pathlib import Path

import pytest

from directory.places import rows, writer
from directory.places.gazetteer import Gazetteer, replace
from directory.places.rows import Division, PostalCode, Rows, Town


@pytest.fixture
def small() -> Rows:
    leeds = Town("Leeds", "GB", "GB.ENG", "GB.ENG.H3", 53.8, -1.55, 536_000, (), ("lids",), ())
    york = Town("York", "GB", "GB.ENG", "", 53.96, -1.08, 153_000, (), (), ())
    code = PostalCode("GB", "LS1", 53.797, -1.548, 0, "Leeds")
    return Rows(
        "lite", [Division("GB.ENG", "England", ("england",))], [Division("GB.ENG.H3", "Leeds")], [leeds, york], [code]
    )


def test_credit_and_edition(gazetteer: Gazetteer) -> None:
    assert gazetteer.source_line == "Places © GeoNames, CC BY 4.0"
    assert gazetteer.edition == "lite"


def test_committed_set_is_small() -> None:
    assert sum(path.stat().st_size for path in rows.COMMITTED.iterdir()) < 6_500_000


def test_committed_form_loses_nothing(small: Rows, tmp_path: Path) -> None:
    rows.save_lite(small, tmp_path)
    assert rows.load_lite(tmp_path) == small


def test_full_set_is_preferred_when_it_fits(small: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "places").mkdir()
    full = Rows("full", small.regions, small.counties, small.towns, small.codes)
    replace(tmp_path / "places" / "full.sqlite", full)
    found = Gazetteer.open(tmp_path)
    assert found.edition == "full"
    assert [place.label for place in found.resolve("Leeds").readings] == ["Leeds, England, United Kingdom"]
    assert [place.name for place in found.towns_around(53.8, -1.5, 60, 9)] == ["Leeds", "York"]
    assert [place.name for place in found.towns_around(53.8, -1.5, 900, 1)] == ["Leeds"]
    assert not list((tmp_path / "places").glob("*.part"))


def test_damaged_draft_is_never_read(small: Rows, tmp_path: Path) -> None:
    (tmp_path / "places").mkdir()
    (tmp_path / "places" / "full.123.part").write_bytes(b"half a gazetteer")
    replace(tmp_path / "places" / "full.sqlite", small)
    assert Gazetteer.open(tmp_path).resolve("York").place is not None


def _open_and_ask(folder: Path, answers: "multiprocessing.Queue[str]") -> None:
    place = Gazetteer.open(folder).resolve("Leeds", country="GB").place
    answers.put(place.label if place else "")


def test_processes_that_start_together_unpack_once(
    small: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = tmp_path / "committed"
    committed.mkdir()
    rows.save_lite(small, committed)
    monkeypatch.setattr("directory.places.gazetteer.COMMITTED", committed)
    fork = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[str] = fork.Queue()
    started = [fork.Process(target=_open_and_ask, args=(tmp_path, answers)) for _ in range(4)]
    for process in started:
        process.start()
    assert {answers.get(timeout=30) for _ in started} == {"Leeds, England, United Kingdom"}
    for process in started:
        process.join()
    assert len(list((tmp_path / "places").glob("lite-*.sqlite"))) == 1


def test_threads_share_it(gazetteer: Gazetteer) -> None:
    seen: list[str] = []

    def ask() -> None:
        for _ in range(20):
            place = gazetteer.resolve("Leeds", country="GB").place
            seen.append(place.label if place else "")

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 120
    assert set(seen) == {"Leeds, England, United Kingdom"}


def test_newer_committed_set_replaces_the_older(small: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed = tmp_path / "committed"
    committed.mkdir()
    monkeypatch.setattr("directory.places.gazetteer.COMMITTED", committed)
    rows.save_lite(small, committed)
    Gazetteer.open(tmp_path)
    rows.save_lite(Rows("lite", small.regions, small.counties, small.towns[1:], small.codes), committed)
    assert Gazetteer.open(tmp_path).resolve("Leeds").place is None
    assert len(list((tmp_path / "places").glob("lite-*.sqlite"))) == 1


def test_towns_around_are_biggest_first_and_inside(gazetteer: Gazetteer) -> None:
    names = [place.name for place in gazetteer.towns_around(53.8, -1.55, 30, 5)]
    assert names[:2] == ["Leeds", "Bradford"]
    wide = gazetteer.towns_around(0, 179.99, 3000, 10)
    assert {place.country for place in wide} & {"FJ", "KI", "SB", "VU"}
    people = [place.population or 0 for place in wide]
    assert people == sorted(people, reverse=True)


def test_format_of_another_release_is_left_alone(small: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed = tmp_path / "committed"
    committed.mkdir()
    rows.save_lite(small, committed)
    monkeypatch.setattr("directory.places.gazetteer.COMMITTED", committed)
    (tmp_path / "places").mkdir()
    replace(tmp_path / "places" / "full.sqlite", Rows("full", [], [], small.towns, []))
    monkeypatch.setattr(writer, "FORMAT", writer.FORMAT + 1)
    assert Gazetteer.open(tmp_path).edition == "lite"
    shutil.rmtree(tmp_path / "places")
