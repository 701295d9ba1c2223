"""Listings back into a file: the columns that import understands, safe to open in a spreadsheet."""

import csv
import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from directory.clinics.importing.columns import COLUMNS
from directory.clinics.importing.encodings import FileUnusable
from directory.clinics.importing.money import major_units
from directory.clinics.models import PUBLISHED, Clinic, ClinicSource

FORMATS = {".csv": ",", ".tsv": "\t", ".json": "", ".jsonl": "", ".geojson": ""}
_READ = 2_000
_NUMBERS = {"lat", "lon", "price_min", "price_max"}
# What a spreadsheet takes for a formula, after any apostrophes that guard it already.
_FORMULA = re.compile(r"^'*[=+\-@\t\r＝＋－＠]")


def guarded(text: str) -> str:
    """The text, an apostrophe before it when a spreadsheet would run it; import takes that one off again."""
    return f"'{text}" if _FORMULA.match(text) else text


def export(session: Session, path: Path, *, source: str = "", examples: bool = False) -> int:
    """Write all published listings, or those of one source, in the format of the file's ending; returns how many.

    The file appears whole or not at all. A home studio has its public point and no street. Raises FileUnusable for
    an unknown ending or a place that cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise FileUnusable(f"{path.name} must end in one of {', '.join(FORMATS)}")
    if path.is_dir():
        raise FileUnusable(f"{path} is a folder, not a file")
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise FileUnusable(f"{path} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            count = _write(file, ending, _listings(session, source, examples))
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return count


def _write(file: IO[str], ending: str, listings: Iterator[dict[str, Any]]) -> int:
    if FORMATS[ending]:
        return _write_delimited(file, FORMATS[ending], listings)
    opening, closing, parting = {
        ".json": ("[\n", "\n]\n", ",\n"),
        ".jsonl": ("", "\n", "\n"),
        ".geojson": ('{"type": "FeatureCollection", "features": [\n', "\n]}\n", ",\n"),
    }[ending]
    file.write(opening)
    count = 0
    for listing in listings:
        shown = _feature(listing) if ending == ".geojson" else listing
        file.write((parting if count else "") + json.dumps(shown, ensure_ascii=False))
        count += 1
    file.write(closing if count or ending != ".jsonl" else "")
    return count


def _write_delimited(file: IO[str], delimiter: str, listings: Iterator[dict[str, Any]]) -> int:
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for listing in listings:
        writer.writerow([_cell(column, listing[column]) for column in COLUMNS])
        count += 1
    return count


def _cell(column: str, value: Any) -> str:
    if value is None:
        return ""
    text = ";".join(value) if isinstance(value, list) else str(value)
    return text if column in _NUMBERS else guarded(text)


def _feature(listing: dict[str, Any]) -> dict[str, Any]:
    properties = {column: value for column, value in listing.items() if column not in {"lat", "lon"}}
    point = {"type": "Point", "coordinates": [listing["lon"], listing["lat"]]}
    return {"type": "Feature", "geometry": point, "properties": properties}


def _listings(session: Session, source: str, examples: bool) -> Iterator[dict[str, Any]]:
    last = 0
    while True:
        query = select(Clinic.__table__).where(Clinic.id > last, Clinic.status == PUBLISHED)
        if not examples:
            query = query.where(Clinic.is_example.is_(False))
        if source:
            query = query.where(Clinic.sources.any(ClinicSource.source == source))
        rows = session.execute(query.order_by(Clinic.id).limit(_READ)).all()
        origins = _origins(session, [row.id for row in rows], source)
        for row in rows:
            yield _listing(row, *origins.get(row.id, (f"clinic-{row.public_id}", "")))
        if len(rows) < _READ:
            return
        last = rows[-1].id


def _origins(session: Session, clinic_ids: list[int], source: str) -> dict[int, tuple[str, str]]:
    """(source_id, source_url) of each clinic's first row, of the source asked for if any."""
    query = select(ClinicSource.clinic_id, ClinicSource.source_id, ClinicSource.source_url).where(
        ClinicSource.clinic_id.in_(clinic_ids)
    )
    if source:
        query = query.where(ClinicSource.source == source)
    found: dict[int, tuple[str, str]] = {}
    for row in session.execute(query.order_by(ClinicSource.id)):
        found.setdefault(row.clinic_id, (row.source_id, row.source_url))
    return found


def _listing(row: Row[Any], source_id: str, source_url: str) -> dict[str, Any]:
    """One listing by the contract's columns; prices as plain numbers in the major unit."""
    listing = {column: getattr(row, column, None) for column in COLUMNS}
    for column in ("price_min", "price_max"):
        units = listing[column]
        listing[column] = None if units is None else major_units(units, row.currency)
    listing.update(source_id=source_id, source_url=source_url)
    if row.is_home:
        listing.update(address="", address2="")
    return listing
