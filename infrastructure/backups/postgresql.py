"""PostgreSQL: its own programs make the copy and put it back; the present tables are set aside in a schema."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from attrs import frozen
from psycopg.conninfo import make_conninfo

from application.ports.maintenance import BackupNotPossible, RestoreNotPossible
from infrastructure import migrating
from infrastructure.backups.facts import Facts, facts_of
from infrastructure.backups.manifest import stamp
from infrastructure.database import Database, let_idle, metadata

DUMP, RESTORE = "pg_dump", "pg_restore"
_VERSION = re.compile(r"\(PostgreSQL\) ((\d+)\S*)")
_KEPT_BACK = frozenset({"context", "password", "sslpassword"})
"""Parameters of a connection that are not written where other users of the machine can read them, or are no text."""
_TABLES = sa.text("""
    SELECT relname FROM pg_class AS tables
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT EXISTS
        (SELECT 1 FROM pg_depend WHERE objid = tables.oid AND deptype = 'e')
    ORDER BY relname
""")
"""The tables of the schema, without those of extensions."""
_FUNCTION = "refuse_change()"


@frozen
class Program:
    """One of PostgreSQL's client programs."""

    path: str
    version: str
    major: int

    def run(self, database: Database, *arguments: str) -> str:
        """Run it on the database; returns what it complained of, "" where it did its work."""
        password = database.url.password or database.url.query.get("password")
        secret = {"PGPASSWORD": str(password)} if password else {}
        command = [self.path, f"--dbname={_address(database)}", "--no-password", *arguments]
        ended = subprocess.run(  # noqa: S603 (a program that the administrator names)
            command, env={**os.environ, **secret}, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        said = ended.stderr.decode(errors="replace").strip()
        return "" if ended.returncode == 0 else said or f"it ended with {ended.returncode}"


def program(name: str, dump: str) -> Program | None:
    """The program, None where it is missing; `dump` is the path of pg_dump, "" for the one that the system finds."""
    beside = str(Path(dump).with_name(name)) if dump else name
    path = shutil.which(dump if dump and name == DUMP else beside)
    if path is None:
        return None
    told = subprocess.run([path, "--version"], capture_output=True, check=False).stdout.decode(errors="replace")  # noqa: S603
    found = _VERSION.search(told)
    return Program(path, found[1], int(found[2])) if found else None


def dump(database: Database, into: Path, dump_program: str) -> tuple[Facts, str, str]:
    """Copy the tables into a file, while others write; what is in it, pg_dump's version, and the schema's name.

    The dump is made in the snapshot that the facts were asked in. Raises BackupNotPossible.
    """
    with database.read() as connection:
        let_idle(connection)
        facts = facts_of(connection)
        tool = _dumping(connection, dump_program)
        namespace = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        left_out = ["*__*", *map(_quoted, _strangers(connection))]
        complaint = tool.run(
            database,
            "--format=custom",
            f"--snapshot={snapshot}",
            f"--schema={_quoted(namespace)}",
            *(f"--exclude-table={_quoted(namespace)}.{name}" for name in left_out),
            f"--file={into}",
        )
    if complaint:
        raise BackupNotPossible(f"pg_dump failed: {_one_line(complaint)}.", remedy="Mend that, and try again.")
    return facts, tool.version, namespace


def check_restoring(database: Database, version: str, namespace: str, dump_program: str) -> Program:
    """The pg_restore that can put a dump of this version in place. Raises RestoreNotPossible."""
    tool = program(RESTORE, dump_program)
    needed = int(version.partition(".")[0])
    if tool is None or tool.major < needed:
        raise RestoreNotPossible(
            f"pg_dump {version} wrote this backup, and {_present(RESTORE, tool)}.",
            remedy=f"Install PostgreSQL's client programs, version {needed} or newer, or name pg_dump in PG_DUMP.",
        )
    with database.read() as connection:
        here = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    if here != namespace:
        raise RestoreNotPossible(
            f"The backup is of the schema {namespace}, and this installation uses the schema {here}.",
            remedy="Set the role's search_path, or carry the log over by `scipaperloader log export` and `log import`.",
        )
    return tool


def put_in_place(database: Database, tool: Program, dumped: Path, namespace: str, moment: datetime) -> tuple[str, ...]:
    """Move the tables, if there are any, into a schema of their own, and put the dump's in their place.

    Returns where the old ones are kept. Raises RestoreNotPossible; then the old ones are back.
    """
    aside = f"before_{stamp(moment).lower()}"
    moved = _set_aside(database, aside)
    try:
        _restore(database, tool, dumped, namespace)
    except BaseException:
        if moved:
            _put_back(database, aside)
        raise
    return (f"the schema {aside} of the database",) if moved else ()


def _restore(database: Database, tool: Program, dumped: Path, namespace: str) -> None:
    how = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", f"--schema={namespace}")
    if complaint := tool.run(database, *how, str(dumped)):
        raise RestoreNotPossible(
            f"pg_restore failed: {_one_line(complaint)}.",
            remedy="The tables are as they were. Mend that, and try again.",
        )


def _dumping(connection: sa.Connection, dump_program: str) -> Program:
    server = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    tool = program(DUMP, dump_program)
    if tool is None or tool.major < server:
        raise BackupNotPossible(
            f"The server is PostgreSQL {server}, and {_present(DUMP, tool)}.",
            remedy=f"Install PostgreSQL's client programs, version {server} or newer, or name pg_dump in PG_DUMP.",
        )
    return tool


def _present(name: str, tool: Program | None) -> str:
    return f"{tool.path} is {name} {tool.version}" if tool else f"there is no {name}"


def _set_aside(database: Database, aside: str) -> bool:
    try:
        with database.write() as connection:
            strangers = _strangers(connection)
            names = [name for name in connection.execute(_TABLES).scalars() if name not in strangers]
            if names:
                connection.exec_driver_sql(f"CREATE SCHEMA {aside}")
                _move(connection, names, aside)
    except sa.exc.ProgrammingError as error:
        raise RestoreNotPossible(
            f"The present tables cannot be set aside: {_one_line(str(error.orig))}.",
            remedy="Let the owner of the database GRANT CREATE ON DATABASE … TO the role of the application.",
        ) from error
    return bool(names)


def _put_back(database: Database, aside: str) -> None:
    with database.write() as connection:
        namespace = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
        connection.exec_driver_sql(f"SET LOCAL search_path TO {aside}")
        _move(connection, list(connection.execute(_TABLES).scalars()), namespace)
        connection.exec_driver_sql(f"DROP SCHEMA {aside}")


def _move(connection: sa.Connection, names: Sequence[str], namespace: str) -> None:
    """Move tables, with all that belongs to them, and the function of their triggers, to another schema."""
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {_quoted(name)} SET SCHEMA {_quoted(namespace)}")
    if connection.exec_driver_sql(f"SELECT to_regprocedure('{_FUNCTION}')").scalar():
        connection.exec_driver_sql(f"ALTER FUNCTION {_FUNCTION} SET SCHEMA {_quoted(namespace)}")


def _strangers(connection: sa.Connection) -> frozenset[str]:
    """Another program's tables in our schema; where it has another revision, those we do not know may be our own."""
    if migrating.revision_of(connection) != migrating.newest():
        return frozenset()
    ours = {*metadata.tables, "alembic_version"}
    return frozenset(name for name in connection.execute(_TABLES).scalars() if name not in ours and "__" not in name)


def _address(database: Database) -> str:
    """How to reach the database, without what is secret."""
    _, parameters = database.engine.dialect.create_connect_args(database.url)
    return make_conninfo("", **{name: value for name, value in parameters.items() if name not in _KEPT_BACK})


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
