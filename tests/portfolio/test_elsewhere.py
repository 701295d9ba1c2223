"""What a clinic's results say beyond its page: the card, the API, the open data, its own list of things to do."""

import csv

from flask import Flask

from directory.api.export import write_files
from directory.db import writing
from tests.portfolio import clinic as at
from tests.portfolio.clinic import Run
from tests.reading import reads_of, text_of


def test_one_healed_result_everywhere(app: Flask, run: Run) -> None:
    owner, _path, link = at.shown(app, run)
    visitor = app.test_client()
    assert "1 healed result, shown by the clinic" in text_of(visitor.get("/search?near=Leeds"))
    assert visitor.get("/api/v1/clinics?near=Leeds&stage=healed").json["total"] == 0  # type: ignore[index]
    (told,) = visitor.get("/api/v1/clinics/one").json["results"]  # type: ignore[index]
    (picture,) = told["pictures"]
    assert (told["goal"], told["healed"], told["practitioner"]) == ("hairline", True, None)
    assert (picture["stage"], picture["light"], picture["hair_length"]) == ("12m", "harsh", "shaved")
    assert visitor.get("/" + picture["url"].split("/", 3)[3]).status_code == 200
    with app.app_context(), writing():
        write_files()
    answer = visitor.get("/api/v1/export/clinics.csv")
    (row,) = csv.DictReader(answer.get_data(as_text=True).splitlines())
    assert row["results_healed"] == "1"
    assert "1 picture set by the clinic" in text_of(visitor.get("/compare?c=one"))
    assert "add the picture of" not in text_of(owner.get("/manage/one/"))
    assert len(reads_of(app, visitor, "/clinics/one/results")) <= 6
    reads = reads_of(app, owner, "/manage/one/results/")
    at.begin(owner)
    assert len(reads_of(app, owner, "/manage/one/results/")) <= len(reads)
    at.post(visitor, link, f"{link}/withdraw")
    assert visitor.get("/api/v1/clinics/one").json["results"] == []  # type: ignore[index]


def test_a_clinic_is_asked_for_the_next_picture_when_it_is_time(app: Flask, run: Run) -> None:
    """The latest that is due, and only where there is a picture already."""
    owner = at.owner(app, run)
    assert "No healed result is shown" in text_of(owner.get("/manage/one/"))
    for months, stage in ((1, ""), (2, "6 weeks"), (7, "6 months"), (14, "12 months"), (30, "24 months")):
        path = at.begin(owner, finished=at.month_ago(months))
        assert "add the picture of" not in text_of(owner.get("/manage/one/"))
        assert at.add(owner, path, kind="fresh", taken=at.month_ago(months)).status_code == 303
        said = text_of(owner.get("/manage/one/"))
        assert (f"add the picture of {stage}" in said) is bool(stage)
        assert "1 picture has no consent yet" in said
        assert at.post(owner, path, f"{path}/withdraw").status_code == 303
