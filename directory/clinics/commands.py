"""`clinics`: listings from a file and back, and the pairs that may be one place."""

import sys
from contextlib import nullcontext
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from directory.clinics.importing import settling
from directory.clinics.importing.duplicates import NewPairs
from directory.clinics.importing.encodings import FileUnusable
from directory.clinics.importing.exporting import export
from directory.clinics.importing.intake import Intake, Wishes
from directory.clinics.importing.report import Report
from directory.clinics.importing.unfinished import remembered, unfinished
from directory.clinics.importing.writer import REFUSED
from directory.clinics.models import Clinic
from directory.config import Settings
from directory.db import db, writing
from directory.errors import Refused

EXIT_SOME_REFUSED, EXIT_UNUSABLE = 1, 2

clinics = AppGroup("clinics", help="Listings: import, export, duplicates.")
duplicates = AppGroup("duplicates", help="Pairs of listings that may be one place.")
clinics.add_command(duplicates)


@clinics.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", default="", metavar="NAME", help="Whose list this is; the file's name if not said.")
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Which column is what, for headers that are not understood.",
)
@click.option("--country", default="", help="Country of rows that name none.")
@click.option("--encoding", default="", help="Overrules the guess: utf-8, cp1252, utf-16 …")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="One line for each row: CSV, or JSON by its ending.",
)
def import_file(
    file: Path, source: str, mapping: Path | None, country: str, encoding: str, dry_run: bool, report_path: Path | None
) -> None:
    """Take in FILE: CSV, TSV, JSON or GeoJSON in any encoding. Running it again changes nothing.

    Ends with 0 when every row is in, 1 when some were refused, 2 when the file cannot be used.
    """
    settings: Settings = current_app.config["SETTINGS"]
    wishes = Wishes(source, mapping, country, encoding, settings.site_country)
    try:
        intake = Intake(db.session(), current_app.extensions["gazetteer"], file, wishes)
        for line in [] if dry_run else unfinished(settings.run_folder):
            click.echo(line, err=True)
        click.echo(f"{file.name}: {intake.table.form}, rows {intake.table.count:,}, source {intake.source}.")
        if intake.country_why:
            click.echo(f"Country {intake.country}: {intake.country_why}.")
        note = nullcontext() if dry_run else remembered(settings.run_folder, intake.source, file.name)
        with note, Report(report_path) as report:
            _take_in(intake, report, dry_run=dry_run)
            _flag(intake, report, dry_run=dry_run)
    except FileUnusable as error:
        click.echo(f"Not imported: {error}.", err=True)
        sys.exit(EXIT_UNUSABLE)
    for line in report.summary(vanished=intake.importer.vanished()):
        click.echo(line)
    if dry_run:
        click.echo("Dry run: nothing was written.")
    sys.exit(EXIT_SOME_REFUSED if report.sums[REFUSED] else 0)


def _take_in(intake: Intake, report: Report, *, dry_run: bool) -> None:
    """Batch by batch: checked outside the transaction, written and committed in a short one."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=intake.table.count, label="Rows", file=sys.stderr, hidden=hidden) as bar:
        for batch in intake.importer.batches():
            if dry_run:
                intake.plan(batch)
                db.session.rollback()
            else:
                with writing():
                    intake.importer.write(batch)
                    db.session.commit()
            report.add(batch.outcomes)
            bar.update(batch.size)


def _flag(intake: Intake, report: Report, *, dry_run: bool) -> None:
    """Compare the file's listings with all others and record the pairs nobody has put forward before."""
    pairs = NewPairs(db.session(), intake.pairs())
    for part in pairs.batches():
        if dry_run:
            fresh = pairs.unknown(part)
            db.session.rollback()
        else:
            with writing():
                fresh = pairs.write(part)
                db.session.commit()
        ids = {key for pair in fresh for key in pair[:2] if key > 0}
        named = select(Clinic.id, Clinic.slug).where(Clinic.id.in_(ids)).order_by(Clinic.id)
        slugs = {row.id: row.slug for row in db.session.execute(named)}
        db.session.rollback()
        report.add(intake.flags(fresh, slugs))


@clinics.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", default="", metavar="NAME", help="Only listings of this source.")
@click.option("--examples", is_flag=True, help="The invented example listings too.")
def export_file(file: Path, source: str, examples: bool) -> None:
    """Write the published listings to FILE: .csv, .tsv, .json, .jsonl or .geojson."""
    try:
        count = export(db.session(), file, source=source, examples=examples)
    except FileUnusable as error:
        click.echo(f"Not exported: {error}.", err=True)
        sys.exit(EXIT_UNUSABLE)
    click.echo(f"{count:,} listings written to {file}.")


@duplicates.command("list")
@click.option("--all", "all_of_them", is_flag=True, help="Settled ones too.")
def list_duplicates(all_of_them: bool) -> None:
    """Print the pairs that wait for a decision, oldest first."""
    found = settling.pairs(db.session(), all_of_them=all_of_them)
    for pair in found:
        verdict = "" if pair.verdict == "open" else f"  [{pair.verdict}]"
        click.echo(f"{pair.id}: {', '.join(pair.reasons)}{verdict}")
        for side in (pair.first, pair.second):
            place = ", ".join(filter(None, (side.street, side.city, side.postal_code, side.country)))
            click.echo(f"    {side.slug}  ({side.name}; {place})")
    if not found:
        click.echo("No pairs wait for a decision.")


@duplicates.command("settle")
@click.argument("pair_id", type=int, metavar="ID")
@click.argument("verdict", type=click.Choice(["same", "different"]))
@click.option("--keep", default="", metavar="SLUG", help="With same: the listing that stays.")
def settle_duplicate(pair_id: int, verdict: str, keep: str) -> None:
    """Settle pair ID: `same --keep SLUG` closes the other listing, `different` keeps both."""
    try:
        with writing():
            pair = settling.open_pair(db.session(), pair_id)
            if verdict == "different":
                settling.settle_different(pair)
                said = f"Pair {pair_id}: two places; it is not put forward again."
            else:
                kept, closed = settling.settle_same(db.session(), pair, keep)
                said = f"Pair {pair_id}: one place. {kept.slug} stays, {closed.name} is closed and leads there."
            db.session.commit()
    except Refused as error:
        db.session.rollback()
        raise click.ClickException(str(error)) from error
    click.echo(said)
