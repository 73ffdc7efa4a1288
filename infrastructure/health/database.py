"""The database: whether it answers, can be written, is whole, and has the schema of this version."""

import sqlite3
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from application.condition import Condition
from application.formats import listed, size
from application.health import Finding, error, ok, skipped, warning
from infrastructure import filesystem, migrating
from infrastructure.database import Database, DatabaseBusy, DatabaseUnavailable
from infrastructure.filesystem import DatabaseMissing
from infrastructure.health.faults import DAMAGED, LOCKED
from infrastructure.health.holders import Holders, who_holds
from infrastructure.health.place import Place
from infrastructure.log import triggers
from infrastructure.log.tables import event_head

LARGE_JOURNAL = 256_000_000
"""Bytes of a write-ahead log that was not cut for long: usually it is cut at 4 MB."""
INTEGRITY_SECONDS = 20.0
"""How long the quick check may take."""
STEPS = 100_000
"""Of SQLite's machine, between two looks at the clock."""
UNFINISHED = warning(
    f"SQLite's quick check did not end within {INTEGRITY_SECONDS:g} seconds: the file is large.",
    "Run `scipaperloader verify` when there is time for it.",
)


def answers(place: Place) -> Finding:
    """Whether there is a database that can be opened and read.

    Only SQLite opens its file: this process may have the database open already (see filesystem.check_file).
    """
    try:
        file = place.opening.file
    except (ArgumentError, ModuleNotFoundError):
        remedy = "Write sqlite:////path/to/file.db or postgresql://user:password@host/name, or leave it empty."
        return error("DATABASE_URL names no database that can be used.", remedy)
    if file is None:
        return _server(place.opening.database)
    filesystem.check_place(file)
    try:
        if not filesystem.has_content(file, sign=place.memory):
            return skipped("There is none yet: the first command makes it.", kind=Condition.NONE)
    except DatabaseMissing as missing:
        return error(missing.message, missing.remedy, Condition.MISSING)
    try:
        with place.opening.database.read() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    except DatabaseBusy:
        return _locked(place)
    return ok(f"SQLite {sqlite3.sqlite_version}, {file}, {size(file.stat().st_size)}.")


def _server(database: Database) -> Finding:
    with database.read() as connection:
        number = connection.exec_driver_sql("SHOW server_version").scalar_one()
    url = database.url
    return ok(f"PostgreSQL {number}, database {url.database}{f' on {url.host}' if url.host else ''}.")


def schema(place: Place) -> Finding:
    """Whether the database has the schema that this version needs."""
    found, needed = migrating.current(place.opening.database), migrating.newest()
    if found == needed:
        return ok(f"{found}, as this version needs.")
    if not found:
        return skipped("It has no tables yet: the first command makes them.", kind=Condition.NONE)
    if not migrating.knows(found):
        return error(
            f"{found}, which this version does not know: a newer version wrote it. This one needs {needed}.",
            "Install the newer version again, or restore a backup made with this one.",
            Condition.NEWER,
        )
    return error(
        f"{found}, which is older than {needed}, the one that this version needs.",
        "The next start brings it up to date, or `scipaperloader db upgrade`. Copy it before, with everything stopped.",
        Condition.OLDER,
    )


def takes_writes(place: Place) -> Finding:
    """Whether a transaction that writes can begin: one takes the lock, and is taken back."""
    try:
        _take_the_lock(place.opening.database)
    except DatabaseBusy:
        return _locked(place)
    return ok("A transaction that writes can begin.")


def _locked(place: Place) -> Finding:
    """What is known of who holds the lock."""
    file = place.opening.file
    ours = {one.pid: f"scipaperloader {one.role}" for one in place.processes.all() if one.lives}
    held = who_holds(file, ours) if file else Holders()
    if held.writers:
        told = f"It is locked by {listed(held.writers)}, which has been writing for too long."
        return error(told, LOCKED.remedy, LOCKED.condition)
    return LOCKED.found(f"It is open in {listed(held.openers)}." if held.openers else "")


def _take_the_lock(database: Database) -> None:
    with database.write() as connection:
        if database.is_sqlite:  # the lock alone is given for a file that is read-only, too
            number = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            connection.exec_driver_sql(f"PRAGMA user_version = {int(number)}")
        else:
            connection.execute(sa.select(event_head.c.position).with_for_update())
        connection.rollback()


def integrity(place: Place) -> Finding:
    """Whether SQLite finds the file whole, by its quick check, which is broken off where it takes too long."""
    if not place.opening.database.is_sqlite:
        return skipped("PostgreSQL looks after its own files; pg_amcheck examines them.")
    deadline = time.monotonic() + INTEGRITY_SECONDS
    try:
        told = _quick_check(place.opening.database, deadline)
    except DatabaseUnavailable:
        if time.monotonic() < deadline:
            raise
        return UNFINISHED
    return ok("SQLite's quick check found no fault.") if told == "ok" else DAMAGED.found(f"({told})")


def _quick_check(database: Database, deadline: float) -> str:
    with database.read() as connection:
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
        try:
            told = connection.exec_driver_sql("PRAGMA quick_check(1)").scalars().first()
        finally:
            driver.set_progress_handler(None, 0)
    return " ".join(str(told).split())


def journal(place: Place) -> Finding:
    """How large SQLite's write-ahead log is."""
    file = place.opening.file
    if file is None:
        return skipped("PostgreSQL looks after its own log.")
    path = file.with_name(f"{file.name}-wal")
    found = path.stat().st_size if path.exists() else 0
    if found <= LARGE_JOURNAL:
        return ok(f"{size(found)}.")
    return warning(
        f"{size(found)}: a reader that does not end keeps it from being cut.",
        "Start the server anew, and end other programs that read the database; it is cut then.",
    )


def protection(place: Place) -> Finding:
    """Whether the database still refuses changes of the log."""
    database = place.opening.database
    with database.read() as connection:
        required = triggers.required(connection.dialect.name)
        missing = sorted(required - triggers.present(connection))
    if not missing:
        return ok(f"{len(required)} triggers are there.")
    found = error(
        f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} missing: somebody changed the database.",
        "Run `scipaperloader verify`. If it finds nothing else, restore a backup, or ask whoever changed it.",
    )
    again = "Press “Verify”. If it finds nothing else, restore a backup, or ask whoever changed it."
    return found.on_page(again, "/diagnostics#proofs")
