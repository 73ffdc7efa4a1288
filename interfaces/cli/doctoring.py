"""`doctor`: what works and what does not, and what to do about it."""

import os
from pathlib import Path

import click

from application.health import Result, State, counts, examine, worst_first
from interfaces.cli.findings import summary, table
from interfaces.cli.shared import as_json, console, print_json
from interfaces.settings import SettingsError, load


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
        console().print(table(worst_first(results)))
        click.echo(summary(found))
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


COMMANDS = (doctor,)
