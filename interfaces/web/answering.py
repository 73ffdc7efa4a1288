"""The answer to a form that succeeded."""

from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from litestar import Response
from litestar.response import Redirect

from interfaces.web.problems import WebRequest
from interfaces.web.rendering import wants_part
from interfaces.web.returning import TOLD


def done(request: WebRequest, address: str, position: int | None = None) -> Response[Any]:
    """Go to a page of ours, which tells what the log says about the position.

    htmx would follow a redirect and put the page into its target, so it is told to go there itself.
    """
    where = in_header(told(address, position))
    if wants_part(request):
        return Response("", media_type="text/html", headers={"hx-redirect": where})
    return Redirect(where, status_code=303)


def in_header(address: str) -> str:
    """The address as a header takes it: in ASCII; what is encoded stays as it is."""
    return quote(address, safe="%/:?#[]@!$&'()*+,;=~")


def told(address: str, position: int | None) -> str:
    """The address with the field that names a position."""
    if position is None:
        return address
    parts = urlsplit(address)
    query = "&".join(filter(None, (parts.query, urlencode({TOLD: position}))))
    return urlunsplit(parts._replace(query=query))
