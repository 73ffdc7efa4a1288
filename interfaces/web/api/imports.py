"""Imports and collections over HTTP."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from application.exporting import rejected_lines
from application.records import collection_record, import_record, stakes_record
from interfaces.container import Container
from interfaces.web.downloads import download
from interfaces.web.filtering import Limit
from interfaces.web.finding import import_at, rejected_rows
from interfaces.web.intake import intake, start, undo
from interfaces.web.people import person
from interfaces.web.problems import WebRequest
from interfaces.web.uploading import Form, read_form

CSV = "text/csv"


async def uploaded_form(request: WebRequest, container: NamedDependency[Container]) -> Form:
    """The request's form, its file on disk."""
    return await read_form(request, container.uploads, container.settings.max_upload_bytes)


class ImportsApi(Controller):
    """Taking in lists, and looking at what became of them."""

    path = "/imports"
    tags = ("imports",)

    @post(
        status_code=HTTP_202_ACCEPTED,
        sync_to_thread=True,
        request_max_body_size=None,  # the form's reader has its own limit
        dependencies={"form": Provide(uploaded_form)},
        summary="Import a list of papers",
    )
    def create(
        self, request: WebRequest, form: NamedDependency[Form], container: NamedDependency[Container]
    ) -> Response[dict[str, Any]]:
        """Take in the part `file` of a multipart form, into the collection named by `collection`.

        `on_duplicate` is `skip` or `update`; `mapping` a JSON object that says what columns of a table are, where
        that is not found by itself: `{"Ref": "doi", "Notes": "ignore"}`. The same file sent twice is one import:
        `repeated` is true then.
        """
        accepted = start(intake(form, container.uploads), container, request)
        found = import_record(import_at(accepted.import_id, container.imports))
        where = f"/api/v1/imports/{accepted.import_id}"
        return Response({**found, "repeated": accepted.repeated}, headers={"location": where})

    @get(sync_to_thread=True, summary="List imports, newest first")
    def index(
        self, container: NamedDependency[Container], limit: Limit = 50, after: FromQuery[str | None] = None
    ) -> dict[str, Any]:
        """A page of imports; `after` is the id that the page before named."""
        rows = container.imports.page(limit=limit + 1, after=after)
        more = len(rows) > limit
        return {"imports": [import_record(row) for row in rows[:limit]], "after": rows[limit - 1].id if more else None}

    @get("/{import_id:str}", sync_to_thread=True, summary="One import")
    def show(self, import_id: FromPath[str], container: NamedDependency[Container]) -> dict[str, Any]:
        """Its status, and what became of its rows so far."""
        return import_record(import_at(import_id, container.imports))

    @get("/{import_id:str}/stakes", sync_to_thread=True, summary="What undoing it would do")
    def stakes(self, import_id: FromPath[str], container: NamedDependency[Container]) -> dict[str, Any]:
        """How many papers would be set aside, and how many stay and why. Nothing is changed."""
        row = import_at(import_id, container.imports)
        return stakes_record(container.undoing_imports.stakes(row.id))

    @post("/{import_id:str}/undo", sync_to_thread=True, status_code=HTTP_202_ACCEPTED, summary="Undo it")
    def undo(
        self, request: WebRequest, import_id: FromPath[str], container: NamedDependency[Container]
    ) -> dict[str, Any]:
        """Set aside the papers that no other list names, in the background; their files stay in the library.

        The same list imported again brings them back. 409 while it runs, or where it is undone already.
        """
        row = import_at(import_id, container.imports)
        undo(row.id, container, request)
        return import_record(import_at(row.id, container.imports))

    @post("/{import_id:str}/cancel", sync_to_thread=True, status_code=HTTP_200_OK, summary="Stop it")
    def cancel(
        self, request: WebRequest, import_id: FromPath[str], container: NamedDependency[Container]
    ) -> dict[str, Any]:
        """Stop a running import; what was taken in before stays. 409 where it has ended."""
        row = import_at(import_id, container.imports)
        container.undoing_imports.cancel(row.id, person(request))
        return import_record(import_at(row.id, container.imports))

    @get("/{import_id:str}/rejected.csv", sync_to_thread=True, media_type=CSV, summary="Its rejected rows")
    def rejected(self, import_id: FromPath[str], container: NamedDependency[Container]) -> Stream:
        """Every row that was not taken, with its line in the file and the reason, as CSV."""
        row = import_at(import_id, container.imports)
        return download(rejected_lines(rejected_rows(row.id, container.imports)), f"rejected-{row.id}.csv", CSV)


class CollectionsApi(Controller):
    """Looking at collections."""

    path = "/collections"
    tags = ("collections",)

    @get(sync_to_thread=True, summary="List collections")
    def index(self, container: NamedDependency[Container]) -> dict[str, Any]:
        """Every collection with the number of its papers."""
        return {"collections": [collection_record(row) for row in container.imports.collections()]}
