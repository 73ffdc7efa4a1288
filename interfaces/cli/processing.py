"""`process`, `retry`, `revert`, `exclude`, `reinstate`, `unavailable`, `requested`: one chosen paper."""

import click

from application.queries import PaperRow
from application.standing import standing
from domain.acts import Act, Action, act
from domain.errors import DoesNotExist
from domain.pipeline import Status
from interfaces.cli.reading import LOOK
from interfaces.cli.shared import application, as_json, person, print_json, printable
from interfaces.cli.working import SIGNALLED, interruptible
from interfaces.container import Container

name = click.argument("name", metavar="ID-OR-DOI")
reason = click.option("--reason", default="", help="Why; it is kept in the log.")


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


@click.command()
@name
@reason
@as_json
def exclude(name: str, reason: str, as_json: bool) -> None:
    """Set a paper aside: the program leaves it alone."""
    _act(name, act(Action.EXCLUDE, reason), as_json)


@click.command()
@name
@as_json
def reinstate(name: str, as_json: bool) -> None:
    """Want an excluded paper again: it goes on where it was."""
    _act(name, act(Action.REINSTATE), as_json)


@click.command()
@name
@reason
@as_json
def unavailable(name: str, reason: str, as_json: bool) -> None:
    """Give a paper up: it is not looked for any more, and a doubtful file is thrown away."""
    _act(name, act(Action.UNAVAILABLE, reason), as_json)


@click.command()
@name
@click.option("--note", default="", help="Where it was asked for; it is kept in the log.")
@as_json
def requested(name: str, note: str, as_json: bool) -> None:
    """Note that a paper was asked for elsewhere, by interlibrary loan for one."""
    _act(name, act(Action.REQUESTED, note), as_json)


def _act(name: str, wanted: Act, as_json: bool) -> None:
    with application() as app:
        paper = _paper(app, name)
        app.acting.act(paper, wanted, person())
        _tell(app, paper, as_json)


def _paper(app: Container, name: str) -> str:
    return row_named(app, name).id


def row_named(app: Container, name: str) -> PaperRow:
    """The paper with this id or identifier. Raises DoesNotExist."""
    if (row := app.papers.find(name)) is None:
        raise DoesNotExist(f"The paper “{name}”", remedy=LOOK)
    return row


def _tell(app: Container, paper: str, as_json: bool) -> None:
    row = row_named(app, paper)
    if as_json:
        print_json({"id": row.id, "status": row.status, "cause": row.cause})
        return
    stands = standing(row)
    click.echo(f"{printable(row.title or row.doi or 'The paper')}: {row.status}.")
    click.echo(printable(f"{stands.sentence} {stands.action}".strip()))


COMMANDS = (process, retry, revert, exclude, reinstate, unavailable, requested)
