"""What administrators do with the database and the library."""

from collections.abc import Callable
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

    def backup(self, into: Path) -> str:
        """Write a consistent copy of the database to the file `into`; returns the anchor of the copy."""
        ...
