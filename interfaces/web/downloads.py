"""Tables as downloads: streamed, in pieces that are worth a turn of the event loop."""

from collections.abc import Iterable, Iterator

from litestar.response import Stream

from interfaces.web.files import disposition

PIECE = 64_000
"""Characters of a piece."""


def download(lines: Iterable[str], name: str, media_type: str, **headers: str) -> Stream:
    """The lines as a file with this name; `headers` are further ones, with underscores for dashes."""
    headers = {key.replace("_", "-"): value for key, value in headers.items()}
    headers["content-disposition"] = disposition(name, inline=False)
    return Stream(_pieces(lines), media_type=media_type, headers=headers)


def _pieces(lines: Iterable[str]) -> Iterator[bytes]:
    waiting: list[str] = []
    length = 0
    for line in lines:
        waiting.append(line)
        length += len(line)
        if length >= PIECE:
            yield "".join(waiting).encode()
            waiting, length = [], 0
    yield "".join(waiting).encode()
