"""What a host sends back."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from attrs import frozen

PDF, HTML, JSON, ATOM, XML, TEXT = (
    "application/pdf",
    "text/html; charset=utf-8",
    "application/json",
    "application/atom+xml; charset=utf-8",
    "application/xml",
    "text/plain",
)


@frozen
class Reply:
    """An HTTP answer. `fault` names the way of infrastructure.simulation.faults in which its sending goes wrong."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = {}
    fault: str | None = None

    def head(self, *, keep: bool) -> bytes:
        """Status line and headers (RFC 9112), with the true length of the body."""
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            f"Content-Type: {self.content_type}",
            f"Content-Length: {len(self.body)}",
            f"Connection: {'keep-alive' if keep else 'close'}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


def data(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer in JSON."""
    return Reply(status, JSON, json.dumps(content, ensure_ascii=False).encode(), headers or {})


def page(html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A web page."""
    return Reply(status, HTML, html.encode(), headers or {})


def pdf(content: bytes, fault: str | None = None) -> Reply:
    """A file that says it is a PDF."""
    return Reply(200, PDF, content, fault=fault)


def redirect(location: str, status: int = 302) -> Reply:
    """The way to another address, absolute or relative."""
    return Reply(status, HTML, b"<p>Moved.</p>", {"Location": location})


def text(content: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """Plain text."""
    return Reply(status, TEXT, content.encode(), headers or {})
