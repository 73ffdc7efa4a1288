"""Making backups, while the application runs."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from attrs import frozen

from application.ports.clock import Clock
from application.ports.library import Library
from application.ports.maintenance import Backup, BackupNotPossible, Files, Progress
from infrastructure.backups import manifest as manifests
from infrastructure.backups import postgresql
from infrastructure.backups.facts import Facts
from infrastructure.backups.files import Taken, take
from infrastructure.backups.locking import alone
from infrastructure.backups.manifest import Content, Manifest
from infrastructure.backups.sqlite import backup_sqlite, facts_of_file, path_of
from infrastructure.backups.taking import sync_folders, written
from infrastructure.database import Database
from infrastructure.library.disk import hash_and_sync, make_folders, sync_folder

PREFIX = "scipaperloader-"
PARTIAL = ".partial"


@frozen(kw_only=True)
class FolderBackups:
    """Adapter of application.ports.maintenance.Backups.

    `settings` gives the settings file, with its secrets or without them, None where there is none.
    """

    database: Database
    library: Library
    uploads: Path
    folder: Path
    clock: Clock
    settings: Callable[[bool], bytes | None]
    dump_program: str = ""

    def make(
        self,
        into: Path | None = None,
        files: Files = Files.LINK,
        *,
        keep: int | None = None,
        secrets: bool = False,
        progress: Progress | None = None,
    ) -> Backup:
        """See the port."""
        folder = (into or self.folder).absolute()
        with _in_words():
            make_folders(folder)
            with alone(folder):
                _sweep(folder)
                target = folder / f"{PREFIX}{manifests.stamp(self.clock.now())}"
                made = self._write(target, files, secrets, progress)
                removed = _remove_older(folder, made.log, keep) if keep else ()
        contents = made.contents.values()
        return Backup(
            folder=target,
            anchor=made.anchor,
            files=len(made.below(manifests.LIBRARY)),
            size=sum(content.size for content in contents),
            faults=made.faults,
            removed=removed,
        )

    def _write(self, target: Path, files: Files, secrets: bool, progress: Progress | None) -> Manifest:
        """Fill a folder that is no backup until it is whole, and give it its name then."""
        partial = target.with_name(target.name + PARTIAL)
        partial.mkdir(mode=0o700)
        try:
            manifest = self._fill(partial, files, secrets, progress)
            written(partial / manifests.NAME, manifests.encoded(manifest))
            sync_folders(partial)
            partial.rename(target)
            sync_folder(target.parent)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        return manifest

    def _fill(self, partial: Path, files: Files, secrets: bool, progress: Progress | None) -> Manifest:
        kind = "sqlite" if self.database.is_sqlite else "postgresql"
        name = manifests.DATABASES[kind]
        facts, tool, namespace = self._copy_database(partial / name)
        (partial / name).chmod(0o600)
        sha256, size = hash_and_sync(partial / name)
        contents = {name: Content(sha256=sha256, size=size)}
        if (settings := self.settings(secrets)) is not None:
            contents[manifests.SETTINGS] = written(partial / manifests.SETTINGS, settings)
        taken = self._take_files(facts, partial, files, progress)
        return Manifest(
            program=manifests.PROGRAM,
            format=manifests.FORMAT,
            version=version("scipaperloader"),
            made_at=self.clock.now().isoformat(),
            database=kind,
            revision=facts.revision,
            anchor=facts.anchor,
            log=facts.log,
            files=files,
            secrets=secrets,
            tool=tool,
            namespace=namespace,
            faults=tuple(taken.faults),
            contents=contents | taken.contents,
        )

    def _copy_database(self, into: Path) -> tuple[Facts, str, str]:
        """The database first, then the files: what the copy names is there by then, and what came later is left out."""
        if not self.database.is_sqlite:
            return postgresql.dump(self.database, into, self.dump_program)
        if not path_of(self.database).exists():
            raise BackupNotPossible("There is no database yet.", remedy="`scipaperloader run` sets everything up.")
        backup_sqlite(self.database, into)
        return facts_of_file(into), "", ""

    def _take_files(self, facts: Facts, partial: Path, files: Files, progress: Progress | None) -> Taken:
        if files is Files.NONE:
            return Taken()

        def tell(done: int, whole: int) -> None:
            if progress:
                progress("files", done, whole)

        return take(self.library, facts.files, self.uploads, partial, files, tell)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise BackupNotPossible(f"The copy failed: {error}.", remedy="Look at the disk, and try again.") from error


def _sweep(folder: Path) -> None:
    """Remove what killed backups left. Who has the folder's lock is the only one who writes backups here."""
    for path in folder.glob(f"{PREFIX}*{PARTIAL}"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)


def _remove_older(folder: Path, log: str, keep: int) -> tuple[Path, ...]:
    """Remove the oldest backups of this log but `keep`; folders that are not certainly such are left alone."""
    paths = (path for path in folder.glob(f"{PREFIX}*") if path.is_dir() and not path.is_symlink())
    found = [(made, path) for path in paths if path.suffix != PARTIAL and (made := manifests.of_ours(path))]
    own = sorted((made.made_at, path) for made, path in found if made.log == log)
    older = tuple(path for _, path in own[:-keep])
    for path in older:
        doomed = path.with_name(path.name + PARTIAL)  # half of it is no backup any more, and is swept if need be
        try:
            path.rename(doomed)
            shutil.rmtree(doomed)
        except OSError as error:
            raise BackupNotPossible(
                f"The new backup is complete, but an older one cannot be removed: {error}.",
                remedy=f"Look at the rights in {folder}.",
            ) from error
    return older
