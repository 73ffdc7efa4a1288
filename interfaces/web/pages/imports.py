"""What became of lists: the list of imports, the page of one, stopping it and taking it back; and collections."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream, Template
from litestar.status_codes import HTTP_200_OK

from application.exporting import rejected_lines
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.downloads import download
from interfaces.web.finding import import_at, rejected_rows
from interfaces.web.intake import undo
from interfaces.web.people import person
from interfaces.web.places import PlaceFrom0
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import html, page_or_part
from interfaces.web.views.imports import collections_view, import_view, imports_view, undo_view

CSV = "text/csv"


class ImportPages(Controller):
    """What became of lists."""

    path = "/imports"

    @get(sync_to_thread=True)
    def index(
        self, request: WebRequest, container: NamedDependency[Container], after: FromQuery[str | None] = None
    ) -> Template:
        """Every import, newest first."""
        view = imports_view(container, after or None)
        return page_or_part(request, "imports/index.html", "imports/_list.html", view)

    @get("/{import_id:str}", sync_to_thread=True)
    def show(
        self,
        request: WebRequest,
        import_id: FromPath[str],
        container: NamedDependency[Container],
        after: PlaceFrom0 = 0,
        repeated: FromQuery[bool] = False,
    ) -> Template:
        """What became of one list so far."""
        view = import_view(container, import_at(import_id, container.imports), after=after, repeated=repeated)
        return page_or_part(request, "imports/show.html", "imports/_progress.html", view)

    @get("/{import_id:str}/rejected.csv", sync_to_thread=True, media_type=CSV)
    def rejected(self, import_id: FromPath[str], container: NamedDependency[Container]) -> Stream:
        """The rows that were not taken."""
        row = import_at(import_id, container.imports)
        return download(rejected_lines(rejected_rows(row.id, container.imports)), f"rejected-{row.id}.csv", CSV)

    @post("/{import_id:str}/cancel", sync_to_thread=True, status_code=HTTP_200_OK)
    def cancel(
        self, request: WebRequest, import_id: FromPath[str], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Stop a running import."""
        row = import_at(import_id, container.imports)
        appended = container.undoing_imports.cancel(row.id, person(request))
        return done(request, f"/imports/{row.id}", appended.last)

    @get("/{import_id:str}/undo", sync_to_thread=True)
    def consider(self, import_id: FromPath[str], container: NamedDependency[Container]) -> Template:
        """What undoing the import would do; nothing is changed yet."""
        return html("imports/undo.html", undo_view(container, import_at(import_id, container.imports)))

    @post("/{import_id:str}/undo", sync_to_thread=True, status_code=HTTP_200_OK)
    def undo(
        self, request: WebRequest, import_id: FromPath[str], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Take the import back."""
        row = import_at(import_id, container.imports)
        return done(request, f"/imports/{row.id}", undo(row.id, container, request))


class CollectionsPage(Controller):
    """How far each collection is."""

    path = "/collections"

    @get(sync_to_thread=True)
    def index(self, request: WebRequest, container: NamedDependency[Container]) -> Template:
        """Every collection."""
        return page_or_part(request, "collections/index.html", "collections/_list.html", collections_view(container))
