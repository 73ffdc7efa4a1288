"""JSON bodies of requests: read leniently where there is none, strictly where there is one; described for OpenAPI."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema

from domain.errors import InvalidValue, InvalidValues
from interfaces.web.problems import BadForm, WebRequest

MAX_REASON = 500
"""Characters of a reason that are kept."""


class BadBody(BadForm):
    """What was sent is no JSON object."""

    remedy = "Send a JSON object, or nothing."


Body = Mapping[str, Any]


async def json_body(request: WebRequest) -> Body:
    """The JSON object that the request carries, {} where it carries nothing. Raises BadBody.

    Numbers that JSON does not have, NaN for one, are read: whoever looks at the field refuses them by its name.
    """
    content = await request.body()
    if not content.strip():
        return {}
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadBody("What was sent is no JSON.") from error
    if not isinstance(found, dict):
        raise BadBody("What was sent is no JSON object.")
    return found


def only(body: Body, names: Sequence[str]) -> Body:
    """The body, if it has no other fields than these. Raises InvalidValues."""
    if unknown := [name for name in body if name not in names]:
        raise InvalidValues(tuple(InvalidValue("field", name[:40], "one of " + ", ".join(names)) for name in unknown))
    return body


def reason_of(body: Body) -> str:
    """The field `reason`, "" where there is none. Raises InvalidValue."""
    reason = only(body, ("reason",)).get("reason") or ""
    if not isinstance(reason, str) or len(reason) > MAX_REASON:
        raise InvalidValue("reason", str(reason)[:40], f"at most {MAX_REASON} characters")
    return reason.strip()


def text_of(body: Body, name: str) -> str:
    """The text in a field, "" where there is none. Raises InvalidValue."""
    text = body.get(name) or ""
    if not isinstance(text, str):
        raise InvalidValue(name, str(text)[:40], "text")
    return text.strip()


def described(schema: Schema, *, required: bool = False) -> type[Operation]:
    """An operation whose request has a body of this schema."""

    @dataclass  # the framework's own operations are such; without it __post_init__ would not be called
    class WithBody(Operation):
        def __post_init__(self) -> None:
            content = {"application/json": OpenAPIMediaType(schema=schema)}
            self.request_body = RequestBody(content=content, required=required)

    return WithBody
