"""Tables of the log. The triggers that protect them are in infrastructure.log.triggers."""

import sqlalchemy as sa

from infrastructure.database import metadata

Position = sa.BigInteger().with_variant(sa.Integer, "sqlite")

events = sa.Table(
    "events",
    metadata,
    sa.Column("position", Position, primary_key=True, autoincrement=False),
    sa.Column("stream", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("type_version", sa.Integer, nullable=False),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("key", sa.Text),
    sa.Column("correlation", sa.Text, nullable=False),
    sa.Column("causation", sa.Text),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.Text, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.UniqueConstraint("stream", "version"),
    sa.Index(None, "correlation", "position"),
    sa.Index(None, "type", "position"),
)
"""One row an event. Times are UTC, ISO 8601 with microseconds; `data` is JSON, hashed and kept as text."""

event_head = sa.Table(
    "event_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", Position, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.Text, nullable=False),
    sa.CheckConstraint("id = 1", name="one_row"),
)
"""The end of the log: the row that every append locks."""

commands = sa.Table(
    "commands",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("first", Position, nullable=False),
    sa.Column("last", Position, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
)
"""What was appended under which idempotency key."""

identifiers = sa.Table(
    "identifiers",
    metadata,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("paper", sa.Text, nullable=False),
)
"""Which paper has an identifier: the guard against one work registered twice."""
