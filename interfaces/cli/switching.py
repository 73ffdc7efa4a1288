"""`scraper`: the emergency stop, and its end."""

import click

from application.handling import load, order
from domain import scraper as switch
from domain.scraper import Action
from interfaces.cli.shared import application, person


@click.group()
def scraper() -> None:
    """Use the switch."""


@scraper.command(name="emergency-stop")
@click.option("--reason", default="", help="Why.")
def emergency_stop(reason: str) -> None:
    """Let nothing leave the machine any more, over restarts too, until `reset`."""
    _use(Action.EMERGENCY_STOP, reason)


@scraper.command()
def reset() -> None:
    """End an emergency stop."""
    _use(Action.RESET, "")


def _use(action: Action, reason: str) -> None:
    with application() as app:
        command = switch.Command(action=action, reason=reason)
        order(app.log, switch.DECIDER, switch.STREAM, (command,), person(), f"scraper {action}")
        state, _ = load(app.log, switch.DECIDER, switch.STREAM)
    click.echo(f"The scraper is {state.status}.")


COMMANDS = (scraper,)
