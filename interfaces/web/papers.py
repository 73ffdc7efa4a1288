"""What the paper's page and the interface for programs share: the file, and the picture of its first page."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from litestar import Response

from application.ports.library import Library, LibraryUnavailable
from application.ports.pictures import Pictures
from application.queries import PaperRow
from domain.errors import DoesNotExist
from interfaces.web.csp import FILE_HEADERS
from interfaces.web.files import etag_matches, file_answer
from interfaces.web.problems import NOT_FOUND, WebRequest

PLACEHOLDER = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297" width="210" height="297">'
    b'<path d="M0 0h210v297H0z" fill="#8884"/><path d="M70 98h44l26 26v75H70z M114 98v26h26" fill="none" '
    b'stroke="#888" stroke-width="4" stroke-linejoin="round"/></svg>'
)
"""What is drawn where there is no picture."""


def stored_file(request: WebRequest, paper: PaperRow, library: Library, *, inline: bool) -> Response[Any]:
    """The paper's file. Raises DoesNotExist where there is none, LibraryUnavailable."""
    if paper.file_path is None:
        raise DoesNotExist("A file of this paper", remedy="It was not retrieved so far.")
    path = library.open(paper.file_path)
    name = PurePosixPath(paper.file_path).name
    return file_answer(request, path, name=name, sha256=paper.file_sha256 or "", inline=inline)


def first_page(request: WebRequest, paper: PaperRow, library: Library, pictures: Pictures) -> Response[Any]:
    """The picture of the file's first page, or “not modified”; a placeholder with status 404 where there is none."""

    def path() -> Path:
        if paper.file_path is None:
            raise FileNotFoundError
        return library.open(paper.file_path)

    return picture_of(request, paper.file_sha256 or "", path, pictures)


def picture_of(request: WebRequest, sha256: str, path: Callable[[], Path], pictures: Pictures) -> Response[Any]:
    """The same of any file; `path` finds it, raising LibraryUnavailable or OSError where it is not there."""
    picture = pictures.kept(sha256) or _drawn(sha256, path, pictures)
    if picture is None:
        return Response(PLACEHOLDER, status_code=NOT_FOUND, media_type="image/svg+xml", headers=dict(FILE_HEADERS))
    headers = {**FILE_HEADERS, "etag": f'"{sha256}"', "cache-control": "private, max-age=86400"}
    if etag_matches(request, headers["etag"]):
        return Response(b"", status_code=304, media_type="image/png", headers=headers)
    return Response(picture, media_type="image/png", headers=headers)


def _drawn(sha256: str, path: Callable[[], Path], pictures: Pictures) -> bytes | None:
    try:
        return pictures.drawn(path(), sha256)
    except (LibraryUnavailable, OSError):
        return None
