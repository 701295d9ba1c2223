"""`backup create | restore | drill | look`."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from directory.backup import making
from directory.backup.drill import drill
from directory.backup.looking import look
from directory.backup.restoring import OVERDUE, forget, read_identity, restore
from directory.config import Settings
from directory.db import db, writing
from directory.errors import Refused

FOLDER = click.Path(file_okay=False, path_type=Path)
backup = AppGroup("backup", help="Copies of database and files, and the proof that they come back.")


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


@backup.command("create")
@click.argument("folder", type=FOLDER)
@click.option("--for", "readers", default="", help="Public age keys that can open it; default BACKUP_FOR.")
@click.option("--plain", is_flag=True, help="Not encrypted, although this is production.")
def create(folder: Path, readers: str, plain: bool) -> None:
    """Copy database and files into a new folder below FOLDER while the site runs."""
    settings = _settings()
    try:
        to = [] if plain else making.recipients(readers or settings.backup_for)
        if settings.is_production and not to and not plain:
            raise Refused("Name who can open it (--for, BACKUP_FOR), or say --plain.")
        click.echo(making.create(settings, folder, to))
    except Refused as why:
        raise click.ClickException(str(why)) from why


@backup.command("restore")
@click.argument("folder", type=FOLDER)
@click.option("--identity", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File with the age key.")
@click.option("--other-keys", is_flag=True, help="Although KEK, PSEUDONYM_KEY or LEDGER_KEY is another one.")
def bring_back(folder: Path, identity: Path | None, other_keys: bool) -> None:
    """Bring FOLDER, or the newest backup below it, back into the empty database and data folder that are set."""
    try:
        done = restore(_settings(), folder, read_identity(identity), other_keys=other_keys)
    except Refused as why:
        raise click.ClickException(str(why)) from why
    with writing():
        erased = forget(done)
        db.session.commit()
    for job in OVERDUE:
        job()
    for note in done.notes:
        click.echo(note, err=True)
    held = done.manifest
    click.echo(
        f"Restored the backup of {held.made_at}: {sum(held.rows.values())} rows, {len(held.files)} files, "
        f"{erased} erased accounts forgotten again. Everybody is signed out."
    )
    if done.notes:
        sys.exit(1)


@backup.command("drill")
@click.argument("folder", type=FOLDER)
def practise(folder: Path) -> None:
    """Make a backup, bring it back in an empty place below FOLDER, check it, remove both; prints the times."""
    try:
        done = drill(_settings(), folder)
    except Refused as why:
        raise click.ClickException(str(why)) from why
    for step in done.steps:
        click.echo(step)
    click.echo(f"Made in {done.made_in} s, back in {done.back_in} s.")


@backup.command("look")
def look_at_it() -> None:
    """Ask this site for its pages, as a visitor would; status 1 when one does not answer."""
    wrong = look(current_app._get_current_object())  # type: ignore[attr-defined]
    for line in wrong:
        click.echo(line)
    if wrong:
        sys.exit(1)
    click.echo("every page answers")
