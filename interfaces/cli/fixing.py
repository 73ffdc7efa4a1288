"""`diagnose emergency-stop` and `diagnose quick-fix`: stop everything, whatever state the installation is in."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from application.emergency import Emergency, Outcome, in_words
from application.ports.processes import Ending, Role, ServerProcess
from application.quick_fixing import Fixed, QuickFix
from interfaces.cli.shared import as_json, loaded, person, print_json, printable, somebody_answers
from interfaces.settings import SettingsError, data_folder, read_dotenv

_ENDINGS: Mapping[Ending, str] = {
    Ending.ENDED: "ended in good order",
    Ending.KILLED: "did not obey, and was killed",
    Ending.GONE: "had ended by itself",
    Ending.REFUSED: "is another user's, and was left alone",
    Ending.REMAINS: "cannot be ended, not even by the system: it waits for a disk, as a rule",
}
_QUESTION = "This stops everything, and ends the servers of this installation. Go on?"
reason = click.option("--reason", default="", help="Why; it is kept in the log.")


@click.command(name="emergency-stop")
@reason
@as_json
def emergency_stop(reason: str, as_json: bool) -> None:
    """Stop everything at once, over restarts too, and take papers back; works without the database."""
    with _emergency() as emergency:
        order = emergency.write(reason, person())
        click.echo("The stop file is made; the log is told now.", err=True)
        outcome = emergency.tell(order)
    if as_json:
        print_json(_stop(outcome))
    else:
        _say([outcome.headline.sentence, *in_words(outcome)])


@contextmanager
def _emergency() -> Iterator[Emergency]:
    """The emergency stop; where the settings cannot be read it works by its file alone."""
    from interfaces import bootstrap

    try:
        settings = loaded().settings
    except SettingsError as problem:
        yield bootstrap.emergency_without_settings(problem, data_folder(os.environ, read_dotenv(Path(".env"))))
        return
    with bootstrap.emergency(settings) as emergency:
        yield emergency


@click.command(name="quick-fix")
@reason
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@click.option("--reset", is_flag=True, help="End the emergency stop afterwards.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@click.pass_context
def quick_fix(ctx: click.Context, reason: str, dry_run: bool, reset: bool, yes: bool, as_json: bool) -> None:
    """Stop everything, and end this installation's own servers, so that they can be started anew with new code."""
    from interfaces import bootstrap

    with bootstrap.quick_fix(loaded().settings) as fix:
        alone = fix.left_alone()
        if dry_run:
            _dry_run(fix, alone, as_json, reset=reset)
            return
        if not yes and somebody_answers():
            click.confirm(_QUESTION, abort=True, err=True)
        fixed = fix.run(reason, person(), reset=reset, report=_progress)
    if as_json:
        print_json(_fixed(fixed, alone))
    else:
        _say(_told(fixed, alone))
    ctx.exit(0 if fixed.succeeded else 1)


def _progress(process: ServerProcess, ending: Ending) -> None:
    click.echo(f"{_named(process)} {_ENDINGS[ending]}.", err=True)


def _named(process: ServerProcess) -> str:
    return f"Process {process.pid} (scipaperloader {process.role}, port {process.port})"


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        click.echo(printable(line))


def _dry_run(fix: QuickFix, alone: Sequence[ServerProcess], as_json: bool, *, reset: bool) -> None:
    first, living = fix.emergency.look(), fix.living()
    if as_json:
        processes = [_process(one) | {"ending": None} for one in living]
        print_json(_database(first.condition, first.sentence) | {"dry_run": True, "processes": processes})
        return
    lines = [first.sentence, f"It would stop everything by the file {fix.emergency.path}, and tell the log."]
    lines += [f"It would end: {_named(one)}." for one in living] or ["No server of this installation runs here."]
    lines += [_elsewhere(one) for one in alone]
    lines += ["It would end the emergency stop then."] if reset else []
    _say([*lines, "Nothing was done."])


def _told(fixed: Fixed, alone: Sequence[ServerProcess]) -> list[str]:
    lines = [fixed.stopped.headline.sentence, *in_words(fixed.stopped)[:-1]]
    lines += [f"{_named(process)} {_ENDINGS[ending]}." for process, ending in fixed.endings]
    lines += [] if fixed.endings else ["No server of this installation runs on this machine."]
    lines += [_elsewhere(one) for one in alone]
    lines += _after(fixed)
    return lines


def _elsewhere(process: ServerProcess) -> str:
    return f"{_named(process)} noted itself on {process.host} and was left alone: look there."


def _after(fixed: Fixed) -> list[str]:
    """How to go on."""
    again = f"Start again: `{_start(fixed.endings)}`."
    if fixed.reset is None:
        return [f"{again} The emergency stop holds until `scipaperloader scraper reset`."]
    if not fixed.reset.effect.told:
        return [
            f"The emergency stop could not be ended: {fixed.reset.fault}",
            "It holds until `scipaperloader scraper reset`.",
        ]
    return ["The emergency stop is over.", f"{again} The scraper stays stopped until `scipaperloader scraper start`."]


def _start(endings: Sequence[tuple[ServerProcess, Ending]]) -> str:
    """The command that starts what was ended."""
    roles = {process.role: process.port for process, _ in endings}
    role = Role.RELOADER if Role.RELOADER in roles else next(iter(roles), Role.RUN.value)
    return f"scipaperloader {role}" + (f" --port {roles[role]}" if role in roles else "")


def _database(condition: str, sentence: str) -> dict[str, Any]:
    return {"database": {"condition": condition, "sentence": sentence}}


def _stop(outcome: Outcome) -> dict[str, Any]:
    effect = outcome.effect
    told = {"status": effect.status, "reverted": effect.reverted, "told": effect.told, "fault": outcome.fault}
    return _database(outcome.headline.condition, outcome.headline.sentence) | told | {"stop_file": outcome.stop_file}


def _process(process: ServerProcess) -> dict[str, Any]:
    names = ("pid", "host", "role", "port", "version", "life")
    return {name: getattr(process, name) for name in names}


def _fixed(fixed: Fixed, alone: Sequence[ServerProcess]) -> dict[str, Any]:
    return _stop(fixed.stopped) | {
        "dry_run": False,
        "processes": [_process(process) | {"ending": ending} for process, ending in fixed.endings],
        "left_alone": [_process(process) for process in alone],
        "reset": None if fixed.reset is None else fixed.reset.effect.told,
    }
