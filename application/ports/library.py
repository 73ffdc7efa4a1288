"""The library: the folder of the papers' files, and the check that a file is the paper it should be."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from attrs import frozen

from domain.errors import SciPaperLoaderError
from domain.identifiers import Identifier
from domain.metadata import Metadata


class Verdict(StrEnum):
    """What the check of a file found."""

    RIGHT = "right"
    """Complete, readable, and the paper asked for."""
    DOUBTFUL = "doubtful"
    """Complete and readable, but nothing in it proves or disproves that it is the paper."""
    WRONG = "wrong"
    """Not usable: see the cause."""


@frozen(kw_only=True)
class Checked:
    """The outcome of a check. `cause` is a name of domain.causes where the verdict is WRONG; the evidence says why."""

    verdict: Verdict
    cause: str | None = None
    evidence: tuple[str, ...] = ()
    """What was seen, in short sentences: "the DOI is on page 1"."""
    pages: int = 0


@frozen(kw_only=True)
class Wanted:
    """The paper that a file should be."""

    identifiers: tuple[Identifier, ...]
    metadata: Metadata


class CheckerUnavailable(SciPaperLoaderError):
    """Nothing can be checked at present; it says nothing of the file."""

    remedy = "Nothing is lost: the file is fetched and checked again later."


class PdfChecker(Protocol):
    """Judges files that strangers made. Never raises for what is in the file."""

    def check(self, path: Path, wanted: Wanted) -> Checked:
        """Judge the file at `path` within limits of time and memory.

        Raises CheckerUnavailable, and OSError where there is no file that can be read.
        """
        ...


@frozen(kw_only=True)
class Stored:
    """A file in the library, on disk. `path` is relative to the library's folder, with forward slashes."""

    path: str
    sha256: str
    size: int


class LibraryFull(SciPaperLoaderError):
    """There is less free space than the reserve, or the disk refused a write."""

    remedy = "Free some space on the disk of the library; downloads go on by themselves then."


class LibraryUnavailable(SciPaperLoaderError):
    """The library's folder is missing, not writable, or not the folder that it was."""


class Library(Protocol):
    """Where files are kept. What `store` returned is fsynced under its final name."""

    def staging(self, attempt: str) -> Path:
        """A path for the file of an attempt while it is fetched and checked. Raises LibraryFull, LibraryUnavailable."""
        ...

    def store(self, staged: Path, attempt: str, metadata: Metadata, identifiers: Iterable[Identifier] = ()) -> Stored:
        """Move a checked file to its place under a readable name that holds the attempt's mark; durable on return.

        `attempt` is a token of letters and digits that no other attempt has; its mark makes the name unique.
        Raises LibraryFull, LibraryUnavailable; nothing of the attempt is left then.
        """
        ...

    def remove(self, path: str) -> None:
        """Remove a stored file; one that is not there is no error."""
        ...

    def discard(self, attempts: Iterable[str], keep: Iterable[str] = ()) -> tuple[str, ...]:
        """Remove what the attempts left behind, staged or stored, but the stored paths in `keep`. Returns what went.

        A mark is short: in a large library two attempts may share one. `keep` names every path that the log knows.
        """
        ...

    def let_go(self, attempt: str, path: str) -> None:
        """Note that the stored file of an attempt is to be discarded, so that `unsettled` tells of it until it is.

        Raises LibraryFull, LibraryUnavailable.
        """
        ...

    def settle(self, attempt: str) -> None:
        """Forget an attempt whose outcome is in the log: until then `unsettled` tells of it, after a crash too."""
        ...

    def unsettled(self) -> tuple[str, ...]:
        """The attempts that `staging`, `store` or `let_go` was asked for and that were not settled."""
        ...

    def sweep(self, before: datetime) -> tuple[str, ...]:
        """Remove staged files that nobody has written to since the moment. Returns what went."""
        ...

    def open(self, path: str) -> Path:
        """The file on disk. Raises LibraryUnavailable where it is missing or the path leaves the folder."""
        ...

    def files(self) -> Iterator[str]:
        """The stored files' paths, relative, in no order."""
        ...
