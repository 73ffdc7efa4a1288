"""Stored files as answers: with ranges (RFC 9110, 14), a name (RFC 6266), and nothing that could run as ours."""

import re
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import quote

from attrs import frozen
from litestar import Response
from litestar.response import Stream

from interfaces.web.csp import FILE_HEADERS
from interfaces.web.problems import WebRequest

CHUNK = 256 * 1024
PDF = "application/pdf"
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@frozen(kw_only=True)
class Span:
    """Bytes `first` to `last` of a file, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1


class NotSatisfiable(ValueError):
    """The range lies outside of the file."""


def span_of(header: str | None, size: int) -> Span | None:
    """The range that is asked for; None for the whole file, also where several or unknown ranges are asked for.

    Raises NotSatisfiable.
    """
    found = _RANGE.fullmatch(header.strip().lower()) if header else None
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:  # the last so many bytes
        start, end = max(size - int(last), 0), size - 1
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return None
    if start >= size or (not first and int(last) == 0):
        raise NotSatisfiable
    return Span(first=start, last=end)


def disposition(name: str, *, inline: bool) -> str:
    """A Content-Disposition header for a name in any script; ASCII readers get an approximation."""
    kind = "inline" if inline else "attachment"
    plain = re.sub(r'[^\x20-\x7e]|["\\%;/]', "_", name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def etag_matches(request: WebRequest, etag: str) -> bool:
    """Whether the asker has this content already."""
    return etag in [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]


def file_answer(request: WebRequest, path: Path, *, name: str, sha256: str, inline: bool) -> Response[Any]:
    """The file, or the range of it that the request asks for, or “not modified”."""
    stat = path.stat()
    etag = f'"{sha256}"'
    headers = {
        **FILE_HEADERS,
        "content-type": PDF,
        "content-disposition": disposition(name, inline=inline),
        "accept-ranges": "bytes",
        "etag": etag,
        "last-modified": formatdate(stat.st_mtime, usegmt=True),
    }
    if etag_matches(request, etag):
        return Response(b"", status_code=304, media_type=PDF, headers=headers)
    wanted = request.headers.get("range") if request.headers.get("if-range") in {None, etag} else None
    try:
        span = span_of(wanted, stat.st_size)
    except NotSatisfiable:
        return Response(
            b"", status_code=416, media_type="text/plain", headers={"content-range": f"bytes */{stat.st_size}"}
        )
    return _content(path, stat.st_size, span, headers)


def _content(path: Path, size: int, span: Span | None, headers: dict[str, str]) -> Stream:
    whole = Span(first=0, last=size - 1)
    if span is not None:
        headers["content-range"] = f"bytes {span.first}-{span.last}/{size}"
    sent = span or whole
    headers["content-length"] = str(sent.length)
    return Stream(_read(path, sent), status_code=206 if span else 200, media_type=PDF, headers=headers)


def _read(path: Path, span: Span) -> Iterator[bytes]:
    left = span.length
    with path.open("rb") as file:
        file.seek(span.first)
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
