"""Importing: the form, the check, the list of imports, and the page of one."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Stream, Template
from litestar.status_codes import HTTP_200_OK

from application.exporting import rejected_lines
from domain.errors import SciPaperLoaderError
from interfaces.container import Container
from interfaces.web.downloads import download
from interfaces.web.finding import import_at, rejected_rows
from interfaces.web.intake import check, intake, start
from interfaces.web.problems import WebRequest, status_of
from interfaces.web.rendering import html, page_or_part, wants_part
from interfaces.web.uploading import Form, read_form
from interfaces.web.views.imports import Answers, answers, form_view, import_view, imports_view

CSV = "text/csv"
FORM, VERDICT = "imports/new.html", "imports/_verdict.html"


async def uploaded_form(request: WebRequest, container: NamedDependency[Container]) -> Form | SciPaperLoaderError:
    """The request's form, or what is wrong with it: the page says so beside its form."""
    try:
        return await read_form(request, container.uploads, container.settings.max_upload_bytes)
    except SciPaperLoaderError as error:
        return error


UPLOAD: dict[str, Any] = {
    "sync_to_thread": True,
    "status_code": HTTP_200_OK,
    "request_max_body_size": None,  # the form's reader has its own limit
    "dependencies": {"form": Provide(uploaded_form)},
}


class FormPage(Controller):
    """The form, and what is done with an uploaded list."""

    path = "/import"

    @get(sync_to_thread=True)
    def form(self, container: NamedDependency[Container], collection: FromQuery[str] = "") -> Template:
        """The form."""
        return html(FORM, form_view(container, Answers(collection=collection)))

    @post(**UPLOAD)
    def create(
        self, request: WebRequest, form: NamedDependency[Any], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Import the list, and go to the page of the import."""
        try:
            accepted = start(intake(_read(form), container.uploads), container, request)
        except SciPaperLoaderError as error:
            return _refused(request, form, container, error)
        where = f"/imports/{accepted.import_id}"
        where += "?repeated=1" if accepted.repeated else ""
        if wants_part(request):  # a redirect would be followed, and its page put into the target
            return Response("", media_type="text/html", headers={"hx-redirect": where})
        return Redirect(where, status_code=303)

    @post("/check", **UPLOAD)
    def check(
        self, request: WebRequest, form: NamedDependency[Any], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Tell what importing the list would do."""
        try:
            wanted = intake(_read(form), container.uploads)
            preview = check(wanted, container)
        except SciPaperLoaderError as error:
            return _refused(request, form, container, error)
        view = form_view(container, answers(form), wanted=wanted, preview=preview)
        return page_or_part(request, FORM, VERDICT, view)


def _read(form: Form | SciPaperLoaderError) -> Form:
    if isinstance(form, SciPaperLoaderError):
        raise form
    return form


def _refused(
    request: WebRequest, form: Form | SciPaperLoaderError, container: Container, error: SciPaperLoaderError
) -> Template:
    """The form again, with what was wrong. Raises the error where another attempt would not help."""
    status = status_of(error)
    if status >= 500:
        raise error
    view = form_view(container, answers(form), error=error)
    return html(VERDICT if wants_part(request) else FORM, view, status=status)


class ImportPages(Controller):
    """What became of lists."""

    path = "/imports"

    @get(sync_to_thread=True)
    def index(self, container: NamedDependency[Container], after: FromQuery[str | None] = None) -> Template:
        """Every import, newest first."""
        return html("imports/index.html", imports_view(container, after or None))

    @get("/{import_id:str}", sync_to_thread=True)
    def show(
        self,
        request: WebRequest,
        import_id: FromPath[str],
        container: NamedDependency[Container],
        repeated: FromQuery[bool] = False,
    ) -> Template:
        """What became of one list so far."""
        view = import_view(container, import_at(import_id, container.imports), repeated=repeated)
        return page_or_part(request, "imports/show.html", "imports/_progress.html", view)

    @get("/{import_id:str}/rejected.csv", sync_to_thread=True, media_type=CSV)
    def rejected(self, import_id: FromPath[str], container: NamedDependency[Container]) -> Stream:
        """The rows that were not taken."""
        row = import_at(import_id, container.imports)
        return download(rejected_lines(rejected_rows(row.id, container.imports)), f"rejected-{row.id}.csv", CSV)
