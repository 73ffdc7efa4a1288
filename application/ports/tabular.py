"""Reading lists of papers out of files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from attrs import frozen

from domain.errors import CommandRefused
from domain.identifiers import Identifier
from domain.metadata import Metadata


@frozen(kw_only=True)
class Record:
    """One entry of a file. `reason` tells why it cannot be taken; None where it can."""

    row: int
    """Number of the entry in the file, 1 first; the same at every reading."""
    line: int
    """Line of the file on which the entry begins, 1 first."""
    identifiers: tuple[Identifier, ...] = ()
    metadata: Metadata = Metadata()
    raw: str = ""
    """The entry as it stood, at most 2,000 characters."""
    reason: str | None = None


@frozen(kw_only=True)
class FileForm:
    """What a file was found to be."""

    format: str
    """"csv", "tsv", "list", "bibtex", "ris", "nbib", "wos" or "endnote"."""
    encoding: str
    rows: int
    """Number of records that the file holds."""
    vendor: str | None = None
    """Name of the database that exported it, where its columns give it away."""
    columns: tuple[tuple[str, str], ...] = ()
    """Recognised columns: (heading in the file, field)."""
    notes: tuple[str, ...] = ()
    """What the user should know, in sentences: a guessed encoding, a column of DOIs found by its content."""


class FileRefused(CommandRefused):
    """The file as a whole cannot be taken; no row of it was."""


class FileReader(Protocol):
    """Reads files of unknown form, in a stream: memory does not grow with the file."""

    def inspect(self, path: Path) -> FileForm:
        """Read the whole file once and tell its form. Raises FileRefused, also for faults far inside the file."""
        ...

    def records(self, path: Path, form: FileForm) -> Iterator[Record]:
        """The records in the order of the file, those that cannot be taken with their reason."""
        ...
