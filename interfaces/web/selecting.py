"""Which papers something is to be done with: a filter as a list of papers has it in its address, or their ids."""

import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

from litestar.params import QueryParameter

from application.bulk import MOST_LISTED, Order, listed
from application.queries import Imports
from domain.acts import Act
from domain.errors import InvalidValue, InvalidValues
from interfaces.web.filtering import Query, paper_filter, query

Fields = Mapping[str, Sequence[str]]


def query_of(fields: Fields) -> Query:
    """The query that an address with these fields would have. Raises InvalidValues for fields that it has not."""
    names = _names()
    if unknown := [name for name in fields if name not in names]:
        expected = "one of " + ", ".join(names)
        raise InvalidValues(tuple(InvalidValue("field", name[:40], expected) for name in unknown))
    return query(**{names[name]: _value(names[name], values) for name, values in fields.items() if any(values)})


def query_in(address: str) -> Query:
    """The query in the address of a list, or in what follows its question mark. Raises InvalidValue."""
    found: dict[str, list[str]] = {}
    for name, value in _fields_in(address.rpartition("?")[2]):
        if name in _names():
            found.setdefault(name, []).append(value)
    return query_of(found)


def _fields_in(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, max_num_fields=MOST_LISTED)
    except ValueError as error:
        raise InvalidValue("which", text[:40], f"an address with at most {MOST_LISTED} fields") from error


def order_by_filter(wanted: Act, which: Query, imports: Imports) -> Order:
    """The order for every paper that matches. Raises DoesNotExist for an unknown collection."""
    return Order(wanted=wanted, which=paper_filter(which, imports), told=urlencode(which.fields()))


def order_listed(wanted: Act, ids: Sequence[str]) -> Order:
    """The order for listed papers. Raises InvalidValue."""
    return Order(wanted=wanted, papers=listed(ids))


def filter_fields() -> Mapping[str, bool]:
    """The names of the fields of a filter, and whether they may have several values."""
    return {name: _is_list(one) for name, one in _names().items() if name != "sort"}


@cache
def _parameters() -> Mapping[str, inspect.Parameter]:
    return inspect.signature(query).parameters


@cache
def _names() -> Mapping[str, str]:
    """The names of an address's fields, and those of the parameters that take them."""
    return {_field(name, one): name for name, one in _parameters().items()}


def _field(name: str, parameter: inspect.Parameter) -> str:
    told = [one.name for one in get_args(parameter.annotation) if isinstance(one, QueryParameter) and one.name]
    return told[0] if told else name


def _value(parameter: str, values: Sequence[str]) -> Any:
    """The values as the parameter takes them: all of them where it is a list, else the first one that says anything."""
    return list(values) if _is_list(parameter) else next(filter(None, values))


def _is_list(parameter: str) -> bool:
    return "list[" in str(get_args(_parameters()[parameter].annotation)[0])
