"""What administrators do with the database and the library."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from attrs import frozen

from domain.errors import SciPaperLoaderError

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@frozen(kw_only=True)
class VerifyReport:
    """The outcome of a verification; everything is in order where `faults` is empty."""

    anchor: str
    """POSITION:HASH of the log as it is; noted elsewhere, it proves later that nothing was rewritten."""
    events: int
    files: int
    faults: tuple[str, ...]


class InUse(SciPaperLoaderError):
    """Processes are at work on the database."""

    remedy = "Stop the server and every other command of this installation first."

    def __init__(self, count: int) -> None:
        super().__init__(f"The application runs: {count} {'process is' if count == 1 else 'processes are'} at work.")
        self.count = count


class Schema(Protocol):
    """The schema of the database."""

    def upgrade(self, revision: str = "head") -> str:
        """Migrate up; returns the revision reached. Raises InUse where there is something to do and others work."""
        ...

    def downgrade(self, revision: str = "-1") -> str:
        """Migrate down; returns the revision reached, "" for an empty database. Raises InUse."""
        ...

    def revision(self, message: str) -> Path:
        """Write a new revision from the differences between code and database; returns its file."""
        ...

    def current(self) -> tuple[str, str]:
        """The revision of the database ("" for an empty one), and the one that this version needs."""
        ...

    def backup(self, into: Path) -> str | None:
        """Copy the database into a file; returns the anchor, None where there is nothing or the server does it."""
        ...

    def reset(self, backup: Path) -> str | None:
        """Back up into a file, delete everything, create it anew. Returns the backup's anchor. Raises InUse."""
        ...


class Maintenance(Protocol):
    """Proofs and repairs."""

    def verify(self, expect: str | None = None, progress: Progress | None = None) -> VerifyReport:
        """Check chain, read models and files. Raises InvalidAnchor."""
        ...

    def rebuild(self, model: str | None = None, progress: Progress | None = None) -> tuple[str, ...]:
        """Rebuild one read model, or all, from the log; returns their names. Raises InvalidValue."""
        ...


class Files(StrEnum):
    """What a backup does about the files of the library."""

    NONE = "none"
    LINK = "link"
    """A second name for the same bytes on the disk: takes no room, but needs the same disk."""
    COPY = "copy"


class BackupNotPossible(SciPaperLoaderError):
    """The copy was not made."""


class RestoreNotPossible(SciPaperLoaderError):
    """The backup was not put in place."""


@frozen(kw_only=True)
class Backup:
    """A backup that was made: its folder, the anchor of its log, how many files and bytes are in it."""

    folder: Path
    anchor: str
    files: int
    size: int
    faults: tuple[str, ...]
    """What is wrong with the files that the log names: one that is missing, one that was altered."""
    removed: tuple[Path, ...]
    """Older backups that had to go."""


@frozen(kw_only=True)
class Restored:
    """What came of a restore: the moment and the anchor of the backup, and the verification afterwards."""

    made_at: str
    anchor: str
    kept: tuple[str, ...]
    """Where that is kept which the backup took the place of."""
    report: VerifyReport


@frozen(kw_only=True)
class CarriedLog:
    """A log that was taken in: where it ends, how many events and commands it has."""

    anchor: str
    events: int
    commands: int


class Backups(Protocol):
    """Copies of the installation, each a folder."""

    def make(
        self,
        into: Path | None = None,
        files: Files = Files.LINK,
        *,
        keep: int | None = None,
        secrets: bool = False,
        progress: Progress | None = None,
    ) -> Backup:
        """Write a backup into a new folder within `into`; the application may run.

        `keep` is how many backups of this installation stay there, this one among them; None for all.
        Raises BackupNotPossible; nothing of the backup is left then.
        """
        ...


class Restores(Protocol):
    """Putting a backup in the place of what is there."""

    def restore(self, folder: Path, *, files: bool = True, progress: Progress | None = None) -> Restored:
        """Check the backup, set aside what is there, put the backup in its place, and verify the outcome.

        `files` tells whether the library is restored too. Raises RestoreNotPossible, InUse.
        """
        ...


class LogTransfer(Protocol):
    """The whole log as lines of JSON, which another installation can take in."""

    def export(self, progress: Progress | None = None) -> Iterator[bytes]:
        """The lines, one after the other; the application may run."""
        ...

    def write(self, file: Path, progress: Progress | None = None) -> None:
        """Write the lines to a new file, which has its name when it is whole. Raises BackupNotPossible."""
        ...

    def take_in(self, lines: Iterable[bytes], progress: Progress | None = None) -> CarriedLog:
        """Write the lines to the log of an empty installation, every column as it is, all of them or none.

        Every read model is up to date on return. Raises InUse.
        """
        ...
