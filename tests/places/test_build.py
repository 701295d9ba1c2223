"""Building the gazetteer: from named packages only, and never half."""

import csv
from pathlib import Path

import pytest

from directory.places import onspd, packages
from directory.places.build import build
from directory.places.gazetteer import Gazetteer, replace
from directory.places.packages import BuildFailed
from directory.places.rows import Rows


def quiet(step: str, share: float) -> None:
    assert step
    assert 0 <= share <= 1


def test_missing_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match=packages.TOWNS.file):
        build(tmp_path, tmp_path, quiet)
    assert not (tmp_path / "places" / "full.sqlite").exists()


def test_package_with_other_content_is_refused(tmp_path: Path) -> None:
    for package in packages.ALL:
        (tmp_path / package.file).write_bytes(b"something else")
    with pytest.raises(BuildFailed, match="SHA-256 differs"):
        build(tmp_path, tmp_path, quiet)
    assert not list((tmp_path / "places").glob("*.sqlite"))


def test_british_postcodes_of_an_operator(tmp_path: Path) -> None:
    file = tmp_path / "onspd.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as handle:
        table = csv.writer(handle)
        table.writerow(["pcd", "pcds", "lat", "long"])
        table.writerow(["SW1A1AA", "SW1A 1AA", "51.501009", "-0.141588"])
        table.writerow(["ZZ99 9ZZ", "ZZ99 9ZZ", "99.999999", "0.000000"])
        table.writerow(["", "", "", ""])
    codes = list(onspd.read(file))
    assert [code.key for code in codes] == ["SW1A1AA"]
    (tmp_path / "places").mkdir()
    replace(tmp_path / "places" / "full.sqlite", Rows("full", [], [], [], codes))
    place = Gazetteer.open(tmp_path).resolve("sw1a 1aa").place
    assert place is not None
    assert (round(place.lat, 3), place.precision, place.approximate) == (51.501, "postal_code", "")
    assert place.label == "SW1A 1AA, United Kingdom"


def test_directory_without_its_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("name,age\nx,1\n")
    with pytest.raises(BuildFailed, match="pcds, lat, long"):
        list(onspd.read(file))
