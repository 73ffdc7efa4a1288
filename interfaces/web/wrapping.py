"""What surrounds the application, errors and unknown addresses included: gate, headers, HEAD, names as one segment."""

from collections import defaultdict
from typing import TYPE_CHECKING

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from interfaces.web.csp import HEADERS
from interfaces.web.gate import Refusal, refusal
from interfaces.web.naming import one_segment
from interfaces.web.problems import FORBIDDEN, NOT_FOUND, WORDS, answer

if TYPE_CHECKING:
    from litestar.types import HTTPScope

_HEADERS = tuple((name.encode(), value.encode()) for name, value in HEADERS.items())


def wrapped(app: ASGIApp) -> ASGIApp:
    """The application behind its gate."""

    async def outermost(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        sender = _without_body(_with_headers(send)) if scope["method"] == "HEAD" else _with_headers(send)
        routed = _routed(scope)
        if (refused := _refused(scope)) is not None:
            await _answer(FORBIDDEN, refused.message, refused.remedy, scope, receive, sender)
        elif "\0" in routed["path"]:  # no file system takes it
            await _answer(NOT_FOUND, *WORDS[NOT_FOUND], scope, receive, sender)
        else:
            await app(routed, receive, sender)

    return outermost


def _refused(scope: "HTTPScope") -> Refusal | None:
    headers: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in scope["headers"]:
        headers[name.decode("latin-1").lower()].append(value.decode("latin-1"))
    peer, _ = scope["client"] or (None, 0)
    return refusal(scope["method"], scope["path"], scope["scheme"], peer, headers)


async def _answer(status: int, message: str, remedy: str, scope: "HTTPScope", receive: Receive, send: Send) -> None:
    request: Request[None, None, object] = Request(scope, receive, send)  # type: ignore[type-var]
    response = answer(request, status, message, remedy)
    await response.to_asgi_response(None, request)(scope, receive, send)


def _routed(scope: "HTTPScope") -> "HTTPScope":
    """HEAD is answered like GET, without the body (RFC 9110, 9.3.2); a paper's name is one segment of the path."""
    routed = scope.copy()  # the server goes by its own
    routed["path"] = one_segment(scope["path"], scope.get("raw_path"), scope["method"])
    routed["method"] = "GET" if scope["method"] == "HEAD" else scope["method"]
    return routed


def _with_headers(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            added = [header for header in _HEADERS if header[0] not in present]
            message["headers"] = [*message["headers"], *added]
        await send(message)

    return sender


def _without_body(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return sender
