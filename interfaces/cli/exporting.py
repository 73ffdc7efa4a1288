"""`export`: taking papers and their files along."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from application.archiving import ARCHIVE, LISTS, MISSING_FILES, Archive
from application.exporting import FORMATS, anchor_of, exported
from application.formats import plural
from application.queries import PaperFilter
from domain.errors import CommandRefused, SciPaperLoaderError
from domain.pipeline import Status
from interfaces.cli.reading import collection_id
from interfaces.cli.shared import application


@click.command()
@click.option("--format", "form", type=click.Choice([*FORMATS, ARCHIVE]), default="csv", show_default=True)
@click.option("--collection", metavar="NAME", help="Only the papers of this collection.")
@click.option("--status", "statuses", multiple=True, type=click.Choice([one.value for one in Status]))
@click.option("--q", "text", default="", help="Words in title, authors, journal; or an identifier.")
@click.option("--zip", "target", metavar="FILE", help="Write the files of the papers into an archive.")
@click.option("--list", "lists", multiple=True, type=click.Choice(LISTS), help="A list that the archive has too.")
def export(
    form: str, collection: str | None, statuses: Sequence[str], text: str, target: str | None, lists: Sequence[str]
) -> None:
    """Write papers with their files and causes to standard output, and the anchor of the log to standard error."""
    with application() as app:
        chosen = tuple(Status(one) for one in statuses)
        which = PaperFilter(statuses=chosen, text=text, collection=collection_id(app, collection))
        if target is not None or form == ARCHIVE:
            _write(app.archiving.archive(which, lists), target)
            return
        anchor = anchor_of(app.log)
        click.echo(f"Anchor: {anchor}", err=True)
        for line in exported(app.papers, which, FORMATS[form], app.tasks, anchor):
            click.echo(line, nl=False)


def _write(archive: Archive, target: str | None) -> None:
    """Write the archive into a file, which is there when it is whole, or to standard output."""
    if target is None:
        if is_shown():
            raise CommandRefused("An archive is nothing for a terminal.", remedy="Name a file: --zip papers.zip.")
        sys.stdout.buffer.writelines(archive.pieces)
        sys.stdout.buffer.flush()
    else:
        _put(archive, Path(target))
    click.echo(f"Anchor: {archive.anchor}", err=True)
    click.echo(f"{plural(archive.files, 'file is', 'files are')} in the archive.", err=True)
    if archive.missing:
        click.echo(f"{plural(archive.missing, 'is', 'are')} not: see {MISSING_FILES} in it.", err=True)


def is_shown() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def _put(archive: Archive, target: Path) -> None:
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("wb") as file:
            file.writelines(archive.pieces)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise SciPaperLoaderError(f"{target} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)


COMMANDS = (export,)
