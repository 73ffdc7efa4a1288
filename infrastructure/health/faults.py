"""What the errors of a database mean: what to say, and what to do about each."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from application.health import Finding, error
from domain.errors import SciPaperLoaderError
from infrastructure.database import DatabaseBusy, DatabaseUnavailable

Words = tuple[str, str]
"""What it means, and the remedy."""

LOCKED: Words = (
    "It is locked: another process has been writing for too long.",
    "Wait and look again. If it stays so, end the process that holds it.",
)
DAMAGED: Words = (
    "It is damaged.",
    "Stop the server, keep a copy of the file for examination, and put a backup in its place.",
)
READ_ONLY: Words = (
    "It can be read, but not be written.",
    "Look whether its disk is mounted read-only, and whether the user may write to the file and its folder.",
)
CLOSED: Words = (
    "Its file cannot be opened.",
    "Look at the rights of the file and its folder, and at the disk.",
)
FULL: Words = ("Its disk is full.", "Free some space on the disk of the database.")
FAULTY: Words = ("Its disk has faults.", "Look into the system's log; replace the disk, and restore a backup.")
OTHER_TABLES: Words = (
    "Its tables are not those of this version.",
    "`scipaperloader db current` tells which version wrote it.",
)
NO_ANSWER: Words = (
    "Its server does not answer.",
    "Start PostgreSQL, and look at host and port in DATABASE_URL.",
)
REFUSED: Words = ("Its server does not let us in.", "Look at user and password in DATABASE_URL.")
UNKNOWN_NAME: Words = ("Its server has no such database.", "Create it, or correct its name in DATABASE_URL.")
NO_ROOM: Words = ("Its server has no connection left.", "End other programs that use it, or raise max_connections.")

_SQLITE: Mapping[int, Words] = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: CLOSED,
    sqlite3.SQLITE_PERM: CLOSED,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: FAULTY,
    sqlite3.SQLITE_ERROR: OTHER_TABLES,
}
_POSTGRES: Mapping[str, Words] = {
    "55P03": LOCKED,
    "25006": READ_ONLY,
    "42501": READ_ONLY,
    "42P01": OTHER_TABLES,
    "42703": OTHER_TABLES,
    "53100": FULL,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
}
_CONNECTING: Sequence[tuple[str, Words]] = (
    ("authentication", REFUSED),
    ("role", REFUSED),
    ("pg_hba", REFUSED),
    ("no password", REFUSED),
    ("does not exist", UNKNOWN_NAME),
    ("too many", NO_ROOM),
    ("remaining connection", NO_ROOM),
)
"""Parts of what PostgreSQL says when it refuses a connection, without a code; the first that fits counts."""


def in_words(examine: Callable[[], Finding]) -> Finding:
    """Make a check of the database; its errors are told by what they mean."""
    try:
        return examine()
    except (DatabaseBusy, DatabaseUnavailable) as raised:
        return _meaning(raised, raised.__cause__)
    except sa.exc.ProgrammingError as raised:
        return error(f"{OTHER_TABLES[0]} ({_first_line(raised.orig)})", OTHER_TABLES[1])


def _meaning(raised: SciPaperLoaderError, cause: BaseException | None) -> Finding:
    original = getattr(cause, "orig", None)
    meant, remedy = _words(original) or (raised.message, raised.remedy)
    return error(f"{meant} ({_first_line(original)})" if original else meant, remedy)


def _words(original: BaseException | None) -> Words | None:
    if isinstance(original, sqlite3.Error):
        return _SQLITE.get(original.sqlite_errorcode & 0xFF)  # the rest says more precisely what happened
    if original is None:
        return None
    if code := getattr(original, "sqlstate", None):
        return _POSTGRES.get(code)
    said = str(original)
    return next((words for part, words in _CONNECTING if part in said), NO_ANSWER)


def _first_line(original: BaseException | None) -> str:
    """What the database itself says, in short: the reason comes last in what PostgreSQL's library puts together."""
    line = str(original).partition("\n")[0]
    return line.rpartition("failed: ")[2].strip().removeprefix("FATAL:").strip()
