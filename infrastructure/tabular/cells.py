"""What single cells mean: nothing, a year, several authors."""

import re
from collections.abc import Iterable

_EMPTY = frozenset(
    {"", "-", "--", "–", "—", "?", ".", "n/a", "na", "nan", "nil", "none", "null", "#n/a", "#n/v", "unknown"}
)
_LONGEST_EMPTY = max(map(len, _EMPTY))
_AROUND = " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u3000\u2009\u202f"
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|21\d\d)(?!\d)")
_AND = re.compile(r"\sand\s")
MOST_AUTHORS = 100
"""Authors kept of a paper; some papers of particle physics have thousands."""


def cleaned(cell: str) -> str:
    """The cell without what is invisible around it; "" where it only says that there is nothing."""
    cell = cell.strip() if cell.isascii() else cell.strip(_AROUND)
    return "" if len(cell) <= _LONGEST_EMPTY and cell.lower() in _EMPTY else cell


def first_of(cells: Iterable[str]) -> str | None:
    """The first cell with something in it."""
    for cell in cells:
        if text := cleaned(cell):
            return text
    return None


def year_of(cells: Iterable[str]) -> int | None:
    """The year in the first cell that has one: `2013`, `2013.0`, `2013-12`, `4 Feb 2014`."""
    for cell in cells:
        if found := _YEAR.search(cell[:100]):
            return int(found[1])
    return None


def split_authors(cell: str) -> tuple[str, ...]:
    """The authors of a cell: split at “;”, “|”, “and”, and at commas that do not part surname and first name."""
    for separator in (";", "|"):
        if separator in cell:
            return _names(cell.split(separator))
    if cell.count(".") == 1:  # PubMed ends the list with a full stop; elsewhere full stops belong to initials
        cell = cell.removesuffix(".")
    if len(parts := _AND.split(cell)) > 1:
        return _names(parts)
    pieces = cell.split(",")
    return _names(pieces if all(" " in piece.strip() for piece in pieces) else [cell])


def _names(pieces: Iterable[str]) -> tuple[str, ...]:
    return tuple([name for piece in pieces if (name := piece.strip(" \t\r\n,;|"))][:MOST_AUTHORS])
