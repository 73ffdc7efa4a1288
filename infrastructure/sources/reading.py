"""Typed readers for answers that anybody may have written: what is not of the expected type is not there.

Every reader takes any value and never raises, so that one odd field costs that field and nothing else.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

LONGEST_TEXT = 32_768
"""Characters of a text that are kept."""
LONGEST_URL = 2_000
"""Characters of an address that is believed to be one."""
MOST_ITEMS = 5_000
"""Entries of a list that are read; the longest author lists have some 5,000."""
_YEARS = range(1000, 2200)
_NO_URL = re.compile(r"[\x00-\x1f\x7f\\]")


class Unreadable(ValueError):
    """The answer as a whole is not what the service promises."""


def parsed(body: bytes) -> Mapping[str, Any]:
    """The JSON object that a body holds; NaN and endless numbers are let through as values. Raises Unreadable."""
    try:
        value = json.loads(body.decode("utf-8-sig", "replace"), parse_int=_number)
    except (ValueError, RecursionError) as error:
        raise Unreadable("the answer is no JSON") from error
    if not isinstance(value, dict):
        raise Unreadable("the answer is no JSON object")
    return value


def _number(digits: str) -> int | None:
    """Python refuses to read very long integers with an error; no field of ours needs them."""
    return int(digits) if len(digits) < 20 else None


def record(value: object) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> Sequence[Any]:
    """The value if it is a list, at most MOST_ITEMS of it, else an empty one."""
    return value[:MOST_ITEMS] if isinstance(value, list) else ()


def records(value: object) -> tuple[Mapping[str, Any], ...]:
    """The objects in a list."""
    return tuple(item for item in items(value) if isinstance(item, dict))


def text(value: object) -> str | None:
    """The value if it is a text with something in it: trimmed, of bounded length, and fit for any database."""
    if not isinstance(value, str):
        return None
    storable = value[:LONGEST_TEXT].replace("\0", "").encode("utf-8", "replace").decode()
    return storable.strip() or None


def texts(value: object) -> tuple[str, ...]:
    """The texts in a list, or the one text that stands in the place of a list."""
    entries = [value] if isinstance(value, str) else items(value)
    return tuple(known for entry in entries if (known := text(entry)))


def first_text(*values: object) -> str | None:
    """The first text among the values, where a list counts for its first text."""
    return next((known for value in values for known in texts(value)), None)


def names(value: object) -> tuple[str, ...]:
    """The people in a list of `family` and `given`, as "Family, Given"; groups and others by their whole name."""
    return tuple(known for person in records(value) if (known := _name(person)))


def _name(person: Mapping[str, Any]) -> str | None:
    family, given = text(person.get("family")), text(person.get("given"))
    if family and given:
        return f"{family}, {given}"
    return family or first_text(person.get("name"), person.get("raw_author_name"), given)


def year(value: object) -> int | None:
    """The value if it is a year, as a number or at the beginning of a text."""
    if isinstance(value, str) and value[:4].isascii() and value[:4].isdigit():
        value = int(value[:4])
    return value if isinstance(value, int) and value in _YEARS and not isinstance(value, bool) else None


def day(value: object) -> date | None:
    """The value if it is a day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text(value) or "")
    except ValueError:
        return None


def web_address(value: object) -> str | None:
    """The value if it is an http or https address of at most LONGEST_URL characters, blanks in it encoded."""
    address = (text(value) or "").replace(" ", "%20")
    if len(address) > LONGEST_URL or _NO_URL.search(address):
        return None
    try:
        parts = urlsplit(address)
        return address if parts.scheme.lower() in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def first_of(days: Iterable[date | None], today: date) -> datetime | None:
    """The first of the days that is still to come, as the moment at which it begins."""
    to_come = sorted(day for day in days if day is not None and day > today)
    return datetime(to_come[0].year, to_come[0].month, to_come[0].day, tzinfo=UTC) if to_come else None
