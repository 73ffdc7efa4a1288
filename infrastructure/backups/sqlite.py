"""SQLite: a consistent copy while others write, and a copy put in the place of the database."""

import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from application.ports.maintenance import BackupNotPossible, RestoreNotPossible
from infrastructure.backups.facts import Facts, facts_of
from infrastructure.backups.manifest import Content, stamp
from infrastructure.backups.taking import copied
from infrastructure.database import Database
from infrastructure.in_use import refuse_if_open
from infrastructure.library.disk import make_folders, sync_folder

FILES = ("", "-wal", "-shm")
"""What stands behind the name of a database in the names of its files."""


def path_of(database: Database) -> Path:
    """The file of the database."""
    return Path(str(database.url.database))


def backup_sqlite(database: Database, into: Path) -> str:
    """Copy an SQLite database consistently while others write; returns the anchor of the copy."""
    if not database.is_sqlite:
        raise BackupNotPossible("The database is PostgreSQL.", remedy="Use pg_dump, which makes consistent copies.")
    if into.exists():
        raise BackupNotPossible(f"{into} exists already.", remedy="Name another file.")
    partial = into.with_name(into.name + ".partial")
    try:
        make_folders(into.parent)
        partial.unlink(missing_ok=True)
        _copy(path_of(database), partial)
        partial.replace(into)
        sync_folder(into.parent)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise BackupNotPossible(f"The copy failed: {error}.", remedy="Look at the disk, and try again.") from error
    return facts_of_file(into).anchor


def facts_of_file(copy: Path) -> Facts:
    """What a copy is of; the file stays as it is."""
    address = f"{copy.absolute().as_uri()}?mode=ro"
    engine = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=sa.NullPool)
    with engine.connect() as connection:
        return facts_of(connection)


def put_in_place(database: Database, copy: Path, content: Content, moment: datetime) -> tuple[str, ...]:
    """Set the database aside, if there is one, and put the copy in its place; returns where the old one is kept.

    The copy is whole beside the database before that is touched. Raises RestoreNotPossible, InUse.
    """
    path = path_of(database)
    staged = path.with_name(path.name + ".restoring")
    make_folders(path.parent)
    staged.unlink(missing_ok=True)
    if copied(copy, staged) != content:
        raise RestoreNotPossible(f"{copy} changed while it was read.", remedy="Use another backup.")
    existed = path.exists()
    if existed:
        refuse_if_open(database)
    aside = f"{path}.before-{stamp(moment)}"
    for ending in FILES:  # a journal of another database would do harm beside the copy
        if Path(f"{path}{ending}").exists():
            Path(f"{path}{ending}").rename(f"{aside}{ending}")
    staged.replace(path)
    sync_folder(path.parent)
    return (aside,) if existed else ()


def _copy(source: Path, target: Path) -> None:
    """A consistent copy by SQLite's online backup, while others write."""
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing, pages=-1)
        writing.execute("PRAGMA journal_mode=DELETE")
