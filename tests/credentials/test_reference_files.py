"""The reference files: every one is whole, says its source, and a bad one is named with its key."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.credentials.issuers import CredentialType, Issuer, Requirement
from directory.credentials.jurisdictions import Address
from directory.credentials.reference_files import FOLDER, ReferenceFault, jurisdictions_of, load, read
from directory.db import db, writing

FILES = sorted(path.name for path in FOLDER.glob("*.toml"))
HEAD = 'jurisdiction = "XX"\nname = "Nowhere"\nlast_reviewed = 2026-11-02\n\n[place]\ncountries = ["XX"]\n'
ISSUER = '\n[[issuer]]\nkey = "xx"\nname = "Office"\nrecognition = "state_regulator"\n'
TYPE = (
    '\n[[type]]\nkey = "xx-a"\nissuer = "xx"\nscope = "person"\ntitle = "Licence"\ncheck_path = "register"\n'
    'source = "Read there"\nconfidence = "stated"\n'
)
RULE = (
    '\n[[rule]]\naspect = "person"\nstate = "required"\ntitle = "Licence"\ntypes = ["xx-a"]\nsource = "Read there"\n'
    'confidence = "stated"\n'
)


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_whole(name: str) -> None:
    found = read()
    assert name in found.files
    mine = [row for row in (*found.rules.values(), *found.types.values()) if row["file"] == name]
    for row in mine:
        assert len(row["source"]) > 5, row
        if re.search(r"from memory|not read", row["source"], re.IGNORECASE):
            assert row["confidence"] == "unconfirmed", row
    assert mine


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name = ", "xx.toml: "),
        (HEAD.replace("name =", "nome ="), "xx.toml: nome is not known here"),
        (HEAD + RULE.replace('source = "Read there"\n', "") + ISSUER + TYPE, "xx.toml: rule 1: source is missing"),
        (HEAD + RULE.replace('"required"', '"maybe"') + ISSUER + TYPE, "xx.toml: rule 1: state must be one of"),
        (HEAD + RULE.replace("xx-a", "xx-b") + ISSUER + TYPE, "type 'xx-b' stands in no file"),
        (HEAD + RULE.replace('types = ["xx-a"]\n', "") + ISSUER + TYPE, "rule 1: types is missing"),
        (HEAD + ISSUER + ISSUER, "issuer 2: key 'xx' stands twice"),
        (HEAD + TYPE, "issuer 'xx' stands in no file"),
        (HEAD + ISSUER + 'timezone = "Mars/North"\n', "timezone 'Mars/North' is none"),
        (HEAD + ISSUER + 'deep_link = "http://x.example/"\n', "deep_link must begin with https://"),
        (HEAD.replace("name =", 'within = "YY"\nname ='), "within 'YY' stands in no file"),
        (HEAD + RULE.replace('confidence = "stated"', "confidence = 3") + ISSUER + TYPE, "confidence must be one of"),
    ],
)
def test_a_bad_file_is_named_with_its_key(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "xx.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ReferenceFault) as raised:
        read(tmp_path)
    assert fault in str(raised.value)


def test_adding_a_jurisdiction_is_adding_a_file(app: Flask, tmp_path: Path) -> None:
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "xx.toml").write_text(HEAD + ISSUER + TYPE + RULE, encoding="utf-8")
    with app.app_context(), writing():
        assert "xx.toml" in load(read(tmp_path))
        assert db.session.scalar(select(Requirement.title).where(Requirement.jurisdiction == "XX")) == "Licence"
        db.session.commit()
        assert load(read()) == ["xx.toml"], "a file that went: its rules go, its issuer is marked as closed"
        assert db.session.scalar(select(Requirement.id).where(Requirement.jurisdiction == "XX")) is None
        assert db.session.scalar(select(Issuer.closed).where(Issuer.key == "xx")) is True


def test_loading_twice_changes_nothing(app: Flask) -> None:
    with app.app_context(), writing():
        assert load()
        counts = [db.session.scalar(select(func.count()).select_from(t)) for t in (Issuer, CredentialType, Requirement)]
        db.session.commit()
        assert load() == []
        again = [db.session.scalar(select(func.count()).select_from(t)) for t in (Issuer, CredentialType, Requirement)]
        assert counts == again


@pytest.mark.parametrize(
    ("country", "region", "city", "code", "path"),
    [
        ("GB", "England", "Leeds", "LS6 2AD", "GB-ENG"),
        ("GB", "West Yorkshire", "Leeds", "LS6 2AD", "GB-ENG"),  # a county, known by its postal area
        ("GB", "England", "London", "W1G 8YS", "GB-ENG-LONDON"),
        ("GB", "England", "Croydon", "CR0 1AA", "GB-ENG-LONDON"),
        ("GB", "", "Chester", "CH1 1AA", "GB"),  # CH lies on both sides of the border of Wales: not derived
        ("GB", "Wales", "Cardiff", "CF10 1AA", "GB-WLS"),
        ("GB", "", "Glasgow", "G1 1AA", "GB-SCT"),
        ("GB", "Northern Ireland", "Belfast", "BT1 1AA", "GB-NIR"),
        ("CA", "Ontario", "London", "N6A 1A1", "CA-ON"),  # another London
        ("US", "New York", "Brooklyn", "11201", "US-NY-NYC"),
        ("US", "Kansas", "Manhattan", "66502", "US"),  # another Manhattan
        ("US", "NY", "Albany", "12207", "US"),
        ("US", "TX", "Austin", "78701", "US-TX"),
        ("US", "Illinois", "Chicago", "60651", "US-IL-CHICAGO"),
        ("FR", "Île-de-France", "Paris", "75001", "FR"),
        ("DE", "Berlin", "Berlin", "10115", "EU"),
        ("AU", "Queensland", "Brisbane", "4000", "AU-QLD"),
        ("JP", "Tokyo", "Tokyo", "100-0001", ""),
    ],
)
def test_an_address_lies_in(country: str, region: str, city: str, code: str, path: str) -> None:
    found = jurisdictions_of(Address(country, region, city, code))
    assert (found[-1].path if found else "") == path


@pytest.mark.parametrize(
    ("link", "page", "expected"),
    [
        ("https://register.example/{number}", "https://register.example/", "https://register.example/A%2F1%3Fb"),
        ("", "https://register.example/", "https://register.example/"),
        ("", "", ""),
    ],
)
def test_the_look_up_carries_the_number_as_one_part_of_the_address(link: str, page: str, expected: str) -> None:
    assert Issuer(deep_link=link, register_url=page).look_up("A/1?b") == expected
