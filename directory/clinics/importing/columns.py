"""Which column of a file holds which fact: names in several languages, or a mapping file."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from directory.clinics.importing.encodings import FileUnusable
from directory.words import fold

# The columns of the contract, in its order; export writes exactly these.
COLUMNS = (
    "name",
    "address",
    "address2",
    "city",
    "region",
    "postal_code",
    "country",
    "lat",
    "lon",
    "phone",
    "email",
    "website",
    "opening_hours",
    "goals",
    "price_min",
    "price_max",
    "currency",
    "languages",
    "description",
    "source_id",
    "source_url",
)
# Understood as well: a point in one cell, and a house number in a column of its own.
EXTRA = ("point", "house_number")

# Spellings beside the column's own name, the likelier first; compared without case, accents, spaces and marks.
_SPELLINGS: dict[str, str] = {
    "name": "clinicname businessname organisationname organizationname companyname facilityname hospitalname "
    "practicename sitename clinic business company organisation organization title nom nombre nome naam "
    "bezeichnung firma praxis nazwa namn navn nimi denominacion raisonsociale ragionesociale",
    "address": "address1 addressline1 addressline street streetaddress strasse anschrift adresse adresse1 direccion "
    "calle indirizzo via adres straat rue ulica gata adress addrstreet addressstreet endereco rua",
    "address2": "addressline2 address3 addressline3 address4 addressline4 adresse2 adresszusatz complement "
    "complementadresse suite unit",
    "city": "town cityname townname locality municipality place stadt ort ville commune ciudad localidad poblacion "
    "citta comune plaats woonplaats gemeente miasto stad by cidade addrcity addresscity",
    "region": "county state province stateprovince district bundesland departement provincia regione regio "
    "provincie wojewodztwo lan addrstate addressregion",
    "postal_code": "postcode postalcode zip zipcode postleitzahl plz codepostal cp codigopostal cap codicepostale "
    "kodpocztowy postnummer postnr addrpostcode addresspostalcode",
    "country": "countrycode cc iso2 iso3 countryname pays pais paese staat land kraj addrcountry addresscountry",
    "lat": "latitude latitud latitudine breite breitengrad y ycoord locationlat geolat",
    "lon": "lng long longitude longitud longitudine laenge langengrad laengengrad x xcoord locationlon locationlng "
    "geolon geolng",
    "phone": "tel telephone phonenumber telephonenumber telefon telefono telefoon telefone contactphone mobile "
    "contactphonenumber",
    "email": "emailaddress mail correo courriel epost contactemail",
    "website": "url web site websiteurl homepage webseite webpage sitioweb siteweb sitoweb contactwebsite",
    "opening_hours": "hours openinghours openingtimes oeffnungszeiten offnungszeiten horaires horario orari "
    "openingstijden",
    "goals": "goal treatments treatment services specialties behandlungen soins tratamientos trattamenti",
    "price_min": "pricefrom minprice minimumprice price preis prix precio prezzo prijs preisab prixmin",
    "price_max": "priceto maxprice maximumprice preisbis prixmax",
    "currency": "pricecurrency waehrung wahrung devise moneda valuta currencycode",
    "languages": "language spokenlanguages sprachen langues idiomas lingue talen",
    "description": "about summary beschreibung descripcion descrizione omschrijving opis details",
    "source_id": "id externalid identifier recordid organisationid organizationid facilityid uid ref reference code "
    "organisationcode odscode key",
    "source_url": "sourcelink recordurl permalink",
    "point": "coordinates latlon latlng geopoint geom geometry wkt koordinaten coordonnees",
    "house_number": "housenumber housenr hausnummer huisnummer streetnumber addrhousenumber numero civico",
}
_JOIN = {"name": ", ", "address2": ", ", "description": "\n", "goals": ";", "languages": ";"}


def squeeze(name: str) -> str:
    """A column's name as compared: `Organisation Name` and `organisation_name` are one."""
    return "".join(letter for letter in fold(name) if letter.isalnum())


_KNOWN = {
    squeeze(spelling): (column, rank)
    for column in (*COLUMNS, *EXTRA)
    for rank, spelling in enumerate([column, *_SPELLINGS[column].split()])
}


@dataclass(frozen=True)
class ColumnMap:
    """A mapping file: columns by name, constants, how several columns are joined, and the source's name."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    join: dict[str, str] = field(default_factory=dict)
    source: str = ""

    def knows(self, header: Sequence[str]) -> int:
        """How many cells of a row name a column, by this mapping or by the built-in spellings."""
        named = {squeeze(name) for names in self.columns.values() for name in names}
        return sum(squeeze(cell) in named or squeeze(cell) in _KNOWN for cell in header if cell and len(cell) < 80)


def read_mapping(path: Path) -> ColumnMap:
    """Read a mapping file (its form stands in `maps/README.md`). Raises FileUnusable with what is wrong in it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileUnusable(f"the mapping {path} cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileUnusable(f"the mapping {path.name} is not valid TOML: {error}") from error
    unknown = set(table) - {"source", "columns", "fixed", "join"}
    if unknown:
        raise FileUnusable(f"the mapping {path.name} has unknown parts: {', '.join(sorted(unknown))}")
    return ColumnMap(
        columns={key: _names(path, key, value) for key, value in _part(path, table, "columns").items()},
        fixed={key: str(value) for key, value in _part(path, table, "fixed").items()},
        join={key: str(value) for key, value in _part(path, table, "join").items()},
        source=str(table.get("source", "")),
    )


def _part(path: Path, table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = table.get(name, {})
    if not isinstance(part, dict):
        raise FileUnusable(f"the mapping {path.name}: [{name}] must be a table")
    strange = set(part) - {*COLUMNS, *EXTRA}
    if strange:
        raise FileUnusable(
            f"the mapping {path.name}: [{name}] names {', '.join(sorted(strange))}, "
            f"which is none of {', '.join(COLUMNS)}"
        )
    return part


def _names(path: Path, key: str, value: Any) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise FileUnusable(f"the mapping {path.name}: {key} must be a column's name or a list of them")
    return [name for name in names if name]


class Layout:
    """Where in a row each column of ours is."""

    def __init__(self, header: Sequence[str], mapping: ColumnMap) -> None:
        """Raises FileUnusable when there is no name or no place in the file, saying what it saw."""
        self._mapping = mapping
        self._places = self._find(header)
        fixed = mapping.fixed
        has = {column for column in (*COLUMNS, *EXTRA) if column in self._places or fixed.get(column)}
        placed = {"lat", "lon"} <= has or has & {"point", "postal_code", "city"}
        if "name" not in has or not placed:
            missing = "a name" if "name" not in has else "a place (lat and lon, postal_code, or city)"
            saw = ", ".join(cell[:30] for cell in header[:12] if cell) or "nothing"
            raise FileUnusable(
                f"the header lacks a column for {missing}; it has: {saw}{' …' if len(header) > 12 else ''}"
            )
        self.has_source_id = "source_id" in has
        self.has_country = "country" in has
        self._single = [(column, where[0]) for column, where in self._places.items() if len(where) == 1]
        self._several = [(column, where) for column, where in self._places.items() if len(where) > 1]

    def _find(self, header: Sequence[str]) -> dict[str, list[int]]:
        by_name: dict[str, int] = {}
        for place, cell in enumerate(header):
            by_name.setdefault(squeeze(cell), place)
        found: dict[str, list[int]] = {}
        taken: set[int] = set()
        for column, names in self._mapping.columns.items():
            lost = [name for name in names if squeeze(name) not in by_name]
            if lost:
                raise FileUnusable(
                    f"the mapping names {', '.join(lost)} for {column}, "
                    f"which is no column of the file; it has: {', '.join(header[:20])}"
                )
            if names:
                found[column] = [by_name[squeeze(name)] for name in names]
                taken.update(found[column])
        ranked = sorted(
            (rank, place, column)
            for name, place in by_name.items()
            for column, rank in [_KNOWN.get(name, ("", 0))]
            if column and place not in taken
        )
        for _, place, column in ranked:
            if column in self._mapping.columns:
                continue
            if column not in found:
                found[column] = [place]
            elif column == "address2":
                found[column].append(place)
        return {column: found[column] for column in (*COLUMNS, *EXTRA) if column in found}

    def pick(self, cells: Sequence[str]) -> dict[str, str]:
        """The row's texts by column, blanks left out, constants filled in."""
        picked = {column: cell for column, place in self._single if (cell := cells[place].strip())}
        for column, places in self._several:
            parts = dict.fromkeys(part for place in places if (part := cells[place].strip()))
            if parts:
                picked[column] = self._mapping.join.get(column, _JOIN.get(column, " ")).join(parts)
        if "house_number" in picked:
            picked["address"] = f"{picked.get('address', '')} {picked.pop('house_number')}".strip()
        for column, text in self._mapping.fixed.items():
            picked.setdefault(column, text)
        return picked
