"""`diagnose menu`: the diagnostic commands to choose from, for people who do not want to remember names."""

import click
from attrs import frozen

from interfaces.cli.shared import as_json, print_json

_QUIT = frozenset({"q", "quit", "exit"})


@frozen
class Choice:
    """A line of the menu. What changes something is asked for twice."""

    command: str
    words: str
    changes: bool = False
    options: tuple[str, ...] = ()


CHOICES = (
    Choice("check-state", "How things stand"),
    Choice("diagnose-scraper", "Find what is stuck"),
    Choice("inspect-tasks", "What runs, and what is planned"),
    Choice("test-reversion", "Try out a stop, without doing it"),
    Choice("emergency-stop", "Stop everything now", changes=True),
    Choice("quick-fix", "Stop everything, and end this installation's servers", changes=True, options=("--yes",)),
)


@click.command()
@as_json
@click.pass_context
def menu(ctx: click.Context, as_json: bool) -> None:
    """Choose one of these commands from a list, again and again; `q` quits."""
    if as_json:
        print_json({"choices": [{"command": one.command, "words": one.words} for one in CHOICES]})
        return
    while (said := _offered()) is not None and said.lower() not in _QUIT:
        choice = CHOICES[int(said) - 1] if said.isdecimal() and 1 <= int(said) <= len(CHOICES) else None
        if choice is None:
            click.echo(f"There is no choice “{said[:20]}”." if said else "Choose a number, or q.")
        elif not choice.changes or _confirmed(choice):
            _run(ctx, choice)


def _offered() -> str | None:
    """What somebody says to the list of choices; None at the end of the input."""
    click.echo()
    for position, choice in enumerate(CHOICES, start=1):
        click.echo(f"  {position}  {choice.words} ({choice.command})")
    click.echo("  q  Quit")
    return _asked("> ")


def _asked(question: str) -> str | None:
    """A line of input without blanks around it; None at its end."""
    try:
        return input(question).strip()
    except EOFError:
        click.echo()
        return None


def _confirmed(choice: Choice) -> bool:
    said = _asked(f"{choice.words}? Type yes: ")
    return said is not None and said.lower() in {"y", "yes"}


def _run(ctx: click.Context, choice: Choice) -> None:
    """Run the command; however it ends, the menu goes on."""
    root = ctx.find_root()
    try:
        root.command.main(
            ["diagnose", choice.command, *choice.options], prog_name=root.info_name, standalone_mode=False
        )
    except click.ClickException as error:
        error.show()
    except (click.exceptions.Exit, click.Abort, SystemExit):
        return
