"""Records that are stored: what they hold comes back from every log and database as it went in."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import attrs

from domain.errors import InvalidValue


def clean(text: str) -> str:
    """The text without what no database and no log can keep: NUL and halves of surrogate pairs."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _in_utc(moment: datetime, field: "attrs.Attribute[datetime]") -> datetime:
    # In its own zone a moment of a repeated hour is unequal to the same moment in any other (PEP 495).
    if moment.utcoffset() is None:
        raise InvalidValue(field.name, moment, "a moment with its zone")
    return moment.astimezone(UTC)


def _finite(number: float, field: "attrs.Attribute[float]") -> float:
    if not math.isfinite(number):
        raise InvalidValue(field.name, number, "a finite number")
    return number


def _clean_or_none(text: str | None) -> str | None:
    return (clean(text) if text else None) or None


def _clean_all(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([clean(text) for text in texts])


def _clean_pairs(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple([(clean(name), clean(text)) for name, text in pairs])


def _named(convert: Callable[[Any, Any], Any]) -> Any:
    return attrs.Converter(convert, takes_field=True)


_CONVERTERS: Mapping[Any, Any] = {
    str: clean,
    str | None: _clean_or_none,
    tuple[str, ...]: _clean_all,
    tuple[tuple[str, str], ...]: _clean_pairs,
    datetime: _named(_in_utc),
    datetime | None: _named(lambda moment, field: moment and _in_utc(moment, field)),
    float: _named(_finite),
}


def storable(_: type, fields: "list[attrs.Attribute[Any]]") -> "list[attrs.Attribute[Any]]":
    """A `field_transformer` of attrs: text is cleaned, moments become UTC, numbers are finite, "" for None is None.

    The record raises InvalidValue for a moment without a zone, and for NaN and infinities.
    """
    return [field.evolve(converter=_CONVERTERS[field.type]) if field.type in _CONVERTERS else field for field in fields]
