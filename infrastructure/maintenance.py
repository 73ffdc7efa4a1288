"""Verifying and rebuilding, over database and library together."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from application.ports.library import Library, LibraryUnavailable
from application.ports.maintenance import Progress, VerifyReport
from application.queries import Papers
from domain.errors import InvalidValue, SciPaperLoaderError
from infrastructure.database import Database
from infrastructure.log.verify import Anchor, verify_chain
from infrastructure.read_models.model import ReadModel
from infrastructure.read_models.rebuild import Difference, differences, rebuild

CHUNK = 1 << 20


class BackupNotPossible(SciPaperLoaderError):
    """The copy was not made."""


class DatabaseMaintenance:
    """Adapter of application.ports.maintenance.Maintenance."""

    def __init__(self, database: Database, models: Sequence[ReadModel], papers: Papers, library: Library) -> None:
        self._database, self._models, self._papers, self._library = database, models, papers, library

    def verify(self, expect: str | None = None, progress: Progress | None = None) -> VerifyReport:
        """See the port."""
        anchor = Anchor.parse(expect) if expect else None
        chain = verify_chain(self._database, anchor)
        faults = [
            f"position {fault.position}: {fault.what}" if fault.position else fault.what for fault in chain.faults
        ]
        if not faults:  # what does not follow from the log cannot be compared with it
            faults.extend(self._differences(progress))
        known, missing = self._check_files(progress)
        faults.extend(missing)
        faults.extend(f"the file {path} belongs to no paper" for path in self._library.files() if path not in known)
        return VerifyReport(anchor=str(chain.anchor), events=chain.events, files=len(known), faults=tuple(faults))

    def _differences(self, progress: Progress | None) -> Iterator[str]:
        for model in self._models:
            step = (lambda done, whole, name=model.name: progress(name, done, whole)) if progress else None
            yield from (_sentence(difference) for difference in differences(self._database, model, step))

    def _check_files(self, progress: Progress | None) -> tuple[set[str], list[str]]:
        known: set[str] = set()
        faults: list[str] = []
        for paper, path, sha256 in self._papers.files():
            known.add(path)
            try:
                if _sha256(self._library.open(path)) != sha256:
                    faults.append(f"the file {path} of paper {paper} was altered")
            except (LibraryUnavailable, OSError):
                faults.append(f"the file {path} of paper {paper} is missing or cannot be read")
            if progress:
                progress("files", len(known), len(known))
        return known, faults

    def rebuild(self, model: str | None = None, progress: Progress | None = None) -> tuple[str, ...]:
        """See the port."""
        names = [one.name for one in self._models]
        if model is not None and model not in names:
            raise InvalidValue("model", model, "one of " + ", ".join(names))
        chosen = [one for one in self._models if model in (None, one.name)]
        for one in chosen:
            step = (lambda done, whole, name=one.name: progress(name, done, whole)) if progress else None
            rebuild(self._database, one, step)
        return tuple(one.name for one in chosen)

    def backup(self, into: Path) -> str:
        """See the port."""
        return backup_sqlite(self._database, into)


def backup_sqlite(database: Database, into: Path) -> str:
    """Copy an SQLite database consistently while others write; returns the anchor of the copy."""
    if not database.is_sqlite:
        raise BackupNotPossible("The database is PostgreSQL.", remedy="Use pg_dump, which makes consistent copies.")
    if into.exists():
        raise BackupNotPossible(f"{into} exists already.", remedy="Name another file.")
    into.parent.mkdir(parents=True, exist_ok=True)
    partial = into.with_name(into.name + ".partial")
    _copy(Path(str(database.url.database)), partial)
    partial.replace(into)
    return _anchor(into)


def _sentence(difference: Difference) -> str:
    return (
        f"the table {difference.table} is not what the log says: {difference.surplus} rows too many, "
        f"{difference.missing} too few ({', '.join(difference.examples)}); `rebuild` mends it"
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(source: Path, target: Path) -> None:
    """A consistent copy by SQLite's online backup, while others write."""
    target.unlink(missing_ok=True)
    reading, writing = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reading.backup(writing, pages=-1)
        writing.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupNotPossible(f"The copy failed: {error}.", remedy="Look at the disk, and try again.") from error
    finally:
        reading.close()
        writing.close()


def _anchor(copy: Path) -> str:
    connection = sqlite3.connect(f"file:{copy}?mode=ro", uri=True)
    try:
        position, hash_ = connection.execute("SELECT position, hash FROM event_head").fetchone()
    finally:
        connection.close()
    return f"{position}:{hash_}"
