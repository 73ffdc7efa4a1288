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


_CONVERTERS: Mapping[Any, Callable[[Any, Any], Any]] = {
    str: lambda text, _: clean(text),
    str | None: lambda text, _: (clean(text) if text else None) or None,
    tuple[str, ...]: lambda texts, _: tuple(clean(text) for text in texts),
    tuple[tuple[str, str], ...]: lambda pairs, _: tuple((clean(name), clean(text)) for name, text in pairs),
    datetime: _in_utc,
    datetime | None: lambda moment, field: moment and _in_utc(moment, field),
    float: _finite,
}


def storable(_: type, fields: "list[attrs.Attribute[Any]]") -> "list[attrs.Attribute[Any]]":
    """A `field_transformer` of attrs: text is cleaned, moments become UTC, numbers are finite, "" for None is None.

    The record raises InvalidValue for a moment without a zone, and for NaN and infinities.
    """
    return [
        field.evolve(converter=attrs.Converter(_CONVERTERS[field.type], takes_field=True))
        if field.type in _CONVERTERS
        else field
        for field in fields
    ]
