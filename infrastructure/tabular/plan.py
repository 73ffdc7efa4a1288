"""How a delimited file is to be read: delimiter, heading line, columns; found from a bounded sample of it."""

import re
from collections import Counter
from collections.abc import Sequence

from attrs import frozen

from application.ports.tabular import FileRefused, Mapped, SeenColumn
from domain.identifiers import Scheme
from infrastructure.tabular.columns import Column, checked, column_names, corrected
from infrastructure.tabular.contents import (
    columns_by_content,
    holds_identifiers,
    scheme_of,
    stands_in_text,
    title_column,
)
from infrastructure.tabular.headings import IDENTIFYING, meaning, normal_heading, vendor_of
from infrastructure.tabular.rows import Dialect, sample_rows

_HEADING_WITHIN = 30
_LOOKED_AT = 100
_REGULAR = 0.8
"""Share of the rows that must have the same number of cells, for a delimiter to be believed."""
_MOSTLY = 0.6
_DELIMITERS = ",;\t|"
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_SHOWN_HEADINGS = 20
_IN_TEXT = "Some DOIs stand in longer text; they were taken out of it."

Cells = Sequence[str]


@frozen(kw_only=True)
class Plan:
    """How to read a delimited file; `first_line` is the line where its data begin, 1 first."""

    dialect: Dialect
    first_line: int
    columns: tuple[Column, ...]
    vendor: str | None = None
    notes: tuple[str, ...] = ()
    mapping: Mapped = ()


@frozen(kw_only=True)
class Table:
    """A sample of a delimited file, taken apart: its columns' names, what they are taken for, and the cells below."""

    dialect: Dialect
    first_line: int
    headings: Cells
    names: tuple[str, ...]
    data: tuple[Cells, ...]
    vendor: str | None
    found: tuple[Column, ...]
    notes: tuple[str, ...]

    def seen(self, mapping: Mapped) -> tuple[SeenColumn, ...]:
        """Every column with what it is taken for by itself, and what with those corrections that can be."""
        found, fields = _by_place(self.found), _by_place(corrected(self.names, self.found, mapping))
        return tuple(
            SeenColumn(name=name, found=found.get(at), field=fields.get(at)) for at, name in enumerate(self.names)
        )


def make_plan(sample: Sequence[str], mapping: Mapped = ()) -> Plan:
    """The plan for a file that begins with these lines. Raises FileRefused where no column holds identifiers.

    Raises InvalidValues for a mapping that names no column or no field.
    """
    table = read_table(sample)
    mapping = checked(mapping, table.names, table.found)
    columns = corrected(table.names, table.found, mapping)
    if not _may_identify(columns, table.data):
        raise _nothing_found(table.headings)
    return Plan(
        dialect=table.dialect,
        first_line=table.first_line,
        columns=columns,
        vendor=table.vendor,
        notes=table.notes if not mapping else _notes_of(columns, table.data),
        mapping=mapping,
    )


def read_table(sample: Sequence[str]) -> Table:
    """What a delimited file that begins with these lines is taken for. Raises FileRefused where it has no rows."""
    declared = _SEP.fullmatch(sample[0])
    before = 1 if declared else 0
    dialect = Dialect(delimiter=declared[1]) if declared else _dialect(sample)
    rows = sample_rows(sample[before:], dialect)
    at = _heading_row([cells for _, cells in rows])
    headings = [] if at is None else [cell.strip() for cell in rows[at][1]]
    data = [cells for _, cells in (rows if at is None else rows[at + 1 :])]
    if at is not None and not data:
        raise FileRefused("There are no rows below the headings.", remedy="Export the list again; this one is empty.")
    vendor, names = vendor_of(headings), column_names(headings, max(map(len, data), default=0))
    found, notes = _columns(headings, names, data, vendor)
    return Table(
        dialect=dialect,
        first_line=before + (1 if at is None else rows[at][0]),
        headings=headings,
        names=names,
        data=tuple(data),
        vendor=vendor,
        found=found,
        notes=notes,
    )


def _dialect(sample: Sequence[str]) -> Dialect:
    dialects = [Dialect(delimiter=delimiter) for delimiter in _DELIMITERS]
    dialects += [Dialect(delimiter=delimiter, wrapped=True) for delimiter in _DELIMITERS if _trails(sample, delimiter)]
    scores = [_score([cells for _, cells in sample_rows(sample, dialect)]) for dialect in dialects]
    best = max(scores)
    return dialects[scores.index(best)] if best[:3] > (0, 0, False) else Dialect(delimiter=None)


def _trails(sample: Sequence[str], delimiter: str) -> bool:
    """Whether most lines end with empty cells, as where a spreadsheet took each row for its first cell."""
    return sum(line.rstrip("\n").endswith(delimiter) for line in sample) > _MOSTLY * len(sample)


def _score(rows: Sequence[Cells]) -> tuple[int, int, bool, float, int]:
    """How much rows look like a table: headings that mean something, what stands below them, then regularity."""
    if not rows:
        return (0, 0, False, 0.0, 0)
    hits, at = max((len(_fields(cells)), -at) for at, cells in enumerate(rows[:_HEADING_WITHIN]))
    width, count = Counter(map(len, rows)).most_common(1)[0]
    share = count / len(rows)
    named = _named(rows[-at], rows[1 - at :]) if hits > 1 else 0
    return (hits if hits > 1 else 0, named, width > 1 and share >= _REGULAR, share, width)


def _named(headings: Cells, data: Sequence[Cells]) -> int:
    """In how many rows a column of identifiers has one."""
    places = [at for at, heading in enumerate(headings) if (found := meaning(heading)) and found[0] in IDENTIFYING]
    return sum(any(at < len(cells) and scheme_of(cells[at]) for at in places) for cells in data[:_LOOKED_AT])


def _fields(cells: Cells) -> set[str]:
    return {found[0] for cell in cells if (found := meaning(cell))}


def _heading_row(rows: Sequence[Cells]) -> int | None:
    """The place of the row of headings; None where the data begin at once."""
    for at, cells in enumerate(rows[:_HEADING_WITHIN]):
        if any(map(scheme_of, cells)):
            break
        fields = _fields(cells)
        if fields & IDENTIFYING or len(fields) > 1:
            return at
    if not rows or any(map(scheme_of, rows[0])):
        return None
    width = Counter(map(len, rows)).most_common(1)[0][0]
    return next((at for at, cells in enumerate(rows) if len(cells) == width), 0)


def _columns(
    headings: Cells, names: Sequence[str], data: Sequence[Cells], vendor: str | None
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """The columns in the order in which they are asked, and what to tell of them."""
    ranked = sorted((*found, at) for at, heading in enumerate(headings) if (found := meaning(heading)))
    named = [Column(index=at, name=names[at], field=field) for field, _, at in ranked]
    if vendor == "Scopus":  # its “Source” is always “Scopus”
        named = [column for column in named if normal_heading(headings[column.index]) != "source"]
    guessed = [
        Column(index=at, name=names[at], field=scheme.value)
        for scheme, at in columns_by_content(headings, data).items()
        if not any(column.field == scheme and holds_identifiers(column.index, data) for column in named)
    ]
    if vendor is None:
        guessed += _title(headings, names, data, (*guessed, *named))
    columns = (*guessed, *named)
    told = [f"“{column.name}” was taken for the {_called(column)} because of its content." for column in guessed]
    return columns, (*told, *_notes_of(columns, data))


def _title(headings: Cells, names: Sequence[str], data: Sequence[Cells], taken: Sequence[Column]) -> list[Column]:
    """The column that reads like titles, where none is called so."""
    if any(column.field == "title" for column in taken):
        return []
    at = title_column(headings, data, {column.index for column in taken})
    return [] if at is None else [Column(index=at, name=names[at], field="title")]


def _called(column: Column) -> str:
    return column.field.upper() if column.field in IDENTIFYING else column.field


def _notes_of(columns: Sequence[Column], data: Sequence[Cells]) -> tuple[str, ...]:
    in_text = any(stands_in_text(column.index, data) for column in columns if column.field == Scheme.DOI)
    return (_IN_TEXT,) if in_text else ()


def _by_place(columns: Sequence[Column]) -> dict[int, str]:
    return {column.index: column.field for column in reversed(columns)}


def _may_identify(columns: Sequence[Column], data: Sequence[Cells]) -> bool:
    return any(
        column.field in IDENTIFYING or (column.field in {"url", "extra"} and holds_identifiers(column.index, data))
        for column in columns
    )


def _nothing_found(headings: Cells) -> FileRefused:
    shown = ", ".join(f"“{heading[:60]}”" for heading in headings if heading)[: 60 * _SHOWN_HEADINGS]
    if not shown:
        return FileRefused(
            "Too few lines have a DOI, PubMed id, PMC id or arXiv id.",
            remedy="Give one on each line, or a table with a column “DOI”.",
        )
    return FileRefused(
        f"No column has DOIs, PubMed ids, PMC ids or arXiv ids. The columns are: {shown}.",
        remedy="Add the DOIs when you export the list, or name their column “DOI”.",
    )
