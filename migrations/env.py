"""Alembic's entry: runs the revisions on the connection that infrastructure.migrating hands over.

The tables of the log are never altered in batch mode, which would recreate them and lose their triggers; read models
are dropped, created and rebuilt. The triggers are put back after every revision.
"""

import sqlalchemy as sa
from alembic import context
from alembic.runtime.migration import MigrationContext

from infrastructure import schema
from infrastructure.log.tables import events
from infrastructure.log.triggers import protect


def _protect(ctx: MigrationContext, *_: object, **__: object) -> None:
    connection = ctx.connection
    if connection is not None and sa.inspect(connection).has_table(events.name):
        protect(connection)


def _run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=schema.metadata,
        compare_type=True,
        compare_server_default=True,
        include_name=lambda name, kind, _: kind != "table" or "__" not in (name or ""),
        on_version_apply=_protect,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
