"""The names of stored files: what they would be by a pattern, and giving a file another one."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from attrs import frozen

from domain.errors import CommandRefused
from domain.identifiers import Identifier
from domain.metadata import Metadata


class RenamingAlready(CommandRefused):
    """Another process, or another request, gives files their names."""

    remedy = "Wait until it is done."

    def __init__(self) -> None:
        super().__init__("Files are being renamed already.")


@frozen(kw_only=True)
class Move:
    """A paper's file that has two names: the one that it had, and the one that it will have."""

    paper: str
    old: str
    new: str


class FileNames(Protocol):
    """Names of the library's files. A file has its old name until nothing needs it any more."""

    @property
    def pattern(self) -> str:
        """The pattern in use."""
        ...

    def wanted(
        self, path: str, metadata: Metadata, identifiers: Iterable[Identifier] = (), pattern: str | None = None
    ) -> str:
        """The path that a stored file should have: the same where it fits, or differs in case only.

        Raises InvalidPattern, LibraryUnavailable.
        """
        ...

    def alone(self) -> AbstractContextManager[None]:
        """While entered, nobody else renames. Raises RenamingAlready, LibraryUnavailable, LibraryFull."""
        ...

    def begin(self, move: Move) -> None:
        """Give the file its second name, and a note that outlives a crash; both are on the disk on return.

        Raises LibraryUnavailable, also where the file is missing, and LibraryFull.
        """
        ...

    def end(self, move: Move, keep: str | None) -> None:
        """Leave the file only the name to keep, none where it is None, and forget the note.

        Raises LibraryUnavailable; the note stays then.
        """
        ...

    def unfinished(self) -> Sequence[Move]:
        """What was begun and not ended."""
        ...
