"""The reference files: what is asked where, who issues what, read from `reference/*.toml` into the database.

One file per jurisdiction, and a few for training, insurers and professions. Adding a jurisdiction is adding a file: how
an address is known to lie there, its issuers, their papers, its rules, each with source and confidence.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import delete, select

from directory.credentials.issuers import (
    ASPECTS,
    CHECK_PATHS,
    CONFIDENCES,
    RECOGNITIONS,
    SCOPES,
    STATES,
    CredentialType,
    Issuer,
    ReferenceFile,
    Requirement,
)
from directory.credentials.jurisdictions import Address, Jurisdiction, in_order
from directory.db import db

FOLDER = Path(__file__).parent / "reference"
INSPECTION = "inspection"  # a rule may be met by a published inspection instead of a paper
Row = dict[str, Any]

# Key: (what its value must be, whether it must be there).
_TOP = {"jurisdiction": (str, False), "name": (str, True), "within": (str, False), "last_reviewed": (date, True),
        "place": (dict, False), "issuer": (list, False), "type": (list, False), "rule": (list, False)}  # fmt: skip
_PLACE = {"countries": (list, True), "regions": (list, False), "cities": (list, False), "only_in": (list, False),
          "postal_areas": (list, False)}  # fmt: skip
_ISSUER = {"key": (str, True), "name": (str, True), "recognition": (RECOGNITIONS, True), "local": (bool, False),
           "timezone": (str, False), "prefixes": (list, False), "contact_url": (str, False),
           "register_url": (str, False), "deep_link": (str, False), "is_example": (bool, False),
           "closed": (bool, False), "badge_keys": (list, False)}  # fmt: skip
_TYPE = {"key": (str, True), "issuer": (str, True), "scope": (SCOPES, True), "title": (str, True),
         "activity": (str, False), "validity_months": (int, False), "no_expiry_reason": (str, False),
         "has_number": (bool, False), "check_path": (CHECK_PATHS, True), "law": (str, False), "source": (str, True),
         "confidence": (CONFIDENCES, True), "limits": (str, False)}  # fmt: skip
_RULE = {"aspect": (ASPECTS, True), "state": (STATES, True), "title": (str, True), "types": (list, False),
         "law": (str, False), "source": (str, True), "confidence": (CONFIDENCES, True), "note": (str, False),
         "valid_from": (date, False), "valid_to": (date, False)}  # fmt: skip


class ReferenceFault(Exception):
    """A file cannot be used; the message names the file and the key."""


@dataclass
class Reference:
    """What the files say, ready for the tables. `files` holds the fingerprint of each."""

    jurisdictions: list[Jurisdiction] = field(default_factory=list)
    issuers: dict[str, Row] = field(default_factory=dict)
    types: dict[str, Row] = field(default_factory=dict)
    rules: dict[str, Row] = field(default_factory=dict)
    badge_keys: dict[str, list[Row]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @property
    def stamp(self) -> str:
        """Names this state of all files."""
        return hashlib.sha256(repr(sorted(self.files.items())).encode()).hexdigest()[:16]


def _checked(where: str, row: Any, shape: Mapping[str, tuple[Any, bool]]) -> Row:
    if not isinstance(row, dict):
        raise ReferenceFault(f"{where}: must be a table")
    if unknown := sorted(set(row) - set(shape)):
        raise ReferenceFault(f"{where}: {unknown[0]} is not known here")
    for key, (wanted, needed) in shape.items():
        if key not in row:
            if needed:
                raise ReferenceFault(f"{where}: {key} is missing")
            continue
        value = row[key]
        if isinstance(wanted, tuple):
            if value not in wanted:
                raise ReferenceFault(f"{where}: {key} must be one of {', '.join(wanted)}, not {value!r}")
        elif type(value) is not wanted or (wanted is str and needed and not value.strip()):
            raise ReferenceFault(f"{where}: {key} must be {wanted.__name__}, not {value!r}")
    return row


def read(folder: Path = FOLDER) -> Reference:
    """All files of the folder. Raises ReferenceFault for the first thing that is not as it should be."""
    found = Reference()
    for path in sorted(folder.glob("*.toml")):
        _read_file(path, found)
    for key, kind in found.types.items():
        if kind["issuer"] not in found.issuers:
            raise ReferenceFault(f"{kind['file']}: type {key}: issuer {kind['issuer']!r} stands in no file")
    for rule in found.rules.values():
        for name in rule["types"]:
            if name not in found.types and name != INSPECTION:
                raise ReferenceFault(f"{rule['file']}: rule {rule['title']!r}: type {name!r} stands in no file")
    paths = {one.path for one in found.jurisdictions}
    for one in found.jurisdictions:
        if one.within and one.within not in paths:
            raise ReferenceFault(f"{one.path}: within {one.within!r} stands in no file")
    return found


def _read_file(path: Path, found: Reference) -> None:
    content = path.read_bytes()
    found.files[path.name] = hashlib.sha256(content).hexdigest()
    try:
        top = _checked(path.name, tomllib.loads(content.decode()), _TOP)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReferenceFault(f"{path.name}: {error}") from error
    jurisdiction = top.get("jurisdiction", "")
    if jurisdiction:
        place = _checked(f"{path.name}: place", top.get("place"), _PLACE)
        found.jurisdictions.append(Jurisdiction(jurisdiction, top["name"], top.get("within", ""), place))
    for number, row in enumerate(top.get("issuer", []), 1):
        _keep_issuer(f"{path.name}: issuer {number}", row, jurisdiction, found)
    for number, row in enumerate(top.get("type", []), 1):
        where = f"{path.name}: type {number}"
        kind = _checked(where, row, _TYPE)
        _unique(where, kind["key"], found.types)
        found.types[kind["key"]] = {**kind, "last_reviewed": top["last_reviewed"], "file": path.name}
    for number, row in enumerate(top.get("rule", []), 1):
        where = f"{path.name}: rule {number}"
        rule = _checked(where, row, _RULE)
        if not jurisdiction:
            raise ReferenceFault(f"{where}: a rule needs the file's jurisdiction")
        if rule["state"] == "required" and rule["aspect"] != "product" and not rule.get("types"):
            raise ReferenceFault(f"{where}: types is missing: what would meet it?")
        key = f"{jurisdiction}:{rule['aspect']}:{number}"
        more = {"jurisdiction": jurisdiction, "last_reviewed": top["last_reviewed"], "file": path.name}
        found.rules[key] = {"types": [], **rule, **more, "key": key}


def _keep_issuer(where: str, row: Any, jurisdiction: str, found: Reference) -> None:
    issuer = dict(_checked(where, row, _ISSUER))
    _unique(where, issuer["key"], found.issuers)
    if issuer.get("timezone", "UTC") not in available_timezones():
        raise ReferenceFault(f"{where}: timezone {issuer['timezone']!r} is none")
    if (link := issuer.get("deep_link")) and not (link.startswith("https://") and "{number}" in link):
        raise ReferenceFault(f"{where}: deep_link must begin with https:// and hold {{number}}")
    found.badge_keys[issuer["key"]] = keys = issuer.pop("badge_keys", [])
    for key in keys:
        if not isinstance(key, dict) or not {"issuer", "kid", "kty"} <= set(key) or key["kty"] not in {"OKP", "RSA"}:
            raise ReferenceFault(f"{where}: each of badge_keys is a JWK with issuer, kid and kty (OKP or RSA)")
    found.issuers[issuer["key"]] = {**issuer, "jurisdiction": jurisdiction}


def _unique(where: str, key: str, taken: Mapping[str, Row]) -> None:
    if key in taken:
        raise ReferenceFault(f"{where}: key {key!r} stands twice")


@lru_cache(maxsize=1)
def reference() -> Reference:
    """The files shipped with this release, read once a process."""
    return read()


@lru_cache(maxsize=65_536)
def jurisdictions_of(address: Address) -> tuple[Jurisdiction, ...]:
    """The jurisdictions that an address lies in, wider ones first."""
    return tuple(in_order(reference().jurisdictions, address))


def load(found: Reference | None = None) -> list[str]:
    """Bring the tables to what the files say; the names of the files that changed. Idempotent; the caller commits.

    Rules that stand in no file any more go; issuers and kinds of papers stay, because credentials rest on them, and
    are marked closed.
    """
    found = found or reference()
    known = {row.name: row for row in db.session.scalars(select(ReferenceFile).order_by(ReferenceFile.name))}
    changed = [name for name, sha256 in found.files.items() if name not in known or known[name].sha256 != sha256]
    changed += sorted(set(known) - set(found.files))
    if not changed:
        return []
    issuers = {row.key: row for row in db.session.scalars(select(Issuer).order_by(Issuer.id))}
    for key, facts in found.issuers.items():
        issuers[key] = _put(issuers.get(key), Issuer, {"closed": False, **facts})
    for key in set(issuers) - set(found.issuers):
        issuers[key].closed = True
    db.session.flush()
    types = {row.key: row for row in db.session.scalars(select(CredentialType).order_by(CredentialType.id))}
    for key, facts in found.types.items():
        rest = {name: value for name, value in facts.items() if name not in {"issuer", "file"}}
        _put(types.get(key), CredentialType, {**rest, "issuer_id": issuers[facts["issuer"]].id})
    rules = {row.key: row for row in db.session.scalars(select(Requirement).order_by(Requirement.id))}
    for key, facts in found.rules.items():
        rest = {name: value for name, value in facts.items() if name != "file"}
        _put(rules.get(key), Requirement, {"valid_from": None, "valid_to": None, **rest})
    db.session.execute(delete(Requirement).where(Requirement.key.in_(set(rules) - set(found.rules))))
    db.session.execute(delete(ReferenceFile))
    db.session.add_all([ReferenceFile(name=name, sha256=sha256) for name, sha256 in found.files.items()])
    db.session.flush()
    return changed


def _put(row: Any, model: type[Any], facts: Row) -> Any:
    """The row with these facts; what a file leaves out goes back to what a new row has."""
    if row is None:
        row = model(**facts)
        db.session.add(row)
        return row
    for column in model.__table__.columns:
        if column.name in facts:
            setattr(row, column.name, facts[column.name])
        elif column.default is not None and column.default.is_scalar:
            setattr(row, column.name, column.default.arg)
    return row
