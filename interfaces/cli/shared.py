"""What every command needs: the application, output for people or programs, errors in one sentence."""

import json
import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import click
from attrs import frozen
from rich.console import Console

from application.handling import Actor
from domain.errors import SciPaperLoaderError
from interfaces.container import Container
from interfaces.settings import COMMAND_LINE, PREFIX, Origins, Settings, load

UNBROKEN = 1_000
"""Columns of a line that programs read."""

_GIVEN = f"{__name__}.given"

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


@frozen(kw_only=True)
class Loaded:
    """The settings as a command sees them, and where they came from."""

    settings: Settings
    origins: Origins


class Group(click.Group):
    """A group that puts our errors into one sentence on standard error, with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except SciPaperLoaderError as error:
            click.echo(f"{click.style('Error:', fg='red')} {printable(error.message)}", err=True)
            if error.remedy:
                click.echo(printable(error.remedy), err=True)
            ctx.exit(1)


def printable(text: str) -> str:
    """The text on one line, without what a terminal would obey."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def give(ctx: click.Context, name: str, value: object) -> None:
    """Put what an option says of a setting above everything else, also for processes that are started."""
    os.environ[PREFIX + name.upper()] = str(value)
    ctx.meta.setdefault(_GIVEN, set()).add(name)


def is_given(name: str) -> bool:
    """Whether an option of this command gave a setting."""
    return name in _given()


def _given() -> Collection[str]:
    context = click.get_current_context(silent=True)
    return context.meta.get(_GIVEN, set()) if context else ()


def _give_data_dir(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        give(ctx, "data_dir", value)


with_data_dir = click.option(
    "--data-dir",
    metavar="FOLDER",
    type=click.Path(file_okay=False),
    expose_value=False,
    callback=_give_data_dir,
    help="Folder of database, settings and files; default: SCIPAPERLOADER_DATA_DIR, else this user's data folder.",
)


def loaded() -> Loaded:
    """Read the settings."""
    settings, origins = load()
    return Loaded(settings=settings, origins=origins.said_by(COMMAND_LINE, _given()))


@contextmanager
def application() -> Iterator[Container]:
    """The application of the settings, closed at the end."""
    from interfaces.bootstrap import container

    found = loaded()
    with container(found.settings, found.origins, dict(os.environ)) as built:
        yield built


def person() -> Actor:
    """The person at the terminal, by their name on this machine."""
    try:
        import getpass

        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return Actor(name=f"{name} (terminal)", is_person=True)


def print_json(data: object) -> None:
    """One JSON document on a line of its own."""
    click.echo(json.dumps(data, ensure_ascii=False, default=str))


def console() -> Console:
    """A console on standard output that takes text as it is; where that is no terminal, lines are not broken."""
    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else UNBROKEN)


def somebody_answers() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty()


def is_terminal() -> bool:
    """Whether somebody watches."""
    return sys.stderr.isatty()
