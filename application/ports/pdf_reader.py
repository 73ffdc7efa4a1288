"""Looking into a PDF of which nobody has said yet which paper it is."""

from pathlib import Path
from typing import Protocol

from attrs import frozen

from application.ports.library import Checked, Wanted
from domain.identifiers import Identifier


@frozen(kw_only=True)
class Seen:
    """What a file seems to be. Everything in it comes from a stranger; the lengths are bounded."""

    pages: int
    identifiers: tuple[Identifier, ...] = ()
    """Those where a file names itself, in the metadata and on the first page; the likeliest first."""
    titles: tuple[str, ...] = ()
    """What may be its title; the likeliest first."""
    lines: tuple[str, ...] = ()
    """The first lines of its first page."""


class Reading(Protocol):
    """A file that was read once, and can be compared with many papers."""

    @property
    def seen(self) -> Seen:
        """What it seems to be."""
        ...

    def check(self, wanted: Wanted) -> Checked:
        """The verdict that PdfChecker would give of the file."""
        ...


class PdfReader(Protocol):
    """Reads files that strangers made. Never raises for what is in the file."""

    def read(self, path: Path) -> Reading | Checked:
        """What is in the file, or the verdict that it is no use.

        Raises CheckerUnavailable, and OSError where there is no file that can be read.
        """
        ...
