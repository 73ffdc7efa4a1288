"""Starting over: back up, delete, migrate."""

from pathlib import Path

from infrastructure import migrating
from infrastructure.backups.sqlite import backup_sqlite
from infrastructure.database import Database
from infrastructure.in_use import refuse_if_open, refuse_if_used


class DatabaseSchema:
    """Adapter of application.ports.maintenance.Schema."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def upgrade(self, revision: str = "head") -> str:
        """See the port."""
        return migrating.upgrade(self._database, revision)

    def downgrade(self, revision: str = "-1") -> str:
        """See the port."""
        refuse_if_used(self._database)
        return migrating.downgrade(self._database, revision)

    def revision(self, message: str) -> Path:
        """See the port."""
        return migrating.new_revision(self._database, message)

    def current(self) -> tuple[str, str]:
        """See the port."""
        return migrating.current(self._database), migrating.newest()

    def backup(self, into: Path) -> str | None:
        """See the port."""
        refuse_if_used(self._database)
        if not self._database.is_sqlite or not migrating.current(self._database):
            return None
        return backup_sqlite(self._database, into)

    def reset(self, backup: Path) -> str | None:
        """See the port."""
        anchor = None
        refuse_if_used(self._database)
        if self._database.is_sqlite and migrating.current(self._database):
            refuse_if_open(self._database)
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
