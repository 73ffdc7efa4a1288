"""Which paper has which identifier. Its uniqueness keeps one work from being registered twice."""

from collections.abc import Sequence

import sqlalchemy as sa

from application.ports.event_log import Recorded
from domain.paper import STREAM
from domain.paper_events import identifier_changes
from infrastructure.log.tables import identifiers
from infrastructure.read_models.model import Tables


class Identifiers:
    """The model of the table `identifiers`."""

    name = "identifiers"
    tables = (identifiers,)

    def apply(self, connection: sa.Connection, events: Sequence[Recorded], tables: Tables) -> None:
        """Take and give up identifiers. A taken one raises sqlalchemy.exc.IntegrityError."""
        table = tables(identifiers)
        taken: list[dict[str, str]] = []
        for recorded in events:
            for identifier, takes in identifier_changes(recorded.event):
                row = {"scheme": identifier.scheme.value, "value": identifier.value}
                if takes:
                    taken.append({**row, "paper": recorded.stream.removeprefix(STREAM)})
                    continue
                _insert(connection, table, taken)
                connection.execute(table.delete().where(table.c.scheme == row["scheme"], table.c.value == row["value"]))
        _insert(connection, table, taken)


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, str]]) -> None:
    if rows:
        connection.execute(table.insert(), rows)
        rows.clear()
