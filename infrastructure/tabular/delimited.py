"""Tables and plain lists as entries: CSV, TSV and their relatives, identifiers one a line."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import itemgetter

from application.ports.tabular import Glimpse, Mapped
from domain.records import clean
from infrastructure.tabular.columns import Column, checked
from infrastructure.tabular.contents import is_list, is_list_of_numbers, names_on
from infrastructure.tabular.entries import Entry, Fields, Reading
from infrastructure.tabular.headings import meaning
from infrastructure.tabular.limits import Limits
from infrastructure.tabular.plan import make_plan, read_table
from infrastructure.tabular.rows import Dialect, Row, split_rows

_NUMBERS = "The numbers were taken for PubMed ids."
_LINES = Dialect(delimiter=None)
_SHOWN = 300
"""Characters of a cell that are shown."""


def read_delimited(sample: Sequence[str], lines: Iterator[str], limits: Limits, mapping: Mapped = ()) -> Reading:
    """Read lines of which `sample` are the first. Raises FileRefused, InvalidValues."""
    if not _is_table(sample):
        checked(mapping, (), ())
    if is_list_of_numbers(sample):
        return Reading(format="list", notes=(_NUMBERS,), entries=_list(split_rows(lines, _LINES, limits), "pmid"))
    if is_list(sample):
        return Reading(format="list", entries=_list(split_rows(lines, _LINES, limits), "doi"))
    plan = make_plan(sample, mapping)
    rows = split_rows(islice(lines, plan.first_line - 1, None), plan.dialect, limits, first_line=plan.first_line)
    return Reading(
        format="tsv" if plan.dialect.delimiter == "\t" else "csv",
        entries=_table(rows, plan.columns),
        vendor=plan.vendor,
        columns=tuple((column.name, column.field) for column in plan.columns),
        notes=plan.notes,
        mapping=plan.mapping,
    )


def glimpse(sample: Sequence[str], mapping: Mapped, rows: int) -> Glimpse:
    """The columns and the first rows of lines that begin like this. Raises FileRefused."""
    if not _is_table(sample):
        return Glimpse()
    table = read_table(sample)
    width = len(table.names)
    shown = [[clean(cell[:_SHOWN]) for cell in cells[:width]] for cells in table.data[:rows]]
    padded = [(*cells, *[""] * (width - len(cells))) for cells in shown]
    return Glimpse(columns=table.seen(mapping), rows=tuple(padded))


def _is_table(sample: Sequence[str]) -> bool:
    return not is_list_of_numbers(sample) and not is_list(sample)


def _list(rows: Iterator[Row], field: str) -> Iterator[Entry]:
    for at, (line, raw, cells, reason) in enumerate(rows):
        if at == 0 and cells and meaning(cells[0].strip('"')):
            continue
        for name in (cells and (names_on(raw) or cells)) or ("",):
            yield Entry(line, raw, {field: (name,)}, reason)


def _table(rows: Iterator[Row], columns: Sequence[Column]) -> Iterator[Entry]:
    fields = _picker(columns)
    for line, raw, cells, reason in rows:
        yield Entry(line, raw, {} if reason else fields(cells), reason)


def _picker(columns: Sequence[Column]) -> Callable[[Sequence[str]], Fields]:
    """A function from the cells of a row to the fields, as lean as can be: it runs for every row."""
    places: dict[str, list[int]] = {}
    for column in columns:
        if column.index not in places.setdefault(column.field, []):
            places[column.field].append(column.index)
    width = 1 + max(column.index for column in columns)
    single = {field: at[0] for field, at in places.items() if len(at) == 1}
    several = [(field, at) for field, at in places.items() if len(at) > 1]
    names, get = tuple(single), _getter(tuple(single.values()))

    def pick(cells: Sequence[str]) -> Fields:
        if len(cells) < width:
            cells = [*cells, *[""] * (width - len(cells))]
        fields: dict[str, Sequence[str]] = dict(zip(names, zip(get(cells)), strict=True))
        for field, at in several:
            fields[field] = [cells[place] for place in at]
        return fields

    return pick


def _getter(places: Sequence[int]) -> Callable[[Sequence[str]], Sequence[str]]:
    return itemgetter(*places) if len(places) > 1 else lambda cells: [cells[place] for place in places]
