"""Putting a backup in the place of what is there."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from attrs import define, field, frozen

from application.ports.clock import Clock
from application.ports.library import Library
from application.ports.maintenance import Files, Progress, Restored, RestoreNotPossible
from infrastructure import migrating
from infrastructure.backups import manifest as manifests
from infrastructure.backups import postgresql, sqlite
from infrastructure.backups.files import Tell, bring, set_aside
from infrastructure.backups.manifest import LIBRARY, UPLOADS, Manifest
from infrastructure.database import Database, DatabaseUnavailable
from infrastructure.in_use import refuse_if_open, refuse_if_used
from infrastructure.leases import leases
from infrastructure.maintenance import DatabaseMaintenance
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from infrastructure.tasks import tasks
from infrastructure.workers import workers

_CARRY = (
    "Restore it into an installation with that database, and carry the log over: `scipaperloader log export` there, "
    "`scipaperloader log import` here."
)
_AGAIN = "Mend that, and restore once more: what was there before is kept, nothing of it was deleted."


@define
class _Step:
    """A restore under way."""

    folder: Path
    manifest: Manifest
    moment: datetime
    with_files: bool
    progress: Progress | None
    kept: list[str] = field(factory=list)

    def tell(self, what: str) -> Tell:
        """A function that tells how far one thing is."""
        return lambda done, whole: self.progress(what, done, whole) if self.progress else None


@frozen(kw_only=True)
class FolderRestores:
    """Adapter of application.ports.maintenance.Restores.

    Files are added before the database is exchanged, and taken away after it. So whenever it is broken off, the
    database that is in place has its files, and the same restore once more ends what was begun.
    """

    database: Database
    library: Library
    library_folder: Path
    uploads: Path
    clock: Clock
    dump_program: str = ""

    def restore(self, folder: Path, *, files: bool = True, progress: Progress | None = None) -> Restored:
        """See the port."""
        step = self._checked(folder, files, progress)
        self._refuse_if_in_use()
        exchange = self._exchange(step)
        try:
            if step.with_files:
                self._bring_files(step)
            step.kept.extend(exchange())
            self._make_ready()
            if step.with_files:
                self._set_surplus_aside(step)
        except (OSError, sqlite3.Error) as error:
            where = f" It is in {', '.join(step.kept)}." if step.kept else ""
            raise RestoreNotPossible(f"The restore was broken off: {error}.", remedy=_AGAIN + where) from error
        tool = DatabaseMaintenance(self.database, READ_MODELS, SqlPapers(self.database), self.library)
        manifest = step.manifest
        return Restored(
            made_at=manifest.made_at,
            anchor=manifest.anchor,
            kept=tuple(step.kept),
            report=tool.verify(manifest.anchor, progress),
        )

    def _checked(self, folder: Path, files: bool, progress: Progress | None) -> _Step:
        """The backup, checked file by file; nothing was touched yet. Raises RestoreNotPossible."""

        def tell(done: int, whole: int) -> None:
            if progress:
                progress("checks", done, whole)

        manifest = manifests.checked(folder, files=files, tell=tell)
        kind = "sqlite" if self.database.is_sqlite else "postgresql"
        if manifest.database != kind:
            names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
            raise RestoreNotPossible(
                f"The backup is of {names[manifest.database]}, and this installation uses {names[kind]}.", remedy=_CARRY
            )
        if not migrating.knows(manifest.revision):
            raise migrating.SchemaNewer(manifest.revision)
        with_files = files and manifest.files is not Files.NONE
        return _Step(folder, manifest, self.clock.now(), with_files, progress)

    def _refuse_if_in_use(self) -> None:
        """Raises InUse. A damaged database, which may be why it is to be replaced, cannot say who works on it."""
        if not self.database.is_sqlite:
            refuse_if_used(self.database)
        elif sqlite.path_of(self.database).exists():
            with suppress(DatabaseUnavailable):
                refuse_if_used(self.database)
            refuse_if_open(self.database)

    def _bring_files(self, step: _Step) -> None:
        self.library.unsettled()  # says so where the library's disk is not there
        link = step.manifest.files is Files.LINK
        for name, root in ((LIBRARY, self.library_folder), (UPLOADS, self.uploads)):
            contents, aside = step.manifest.below(name), _aside(root, step.moment)
            bring(step.folder / name, contents, root, aside, link=link, tell=step.tell(name.rstrip("/")))
            if aside.exists():
                step.kept.append(str(aside))

    def _exchange(self, step: _Step) -> Callable[[], tuple[str, ...]]:
        """How the database is exchanged; what it needs is looked for at once. Raises RestoreNotPossible."""
        manifest, moment = step.manifest, step.moment
        copy = step.folder / manifest.database_file
        if self.database.is_sqlite:
            return lambda: sqlite.put_in_place(self.database, copy, manifest.contents[copy.name], moment)
        tool = postgresql.check_restoring(self.database, manifest.tool, manifest.namespace, self.dump_program)
        return lambda: postgresql.put_in_place(self.database, tool, copy, manifest.namespace, moment)

    def _make_ready(self) -> None:
        """Migrate; and the processes that were at work, or led, when the backup was made do not so here."""
        migrating.upgrade(self.database)
        with self.database.write() as connection:
            for table in (workers, leases, tasks):
                connection.execute(table.delete())

    def _set_surplus_aside(self, step: _Step) -> None:
        """Move away what the restored log does not name; it would be fetched and stored once more otherwise."""
        named = {path for _, path, _ in SqlPapers(self.database).files()}
        aside = _aside(self.library_folder, step.moment)
        surplus = [path for path in self.library.files() if path not in named]
        for path in surplus:
            set_aside(self.library_folder, path, aside)
        if surplus and str(aside) not in step.kept:
            step.kept.append(str(aside))


def _aside(root: Path, moment: datetime) -> Path:
    """Where files of a folder are set aside: within it, since it may be a disk of its own; hidden from the library."""
    return root / f".before-{manifests.stamp(moment)}"
