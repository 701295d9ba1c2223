"""What an index holds, row by row, and an index that knows nothing yet."""

import numpy as np
from flask import Flask

from directory.clinics.models import Clinic
from directory.config import Settings
from directory.db import db
from directory.search.live import LiveIndex


def clinic_called(name: str) -> Clinic:
    return db.session.scalars(db.select(Clinic).where(Clinic.name == name)).one()


def fresh(app: Flask, settings: Settings, folder: str = "nowhere") -> LiveIndex:
    """An index that knows nothing yet; with a folder of its own unless told to use the installation's."""
    made = LiveIndex(app, settings)
    if folder:
        made._folder = settings.run_folder / folder
    return made


def content(live: LiveIndex) -> list[tuple[object, ...]]:
    """All that an index holds of each clinic, in order of id."""
    rows = []
    for segment in live.current().index.segments:
        part = segment.part
        words: dict[int, set[str]] = {}
        codes, owners = part.names.pairs()
        for code, owner in zip(codes.tolist(), owners.tolist(), strict=True):
            words.setdefault(owner, set()).add(part.names.words[code])
        for row in segment.rows(np.ones(len(part), np.bool_)).tolist():
            facts = tuple(
                getattr(part, name)[row].item()
                for name in ("id", "version", "created", "lat", "lon", "goals", "genders", "price", "flags")
            )
            texts = tuple(part.tables[name][int(getattr(part, name)[row])] for name in part.tables)
            rows.append((*facts, *texts, tuple(sorted(words.get(row, ())))))
    return sorted(rows)
