"""`diagnose`: what to look at and what to do when something is stuck; in any state of database and server."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import click
from rich.table import Table

from application.condition import Headline, headline
from application.formats import number, plural
from application.health import Result, State, counts, examine, worst_first
from application.rehearsing import Rehearsal, Rehearsed
from domain.scraper import Action
from interfaces.cli import fixing, menus
from interfaces.cli.findings import summary, table
from interfaces.cli.shared import as_json, console, loaded, print_json, printable
from interfaces.settings import Settings

HUNG_MINUTES = 30
READABLE = ("database", "schema")
"""The checks that must be in order before papers can be read."""
_WITHOUT = "What follows is what can be known nevertheless."


@click.group()
def diagnose() -> None:
    """Find out what is stuck, and stop it: works when the server hangs, and when the database is locked or damaged."""


@diagnose.command(name="check-state")
@as_json
@click.pass_context
def check_state(ctx: click.Context, as_json: bool) -> None:
    """Tell how things stand: scraper, stop file, leader, modules, papers, jobs, this hour."""
    from interfaces import bootstrap

    settings = loaded().settings
    with bootstrap.looks(settings, os.environ) as looks:
        results = examine(looks.state)
    _tell(ctx, settings, results, results, as_json)


@diagnose.command(name="diagnose-scraper")
@click.option("--hung-minutes", default=HUNG_MINUTES, show_default=True, help="A job that runs for longer may hang.")
@as_json
@click.pass_context
def diagnose_scraper(ctx: click.Context, hung_minutes: int, as_json: bool) -> None:
    """Look for everything that can be stuck or does not fit together, each with what to do about it."""
    from interfaces import bootstrap

    settings = loaded().settings
    with bootstrap.looks(settings, os.environ, hung_after=timedelta(minutes=hung_minutes)) as looks:
        results = examine(looks.scraper)
        shown = [one for one in results if one.name in looks.shown or one.state in {State.ERROR, State.WARNING}]
    _tell(ctx, settings, results, worst_first(shown), as_json, _lately)


@diagnose.command(name="inspect-tasks")
@as_json
@click.pass_context
def inspect_tasks(ctx: click.Context, as_json: bool) -> None:
    """Show what runs and what is planned: jobs, imports, rebuilds and exports, and what is due next."""
    from interfaces import bootstrap

    settings = loaded().settings
    with bootstrap.looks(settings, os.environ) as looks:
        results = examine(looks.tasks)
    _tell(ctx, settings, results, results, as_json, _tasks)


@diagnose.command(name="test-reversion")
@click.option("--emergency", is_flag=True, help="Try out an emergency stop, which takes back what people began, too.")
@as_json
@click.pass_context
def test_reversion(ctx: click.Context, emergency: bool, as_json: bool) -> None:
    """Try out a stop in memory: where each paper in transit would go. Nothing is written."""
    from interfaces import bootstrap

    settings = loaded().settings
    with bootstrap.looks(settings, os.environ) as looks:
        results = examine(looks.database)
        if any(one.name in READABLE and one.state is not State.OK for one in results):
            _tell(ctx, settings, results, results, as_json)
            return
        found = looks.rehearsing().rehearse(Action.EMERGENCY_STOP if emergency else Action.STOP)
    if as_json:
        print_json(_common(settings, headline(results)) | _rehearsal(found))
    else:
        _tell_headline(settings, headline(results))
        _show_rehearsal(found)
    ctx.exit(1 if found.wrong else 0)


Details = Callable[[Mapping[str, Result]], object]


def _tell(
    ctx: click.Context,
    settings: Settings,
    results: Sequence[Result],
    shown: Sequence[Result],
    as_json: bool,
    details: Details = lambda _: None,
) -> None:
    """Print how the database is, what is to be shown, and what a command adds to that; end with 1 for an error."""
    found, first = counts(shown), headline(results)
    if as_json:
        checks = [one.as_dict() | {"facts": dict(one.facts)} for one in shown]
        print_json(_common(settings, first) | {"counts": found, "checks": checks})
    else:
        _tell_headline(settings, first)
        console().print(table(shown))
        details({one.name: one for one in shown})
        click.echo(summary(found))
    ctx.exit(1 if found[State.ERROR] else 0)


def _common(settings: Settings, first: Headline) -> dict[str, Any]:
    told = {"condition": first.condition, "sentence": first.sentence, "remedy": first.remedy}
    return {"database": told, "data_dir": settings.data_dir}


def _tell_headline(settings: Settings, first: Headline) -> None:
    click.echo(printable(first.sentence))
    if first.remedy:
        click.echo(printable(first.remedy))
    click.echo(printable(f"Data folder: {settings.data_dir}"))
    if not first.is_ok:
        click.echo(_WITHOUT)


def _lately(found: Mapping[str, Result]) -> None:
    """The last warnings and refusals, one a line."""
    for event in _list(found, "warnings", "events"):
        click.echo(printable(f"{_clock(event['recorded_at'])} UTC  {event['actor']}: {event['text']}"))


def _tasks(found: Mapping[str, Result]) -> None:
    """The jobs and the long work, as tables."""
    if jobs := _list(found, "jobs", "jobs"):
        rows = Table("Job", "Status", "Module", "Due", "Since", "Process", "Paper", box=None, pad_edge=False)
        for job in jobs:
            paper = printable(job["doi"] or job["title"] or job["paper"])
            moments = [_clock(job["due"]), _clock(job["started_at"])]
            rows.add_row(str(job["id"]), job["status"], job["module"], *moments, _process(job), paper)
        console().print(rows)
    if tasks := _list(found, "tasks", "tasks"):
        rows = Table("Task", "Status", "Done", "Of", "Since", box=None, pad_edge=False)
        for task in tasks:
            done = [number(task["done"]), number(task["whole"]) if task["whole"] else ""]
            rows.add_row(printable(task["title"]), task["status"], *done, _clock(task["started_at"]))
        console().print(rows)


def _list(found: Mapping[str, Result], name: str, fact: str) -> list[dict[str, Any]]:
    """A list among the facts of a check; [] where it could not be made."""
    value = found[name].facts.get(fact, []) if name in found else []
    return value if isinstance(value, list) else []


def _clock(moment: str | None) -> str:
    """A moment to the second, in UTC."""
    return moment[:19].replace("T", " ") if moment else ""


def _process(job: dict[str, Any]) -> str:
    if job["status"] != "running":
        return ""
    if job["pid"] is None:
        return "has ended"
    return f"{job['pid']}" if job["alive"] else f"{job['pid']} (has ended)"


def _rehearsal(found: Rehearsal) -> dict[str, Any]:
    names = ("paper", "title", "status", "before", "after", "by_hand", "is_right")
    papers = [{name: getattr(one, name) for name in names} for one in found.papers]
    positions = {"position": found.position, "position_after": found.position_after}
    return {"papers": papers, "wrong": len(found.wrong), **positions}


def _show_rehearsal(found: Rehearsal) -> None:
    if found.papers:
        rows = Table("Paper", "Now", "Before", "After a stop", "", box=None, pad_edge=False)
        for one in found.papers:
            rows.add_row(printable(one.title or one.paper), one.status, one.before, _after(one), _verdict(one))
        console().print(rows)
    back = sum(one.goes_back for one in found.papers)
    click.echo(f"{plural(len(found.papers), 'paper is', 'papers are')} in transit; a stop would take back {back}.")
    if found.wrong:
        click.echo(f"{plural(len(found.wrong), 'paper')} would not be where it was: `scipaperloader rebuild`.")
    others = "" if found.position == found.position_after else f"; others moved it on from {found.position}"
    click.echo(f"Nothing was written: the log stands at {found.position_after}{others or ', as before'}.")


def _after(one: Rehearsed) -> str:
    return one.after if one.goes_back else f"{one.after}, goes on"


def _verdict(one: Rehearsed) -> str:
    if one.is_right:
        return "as it should be"
    return "WRONG: it is not taken back" if not one.goes_back else "WRONG: not where it was"


for command in (fixing.emergency_stop, fixing.quick_fix, menus.menu):
    diagnose.add_command(command)

COMMANDS = (diagnose,)
