"""Starting over: back up, delete, migrate."""

import sqlite3
from contextlib import closing
from pathlib import Path

from application.ports.maintenance import InUse
from infrastructure import migrating
from infrastructure.database import Database
from infrastructure.maintenance import backup_sqlite


class DatabaseSchema:
    """Adapter of application.ports.maintenance.Schema."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def upgrade(self, revision: str = "head") -> str:
        """See the port."""
        return migrating.upgrade(self._database, revision)

    def downgrade(self, revision: str = "-1") -> str:
        """See the port."""
        migrating.refuse_if_used(self._database)
        return migrating.downgrade(self._database, revision)

    def revision(self, message: str) -> Path:
        """See the port."""
        return migrating.new_revision(self._database, message)

    def current(self) -> tuple[str, str]:
        """See the port."""
        return migrating.current(self._database), migrating.newest()

    def backup(self, into: Path) -> str | None:
        """See the port."""
        migrating.refuse_if_used(self._database)
        if not self._database.is_sqlite or not migrating.current(self._database):
            return None
        return backup_sqlite(self._database, into)

    def reset(self, backup: Path) -> str | None:
        """See the port."""
        anchor = None
        migrating.refuse_if_used(self._database)
        if self._database.is_sqlite and migrating.current(self._database):
            self._refuse_if_open()
            anchor = self.backup(backup)
        self._empty()
        migrating.upgrade(self._database)
        return anchor

    def _empty(self) -> None:
        if not self._database.is_sqlite:
            migrating.downgrade(self._database, "base")
            return
        self._database.close()
        path = str(self._database.url.database)
        for suffix in ("", "-wal", "-shm"):
            Path(path + suffix).unlink(missing_ok=True)

    def _refuse_if_open(self) -> None:
        """Nothing that is being written, by an import for one, may end in a deleted file.

        SQLite leaves its write-ahead log only for a connection that is the only one (sqlite.org/wal.html, section 5).
        """
        self._database.close()
        with closing(sqlite3.connect(str(self._database.url.database), timeout=0)) as connection:
            try:
                connection.execute("PRAGMA journal_mode=DELETE").close()
            except sqlite3.OperationalError as error:
                raise InUse(1) from error
