"""Commands about people: create an account with a role, hand out what is kept, erase."""

import json
import os
from pathlib import Path

import click
from flask.cli import AppGroup

from directory import mail
from directory.accounts.letters import confirmation_link
from directory.accounts.models import User
from directory.accounts.queries import user_by_email
from directory.accounts.registry import erase_person, export_person
from directory.accounts.roles import grant
from directory.db import db, writing
from directory.errors import Refused
from directory.forms import plain_address

accounts = AppGroup("accounts", help="People: create, export, erase.")


def _find(email: str) -> User:
    user = user_by_email(email)
    if user is None:
        raise click.ClickException("There is no account with that address.")
    return user


@accounts.command("create")
@click.argument("email")
@click.option("--role", default="", help="moderator, checker, lead, auditor, operator; editor or owner of a clinic.")
@click.option("--clinic", default="", help="Slug of the clinic, for editor and owner.")
def create(email: str, role: str, clinic: str) -> None:
    """Make an account, or give a role to one that exists. Prints a link to sign in when nobody has yet."""
    address = plain_address(email)
    if address is None:
        raise click.ClickException(f"{email[:80]!r} is not an e-mail address.")
    with writing():
        user = user_by_email(address)
        if user is None:
            user = User(email=address)
            db.session.add(user)
            db.session.flush()
        if role:
            try:
                grant(user, role, clinic)
            except Refused as error:
                raise click.ClickException(str(error)) from error
        link = "" if user.is_confirmed else confirmation_link(user)
        db.session.commit()
    if link:
        click.echo(f"Open this once within 24 hours to choose a password:\n{link}")
    else:
        click.echo("The account is there already" + (f"; it has the role {role} now." if role else "."))


@accounts.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(email: str, yes: bool) -> None:
    """Forget a person everywhere."""
    if not yes:
        click.confirm(f"Erase the account of {email} and all that is kept about it?", abort=True)
    with writing():
        user = _find(email)
        address = user.email
        erase_person(user)
        mail.post("accounts/erased", to=address)
        db.session.commit()
    click.echo("Erased.")


@accounts.command("export")
@click.argument("email")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(email: str, file: Path) -> None:
    """Write all that is kept about a person into FILE as JSON, readable by its owner only."""
    body = json.dumps(export_person(_find(email)), indent=2, ensure_ascii=False)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as target:
        target.write(body + "\n")
    click.echo(f"Written to {file}.")
