"""Plain forms: the fields of an address or of a body, in their order, with those that come several times."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from litestar.di import Provide
from litestar.status_codes import HTTP_200_OK

from interfaces.web.problems import BadForm, WebRequest

MAX_FIELDS = 2_000
"""Fields of a form; the rows of a page of a list are some of them."""
URL_ENCODED = "application/x-www-form-urlencoded"
REMEDY = "Go back to the page and use its form."

Fields = Mapping[str, Sequence[str]]


async def posted(request: WebRequest) -> Fields:
    """The fields of the form that was sent. Raises BadForm."""
    body = await request.body()
    if body and request.content_type[0] != URL_ENCODED:
        raise BadForm("What was sent is no form of a page.", remedy=REMEDY)
    return fields_of(body, errors="strict")


def asked(request: WebRequest) -> Fields:
    """The fields of the address. Raises BadForm."""
    return fields_of(request.scope["query_string"])


def fields_of(encoded: bytes, errors: str = "replace") -> Fields:
    """Fields with all their values; `errors` says what becomes of bytes that are no text. Raises BadForm."""
    try:
        text = encoded.decode("utf-8", errors)
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors=errors)
    except UnicodeDecodeError as error:
        raise BadForm("The form has bytes that are no text.", remedy=REMEDY) from error
    except ValueError as error:
        raise BadForm(f"The form has more than {MAX_FIELDS:,} fields.", remedy=REMEDY) from error
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def one(fields: Fields, name: str, default: str = "") -> str:
    """The last value of a field, without spaces around it."""
    values = fields.get(name)
    return values[-1].strip() if values else default


PLAIN: Mapping[str, Any] = {
    "sync_to_thread": True,
    "status_code": HTTP_200_OK,
    "dependencies": {"sent": Provide(posted)},
}
"""What a route takes that is given a plain form: its fields come as `sent`."""
