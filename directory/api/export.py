"""The open data: public facts of all published clinics as CSV and as JSON lines, made each night, examples left out."""

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from flask import current_app
from sqlalchemy import select

from directory.api.export_schema import Column, Dictionary
from directory.api.results import site_address
from directory.clinics.importing.exporting import guarded
from directory.clinics.importing.money import major_units
from directory.clinics.models import PUBLISHED, Clinic, ClinicSource
from directory.config import Settings
from directory.credentials.figures import clinics_with_credentials
from directory.credentials.showing import summaries
from directory.db import db, now
from directory.portfolio.queries import healed_at
from directory.reviews.scores import NONE_SHOWN, Shown, scores_of

FOLDER = "export"
_READ = 1_000


class _Field(NamedTuple):
    name: str
    type: Literal["text", "number", "boolean", "list"]
    about: str


FIELDS = (
    _Field("slug", "text", "The last part of its address on this site; kept for ever."),
    _Field("url", "text", "Its page on this site."),
    _Field("name", "text", "As the clinic writes it."),
    _Field("address", "text", "First street line; empty for a home studio."),
    _Field("address2", "text", "Second street line; empty for a home studio."),
    _Field("city", "text", "Town, as given."),
    _Field("region", "text", "Region or state, as given."),
    _Field("postal_code", "text", "As given; empty for a home studio."),
    _Field("country", "text", "ISO 3166-1 alpha-2."),
    _Field("lat", "number", "Degrees north, WGS84; for a home studio the middle of a cell of about 1 km."),
    _Field("lon", "number", "Degrees east, WGS84; for a home studio the middle of a cell of about 1 km."),
    _Field("approximate", "boolean", "true when the point is not the door; in CSV 1 or 0."),
    _Field("phone", "text", "E.164."),
    _Field("website", "text", "As stated by the clinic; not checked."),
    _Field("opening_hours", "text", "OpenStreetMap opening_hours syntax, in the zone of `timezone`."),
    _Field("timezone", "text", "IANA name."),
    _Field("goals", "list", "Keys of what it offers; in CSV separated by semicolons."),
    _Field("price_min", "number", "Lowest price, in whole units of `currency`; empty when none is stated."),
    _Field("price_max", "number", "Highest price, in whole units of `currency`."),
    _Field("currency", "text", "ISO 4217."),
    _Field("languages", "list", "BCP 47 tags of languages spoken; in CSV separated by semicolons."),
    _Field("claimed", "boolean", "Whether the owner has taken the listing over; in CSV 1 or 0. Not a check."),
    _Field("score", "number", "Of 5, from its counted reviews on this site; empty where there are too few."),
    _Field("reviews", "number", "Reviews that can be read on its page. Their words are not in the open data."),
    _Field("reviews_counted", "number", "Those that count in the score."),
    _Field("reviews_healed", "number", "Counted ones of results six weeks old or older."),
    _Field("results_healed", "number", "Results of six weeks or later that the clinic shows itself, with consent."),
    _Field("strength", "number", "0 to 4, of its strongest permission on the day of the file; empty for none."),
    _Field("credential", "text", "That credential's id: its public facts are at /api/v1/credentials/ and the id."),
    _Field("credential_issuer", "text", "Who issued it."),
    _Field("credential_expires_on", "text", "Its last day; after that it counts for nothing."),
    _Field("requirements_met", "number", "Things that the law is known to ask there, and that were shown."),
    _Field("requirements_missing", "number", "Those that were not shown, or that have run out."),
    _Field("source", "text", "Where the listing was first read, if it was imported."),
    _Field("source_url", "text", "The address of that source for this listing."),
)
COLUMNS = tuple(field.name for field in FIELDS)


def dictionary() -> Dictionary:
    """What the columns mean."""
    columns: list[Column] = [{"column": name, "type": kind, "about": about} for name, kind, about in FIELDS]
    return {
        "files": [site_address(f"/api/v1/export/{name}") for name in FORMATS],
        "made": (
            "Each night; examples, suspended and closed listings are left out. E-mail addresses never are in it, nor "
            "the words of reviews: whoever takes one back must not find it in files that others keep."
        ),
        "terms": "Facts come from the clinics and from the sources named in each row, whose terms hold for them.",
        "columns": columns,
    }


def rows() -> Iterator[dict[str, Any]]:
    """All published clinics that are not examples, in order of their number; short statements, little memory."""
    last = 0
    while True:
        query = (
            select(Clinic.__table__)
            .where(Clinic.id > last, Clinic.status == PUBLISHED, Clinic.is_example.is_(False))
            .order_by(Clinic.id)
            .limit(_READ)
        )
        found = db.session.execute(query).all()
        ids = [clinic.id for clinic in found]
        origins, scores, held_by, shown = _origins(ids), scores_of(ids), _credentials(ids), healed_at(ids)
        for clinic in found:
            held = scores.get(clinic.id)
            row = _row(clinic, held.shown if held else NONE_SHOWN, *origins.get(clinic.id, ("", "")))
            yield {**row, "results_healed": shown.get(clinic.id, 0), **held_by.get(clinic.id, {})}
        if len(found) < _READ:
            return
        last = found[-1].id


def _origins(clinic_ids: list[int]) -> dict[int, tuple[str, str]]:
    """(source, address) of each clinic's first row in a file."""
    query = (
        select(ClinicSource.clinic_id, ClinicSource.source, ClinicSource.source_url)
        .where(ClinicSource.clinic_id.in_(clinic_ids))
        .order_by(ClinicSource.id)
    )
    first: dict[int, tuple[str, str]] = {}
    for clinic_id, source, address in db.session.execute(query):
        first.setdefault(clinic_id, (source, address))
    return first


def _credentials(clinic_ids: list[int]) -> dict[int, dict[str, Any]]:
    """Of those among the clinics where anything is held: what was checked, as columns."""
    moment = now()
    ids = clinics_with_credentials(clinic_ids, moment.date())
    clinics = list(db.session.scalars(select(Clinic).where(Clinic.id.in_(ids)).order_by(Clinic.id)))
    return {
        number: {
            "strength": held.strength,
            "credential": held.strongest_id,
            "credential_issuer": held.issuer,
            "credential_expires_on": held.expires_on,
            "requirements_met": held.requirements["met"],
            "requirements_missing": held.requirements["missing"],
        }
        for number, held in summaries(clinics, moment).items()
    }


def _row(clinic: Any, rating: Shown, source: str, source_url: str) -> dict[str, Any]:
    made: dict[str, Any] = {name: getattr(clinic, name, None) for name in COLUMNS}
    made.update(
        url=site_address(f"/clinics/{clinic.slug}"),
        approximate=clinic.is_home or clinic.point_precision != "given",
        claimed=clinic.claimed_at is not None,
        score=rating.score,
        reviews=rating.count,
        reviews_counted=rating.counted,
        reviews_healed=rating.healed,
        source=source,
        source_url=source_url,
    )
    for column in ("price_min", "price_max"):
        made[column] = None if made[column] is None else _number(major_units(made[column], clinic.currency))
    if clinic.is_home:
        made.update(address="", address2="", postal_code="")
    return made


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _cell(field: _Field, value: Any) -> str:
    if value is None:
        return ""
    match field.type:
        case "boolean":
            return "1" if value else "0"
        case "number":
            return str(value)
        case "list":
            return guarded(";".join(value))
        case _:
            return guarded(str(value))


def csv_lines(listed: Iterable[dict[str, Any]]) -> Iterator[str]:
    """RFC 4180 with a header; no cell can be taken for a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in listed:
        writer.writerow([_cell(field, row[field.name]) for field in FIELDS])
        if buffer.tell() > 65_536:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def json_lines(listed: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One object a line."""
    for row in listed:
        yield json.dumps(row, ensure_ascii=False) + "\n"


FORMATS: dict[str, tuple[str, Callable[[Iterable[dict[str, Any]]], Iterator[str]]]] = {
    "clinics.csv": ("text/csv", csv_lines),
    "clinics.jsonl": ("application/x-ndjson", json_lines),
}


def made_file(name: str) -> Path | None:
    """The file of last night; None before the first night."""
    settings: Settings = current_app.config["SETTINGS"]
    path = settings.data / FOLDER / name
    return path if path.is_file() else None


def write_files() -> str:
    """Write all formats anew, each appearing whole or not at all; says how many clinics they hold."""
    settings: Settings = current_app.config["SETTINGS"]
    folder = settings.data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, (_kind, lines) in FORMATS.items():
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                counted = _Counted(rows())
                file.writelines(lines(counted))
            os.chmod(temporary, 0o644)
            os.replace(temporary, folder / name)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        count = counted.count
    db.session.rollback()
    return f"{count} clinics in {len(FORMATS)} files"


class _Counted:
    """Counts what passes."""

    def __init__(self, source: Iterator[dict[str, Any]]) -> None:
        self._source = source
        self.count = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for one in self._source:
            self.count += 1
            yield one
