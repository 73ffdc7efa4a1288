"""`schedule` and `modules`: how many papers a day, in which hours, in which order, and by what."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.table import Table

from application.forecasting import Preview, done_at
from application.formats import local, moment, number, plural
from application.records import change_record, modules_record, preview_record, schedule_record
from application.schedule_wording import ORDERS
from application.scheduling import Change, Painted
from domain.pipeline import MODULES
from domain.schedule import HOURS_OF_DAY, Order, Schedule
from interfaces.cli.shared import application, as_json, console, person, print_json, printable

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

F = TypeVar("F", bound=Callable[..., Any])


def _wanted(command: F) -> F:
    """The options that say how the schedule should be."""
    for option in (
        click.option("--order", help=f"Which papers first: {', '.join(Order)}."),
        click.option("--timezone", help="Whose hours they are: a name like Europe/Berlin."),
        click.option("--weights-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
                     help="The weights from a file; lines that begin with # are left out."),
        click.option("--weights", help="24 numbers from midnight on, or 168 from Monday on, with commas."),
        click.option("--volume", help="Papers a day."),
    ):  # fmt: skip
        command = option(command)
    return command


def _read(
    volume: str | None, weights: str | None, weights_file: Path | None, timezone: str | None, order: str | None
) -> dict[str, object]:
    if weights is not None and weights_file is not None:
        raise click.UsageError("Give --weights or --weights-file, not both.")
    if weights_file is not None:
        lines = weights_file.read_text(encoding="utf-8", errors="replace").splitlines()
        weights = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    given = {"volume": volume, "weights": weights, "timezone": timezone, "order": order}
    return {name: value for name, value in given.items() if value is not None}


@click.group()
def schedule() -> None:
    """Look at the schedule, and change it."""


@schedule.command()
@as_json
def show(as_json: bool) -> None:
    """Show the schedule, what it will do, and who changed it."""
    with application() as app:
        painted, on = app.scheduling.painted(), app.scheduling.modules()
        preview, history = app.forecasting.preview(), app.scheduling.history()
    if as_json:
        print_json({
            **schedule_record(painted),
            "modules": modules_record(on),
            "preview": preview_record(preview),
            "history": [change_record(one) for one in history],
        })  # fmt: skip
        return
    _print_schedule(painted)
    click.echo("Modules: " + ", ".join(f"{name} {'on' if on.runs(name) else 'off'}" for name in MODULES) + ".")
    console().print(_weights(painted.schedule))
    _print_preview(preview, painted.schedule)
    _print_history(history)


@schedule.command(name="set")
@_wanted
@click.option("--expect", type=int, metavar="VERSION", help="Change it only if it has this version still.")
@as_json
def set_(expect: int | None, as_json: bool, **given: Any) -> None:
    """Change the schedule: any of its parts at once."""
    wanted = _read(**given)
    if not wanted:
        raise click.UsageError("Give at least one of --volume, --weights, --weights-file, --timezone, --order.")
    with application() as app:
        before = app.scheduling.painted().version
        painted = app.scheduling.change(wanted, person(), expect)
    if as_json:
        print_json(schedule_record(painted))
        return
    if painted.version == before:
        click.echo("It was so already.")
    _print_schedule(painted)


@schedule.command()
@_wanted
@as_json
def preview(as_json: bool, **given: Any) -> None:
    """Show what would happen with another schedule; nothing is changed."""
    wanted = _read(**given)
    with application() as app:
        imagined = app.scheduling.imagined(wanted)
        found = app.forecasting.preview(imagined)
    if as_json:
        print_json(preview_record(found))
        return
    _print_preview(found, imagined)


def _print_schedule(painted: Painted) -> None:
    found = painted.schedule
    click.echo(
        f"{plural(found.volume, 'paper')} a day, in the hours of {found.timezone}, drawn {ORDERS[found.order]} "
        f"(version {painted.version})."
    )
    if found.pauses:
        click.echo("Paused by the schedule: its volume, or every weight, is 0. Next run: never.")


def _weights(found: Schedule) -> Table:
    """The hours with their weights, and with their shares where every day has the same."""
    weekly = len(found.weights) != HOURS_OF_DAY
    names = [f"{hour:02}:00" for hour in range(HOURS_OF_DAY)]
    if weekly:
        table = Table("Weight", *DAYS, box=None, pad_edge=False)
        for hour, name in enumerate(names):
            table.add_row(name, *(f"{weight:g}" for weight in found.weights[hour::HOURS_OF_DAY]))
        return table
    table = Table("Hour", "Weight", "Share of the day", box=None, pad_edge=False)
    for name, weight, share in zip(names, found.weights, found.shares, strict=True):
        table.add_row(name, f"{weight:g}", f"{share:.1f} %")
    return table


def _print_preview(found: Preview, painted: Schedule) -> None:
    table = Table("From", "At most", "Expected", box=None, pad_edge=False)
    for one in found.hours:
        if one.quota or one.papers:
            table.add_row(local(one.hour.start, painted.timezone), number(one.quota), number(one.papers + one.more))
    if table.row_count:
        click.echo("The next 24 hours:")
        console().print(table)
    following = local(found.next_hour.hour.start, painted.timezone) if found.next_hour else "never"
    click.echo(f"Next hour that takes papers: {following}.")
    click.echo(done_at(found, painted.timezone))
    for sentence in found.basis:
        click.echo(sentence)


def _print_history(history: Sequence[Change]) -> None:
    for line in _told(history):
        click.echo(line)


def _told(history: Sequence[Change]) -> Iterator[str]:
    yield "Changes:" if history else "It was never changed."
    for one in history:
        version = f"version {one.version}" if one.version else ""
        yield f"  {moment(one.at)}  {version:<11} {printable(one.by)}: {printable(one.text)}"


@click.group()
def modules() -> None:
    """Switch the parts of the program on and off."""


@modules.command(name="list")
@as_json
def list_(as_json: bool) -> None:
    """Show which modules are on."""
    with application() as app:
        state = app.scheduling.modules()
    if as_json:
        print_json(modules_record(state))
        return
    for name in MODULES:
        click.echo(f"{name:<10} {'on' if state.runs(name) else 'off'}")


def _switch(name: str, enabled: bool, as_json: bool) -> None:
    with application() as app:
        state = app.scheduling.toggle(name, enabled, person())
    if as_json:
        print_json(modules_record(state))
        return
    click.echo(f"The module “{name}” is {'on' if state.runs(name) else 'off'}.")


@modules.command()
@click.argument("name", type=click.Choice(list(MODULES)))
@as_json
def on(name: str, as_json: bool) -> None:
    """Switch a module on."""
    _switch(name, True, as_json)


@modules.command()
@click.argument("name", type=click.Choice(list(MODULES)))
@as_json
def off(name: str, as_json: bool) -> None:
    """Switch a module off: it takes nothing new; what it has in hand it ends."""
    _switch(name, False, as_json)


COMMANDS = (schedule, modules)
