"""`doctor`: what works and what does not, and what to do about it."""

import os
from collections.abc import Sequence
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from application.formats import number
from application.health import Result, State, counts, examine, worst_first
from interfaces.cli.shared import as_json, console, print_json, printable
from interfaces.settings import SettingsError, load

_COLOURS = {State.ERROR: "bold red", State.WARNING: "yellow", State.OK: "green", State.SKIPPED: "dim"}


@click.command()
@click.option("--online", is_flag=True, help="Ask the network too: names, IPv4 and IPv6.")
@click.option("--strict", is_flag=True, help="End with 1 where there are warnings, too.")
@as_json
@click.pass_context
def doctor(ctx: click.Context, online: bool, strict: bool, as_json: bool) -> None:
    """Check the installation, whatever state it is in; nothing is changed."""
    results = _results(online)
    found = counts(results)
    if as_json:
        print_json({"counts": found, "checks": [one.as_dict() for one in results]})
    else:
        console().print(_table(worst_first(results)))
        click.echo(_summary(found))
    ctx.exit(1 if found[State.ERROR] or (strict and found[State.WARNING]) else 0)


def _results(online: bool) -> tuple[Result, ...]:
    from interfaces import bootstrap, names

    given = names.in_use(os.environ, Path.cwd())
    try:
        settings, origins = load()
    except SettingsError as problem:
        return examine(bootstrap.diagnosis_without_settings(problem, given))
    with bootstrap.diagnosis(settings, origins, os.environ, given, online=online) as checks:
        return examine(checks)


def _table(results: Sequence[Result]) -> Table:
    table = Table("State", "Check", "Found", "What to do", box=None, pad_edge=False)
    for one in results:
        found = printable(f"{one.tested}: {one.value}")
        table.add_row(Text(one.state, style=_COLOURS[one.state]), one.name, found, printable(one.remedy))
    return table


def _summary(found: dict[State, int]) -> str:
    words = {State.ERROR: "wrong", State.WARNING: "to look at", State.OK: "in order", State.SKIPPED: "not tested"}
    return ", ".join(f"{number(found[state])} {word}" for state, word in words.items()) + "."


COMMANDS = (doctor,)
