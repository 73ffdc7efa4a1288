"""Tables and archives as downloads: streamed, in pieces that are worth a turn of the event loop."""

import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Annotated

from litestar.background_tasks import BackgroundTask
from litestar.params import QueryParameter
from litestar.response import Stream

from application.archiving import FILENAME, LISTS, MEDIA_TYPE
from application.queries import PaperFilter
from interfaces.container import Container
from interfaces.web.files import disposition

Lists = Annotated[
    list[str] | None, QueryParameter(description=f"Lists that an archive has beside its files: {', '.join(LISTS)}.")
]

PIECE = 64_000
"""Characters of a piece."""


def download(lines: Iterable[str], name: str, media_type: str, **headers: str) -> Stream:
    """The lines as a file with this name; `headers` are further ones, with underscores for dashes."""
    headers = {key.replace("_", "-"): value for key, value in headers.items()}
    headers["content-disposition"] = disposition(name, inline=False)
    return _stream(_pieces(lines), media_type, headers)


def archive_answer(container: Container, which: PaperFilter, lists: Sequence[str] | None) -> Stream:
    """The files of the papers as a ZIP. Raises InvalidValue for an unknown list, LibraryUnavailable."""
    archive = container.archiving.archive(which, lists or ())
    headers = {"content-disposition": disposition(FILENAME, inline=False), "x-log-anchor": archive.anchor}
    return _stream(archive.pieces, MEDIA_TYPE, headers)


class _Closable:
    """Pieces that can be ended while another thread waits for the next one."""

    def __init__(self, pieces: Generator[bytes, None, None]) -> None:
        self._pieces, self._lock = pieces, threading.Lock()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with self._lock:
            return next(self._pieces)

    def close(self) -> None:
        """Let go of everything that the pieces are made from."""
        with self._lock:
            self._pieces.close()


def _stream(pieces: Generator[bytes, None, None], media_type: str, headers: dict[str, str]) -> Stream:
    """An answer in pieces. The work ends with it, also where the asker went away: nobody else would close it."""
    closable = _Closable(pieces)
    return Stream(closable, media_type=media_type, headers=headers, background=BackgroundTask(closable.close))


def _pieces(lines: Iterable[str]) -> Generator[bytes, None, None]:
    waiting: list[str] = []
    length = 0
    for line in lines:
        waiting.append(line)
        length += len(line)
        if length >= PIECE:
            yield "".join(waiting).encode()
            waiting, length = [], 0
    yield "".join(waiting).encode()
