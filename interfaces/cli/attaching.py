"""`attach`, `accept`, `reject`: a paper's file from a person's hands, and a person's verdict on one."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click

from application.attaching import Attached
from application.standing import standing
from interfaces.cli.processing import name, row_named
from interfaces.cli.shared import application, as_json, person, print_json, printable
from interfaces.container import Container

_CHUNK = 1024 * 1024


@click.command()
@name
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--anyway", is_flag=True, help="Also if the check does not prove that the file is the paper.")
@as_json
def attach(name: str, file: Path, anyway: bool, as_json: bool) -> None:
    """Give a paper its PDF by hand: FILE is checked and copied into the library."""
    with application() as app:
        paper = row_named(app, name).id
        with app.at_work():
            upload = app.dropped.keep(_chunks(file))
            attached = app.matching.hand_over(upload, file.name, paper, person(), anyway=anyway)
        _tell(app, paper, as_json, attached)


@click.command()
@name
@as_json
def accept(name: str, as_json: bool) -> None:
    """Say that a doubtful file is the paper."""
    with application() as app:
        paper = row_named(app, name).id
        app.judging.accept(paper, person())
        _tell(app, paper, as_json)


@click.command()
@name
@as_json
def reject(name: str, as_json: bool) -> None:
    """Say that a doubtful file is not the paper: it is removed, and its copy is not tried again."""
    with application() as app:
        paper = row_named(app, name).id
        app.judging.reject(paper, person())
        _tell(app, paper, as_json)


def _chunks(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as content:
            yield from _pieces(content)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror or error}.") from error


def _pieces(content: BinaryIO) -> Iterator[bytes]:
    while piece := content.read(_CHUNK):
        yield piece


def _tell(app: Container, paper: str, as_json: bool, attached: Attached | None = None) -> None:
    row = row_named(app, paper)
    evidence = list(attached.checked.evidence) if attached and attached.checked else []
    if as_json:
        told = {"id": row.id, "status": row.status, "cause": row.cause, "file": row.file_path}
        print_json({**told, "checked": evidence} if attached else told)
        return
    click.echo(f"{printable(row.title or row.doi or 'The paper')}: {row.status}.")
    click.echo(printable(standing(row).sentence))
    if attached and attached.position is None:
        click.echo("It had this very file already.")
    elif evidence:
        click.echo(printable(f"The check: {'; '.join(evidence)}."))


COMMANDS = (attach, accept, reject)
