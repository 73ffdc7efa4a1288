"""Which jobs a page is about: the fields of its address, read and written."""

from collections.abc import Mapping
from urllib.parse import urlencode

from application.choosing_jobs import Choice
from domain.errors import InvalidValue
from interfaces.web.forms import Fields, one

PATH = "/jobs"
_BY: Mapping[str, bool | None] = {"": None, "true": True, "false": False, "1": True, "0": False}


def choice_of(fields: Fields) -> Choice:
    """The jobs that the fields of an address name; an empty one means any. Raises InvalidValue."""
    by_hand = one(fields, "by_hand").lower()
    if by_hand not in _BY:
        raise InvalidValue("by_hand", by_hand[:40], "true or false")
    return Choice(
        statuses=tuple(name for name in fields.get("status", ()) if name),
        hour=one(fields, "hour"),
        paper=one(fields, "paper"),
        module=one(fields, "module"),
        host=one(fields, "host"),
        collection=one(fields, "collection"),
        by_hand=_BY[by_hand],
    )


def address_of(choice: Choice, path: str = PATH, **more: object) -> str:
    """The address of these jobs, with more fields; those that are None are left out."""
    by_hand = None if choice.by_hand is None else str(choice.by_hand).lower()
    pairs: list[tuple[str, object]] = [("status", name) for name in choice.statuses]
    pairs += [(name, getattr(choice, name)) for name in ("hour", "paper", "module", "host", "collection")]
    pairs += [("by_hand", by_hand), *((name, value) for name, value in more.items() if value is not None)]
    fields = urlencode([(name, value) for name, value in pairs if value not in {None, ""}])
    return f"{path}?{fields}" if fields else path


def number_of(fields: Fields, name: str) -> int | None:
    """A field that is a number, None where there is none. Raises InvalidValue."""
    text = one(fields, name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidValue(name, text[:40], "a number")
    return int(text)
