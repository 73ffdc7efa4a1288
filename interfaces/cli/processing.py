"""`process`, `retry`, `revert`: one chosen paper."""

import click

from application.queries import PaperRow
from application.standing import standing
from domain.errors import DoesNotExist
from domain.pipeline import Status
from interfaces.cli.reading import LOOK
from interfaces.cli.shared import application, as_json, person, print_json, printable
from interfaces.cli.working import SIGNALLED, interruptible
from interfaces.container import Container

name = click.argument("name", metavar="ID-OR-DOI")


@click.command()
@name
@as_json
@click.pass_context
def process(ctx: click.Context, name: str, as_json: bool) -> None:
    """Look for copies of a paper if need be, and download it, now, whatever the schedule says."""
    with application() as app, interruptible(app) as received:
        actor, paper = person(), _paper(app, name)
        app.processing.check(paper, actor)
        with app.at_work():
            status = app.processing.process(paper, actor)
        _tell(app, paper, as_json)
    ctx.exit(SIGNALLED + received[0] if received else 0 if status is Status.DONE else 1)


@click.command()
@name
@as_json
def retry(name: str, as_json: bool) -> None:
    """Send a paper through the pipeline again, in its turn."""
    with application() as app:
        paper = _paper(app, name)
        app.processing.retry(paper, person())
        _tell(app, paper, as_json)


@click.command()
@name
@as_json
def revert(name: str, as_json: bool) -> None:
    """Take a paper back that is planned or worked on: it goes back to where it was."""
    with application() as app:
        paper = _paper(app, name)
        app.running_jobs.revert_paper(paper, person())
        _tell(app, paper, as_json)


def _paper(app: Container, name: str) -> str:
    return _row(app, name).id


def _row(app: Container, name: str) -> PaperRow:
    if (row := app.papers.find(name)) is None:
        raise DoesNotExist(f"The paper “{name}”", remedy=LOOK)
    return row


def _tell(app: Container, paper: str, as_json: bool) -> None:
    row = _row(app, paper)
    if as_json:
        print_json({"id": row.id, "status": row.status, "cause": row.cause})
        return
    stands = standing(row)
    click.echo(f"{printable(row.title or row.doi or 'The paper')}: {row.status}.")
    click.echo(printable(f"{stands.sentence} {stands.action}".strip()))


COMMANDS = (process, retry, revert)
