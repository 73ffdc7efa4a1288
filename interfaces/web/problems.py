"""Errors as answers: one table of statuses, problem details for programs (RFC 9457), pages and text for people."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Template
from uuid_utils import uuid4

from application.attaching import FileNotTaken, NotProven
from application.ports.event_log import IdentifierTaken, KeyReused, WrongVersion
from application.ports.library import CheckerUnavailable, LibraryFull, LibraryUnavailable
from application.ports.tabular import FileRefused
from application.ports.uploads import UploadNotKept, UploadTooLarge
from application.records import change_record
from application.scheduling import ChangedMeanwhile
from domain.errors import (
    AlreadyExists,
    CommandRefused,
    DoesNotExist,
    InvalidValue,
    InvalidValues,
    NotAllowed,
    SciPaperLoaderError,
)

WebRequest = Request[Any, Any, Any]

RETRY_AFTER = "5"
"""Seconds after which a busy database is worth another try."""
FORBIDDEN, NOT_FOUND = HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND
FOR_PROGRAMS = ("/api/", "/schema", "/healthz", "/readyz")

logger = structlog.get_logger(__name__)


class BadForm(SciPaperLoaderError):
    """What was sent is no form that can be read."""

    remedy = "Send multipart/form-data with one part “file” that has a file name, and the part “collection”."


STATUSES: Mapping[type[SciPaperLoaderError], HTTPStatus] = {
    BadForm: HTTPStatus.BAD_REQUEST,
    DoesNotExist: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.CONFLICT,
    AlreadyExists: HTTPStatus.CONFLICT,
    CommandRefused: HTTPStatus.CONFLICT,
    WrongVersion: HTTPStatus.CONFLICT,
    IdentifierTaken: HTTPStatus.CONFLICT,
    UploadTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UploadNotKept: HTTPStatus.INSUFFICIENT_STORAGE,
    InvalidValue: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvalidValues: HTTPStatus.UNPROCESSABLE_ENTITY,
    FileRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotProven: HTTPStatus.CONFLICT,
    FileNotTaken: HTTPStatus.UNPROCESSABLE_ENTITY,
    KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    LibraryFull: HTTPStatus.INSUFFICIENT_STORAGE,
    LibraryUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    CheckerUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    SciPaperLoaderError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""The status of each error; that of its nearest base where it is not listed."""

WORDS: Mapping[int, tuple[str, str]] = {
    400: ("The request cannot be understood.", "Check its address and its fields."),
    404: ("There is nothing at this address.", "Look for it in the list of papers, or start from the home page."),
    405: ("This address does not take such a request.", "Go back, and use the buttons and links of the page."),
    413: ("What was sent is too large.", "Split the list into several files."),
    429: ("Too many requests came at once.", "Wait a moment and try again."),
    500: (
        "The program made a mistake.",
        "Nothing that was saved is lost. The program's log tells more under {reference}.",
    ),
}
"""What is said of an error that has no words of its own."""


def status_of(error: SciPaperLoaderError) -> HTTPStatus:
    """The HTTP status of an error."""
    if error.transient:
        return HTTPStatus.SERVICE_UNAVAILABLE
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def answer(
    request: WebRequest,
    status: int,
    message: str,
    remedy: str,
    *,
    errors: Sequence[object] = (),
    more: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response[Any]:
    """The error in the form that the asker understands; `more` are further members for programs."""
    sent = dict(headers or {})
    if request.scope["path"].startswith(FOR_PROGRAMS):
        members = {"errors": list(errors)} if errors else {}
        return _problem(request, status, f"{message} {remedy}".strip(), {**members, **(more or {})}, sent)
    if "hx-request" in request.headers:
        text = f"{message} {remedy}".strip()
        return Response(text, status_code=status, media_type="text/plain", headers=sent)
    view = {"status": int(status), "message": message, "remedy": remedy}
    return Template("errors/problem.html", context={"view": view}, status_code=status, headers=sent)


def _problem(
    request: WebRequest, status: int, detail: str, more: Mapping[str, object], headers: dict[str, str]
) -> Response[Any]:
    content: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "instance": request.scope["path"],
        **more,
    }
    return Response(content, status_code=status, media_type="application/problem+json", headers=headers)


def members_of(error: SciPaperLoaderError) -> dict[str, object]:
    """What an error tells programs beside its sentence: every fault, or every change that came between."""
    if isinstance(error, InvalidValues):
        return {"errors": [_fault(one) for one in error.faults]}
    if isinstance(error, InvalidValue):
        return {"errors": [_fault(error)]}
    if isinstance(error, FileNotTaken):
        return {"cause": error.checked.cause, "evidence": list(error.checked.evidence)}
    if isinstance(error, ChangedMeanwhile):
        return {"version": error.actual, "changes": [change_record(one) for one in error.changes]}
    return {}


def _fault(error: InvalidValue) -> dict[str, str]:
    return {"field": error.field, "detail": str(error)}


def on_own_error(request: WebRequest, error: SciPaperLoaderError, status: int | None = None) -> Response[Any]:
    """Answer an error that was raised on purpose, with its own status unless told otherwise."""
    status = status or status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.warning("request failed", path=request.scope["path"], error=str(error))
    headers = {"retry-after": RETRY_AFTER} if error.transient else {}
    return answer(request, status, error.message, error.remedy, more=members_of(error), headers=headers)


def on_http_error(request: WebRequest, error: HTTPException) -> Response[Any]:
    """Answer an error of the framework: no route, a wrong parameter, too large a body."""
    status = error.status_code
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return on_mistake(request, error)
    message, remedy = WORDS.get(status, (error.detail or HTTPStatus(status).phrase, ""))
    extra = error.extra if isinstance(error.extra, list) else []
    return answer(request, status, message, remedy, errors=extra, headers=error.headers)


def on_mistake(request: WebRequest, error: Exception) -> Response[Any]:
    """Answer a mistake of the program; the log has it under the reference that the answer names."""
    reference = str(uuid4())[:8]
    logger.error("request crashed", path=request.scope["path"], reference=reference, exc_info=error)
    message, remedy = WORDS[500]
    return answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, message, remedy.format(reference=reference))


HANDLERS: Mapping[Any, Any] = {
    SciPaperLoaderError: on_own_error,
    HTTPException: on_http_error,
    Exception: on_mistake,
}
"""Every error ends in one of these."""
