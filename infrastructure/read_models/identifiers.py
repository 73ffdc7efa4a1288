"""Which paper has which identifier. Its uniqueness keeps one work from being registered twice."""

from collections.abc import Sequence

import sqlalchemy as sa

from application.ports.event_log import Recorded
from domain.paper import STREAM
from domain.paper_events import identifier_changes
from infrastructure.bulk import insert_rows
from infrastructure.log.tables import identifiers
from infrastructure.read_models.model import Tables


class Identifiers:
    """The model of the table `identifiers`."""

    name = "identifiers"
    tables = (identifiers,)

    def apply(self, connection: sa.Connection, events: Sequence[Recorded], tables: Tables) -> None:
        """Take and give up identifiers. A taken one raises sqlalchemy.exc.IntegrityError."""
        table = tables(identifiers)
        taken: list[tuple[str, str, str]] = []
        for recorded in events:
            for identifier, takes in identifier_changes(recorded.event):
                scheme = identifier.scheme.value
                if takes:
                    taken.append((scheme, identifier.value, recorded.stream.removeprefix(STREAM)))
                    continue
                insert_rows(connection, table, _COLUMNS, taken)
                taken.clear()
                connection.execute(table.delete().where(table.c.scheme == scheme, table.c.value == identifier.value))
        insert_rows(connection, table, _COLUMNS, taken)


_COLUMNS = tuple(column.name for column in identifiers.c)
