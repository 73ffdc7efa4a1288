"""Reading lists of papers out of files."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from attrs import frozen

from domain.errors import CommandRefused
from domain.identifiers import Identifier
from domain.metadata import Metadata

FIELDS: Mapping[str, str] = {
    "doi": "DOI",
    "pmid": "PubMed id",
    "pmcid": "PMC id",
    "arxiv": "arXiv id",
    "title": "Title",
    "authors": "Authors",
    "year": "Year",
    "journal": "Journal",
    "issn": "ISSN",
    "publisher": "Publisher",
    "type": "Type of publication",
    "url": "Web address",
    "extra": "Notes with identifiers in them",
}
"""What a column may be taken for, in words."""
IGNORE = "ignore"
"""Instead of a field: the column is not used."""

Mapped = tuple[tuple[str, str], ...]
"""(column, field or IGNORE) where somebody corrects what the columns of a table are taken for."""


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
    """The columns that are used: (name, field). A name is the heading in the file, made one where it is not."""
    mapping: Mapped = ()
    """What was corrected: columns that are taken for something else than they would be by themselves."""
    notes: tuple[str, ...] = ()
    """What the user should know, in sentences: a guessed encoding, a column of DOIs found by its content."""


@frozen(kw_only=True)
class SeenColumn:
    """A column of a table: its name, what it is taken for by itself, and with the corrections; None for nothing."""

    name: str
    found: str | None
    field: str | None


@frozen(kw_only=True)
class Glimpse:
    """What a person sees of a file before it is taken: its columns and first rows; none where it is no table."""

    columns: tuple[SeenColumn, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """Cells, as many as there are columns, at most a few hundred characters each."""


class FileRefused(CommandRefused):
    """The file as a whole cannot be taken; no row of it was."""


class FileReader(Protocol):
    """Reads files of unknown form, in a stream: memory does not grow with the file."""

    def inspect(self, path: Path, mapping: Mapped = ()) -> FileForm:
        """Read the whole file once and tell its form. Raises FileRefused, also for faults far inside the file.

        Raises InvalidValues for a mapping that names no column or no field.
        """
        ...

    def glimpse(self, path: Path, mapping: Mapped = (), rows: int = 20) -> Glimpse:
        """The columns of a table and its first rows, whether they hold identifiers or not.

        A part of the mapping that cannot be is passed over. Raises FileRefused where there is no text to show.
        """
        ...

    def records(self, path: Path, form: FileForm) -> Iterator[Record]:
        """The records in the order of the file, those that cannot be taken with their reason."""
        ...
