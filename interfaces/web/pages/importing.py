"""Importing: the form, the check with its corrections and its exports, and a template to fill in."""

from pathlib import PurePath
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Stream, Template
from litestar.status_codes import HTTP_200_OK

from application.exporting import csv_line, judged_lines
from application.file_names import shown_name
from application.ports.tabular import FileRefused
from application.sorting_out import Outcome
from domain.errors import DoesNotExist, InvalidValue, InvalidValues, SciPaperLoaderError
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.downloads import download
from interfaces.web.intake import Intake, check, intake, kept, start
from interfaces.web.mapped import read_mapping
from interfaces.web.problems import BadForm, WebRequest, status_of
from interfaces.web.rendering import html, page_or_part, wants_part
from interfaces.web.uploading import Form, read_form
from interfaces.web.views.checking import Answers as Filled
from interfaces.web.views.checking import answers, form_view

CSV = "text/csv"
FORM, VERDICT = "imports/new.html", "imports/_found.html"
TEMPLATE = ("DOI", "PMID", "PMCID", "arXiv", "Title", "Authors", "Journal", "Year")
"""Headings of a list to fill in."""


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
        return html(FORM, form_view(container, Filled(collection=collection)))

    @get("/template.csv", sync_to_thread=False, media_type=CSV)
    def template(self) -> Stream:
        """A list to fill in."""
        return download([csv_line(TEMPLATE)], "list of papers.csv", CSV)

    @post(**UPLOAD)
    def create(
        self, request: WebRequest, form: NamedDependency[Any], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Import the list, and go to the page of the import."""
        wanted: Intake | None = None
        try:
            wanted = intake(_read(form), container.uploads)
            accepted = start(wanted, container, request)
        except SciPaperLoaderError as error:
            return _refused(request, form, container, error, wanted)
        return done(request, f"/imports/{accepted.import_id}" + ("?repeated=1" if accepted.repeated else ""))

    @post("/check", **UPLOAD)
    def check(
        self, request: WebRequest, form: NamedDependency[Any], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Tell what importing the list would do."""
        wanted: Intake | None = None
        try:
            wanted = intake(_read(form), container.uploads)
            preview = check(wanted, container)
        except SciPaperLoaderError as error:
            return _refused(request, form, container, error, wanted)
        view = form_view(container, answers(form), wanted=wanted, preview=preview)
        return page_or_part(request, FORM, VERDICT, view)

    @get("/checked/{sha256:str}/{name:str}", sync_to_thread=True, media_type=CSV)
    def export(
        self,
        sha256: FromPath[str],
        name: FromPath[str],
        container: NamedDependency[Container],
        filename: FromQuery[str] = "",
        mapping: FromQuery[str] = "",
    ) -> Stream:
        """The rows of a checked list that come to one thing, read again from the file."""
        outcome = next((one for one in Outcome if name == f"{one}.csv"), None)
        try:
            upload = kept(sha256, container.uploads)
        except BadForm as error:
            raise DoesNotExist("This checked list", remedy="Check the file again.") from error
        if outcome is None:
            raise DoesNotExist(f"The export “{name[:40]}”", remedy="Choose one on the page of the check.")
        judged = container.importing.judged(upload, read_mapping(mapping) if mapping else ())
        stem = PurePath(shown_name(filename)).stem if filename else "list"
        return download(judged_lines(one for one in judged if one.outcome is outcome), f"{stem} {outcome}.csv", CSV)


def _read(form: Form | SciPaperLoaderError) -> Form:
    if isinstance(form, SciPaperLoaderError):
        raise form
    return form


def _refused(
    request: WebRequest,
    form: Form | SciPaperLoaderError,
    container: Container,
    error: SciPaperLoaderError,
    wanted: Intake | None,
) -> Template:
    """The form again, with what was wrong. Raises the error where another attempt would not help."""
    status = status_of(error)
    if status >= 500:
        raise error
    correctable = isinstance(error, FileRefused | InvalidValues | InvalidValue)
    view = form_view(container, answers(form), error=error, wanted=wanted if correctable else None)
    return html(VERDICT if wants_part(request) else FORM, view, status=status)
