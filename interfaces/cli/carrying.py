"""`log`: the whole log as JSON lines, out of one installation and into another."""

import sys
from pathlib import Path
from typing import BinaryIO

import click

from application.formats import plural
from interfaces.bootstrap import log_transfer
from interfaces.cli.maintaining import shown_progress
from interfaces.cli.shared import as_json, loaded, print_json

STANDARD = "-"


@click.group()
def log() -> None:
    """Carry the whole log from one installation to another."""


@log.command()
@click.argument("file", default=STANDARD, type=click.Path(dir_okay=False, allow_dash=True))
def export(file: str) -> None:
    """Write the log to FILE, by default standard output, as JSON lines; a running server goes on."""
    with log_transfer(loaded().settings) as tool, shown_progress() as progress:
        if file == STANDARD:
            sys.stdout.buffer.writelines(tool.export(progress))
            return
        tool.write(Path(file), progress)
    click.echo(f"Wrote {file}.")


@log.command(name="import")
@click.argument("file", type=click.File("rb"))
@as_json
def import_(file: BinaryIO, as_json: bool) -> None:
    """Take the log in FILE into this installation, which must be empty: all of it as it is, or nothing."""
    with log_transfer(loaded().settings) as tool, shown_progress() as progress:
        done = tool.take_in(file, progress)
    if as_json:
        print_json({"anchor": done.anchor, "events": done.events, "commands": done.commands})
        return
    click.echo(f"Took in {plural(done.events, 'event')} and {plural(done.commands, 'key')} of commands.")
    click.echo(f"Anchor: {done.anchor}")


COMMANDS = (log,)
