"""Forms with files (RFC 7578), streamed: a file goes to disk as it comes, and memory does not grow with it."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from typing import Any, Protocol

from anyio import from_thread, to_thread
from attrs import frozen
from litestar.exceptions import InternalServerException
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from application.file_names import shown_name
from application.ports.uploads import Upload, UploadTooLarge
from interfaces.web.problems import BadForm, WebRequest

FILE = "file"
MAX_PARTS = 250
"""Parts of a form: one for each column that a person may correct, and some more."""
MAX_FIELD = 10_000_000
"""Bytes of a field that is no file: a pasted list may be long."""
AROUND = MAX_FIELD + 100_000
"""Bytes of a form beside its file."""

Events = AsyncGenerator[Any, None]
"""Heads of parts (MultipartSegment), pieces of their contents (bytes), and their ends (None)."""


class Keeper(Protocol):
    """Where the content of a file goes."""

    def keep(self, chunks: Iterable[bytes]) -> Upload:
        """Store the content, durable on return. Raises UploadTooLarge, UploadNotKept."""
        ...


@frozen(kw_only=True)
class Sent:
    """A file of a form: on disk, fsynced; `filename` is fit to be shown, and never a path."""

    upload: Upload
    filename: str


@frozen(kw_only=True)
class Form:
    """A form and its files."""

    fields: Mapping[str, str]
    files: tuple[Sent, ...] = ()

    @property
    def upload(self) -> Upload | None:
        """The file of a form that has one."""
        return self.files[0].upload if self.files else None

    @property
    def filename(self) -> str:
        """What it is called; "" where there is none."""
        return self.files[0].filename if self.files else ""


async def read_form(request: WebRequest, uploads: Keeper, limit: int, *, most: int = 1) -> Form:
    """Read the form of the request, at most `most` files with `limit` bytes in all.

    Raises BadForm, UploadTooLarge; of several files those that came before are kept.
    """
    fields: dict[str, str] = {}
    files: list[Sent] = []
    events = _events(request, limit, most)
    async for part in events:
        if not isinstance(part, MultipartSegment):
            continue
        if not _is_file(part):
            fields[part.name or ""] = await _text(events)
        elif len(files) >= most:
            raise BadForm("There is more than one file." if most == 1 else f"There are more than {most} files.")
        else:
            filename = shown_name(part.filename or "")
            files.append(Sent(upload=await _store(events, uploads), filename=filename))
    return Form(fields=fields, files=tuple(files))


async def read_body(request: WebRequest, uploads: Keeper, limit: int, name: str) -> Form:
    """Take the whole body of the request for a file of at most `limit` bytes. Raises BadForm, UploadTooLarge."""
    chunks = _chunks(request, limit)
    try:
        upload = await _store(chunks, uploads)
    except InternalServerException as error:  # the framework's word for a client that went away
        raise CutOff from error
    return Form(fields={}, files=(Sent(upload=upload, filename=shown_name(name)),))


async def _chunks(request: WebRequest, limit: int) -> Events:
    if (request.content_length or 0) > limit:
        raise UploadTooLarge(limit)
    async for chunk in request.stream():
        if chunk:
            yield chunk


class CutOff(BadForm):
    """The client went away in the midst of what it sent."""

    remedy = "Send it again; nothing of it was kept."

    def __init__(self) -> None:
        super().__init__("The upload was cut off.")


def _is_file(part: MultipartSegment) -> bool:
    """Whether the part is the file. A browser sends an empty name where no file was chosen."""
    if part.filename and part.name != FILE:
        raise BadForm(f"The file is in the part “{shown_name(part.name or '')}”.")
    if part.name == FILE and part.filename is None:
        raise BadForm("The part “file” has no file name.")
    return bool(part.filename)


async def _events(request: WebRequest, limit: int, most: int) -> Events:
    content_type, options = request.content_type
    if content_type != "multipart/form-data" or not options.get("boundary"):
        raise BadForm("What was sent is no multipart/form-data with a boundary.")
    try:
        parser = PushMultipartParser(options["boundary"], max_segment_count=MAX_PARTS + most)
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
        raise CutOff from error


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


async def _store(events: Events, uploads: Keeper) -> Upload:
    """Keep the part's content. The thread that writes asks for piece after piece, so none waits in memory."""

    async def pull() -> bytes:
        piece = await anext(events, None)
        return piece if isinstance(piece, bytes) else b""

    def pieces() -> Iterator[bytes]:
        while piece := from_thread.run(pull):
            yield bytes(piece)

    return await to_thread.run_sync(uploads.keep, pieces())
