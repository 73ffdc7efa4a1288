"""`scraper`: the switch."""

import click

from application.controlling import Effect
from application.formats import plural
from domain.scraper import Action
from interfaces.cli.shared import application, as_json, loaded, person, print_json

reason = click.option("--reason", default="", help="Why; it is kept in the log.")

_HINT = "It works as long as a server runs: scipaperloader run."
_LATER = "The stop file holds: nothing leaves this machine any more, and the log is told when the database answers."


@click.group()
def scraper() -> None:
    """Use the switch: start, pause, resume and stop the scraper."""


@scraper.command()
@as_json
def start(as_json: bool) -> None:
    """Let the scraper keep the schedule: plan each hour, and download what it planned."""
    _use(Action.START, "", as_json, hint=_HINT)


@scraper.command()
@reason
@as_json
def pause(reason: str, as_json: bool) -> None:
    """Let the scraper rest. The plan of the hour stays; what runs goes back into it."""
    _use(Action.PAUSE, reason, as_json)


@scraper.command()
@as_json
def resume(as_json: bool) -> None:
    """Go on after a pause."""
    _use(Action.RESUME, "", as_json, hint=_HINT)


@scraper.command()
@reason
@as_json
def stop(reason: str, as_json: bool) -> None:
    """Switch the scraper off: every paper that it planned or works on goes back to where it was."""
    _use(Action.STOP, reason, as_json)


@scraper.command(name="emergency-stop")
@reason
@as_json
def emergency_stop(reason: str, as_json: bool) -> None:
    """Let nothing leave the machine any more, over restarts too, until `reset`; works without the database."""
    from interfaces import bootstrap

    with bootstrap.emergency(loaded().settings) as emergency:
        outcome = emergency.stop(reason, person())
    _tell(outcome.effect, as_json)


@scraper.command()
@as_json
def reset(as_json: bool) -> None:
    """End an emergency stop; the scraper is stopped then."""
    _use(Action.RESET, "", as_json)


def _use(action: Action, reason: str, as_json: bool, hint: str = "") -> None:
    with application() as app:
        effect = app.controlling.use(action, reason, person())
    _tell(effect, as_json, hint)


def _tell(effect: Effect, as_json: bool, hint: str = "") -> None:
    if as_json:
        print_json({"status": effect.status, "reverted": effect.reverted, "told": effect.told})
        return
    if not effect.told:
        click.echo(_LATER)
        return
    back = f" {plural(effect.reverted, 'paper')} went back." if effect.reverted else ""
    click.echo(f"The scraper is {effect.status}.{back}")
    if hint:
        click.echo(hint)


COMMANDS = (scraper,)
