"""Files of papers that people send: what the pages and the interface for programs share."""

from litestar.di import NamedDependency

from application.attaching import Attached
from application.handling import Actor
from interfaces.container import Container
from interfaces.web.problems import BadForm, WebRequest
from interfaces.web.uploading import Form, read_body, read_form

UNNAMED = "file.pdf"
NO_FILE = "Choose the PDF of the paper."
_YES = frozenset({"1", "true", "yes", "on"})


async def sent_file(request: WebRequest, container: NamedDependency[Container]) -> Form:
    """The PDF that the request carries, as its body or as a part of a form; it is on disk."""
    limit = container.settings.max_file_bytes
    kind, _ = request.content_type
    if kind == "multipart/form-data":
        return await read_form(request, container.dropped, limit)
    return await read_body(request, container.dropped, limit, request.query_params.get("filename", "") or UNNAMED)


def give(container: Container, paper: str, form: Form, actor: Actor, *, anyway: bool = False) -> Attached:
    """Give the form's file to a paper. Raises BadForm, and what Attaching.attach does; nothing is kept then."""
    if form.upload is None:
        raise BadForm("There is no file.", remedy=NO_FILE)
    wanted = anyway or form.fields.get("anyway", "").strip().lower() in _YES
    return container.matching.hand_over(form.upload, form.filename, paper, actor, anyway=wanted)


def drop(container: Container, form: Form) -> None:
    """Remove a file that was sent for nothing."""
    for sent in form.files:
        container.dropped.release(sent.upload.sha256)
