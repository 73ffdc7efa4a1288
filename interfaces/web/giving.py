"""Files of papers that people send: what the pages and the interface for programs share."""

from litestar.di import NamedDependency

from application.attaching import Attached, NeedsWord
from application.handling import Actor
from application.matching import NotWaiting
from domain.errors import CommandRefused, SciPaperLoaderError
from interfaces.container import Container
from interfaces.web.finding import paper_at
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


def give_for_page(container: Container, paper: str, form: Form | SciPaperLoaderError, actor: Actor) -> Attached:
    """Give the form's file to a paper; one of which the check does not prove that it is, waits for the person's word.

    A file that is refused waits only if it did before, with what was known of it.
    Raises what was wrong with the form, DoesNotExist, FileNotTaken, and what Attaching.attach does.
    """
    if not isinstance(form, Form):
        raise form
    if form.upload is None:
        raise BadForm("There is no file.", remedy=NO_FILE)
    sha256 = form.upload.sha256
    before = container.dropped.find(sha256)
    container.matching.take(form.upload, form.filename, actor)
    try:
        return container.matching.give(sha256, paper_at(paper, container.papers).id, actor)
    except NeedsWord:
        container.matching.look(sha256)
        raise
    except NotWaiting:
        container.dropped.forget(sha256)
        raise
    except SciPaperLoaderError as error:
        if before is not None:
            container.dropped.remember(before)
        elif isinstance(error, CommandRefused):
            container.dropped.forget(sha256)
        raise


def drop(container: Container, form: Form) -> None:
    """Remove a file that was sent for nothing."""
    for sent in form.files:
        container.dropped.release(sent.upload.sha256)
