"""The database's own refusal to change the log. Every migration calls `protect` at its end.

SQLite fires no DELETE trigger for the rows that REPLACE removes, so the insert is guarded as well: only the next
position, and only the next version of the stream, can be inserted; neither can replace anything.
"""

import sqlalchemy as sa

PROTECTED = ("events", "commands")
"""Tables whose rows stay as they were inserted."""

_SQLITE_INSERT = """
CREATE TRIGGER IF NOT EXISTS events_append_in_order BEFORE INSERT ON events
BEGIN
    SELECT RAISE(ABORT, 'events: only the next position can be appended')
    WHERE NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM events);
    SELECT RAISE(ABORT, 'events: only the next version of a stream can be appended')
    WHERE NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM events WHERE stream = NEW.stream);
END
"""
_SQLITE_COMMANDS = """
CREATE TRIGGER IF NOT EXISTS commands_no_replace BEFORE INSERT ON commands
BEGIN
    SELECT RAISE(ABORT, 'commands: a key is used once')
    WHERE EXISTS (SELECT 1 FROM commands WHERE key = NEW.key);
END
"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE integrity_constraint_violation USING MESSAGE = TG_TABLE_NAME || ': rows are never changed or removed';
END
$$
"""


def protect(connection: sa.Connection) -> None:
    """Create the triggers that are missing."""
    for statement in _statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def present(connection: sa.Connection) -> frozenset[str]:
    """The names of the protecting triggers that the database has."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    return frozenset(connection.exec_driver_sql(query).scalars()) & required(connection.dialect.name)


def required(dialect: str) -> frozenset[str]:
    """The names of the triggers that must be there."""
    names = {f"{table}_no_{verb}" for table in PROTECTED for verb in ("update", "delete")}
    if dialect == "sqlite":
        return frozenset(names | {"events_append_in_order", "commands_no_replace"})
    return frozenset(names | {f"{table}_no_truncate" for table in PROTECTED})


def _statements(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            _SQLITE_INSERT,
            _SQLITE_COMMANDS,
            *(_sqlite(t, verb) for t in PROTECTED for verb in ("UPDATE", "DELETE")),
        ]
    return [
        _POSTGRES_FUNCTION,
        *(_postgres(table, verb) for table in PROTECTED for verb in ("UPDATE", "DELETE", "TRUNCATE")),
    ]


def _sqlite(table: str, verb: str) -> str:
    return (
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: rows are never changed or removed'); END"
    )


def _postgres(table: str, verb: str) -> str:
    return (
        f"CREATE OR REPLACE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
