"""What a person takes the columns of a table for, as forms, addresses and programs send it."""

import json
from collections.abc import Mapping

from application.ports.tabular import Mapped
from domain.errors import InvalidValue

MAPPING, COLUMNS, FIELD = "mapping", "columns", "field-"
"""The part of a program; the names of a form's columns; and, with its number, what one of them is taken for."""
MOST_COLUMNS = 200
"""Columns that a page offers to correct; the command line corrects any."""
EXPECTED = 'a JSON object of columns and fields, {"Ref": "doi"} for one'


def mapping_of(fields: Mapping[str, str]) -> Mapped:
    """The mapping in the fields of a form. Raises InvalidValue for what is none."""
    if told := fields.get(MAPPING, "").strip():
        return read_mapping(told)
    if not (told := fields.get(COLUMNS, "").strip()):
        return ()
    names = _loaded(told)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InvalidValue(COLUMNS, told[:40], "a list of the columns' names")
    chosen = [(name, fields.get(f"{FIELD}{at}", "").strip()) for at, name in enumerate(names)]
    return tuple((name, field) for name, field in chosen if field)


def read_mapping(text: str) -> Mapped:
    """The mapping in a JSON object. Raises InvalidValue."""
    found = _loaded(text)
    if not isinstance(found, dict) or not all(isinstance(field, str) for field in found.values()):
        raise InvalidValue(MAPPING, text[:40], EXPECTED)
    return tuple(found.items())


def written(mapping: Mapped) -> str:
    """The mapping as a JSON object, "" where there is none."""
    return json.dumps(dict(mapping), ensure_ascii=False) if mapping else ""


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidValue(MAPPING, text[:40], EXPECTED) from error
