"""What checks found, as a table for people."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from application.formats import number
from application.health import Result, State
from interfaces.cli.shared import printable

COLOURS = {State.ERROR: "bold red", State.WARNING: "yellow", State.OK: "green", State.SKIPPED: "dim"}


def table(results: Sequence[Result]) -> Table:
    """The results, in the order in which they are given."""
    table = Table("State", "Check", "Found", "What to do", box=None, pad_edge=False)
    for one in results:
        found = printable(f"{one.tested}: {one.value}")
        table.add_row(Text(one.state, style=COLOURS[one.state]), one.name, found, printable(one.remedy))
    return table


def summary(found: dict[State, int]) -> str:
    """How many there are of each state."""
    words = {State.ERROR: "wrong", State.WARNING: "to look at", State.OK: "in order", State.SKIPPED: "not tested"}
    return ", ".join(f"{number(found[state])} {word}" for state, word in words.items()) + "."
