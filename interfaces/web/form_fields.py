"""Plain forms: the fields of an address or of a body, in their order, with those that come several times."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from interfaces.web.problems import BadForm, WebRequest

MOST = 1_000
"""Fields that a form may have."""
URLENCODED = "application/x-www-form-urlencoded"

Fields = Mapping[str, Sequence[str]]


async def posted(request: WebRequest) -> Fields:
    """The fields of the form that was sent. Raises BadForm."""
    body = await request.body()
    if body and request.content_type[0] != URLENCODED:
        raise BadForm("What was sent is no form of a page.", remedy="Use the form on the page.")
    return fields_of(body)


def asked(request: WebRequest) -> Fields:
    """The fields of the address. Raises BadForm."""
    return fields_of(request.scope["query_string"])


def fields_of(encoded: bytes) -> Fields:
    """Fields with all their values. Raises BadForm."""
    try:
        pairs = parse_qsl(encoded.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST)
    except ValueError as error:
        raise BadForm(f"The form has more than {MOST} fields.", remedy="Use the form on the page.") from error
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def first(fields: Fields, name: str, default: str = "") -> str:
    """The first value of a field."""
    return fields[name][0] if name in fields else default
