"""One import from file to listings: opening, the country that rows without one are in, and its two halves."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from directory.clinics.importing.columns import ColumnMap, Layout, read_mapping
from directory.clinics.importing.duplicates import Listings, Pair, find_pairs, read_listings
from directory.clinics.importing.encodings import FileUnusable
from directory.clinics.importing.points import Locator, Placing, country_at
from directory.clinics.importing.reader import Table, open_table
from directory.clinics.importing.rows import RowCheck, pick, plain_point
from directory.clinics.importing.writer import FLAGGED, Batch, Importer, Origin, Outcome
from directory.places import countries
from directory.words import name_key, visible

SURVEY_ROWS = 2_000
SOURCE_LIMIT = 120


@dataclass(frozen=True)
class Wishes:
    """What the operator said beside the file's name; blank where nothing was said."""

    source: str = ""
    mapping: Path | None = None
    country: str = ""
    encoding: str = ""
    site_country: str = ""


class Intake:
    """A file opened and ready to be taken in. Raises FileUnusable from the constructor, before anything is written."""

    def __init__(self, session: Session, gazetteer: Locator, path: Path, wishes: Wishes) -> None:
        mapping = read_mapping(wishes.mapping) if wishes.mapping else ColumnMap()
        self.table = open_table(path, mapping.knows, encoding=wishes.encoding)
        self._layout = Layout(self.table.header, mapping)
        self.country, self.country_why = _default_country(self.table, self._layout, wishes)
        named = wishes.source or mapping.source
        self.source = visible(named or path.stem, limit=SOURCE_LIMIT) or "file"
        origin = Origin(self.source, visible(path.name, limit=200), bool(named))
        check = RowCheck(Placing(gazetteer), self.country)
        self._session = session
        self.importer = Importer(session, self.table, self._layout, check, origin, salt=self.country)
        self._planned = Listings()

    def plan(self, batch: Batch) -> None:
        """The dry run's half of `importer.write`: outcomes as they would be, and the rows kept for comparison."""
        self.importer.plan(batch)
        added = {outcome.line for outcome in batch.outcomes if outcome.action == "added"}
        for row in batch.checked:
            if row.picked.line in added:
                facts = row.facts
                self._planned.add(
                    -row.picked.line,
                    name_key=name_key(facts["name"])[:200],
                    lat=facts["lat"],
                    lon=facts["lon"],
                    exact=facts["point_precision"] == "given",
                    country=facts["country"],
                    postal_code=facts.get("postal_code", ""),
                    city_key=name_key(facts.get("city", ""))[:120],
                    phone=facts.get("phone", ""),
                    host=facts.get("website_host", ""),
                )

    def pairs(self) -> list[Pair]:
        """Listings of this file that may be the same place as another, of this file or not."""
        listings = read_listings(self._session)
        self._session.rollback()
        listings.extend(self._planned)
        return find_pairs(listings, [*self.importer.lines_by_clinic, *self._planned.keys])

    def flags(self, pairs: list[Pair], slugs: dict[int, str]) -> list[Outcome]:
        """Report lines for pairs: on the line of the later row, naming the other listing."""
        lines = self.importer.lines_by_clinic
        found = []
        for first, second, reasons in pairs:
            (line, _), (other_line, other) = sorted(
                ((lines.get(key, max(0, -key)), key) for key in (first, second)), reverse=True
            )
            named = slugs.get(other) or f"line {other_line}"
            found.append(
                Outcome(
                    line,
                    FLAGGED,
                    [f"may be the same place as {named}: {', '.join(reasons)}"],
                    slugs.get(first if other == second else second, ""),
                )
            )
        return found


def _default_country(table: Table, layout: Layout, wishes: Wishes) -> tuple[str, str]:
    """(ISO alpha-2 or "", why in words): what is said, else where the file's points are, else the site's country.

    Raises FileUnusable when the operator names a country that is none.
    """
    if wishes.country:
        code = countries.code_of(wishes.country[:80])
        if not code:
            raise FileUnusable(f"no country is called {wishes.country[:40]!r}")
        return code, ""
    if layout.has_country:
        return wishes.site_country, ""
    votes: Counter[str] = Counter()
    for line, cells, fault in islice(table.rows(), SURVEY_ROWS):
        point = None if fault else plain_point(pick(line, cells, layout, spreadsheet=True, salt="").texts)
        if point and (code := country_at(*point)):
            votes[code] += 1
    if votes:
        code, count = votes.most_common(1)[0]
        if count > 0.8 * votes.total():
            return code, f"the file names no country; its points lie in {countries.name(code)}"
    if wishes.site_country:
        return wishes.site_country, f"the file names no country; {countries.name(wishes.site_country)} is the site's"
    return "", ""
