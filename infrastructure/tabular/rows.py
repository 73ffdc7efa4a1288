"""Rows out of delimited text: quoted line breaks, line numbers, and quotes that are never closed."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from attrs import frozen

from application.ports.tabular import FileRefused
from infrastructure.tabular import reasons
from infrastructure.tabular.limits import Limits

if TYPE_CHECKING:
    import _csv

_MOST_COLUMNS = 2000
"""Columns that are looked at to find out what they hold."""
_END = "\x1e end of file"
"""A line after the last one: it comes out as a row of its own unless a quote is open."""


@frozen(kw_only=True)
class Dialect:
    """How cells are parted. `delimiter` None: one cell a line. `wrapped`: each row was quoted once more as one cell."""

    delimiter: str | None
    wrapped: bool = False


class Row(NamedTuple):
    """The cells of one row, or the reason why they cannot be had; `line` is where it begins, 1 first."""

    line: int
    raw: str
    cells: Sequence[str]
    reason: str | None = None


def split_rows(lines: Iterable[str], dialect: Dialect, limits: Limits, *, first_line: int = 1) -> Iterator[Row]:
    """The rows that are not blank. Raises FileRefused for a quote that is never closed."""
    if dialect.delimiter is None:
        yield from _one_cell_each(lines, limits, first_line)
        return
    feed = _Feed(lines, first_line)
    csv.field_size_limit(max(csv.field_size_limit(), limits.field))
    parser = _parser(feed.run(), dialect, strict=True)
    blank = f' \t\r\n"{dialect.delimiter}'
    taken = feed.taken
    while True:
        first = feed.start()
        try:
            cells = next(parser)
        except StopIteration:
            return
        except csv.Error as error:
            yield from _recovered(feed, dialect, limits, error)
            continue
        if len(taken) > 1 and _is_glued(taken, dialect):
            yield from _unquoted(first, taken, limits)
            continue
        raw = taken[0] if len(taken) == 1 else "".join(taken)
        if raw.strip(blank):
            yield _checked(first, raw, _unwrapped(cells, dialect) if dialect.wrapped else cells, limits)


class _Feed:
    """Lines on their way into the parser; remembers those of the present row, whose first is number `first`."""

    def __init__(self, lines: Iterable[str], first_line: int) -> None:
        self._lines = iter(lines)
        self.first = first_line
        self.taken: list[str] = []

    def run(self) -> Iterator[str]:
        """The lines, each remembered."""
        taken = self.taken
        for line in self._lines:
            taken.append(line)
            yield line

    def start(self) -> int:
        """Begin a row after the lines that were taken; its number."""
        self.first += len(self.taken)
        self.taken.clear()
        return self.first

    def skip_to_quote(self) -> bool:
        """Drop lines until one closes an open quote; whether there was one."""
        for line in self._lines:
            self.first += 1
            if line.count('"') % 2:
                return True
        return False


def _one_cell_each(lines: Iterable[str], limits: Limits, first_line: int) -> Iterator[Row]:
    for number, line in enumerate(lines, first_line):
        if text := line.strip():
            yield _checked(number, line, [text], limits)


def _checked(line: int, raw: str, cells: Sequence[str], limits: Limits) -> Row:
    if len(raw) <= limits.field and raw.isascii() and "\0" not in raw:
        return Row(line, raw, cells)
    if len(raw) > limits.field and any(len(cell) > limits.field for cell in cells):
        return Row(line, raw, (), reasons.too_long(limits.field))
    reason = reasons.of_text(raw)
    return Row(line, raw, () if reason else cells, reason)


def sample_rows(lines: Sequence[str], dialect: Dialect) -> list[tuple[int, list[str]]]:
    """The rows of a sample with the line after each, 1 first; read leniently, for what is broken is not told here."""
    if dialect.delimiter is None:
        return [(number, [line.strip()]) for number, line in enumerate(lines, 2) if line.strip()]
    rows: list[tuple[int, list[str]]] = []
    parser = _parser(lines, dialect, strict=False)
    while parser.line_num < len(lines):
        with suppress(csv.Error):
            cells = next(parser)
            if any(map(str.strip, cells)):
                rows.append((parser.line_num + 1, _unwrapped(cells, dialect)[:_MOST_COLUMNS]))
    return rows


def _parser(lines: Iterable[str], dialect: Dialect, *, strict: bool) -> "_csv.Reader":
    delimiter = dialect.delimiter or ","
    return csv.reader(lines, delimiter=delimiter, strict=strict, skipinitialspace=delimiter != "\t")


def _unwrapped(cells: list[str], dialect: Dialect) -> list[str]:
    """The cells of a row; a row that a spreadsheet took for one cell is put together and parted again."""
    if not dialect.wrapped:
        return cells
    delimiter = dialect.delimiter or ""
    whole = delimiter.join(cells).rstrip(delimiter)
    with suppress(csv.Error):
        return next(csv.reader(whole.splitlines(keepends=True)), [])
    return []


def _recovered(feed: _Feed, dialect: Dialect, limits: Limits, error: csv.Error) -> Iterator[Row]:
    """What can be had of a row that breaks the rules of quoting."""
    first, lines = feed.first, feed.taken
    if dialect.delimiter == "\t":
        yield from _unquoted(first, lines, limits)
    elif "field larger" in str(error):
        if "".join(lines).count('"') % 2 and not feed.skip_to_quote():
            raise _never_closed(first)
        yield Row(first, lines[0], (), reasons.too_long(limits.field))
    elif len(lines) == 1 and (cells := _lenient(lines[0], dialect)):
        yield _checked(first, lines[0], _unwrapped(cells, dialect), limits)
    else:
        raise _never_closed(_opened(first, lines, dialect))


def _is_glued(lines: Sequence[str], dialect: Dialect) -> bool:
    """Whether quotation marks run rows together that are whole on their own; exports with tabs often do not quote."""
    tabs = lines[0].count("\t")
    return dialect.delimiter == "\t" and tabs > 0 and all(line.count("\t") == tabs for line in lines)


def _unquoted(first: int, lines: Sequence[str], limits: Limits) -> Iterator[Row]:
    for number, line in enumerate(lines, first):
        if line.strip():
            yield _checked(number, line, line.rstrip("\n").split("\t"), limits)


def _lenient(line: str, dialect: Dialect) -> list[str] | None:
    """The cells of a line with stray quotes; None where a quote stays open at its end."""
    rows = list(_parser([line, _END], dialect, strict=False))
    return rows[0] if len(rows) > 1 else None


def _opened(first: int, lines: Sequence[str], dialect: Dialect) -> int:
    """The line on which the quote was opened that swallowed the lines after it."""
    try:
        cells: list[str] = next(_parser(lines, dialect, strict=False), [])
    except csv.Error:
        return first
    swallowing = max((at for at, cell in enumerate(cells) if "\n" in cell), default=0)
    return first + sum(cell.count("\n") for cell in cells[:swallowing])


def _never_closed(line: int) -> FileRefused:
    return FileRefused(
        f"A quote opened on line {line} is never closed, so that rows run into each other.",
        remedy="Close it or remove it, or export the list again; nothing was taken from the file.",
    )
