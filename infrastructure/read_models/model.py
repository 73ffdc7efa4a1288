"""The shape of a read model."""

from collections.abc import Callable, Sequence
from typing import Protocol

import sqlalchemy as sa

from application.ports.event_log import Recorded

STATEMENTS = 256
"""Statements that are kept of a kind: to put one together takes as long as to run it."""
Tables = Callable[[sa.Table], sa.Table]
"""Which table to write to: the live one, or the one that a rebuild fills aside."""


class ReadModel(Protocol):
    """Tables as a function of the log: no clock, no chance, no other table than its own."""

    @property
    def name(self) -> str:
        """What `rebuild` calls it."""
        ...

    @property
    def tables(self) -> tuple[sa.Table, ...]:
        """Every table that it writes."""
        ...

    def apply(self, connection: sa.Connection, events: Sequence[Recorded], tables: Tables) -> None:
        """Take over events, in the order of their positions; events that do not concern it are ignored."""
        ...


def live(table: sa.Table) -> sa.Table:
    """The live table itself."""
    return table
