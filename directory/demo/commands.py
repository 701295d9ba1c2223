"""Example data by command: `demo load`, `demo clear`."""

import click
from flask import current_app
from flask.cli import AppGroup

from directory.db import db
from directory.demo.crowd import Crowd
from directory.demo.invent import example_clinics
from directory.demo.load import any_clinic, clear, example_count, load, load_credentials, load_pictures, load_reviews
from directory.demo.telling import draw_all
from directory.demo.wordbook import listings
from directory.places.gazetteer import Gazetteer
from directory.reviews.score_jobs import age_scores

MOST = 1_000_000
DEFAULT_SEED = 1
# The biggest towns of the world that the big load spreads clinics over.
TOWNS = 20_000
_EARTH_KM = 20_040.0

demo = AppGroup("demo", help="Example clinics: invented, labelled as invented, and taken away with one command.")


@demo.command("load")
@click.option(
    "--clinics",
    type=click.IntRange(1, MOST),
    default=None,
    help="That many clinics all over the world, for measurement, instead of the small set.",
)
@click.option("--if-empty", is_flag=True, help="Do nothing when the database holds any clinic.")
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="The same seed gives the same clinics.")
def demo_load(clinics: int | None, if_empty: bool, seed: int) -> None:
    """Load example clinics; does nothing when they are there already."""
    session = db.session()
    if if_empty and any_clinic(session):
        click.echo("There are clinics already: nothing was loaded.")
        return
    if there := example_count(session):
        if clinics is not None:
            raise click.ClickException(f"{there:,} example clinics are loaded already. Run `demo clear` first.")
        click.echo(f"{there:,} example clinics are loaded already: nothing was changed.")
        return
    session.rollback()
    if clinics is None:
        drawn = example_clinics(seed)
        total = load(session, [drawn], numbered=False, progress=lambda _: None)
        told = load_reviews(session, drawn, draw_all(drawn, listings(), seed))
        age_scores()
        held = load_credentials(session, seed)
        shown = load_pictures(session, seed)
        click.echo(f"Loaded {held:,} invented credentials.")
        click.echo(f"Drew {shown:,} invented pictures.")
        click.echo(f"Loaded {told:,} invented reviews of them.")
    else:
        gazetteer: Gazetteer = current_app.extensions["gazetteer"]
        crowd = Crowd(gazetteer.towns_around(0.0, 0.0, _EARTH_KM, TOWNS), seed)
        with click.progressbar(length=clinics, label="Example clinics") as bar:
            total = load(session, crowd.chunks(clinics), numbered=True, progress=bar.update)
    click.echo(f"Loaded {total:,} example clinics. `demo clear` takes them away.")


@demo.command("clear")
def demo_clear() -> None:
    """Delete every example clinic and everything that hangs on it."""
    session = db.session()
    there = example_count(session)
    session.rollback()
    with click.progressbar(length=there, label="Example clinics") as bar:
        total = clear(session, bar.update)
    click.echo(f"Deleted {total:,} example clinics.")
