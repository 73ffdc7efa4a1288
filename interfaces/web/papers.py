"""What the paper's page and the interface for programs share."""

from pathlib import PurePosixPath
from typing import Any

from litestar import Response

from application.ports.library import Library
from application.queries import PaperRow
from domain.errors import DoesNotExist
from interfaces.web.files import file_answer
from interfaces.web.problems import WebRequest


def stored_file(request: WebRequest, paper: PaperRow, library: Library, *, inline: bool) -> Response[Any]:
    """The paper's file. Raises DoesNotExist where there is none, LibraryUnavailable."""
    if paper.file_path is None:
        raise DoesNotExist("A file of this paper", remedy="It was not retrieved so far.")
    path = library.open(paper.file_path)
    name = PurePosixPath(paper.file_path).name
    return file_answer(request, path, name=name, sha256=paper.file_sha256 or "", inline=inline)
