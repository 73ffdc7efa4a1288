"""`work`: locate and download what is due, now."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

import click
import structlog
from uuid_utils import uuid7

from application.formats import moment, number, plural
from application.handling import on_record
from application.ports.event_log import Origin
from application.queries import PaperFilter
from application.working import Done, Remainder
from domain import scraper as switch
from domain.pipeline import Status
from interfaces.cli.shared import application, as_json, is_terminal, person, print_json
from interfaces.container import Container

logger = structlog.get_logger(__name__)

SIGNALLED = 128
"""Exit code of a command that a signal ended, less the signal's number, as shells have it."""

_NO_CONTACT = "Unpaywall is not asked: it wants a contact address. Give yours in SCIPAPERLOADER_CONTACT_EMAIL."
_UNASKED = "a source could not be asked. They are asked for again; look at the internet connection if this goes on."
_CUT_OFF = "Nothing answers, neither sources nor sites. Look at the internet connection. What is due rests until"
_ELSEWHERE = "If yours is another folder, name it in SCIPAPERLOADER_DATA_DIR."


@click.command()
@click.option("--wait", default=60.0, show_default=True, help="Seconds to wait for papers that are due later.")
@as_json
@click.pass_context
def work(ctx: click.Context, wait: float, as_json: bool) -> None:
    """Locate and download every paper that is due, now.

    A running server may go on: papers and the limits of hosts are shared. Interrupted at any moment, nothing is lost.
    """
    tally: Counter[str] = Counter()
    with application() as app, interruptible(app) as received:
        actor = person()
        origin = Origin(command="work", actor=actor.name, correlation=str(uuid7()))
        with on_record(app.log, switch.STREAM, origin, actor):
            app.working.check()
        if not app.settings.contact_email:
            click.echo(_NO_CONTACT, err=True)
        app.library.unsettled()  # without its library nothing can be kept, and it says so
        with app.at_work(), _bar(app) as advance:
            for step in app.working.work(timedelta(seconds=wait), actor):
                if isinstance(step, Done):
                    tally[step.status.value if step.status else "left to others"] += 1
                    advance(step)
                else:
                    tally["crashed"] += 1
                    logger.error("a step crashed", exc_info=step)
            remainder, rest = app.working.remainder(), app.working.rests()
        counts = {status.value: count for status, count in app.papers.by_status(PaperFilter()).items()}
        unasked = app.papers.count(PaperFilter(statuses=(Status.NEW,), cause="source_unreachable"))
        data = app.settings.data
    if as_json:
        due = remainder.next_due.isoformat() if remainder.next_due else None
        told = {"steps": dict(tally), "waiting": remainder.waiting, "next_due": due, "papers": counts}
        print_json({**told, "rests_until": rest.isoformat() if rest else None})
    else:
        _report(tally, remainder, counts)
        if rest:
            click.echo(f"{_CUT_OFF} {moment(rest)}.")
        if unasked:
            click.echo(f"{plural(unasked, 'paper')}: {_UNASKED}")
        if not counts:
            click.echo(f"No list was imported into the data folder {data} yet. {_ELSEWHERE}")
    ctx.exit(SIGNALLED + received[0] if received else 1 if tally["crashed"] else 0)


@contextmanager
def interruptible(app: Container) -> Iterator[list[int]]:
    """The first Ctrl-C or SIGTERM ends the work in good order, the second at once; yields what was received."""
    received: list[int] = []

    def interrupt(number: int, _: FrameType | None) -> None:
        received.append(number)
        app.stop()
        signal.signal(number, signal.SIG_DFL)
        click.echo("Stopping; once more to stop at once.", err=True)

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _bar(app: Container) -> Iterator[Callable[[Done], None]]:
    if not is_terminal():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    counts = app.papers.by_status(PaperFilter())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        locate = bar.add_task("located", total=counts.get(Status.NEW, 0))
        download = bar.add_task("downloaded", total=counts.get(Status.LOCATED, 0))

        def advance(step: Done) -> None:
            bar.advance(locate if step.paper.status is Status.NEW else download)
            if step.status is Status.LOCATED and step.paper.status is Status.NEW:
                bar.update(download, total=(bar.tasks[download].total or 0) + 1)

        yield advance


def _report(tally: Counter[str], remainder: Remainder, counts: dict[str, int]) -> None:
    steps = ", ".join(f"{number(count)} {name}" for name, count in tally.most_common()) or "nothing was due"
    click.echo(f"Steps: {steps}.")
    click.echo(
        "Papers: " + (", ".join(f"{number(count)} {status}" for status, count in counts.items()) or "none") + "."
    )
    if remainder.next_due:
        waiting = plural(remainder.waiting, "paper waits", "papers wait")
        click.echo(f"{waiting} for a moment of their own, the next one for {moment(remainder.next_due)}.")


COMMANDS = (work,)
