"""Small files of clinics for the import tests, and what they leave in the database."""

import csv
from pathlib import Path
from typing import Any

from sqlalchemy import select

from directory.clinics.duplicates import DuplicatePair
from directory.clinics.models import Clinic, ClinicSource
from directory.db import db

LEEDS = {
    "name": "Noor Scalp Studio",
    "address": "1 Park Row",
    "city": "Leeds",
    "postal_code": "LS1 4AP",
    "country": "GB",
    "lat": "53.7986",
    "lon": "-1.5471",
    "source_id": "a1",
}
YORK = {
    "name": "Halden SMP",
    "address": "2 Stonegate",
    "city": "York",
    "postal_code": "YO1 8AW",
    "country": "GB",
    "lat": "53.9614",
    "lon": "-1.0817",
    "source_id": "a2",
}

_PASSING = {"id", "public_id", "clinic_id", "created_at", "imported_at", "changed_at_version", "decided_at"}


def row(like: dict[str, str] = LEEDS, **changes: str) -> dict[str, str]:
    """A row of a file: like another, with some cells changed."""
    return {**like, **changes}


def write_csv(path: Path, *rows: dict[str, str], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=delimiter, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def report_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def dump() -> dict[str, list[Any]]:
    """All that an import writes, by what it says rather than by number or time. Needs an application context."""
    slugs = {clinic.id: clinic.slug for clinic in db.session.scalars(select(Clinic).order_by(Clinic.id))}
    tables: dict[str, list[Any]] = {}
    for model in (Clinic, ClinicSource):
        rows = db.session.execute(select(model.__table__).order_by(model.id)).mappings()
        tables[model.__tablename__] = sorted(
            (
                {
                    "of": slugs[found["id" if model is Clinic else "clinic_id"]],
                    **{key: value for key, value in found.items() if key not in _PASSING},
                }
                for found in rows
            ),
            key=str,
        )
    pairs = db.session.scalars(select(DuplicatePair).order_by(DuplicatePair.id))
    tables["pairs"] = sorted((sorted((slugs[p.first_id], slugs[p.second_id])), p.reasons, p.verdict) for p in pairs)
    db.session.rollback()
    return tables


def clinics() -> list[Clinic]:
    """All listings, oldest first. Needs an application context."""
    return list(db.session.scalars(select(Clinic).order_by(Clinic.id)))
