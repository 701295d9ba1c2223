"""Invented official lists in the layouts that real ones have; no name or number in them is anybody's."""

import csv
from collections.abc import Sequence
from pathlib import Path

# fmt: off
CHICAGO = [
    "ID", "LICENSE ID", "ACCOUNT NUMBER", "SITE NUMBER", "LEGAL NAME", "DOING BUSINESS AS NAME", "ADDRESS", "CITY",
    "STATE", "ZIP CODE", "WARD", "PRECINCT", "WARD PRECINCT", "POLICE DISTRICT", "LICENSE CODE",
    "LICENSE DESCRIPTION", "BUSINESS ACTIVITY ID", "BUSINESS ACTIVITY", "LICENSE NUMBER", "APPLICATION TYPE",
    "APPLICATION CREATED DATE", "APPLICATION REQUIREMENTS COMPLETE", "PAYMENT DATE", "CONDITIONAL APPROVAL",
    "LICENSE TERM START DATE", "LICENSE TERM EXPIRATION DATE", "LICENSE APPROVED FOR ISSUANCE", "DATE ISSUED",
    "LICENSE STATUS", "LICENSE STATUS CHANGE DATE", "SSA", "LATITUDE", "LONGITUDE", "LOCATION",
]
# fmt: on

PERSONS = """
issuer = "xx-somewhere"
title = "Register of skin workers (invented)"
kind = "persons"
source_url = "https://register.example.org/"
licence = "invented"
link = "https://register.example.org/holder?no={number}"

[columns]
number = "Registernummer"
name = "Inhaber"
status = "Status"
issued = "Seit"
expires = "Bis"
city = "Ort"
postal_code = "PLZ"

[name]
order = "family given"

[dates]
formats = ["%d.%m.%Y"]
never = ["unbefristet"]

[number]
prefixes = ["SP"]

[status]
"gültig" = "active"
"ruht" = "suspended"
"widerrufen" = "revoked"
"""

PREMISES = """
issuer = "xx-premises"
title = "Premises list (invented)"
kind = "premises"

[file]
delimiter = "|"

[columns]
number = "Ref"
name = "Premises"
other_names = ["Trading as", "Formerly"]
status = "State"
address = ["Street", "Unit"]
city = "Town"
postal_code = "Postcode"
type = "Kind"

[status]
current = "active"
lapsed = "expired"
closed = "inactive"

[filter]
type = "Skin piercing"
"""

FIXED = """
issuer = "xx-fixed"
title = "Fixed-width list (invented)"
kind = "persons"

[file]
form = "fixed"

[columns]
number = [1, 8]
family = [9, 24]
given = [25, 36]
status = [37, 37]
expires = [38, 45]

[dates]
formats = ["%Y%m%d"]

[status]
A = "active"
S = "suspended"
R = "revoked"
"""


def chicago(folder: Path, *rows: dict[str, str], name: str = "licences.csv") -> Path:
    """A file in the layout of Chicago's portal; every row is an active licence with a far end unless told otherwise."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, CHICAGO, restval="")
        out.writeheader()
        for number, row in enumerate(rows):
            out.writerow(
                {
                    "LICENSE NUMBER": str(7_000_000 + number),
                    "LEGAL NAME": f"INVENTED STUDIO {number} LLC",
                    "ADDRESS": f"{number + 1} W EXAMPLE AVE",
                    "CITY": "CHICAGO",
                    "ZIP CODE": "60699",
                    "LICENSE STATUS": "AAI",
                    "LICENSE DESCRIPTION": "Limited Business License",
                    "LICENSE TERM START DATE": "01/16/2026",
                    "LICENSE TERM EXPIRATION DATE": "01/15/2098",
                    "DATE ISSUED": "01/10/2026",
                    **row,
                }
            )
    return path


def text_file(path: Path, lines: Sequence[str], *, encoding: str = "utf-8") -> Path:
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def mapping(folder: Path, text: str) -> Path:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def persons(folder: Path, *rows: str, name: str = "persons.csv") -> Path:
    """A list with the name in one field and days as dd.mm.yyyy; semicolons, a byte order mark."""
    header = "Registernummer;Inhaber;Status;Seit;Bis;Ort;PLZ"
    return text_file(folder / name, [header, *rows], encoding="utf-8-sig")


def person(number: int, name: str = "", status: str = "gültig", until: str = "unbefristet", town: str = "Graz") -> str:
    return f"SP-{number:05};{name or f'Muster{number} Ada'};{status};01.02.2020;{until};{town};8010 Graz"
