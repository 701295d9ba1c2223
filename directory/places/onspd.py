"""Full British postcodes from an ONS Postcode Directory, for operators who hold the file (Open Government Licence)."""

import csv
from collections.abc import Iterator
from pathlib import Path

from directory.places.packages import BuildFailed
from directory.places.postal import bare, is_british
from directory.places.rows import PostalCode

# The directory's mark for a postcode that has no grid reference.
_NOWHERE = 99.0
_TERRITORIES = {"GY": "GG", "JE": "JE", "IM": "IM"}


def read(path: Path) -> Iterator[PostalCode]:
    """One row a live or ended postcode that has a position. Raises BuildFailed when the columns are not there."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            columns = {name.strip().lower(): name for name in table.fieldnames or ()}
            missing = [name for name in ("pcds", "lat", "long") if name not in columns]
            if missing:
                raise BuildFailed(f"{path.name} has no column {', '.join(missing)}.")
            for row in table:
                key = bare(row[columns["pcds"]] or "")
                try:
                    lat, lon = float(row[columns["lat"]]), float(row[columns["long"]])
                except (TypeError, ValueError):
                    continue
                if is_british(key) and lat < _NOWHERE:
                    yield PostalCode(_TERRITORIES.get(key[:2], "GB"), key, lat, lon, 0, "")
    except (csv.Error, UnicodeDecodeError) as fault:
        raise BuildFailed(f"{path.name} cannot be read as a table: {fault}") from fault
