"""Plain forms without files: their fields."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from interfaces.web.problems import BadForm, WebRequest

MAX_FIELDS = 2_000
"""Fields of a form; the rows of a page of a list are some of them."""
URL_ENCODED = "application/x-www-form-urlencoded"


class WrongForm(BadForm):
    """What was sent is no plain form."""

    remedy = "Go back to the page and use its form."


Fields = Mapping[str, Sequence[str]]


async def form_fields(request: WebRequest) -> Fields:
    """The values of each field of the form, in their order. Raises WrongForm."""
    content_type, _ = request.content_type
    body = await request.body()
    if body and content_type != URL_ENCODED:
        raise WrongForm("What was sent is no form.")
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError as error:
        raise WrongForm("The form cannot be read.") from error


def one(fields: Fields, name: str, default: str = "") -> str:
    """The last value of a field, without spaces around it."""
    values = fields.get(name)
    return values[-1].strip() if values else default
