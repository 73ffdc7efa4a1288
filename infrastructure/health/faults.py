"""What the errors of a database mean: what to say, and what to do about each."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa
from attrs import frozen

from application.condition import Condition
from application.health import Finding, error
from domain.errors import SciPaperLoaderError
from infrastructure.database import DatabaseBusy, DatabaseUnavailable


@frozen
class Fault:
    """What an error means, and what to do about it."""

    condition: Condition
    told: str
    remedy: str

    def found(self, more: str = "") -> Finding:
        """The fault as what a check found, with what else is known."""
        return error(f"{self.told} {more}".strip(), self.remedy, self.condition)


_C = Condition
LOCKED = Fault(
    _C.LOCKED,
    "It is locked: another process has been writing for too long.",
    "Wait and look again. If it stays so, end the process that holds it; for a server of this installation "
    "`scipaperloader diagnose quick-fix` does that.",
)
DAMAGED = Fault(
    _C.DAMAGED,
    "It is damaged.",
    "Stop the server, keep a copy of the file for examination, and put a backup in its place.",
)
READ_ONLY = Fault(
    _C.READ_ONLY,
    "It can be read, but not be written.",
    "Look whether its disk is mounted read-only, and whether the user may write to the file and its folder.",
)
CLOSED = Fault(
    _C.UNUSABLE,
    "Its file cannot be opened.",
    "Look at the rights of the file and its folder, and at the disk.",
)
FULL = Fault(_C.UNUSABLE, "Its disk is full.", "Free some space on the disk of the database.")
FAULTY = Fault(
    _C.DAMAGED, "Its disk has faults.", "Look into the system's log; replace the disk, and restore a backup."
)
OTHER_TABLES = Fault(
    _C.UNUSABLE,
    "Its tables are not those of this version.",
    "`scipaperloader db current` tells which version wrote it.",
)
NO_ANSWER = Fault(
    _C.SILENT,
    "Its server does not answer.",
    "Start PostgreSQL, and look at host and port in DATABASE_URL.",
)
HANGS = Fault(
    _C.SILENT,
    "It did not answer in time: it hangs.",
    "Look at the database's server, or at the disk of its file.",
)
REFUSED = Fault(_C.UNUSABLE, "Its server does not let us in.", "Look at user and password in DATABASE_URL.")
UNKNOWN_NAME = Fault(_C.UNUSABLE, "Its server has no such database.", "Create it, or correct its name in DATABASE_URL.")
NO_ROOM = Fault(
    _C.UNUSABLE, "Its server has no connection left.", "End other programs that use it, or raise max_connections."
)

_SQLITE: Mapping[int, Fault] = {
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
_POSTGRES: Mapping[str, Fault] = {
    "55P03": LOCKED,
    "25006": READ_ONLY,
    "42501": READ_ONLY,
    "42P01": OTHER_TABLES,
    "42703": OTHER_TABLES,
    "53100": FULL,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
}
_CONNECTING: Sequence[tuple[str, Fault]] = (
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
        return OTHER_TABLES.found(f"({_first_line(raised.orig)})")


def _meaning(raised: SciPaperLoaderError, cause: BaseException | None) -> Finding:
    original = getattr(cause, "orig", None)
    said = f"({_first_line(original)})" if original else ""
    if fault := _fault(original):
        return fault.found(said)
    return error(f"{raised.message} {said}".strip(), raised.remedy, Condition.UNUSABLE)


def _fault(original: BaseException | None) -> Fault | None:
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
