"""`publishers`: whose pages are known, and how they fare."""

import click

from application.publishers import PublisherState
from application.records import publishers_record
from interfaces.cli.shared import application, as_json, print_json


@click.command()
@click.option("--all", "every", is_flag=True, help="Those that no paper has to do with, too.")
@as_json
def publishers(every: bool, as_json: bool) -> None:
    """Show the publishers of your papers: their rules, what proves these, and how their sites answer."""
    with application() as app:
        states = app.publishers.states()
    if as_json:
        print_json(publishers_record(states))
        return
    shown = [state for state in states if every or state.is_met]
    if not shown:
        click.echo("No paper so far. --all shows every publisher that is known.")
        return
    click.echo(f"{'Publisher':<40} {'Papers':>7} {'First copies':>12}  {'Rule':<10}  Good answers")
    for state in shown:
        click.echo(f"{_name(state):<40} {state.papers:>7} {state.copies:>12}  {_rule(state):<10}  {_share(state)}")


def _name(state: PublisherState) -> str:
    return state.publisher.name if state.publisher else "everybody else"


def _rule(state: PublisherState) -> str:
    if state.publisher is None:
        return "none"
    return "left alone" if state.publisher.left_alone else state.publisher.proof.value


def _share(state: PublisherState) -> str:
    return "not asked" if state.share is None else f"{round(100 * state.share)} % of {state.tried}"


COMMANDS = (publishers,)
