"""Columns of a table: how they are called, what they are taken for, and what a person corrects of that."""

from collections.abc import Mapping, Sequence

from attrs import frozen

from application.ports.tabular import FIELDS, IGNORE, Mapped
from domain.errors import InvalidValue, InvalidValues
from domain.records import clean

LONGEST_NAME = 200
_SHOWN = 10


@frozen(kw_only=True)
class Column:
    """A column that is used: its place, 0 first, its name, and the field that it fills."""

    index: int
    name: str
    field: str


def column_names(headings: Sequence[str], width: int) -> tuple[str, ...]:
    """A name for each column, none twice: its heading, or its number where it has none or shares it."""
    names: dict[str, None] = {}
    for at in range(max(len(headings), width)):
        heading = clean(headings[at][:LONGEST_NAME]) if at < len(headings) else ""
        name = heading or f"Column {at + 1}"
        while name in names:
            name = f"{name} (column {at + 1})"
        names[name] = None
    return tuple(names)


def checked(mapping: Mapped, names: Sequence[str], found: Sequence[Column]) -> Mapped:
    """What a mapping changes, in the order of the columns. Raises InvalidValues for what it cannot mean."""
    faults = [fault for column, field in mapping for fault in _faults(column, field, names)]
    if faults:
        raise InvalidValues(tuple(faults))
    wanted, by_itself = dict(mapping), _fields(found)
    return tuple(
        (name, wanted[name]) for name in names if name in wanted and wanted[name] != by_itself.get(name, IGNORE)
    )


def _faults(column: str, field: str, names: Sequence[str]) -> list[InvalidValue]:
    if column not in names:
        shown = ", ".join(f"“{name[:60]}”" for name in names[:_SHOWN])
        expected = f"a column of the file: {shown}" if names else "nothing: the file is no table"
        return [InvalidValue("mapping", column[:LONGEST_NAME], expected)]
    if field != IGNORE and field not in FIELDS:
        return [InvalidValue(f"mapping of “{column}”", field[:40], f"{IGNORE}, {', '.join(FIELDS)}")]
    return []


def corrected(names: Sequence[str], found: Sequence[Column], mapping: Mapped) -> tuple[Column, ...]:
    """The columns that are used with a mapping: those that it names first, then the others as they were found."""
    wanted = dict(mapping)
    chosen = [
        Column(index=at, name=name, field=wanted[name])
        for at, name in enumerate(names)
        if wanted.get(name, IGNORE) in FIELDS
    ]
    return (*chosen, *(column for column in found if column.name not in wanted))


def _fields(columns: Sequence[Column]) -> Mapping[str, str]:
    """What each column is taken for; one that is taken for two things counts as the first."""
    return {column.name: column.field for column in reversed(columns)}
