"""Whether somebody works on a database that is about to be replaced."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from application.ports.maintenance import InUse
from infrastructure.database import Database, DatabaseUnavailable
from infrastructure.migrating import refuse_if_used

__all__ = ["refuse_if_open", "refuse_if_used"]

_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_FIRST_LOCK, _LOCKS = 0x4000_0002, 510
"""The bytes of the file on which every reader of a database holds a lock (sqlite.org/fileformat2.html, 1.3.16)."""


def refuse_if_open(database: Database) -> None:
    """Raises InUse where another process has the SQLite database open, DatabaseUnavailable where nobody can tell.

    SQLite leaves its write-ahead log only for a connection that is the only one (sqlite.org/wal.html, section 5).
    A file that is damaged cannot be asked so; there the lock is looked at that every connection holds.
    """
    database.close()
    path = Path(str(database.url.database))
    with closing(sqlite3.connect(path, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in _BUSY:
                raise InUse(1) from error
            raise DatabaseUnavailable(f"The database does not work: {error}.") from error
        except sqlite3.DatabaseError as error:
            if _is_locked(path):
                raise InUse(1) from error


def _is_locked(path: Path) -> bool:
    if sys.platform == "win32":  # there, nobody can move a file that is open
        return False
    import fcntl

    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCKS, _FIRST_LOCK)
        except BlockingIOError:
            return True
    return False
