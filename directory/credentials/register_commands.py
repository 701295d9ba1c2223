"""`registers`: official lists are loaded, accepted by a second person, looked up and shown."""

import csv
import sys
from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from directory.accounts.models import User
from directory.accounts.queries import user_by_email
from directory.cases.models import Case
from directory.cases.opening import case_about
from directory.clinics.importing.encodings import FileUnusable
from directory.clinics.importing.exporting import guarded
from directory.credentials import register_jobs, register_loads
from directory.credentials.register_layouts import Layout, read_layout
from directory.credentials.register_lists import Fault, Reading, read_list
from directory.credentials.registers import (
    APPLIED,
    WAITING,
    Register,
    RegisterChange,
    RegisterLoad,
    find,
    load_in_force,
    register_of,
)
from directory.db import db, now, writing
from directory.errors import Refused

EXIT_SOME_REFUSED, EXIT_UNUSABLE, EXIT_WAITS = 1, 2, 3
SHOWN = 10  # refused rows and changes printed; all of them stand in the report and under `show`
RULE = "finding"

# An id may begin with a hyphen, and is no option then.
ANY_ID = {"ignore_unknown_options": True}
registers = AppGroup("registers", help="Official registers: load a list, accept it, look a licence up.")


@registers.command("load")
@click.argument("issuer")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "mapping", type=click.Path(path_type=Path), metavar="FILE.toml", help="In place of the shipped.")
@click.option("--as", "email", default="", metavar="EMAIL", help="The account of whoever loads or accepts it.")
@click.option("--accept", is_flag=True, help="As the second person: this very file, loaded by somebody else, waits.")
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="The day the list is of; today if not said.")
@click.option("--report", type=click.Path(path_type=Path), metavar="FILE", help="CSV: every refused row, and why.")
def load_file(
    issuer: str, file: Path, mapping: Path | None, email: str, accept: bool, dated: date | None, report: Path | None
) -> None:
    """Read FILE, the official list of ISSUER, and put it in force. Loading the same file again changes nothing.

    Ends with 0 when it is in force, 1 when some rows were refused, 2 when the file cannot be used, 3 when it waits
    for a second person.
    """
    try:
        layout = read_layout(issuer, mapping)
        reading = read_list(file, layout)
        if report:
            _write_report(report, reading.faults)
    except FileUnusable as error:
        click.echo(f"Not loaded: {error}.", err=True)
        sys.exit(EXIT_UNUSABLE)
    by = _person(email) if email else None
    listed_on = dated.date() if dated else now().date()  # type: ignore[attr-defined]
    load = _again(layout, reading, by, accept=accept) or _take_in(layout, reading, by, listed_on)
    _say(load, reading.faults)
    sys.exit(EXIT_WAITS if load.state == WAITING else EXIT_SOME_REFUSED if reading.faults else 0)


def _again(layout: Layout, reading: Reading, by: User | None, *, accept: bool) -> RegisterLoad | None:
    """The load that came from this very file already, if there is one: nothing is written twice."""
    with writing():
        register = register_of(layout.issuer)
        known = register_loads.same_load(register, reading, layout) if register else None
        if known is not None and known.state == WAITING and by is not None:
            if accept:
                _decide(known, by, agrees=True)
            else:
                register_loads.name_loader(known, by.id)
        elif accept:
            raise click.ClickException("--accept is for a load of this very file that waits, and needs --as EMAIL.")
        db.session.commit()
    if known is not None and known.state == APPLIED:
        register_jobs.note_found(known.id)
    if known is not None and known.state == APPLIED and not accept:
        click.echo("This very file is in force already; nothing was changed.")
    return known


def _take_in(layout: Layout, reading: Reading, by: User | None, listed_on: date) -> RegisterLoad:
    """Entries in batches, each committed; then one transaction that puts the list in force or holds it."""
    with writing():
        register = register_loads.put_register(layout)
        by_id = by.id if by else None
        load_id = register_loads.begin(register, reading, layout, listed_on=listed_on, by_id=by_id).id
        db.session.commit()
        for _count in register_loads.stage(load_id, reading):
            db.session.commit()
        load = db.session.get_one(RegisterLoad, load_id)
        register_loads.settle(load, reading, today=now().date())
        db.session.commit()
    register_jobs.note_found(load_id)
    return load


def _say(load: RegisterLoad, faults: list[Fault]) -> None:
    numbers = register_loads.counts(load)
    click.echo(f"{load.public_id}: {load.state}, list of {load.listed_on}")
    click.echo(", ".join(f"{name} {count:,}" for name, count in numbers.items()))
    for line in load.why_waiting.splitlines() if load.state == WAITING else []:
        click.echo(f"waits: {line}")
    for fault in faults[:SHOWN]:
        click.echo(f"line {fault.line}{f', column {fault.column}' if fault.column else ''}: {fault.reason}", err=True)
    if len(faults) > SHOWN:
        click.echo(f"… and {len(faults) - SHOWN:,} more refused rows; --report FILE has them all", err=True)
    _print_changes(load, SHOWN)


def _print_changes(load: RegisterLoad, most: int) -> None:
    query = select(RegisterChange).where(RegisterChange.load_id == load.id).order_by(RegisterChange.id).limit(most)
    for change in db.session.scalars(query):
        steps = " → ".join(filter(None, (change.before, change.after)))
        click.echo(f"  {change.kind} {change.number}: {steps}")


def _write_report(path: Path, faults: list[Fault]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as target:
            out = csv.writer(target)
            out.writerow(Fault._fields)
            out.writerows([fault.line, guarded(fault.column), guarded(fault.reason)] for fault in faults)
    except OSError as error:
        raise FileUnusable(f"the report cannot be written to {path}: {error.strerror}") from error


def _person(email: str) -> User:
    user = user_by_email(email)
    if user is None or not user.role_names & set(register_loads.SECOND_PEOPLE):
        raise click.ClickException(f"--as needs an account that is {', '.join(register_loads.SECOND_PEOPLE)}.")
    return user


def _decide(load: RegisterLoad, by: User, *, agrees: bool) -> None:
    """The second person's word, on the case that waits for it."""
    role = next(role for role in register_loads.SECOND_PEOPLE if role in by.role_names)
    found: Case | None = case_about(register_loads.KIND, f"{register_loads.KIND}:{load.public_id}")
    try:
        if agrees:
            register_loads.accept(load, by_id=by.id, role=role, today=now().date())
        else:
            register_loads.refuse(load, role=role)
        if found is not None:
            found.lease_to(by.id)
            words = "accept" if agrees else "refuse"
            said = "Compared with the issuer's own publication, from the command line."
            found.decide(words, rule=RULE, statement=said, by_id=by.id, role=role, two_people=False)
    except Refused as error:
        db.session.rollback()
        raise click.ClickException(str(error)) from error


def _load_called(public_id: str) -> RegisterLoad:
    load = db.session.scalars(select(RegisterLoad).where(RegisterLoad.public_id == public_id)).one_or_none()
    if load is None:
        raise click.ClickException(f"No load is called {public_id[:40]!r}.")
    return load


@registers.command("accept", context_settings=ANY_ID)
@click.argument("load")
@click.option("--as", "email", required=True, metavar="EMAIL", help="The second person's account.")
def accept_load(load: str, email: str) -> None:
    """Put a load in force that waits; whoever loaded it cannot."""
    with writing():
        found = _load_called(load)
        _decide(found, _person(email), agrees=True)
        db.session.commit()
    register_jobs.note_found(found.id)
    _say(found, [])


@registers.command("refuse", context_settings=ANY_ID)
@click.argument("load")
@click.option("--as", "email", required=True, metavar="EMAIL", help="The account of whoever decides.")
def refuse_load(load: str, email: str) -> None:
    """Drop a load that waits; the list in force stays."""
    with writing():
        found = _load_called(load)
        _decide(found, _person(email), agrees=False)
        db.session.commit()
    _say(found, [])


@registers.command("watch")
def watch_now() -> None:
    """Hold every credential that rests on a register against the list in force, as the timetable does each day."""
    click.echo(register_jobs.look_again())


@registers.command("list")
def list_registers() -> None:
    """Every register with its list in force, and what waits."""
    for register in db.session.scalars(select(Register).order_by(Register.issuer_key)):
        load = load_in_force(register.issuer_key)
        state = f"{load.entries:,} entries of {load.listed_on}, {load.active:,} active" if load else "nothing in force"
        click.echo(f"{register.issuer_key}  {register.title}: {state}")
        waiting = select(RegisterLoad).where(RegisterLoad.register_id == register.id, RegisterLoad.state == WAITING)
        for held in db.session.scalars(waiting.order_by(RegisterLoad.id)):
            click.echo(f"    {held.public_id} waits: {held.why_waiting.replace(chr(10), '; ')}")


@registers.command("show", context_settings=ANY_ID)
@click.argument("load")
def show_load(load: str) -> None:
    """One load by its name, or the newest of an issuer: its source, its numbers, all it changed."""
    register = register_of(load)
    newest = select(RegisterLoad).where(RegisterLoad.register_id == register.id) if register else None
    found = (
        db.session.scalars(newest.order_by(RegisterLoad.id.desc()).limit(1)).one_or_none()
        if newest is not None
        else _load_called(load)
    )
    if found is None:
        raise click.ClickException("Nothing was loaded for this issuer.")
    click.echo(f"{found.public_id}: {found.state}, {found.register.title}, list of {found.listed_on}")
    click.echo(f"source {found.source_url or 'not said'}; licence {found.licence or 'not said'}; sha256 {found.sha256}")
    click.echo(", ".join(f"{name} {count:,}" for name, count in register_loads.counts(found).items()))
    for line in found.why_waiting.splitlines():
        click.echo(f"was held: {line}")
    _print_changes(found, 1_000_000)


@registers.command("find")
@click.argument("issuer")
@click.option("--number", default="", help="As it stands on the licence.")
@click.option("--name", default="", help="Of the holder; a name alone never proves anything.")
@click.option("--place", default="", help="A town.")
def find_entry(issuer: str, number: str, name: str, place: str) -> None:
    """Entries of the list in force that may be meant, with what agrees and what does not."""
    found = find(issuer, number=number, name=name, place=place)
    for one in found:
        click.echo(f"{one.entry.number}  {one.entry.name}, {one.entry.city}: {one.standing}. {one.finding.words}")
        if one.link:
            click.echo(f"    {one.link}")
    if not found:
        click.echo("Nothing found.")
        sys.exit(1)
