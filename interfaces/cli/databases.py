"""`db`: the schema of the database, and starting over."""

from datetime import UTC, datetime
from pathlib import Path

import click

from interfaces.bootstrap import schema
from interfaces.cli.shared import as_json, loaded, print_json


@click.group()
def db() -> None:
    """Look after the schema of the database."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Apply the migrations up to REVISION, by default all."""
    with schema(loaded().settings) as tool:
        click.echo(f"The database is at {tool.upgrade(revision)}.")


@db.command()
@click.argument("revision", default="-1")
@click.confirmation_option(prompt="A downgrade can drop tables with everything in them. Go on?")
def downgrade(revision: str) -> None:
    """Back up the database (PostgreSQL: do that yourself) and take back the migrations down to REVISION, or one."""
    settings = loaded().settings
    backup = backup_path(settings.data)
    with schema(settings) as tool:
        anchor = tool.backup(backup)
        reached = tool.downgrade(revision)
    if anchor:
        click.echo(f"The database as it was is kept in {backup} (anchor {anchor}).")
    click.echo(f"The database is at {reached or 'its beginning: it is empty'}.")


@db.command()
@click.option("-m", "--message", required=True, help="What the revision does.")
def revision(message: str) -> None:
    """Write a revision from the differences between code and database."""
    with schema(loaded().settings) as tool:
        click.echo(f"Wrote {tool.revision(message)}. Review it before you apply it.")


@db.command()
@as_json
def current(as_json: bool) -> None:
    """Print the revision of the database, and the one that this version needs."""
    with schema(loaded().settings) as tool:
        found, needed = tool.current()
    if as_json:
        print_json({"current": found, "needed": needed})
        return
    click.echo(f"The database is at {found or 'no revision'}; this version needs {needed}.")


@db.command()
@click.confirmation_option(prompt="This deletes the database: every paper, import and event. Go on?")
def reset() -> None:
    """Back up the database, delete it, and create it anew. Files in the library stay."""
    settings = loaded().settings
    backup = backup_path(settings.data)
    with schema(settings, anew=True) as tool:
        anchor = tool.reset(backup)
    if anchor:
        click.echo(f"The old database is kept in {backup} (anchor {anchor}).")
    click.echo("The database is empty.")


def backup_path(data: Path) -> Path:
    """A new file for a backup, named by the moment."""
    return data / "backups" / f"scipaperloader-{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z.db"


COMMANDS = (db,)
