"""Forms with files (RFC 7578), streamed: a file goes to disk as it comes, and memory does not grow with it."""

import unicodedata
from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Any

from anyio import from_thread, to_thread
from attrs import frozen
from litestar.exceptions import InternalServerException
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from application.ports.uploads import Upload, Uploads, UploadTooLarge
from interfaces.web.problems import BadForm, WebRequest

FILE = "file"
MAX_PARTS = 20
MAX_FIELD = 10_000_000
"""Bytes of a field that is no file: a pasted list may be long."""
AROUND = MAX_FIELD + 100_000
"""Bytes of a form beside its file."""
MAX_NAME = 150

Events = AsyncGenerator[Any, None]
"""Heads of parts (MultipartSegment), pieces of their contents (bytes), and their ends (None)."""


@frozen(kw_only=True)
class Form:
    """A form. `upload` is on disk, fsynced; `filename` is fit to be shown, and never a path."""

    fields: Mapping[str, str]
    upload: Upload | None
    filename: str


async def read_form(request: WebRequest, uploads: Uploads, limit: int) -> Form:
    """Read the form of the request, whose file has at most `limit` bytes. Raises BadForm, UploadTooLarge."""
    fields: dict[str, str] = {}
    upload: Upload | None = None
    filename = ""
    events = _events(request, limit)
    async for part in events:
        if not isinstance(part, MultipartSegment):
            continue
        if not _is_file(part):
            fields[part.name or ""] = await _text(events)
        elif upload is not None:
            raise BadForm("There is more than one file.")
        else:
            filename = shown_name(part.filename or "")
            upload = await _store(events, uploads)
    return Form(fields=fields, upload=upload, filename=filename)


def _is_file(part: MultipartSegment) -> bool:
    """Whether the part is the file. A browser sends an empty name where no file was chosen."""
    if part.filename and part.name != FILE:
        raise BadForm(f"The file is in the part “{shown_name(part.name or '')}”.")
    if part.name == FILE and part.filename is None:
        raise BadForm("The part “file” has no file name.")
    return bool(part.filename)


async def _events(request: WebRequest, limit: int) -> Events:
    content_type, options = request.content_type
    if content_type != "multipart/form-data" or not options.get("boundary"):
        raise BadForm("What was sent is no multipart/form-data with a boundary.")
    try:
        parser = PushMultipartParser(options["boundary"], max_segment_count=MAX_PARTS)
        left = limit + AROUND
        if (request.content_length or 0) > left:
            raise UploadTooLarge(limit)
        async for chunk in request.stream():
            left -= len(chunk)
            if left < 0:
                raise UploadTooLarge(limit)
            for event in parser.parse(chunk):
                yield event
            if parser.closed:
                return
    except MultipartError as error:
        raise BadForm(f"The form is broken: {error}.") from error
    except InternalServerException as error:  # the framework's word for a client that went away
        raise BadForm("The upload was cut off.", remedy="Send it again; nothing of it was kept.") from error


async def _text(events: Events) -> str:
    content = bytearray()
    while isinstance(piece := await anext(events, None), bytes):
        content += piece
        if len(content) > MAX_FIELD:
            raise BadForm(f"A field is longer than {MAX_FIELD // 1_000_000} MB.", remedy="Upload it as a file.")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise BadForm("A field is not in UTF-8.") from error


async def _store(events: Events, uploads: Uploads) -> Upload:
    """Keep the part's content. The thread that writes asks for piece after piece, so none waits in memory."""

    async def pull() -> bytes:
        piece = await anext(events, None)
        return piece if isinstance(piece, bytes) else b""

    def pieces() -> Iterator[bytes]:
        while piece := from_thread.run(pull):
            yield bytes(piece)

    return await to_thread.run_sync(uploads.keep, pieces())


def shown_name(name: str) -> str:
    """A stranger's file name, fit to be shown: no folders, no invisible or bidirectional characters, not too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip()
    if not visible.strip(". "):
        return "unnamed"
    stem, dot, suffix = visible.rpartition(".")
    if len(visible) <= MAX_NAME or not dot or len(suffix) > 10:
        return visible[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(suffix) - 1]}.{suffix}"
