"""The list of papers, and the page of one."""

from typing import Any

from litestar import Controller, Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from application.archiving import MEDIA_TYPE
from interfaces.container import Container
from interfaces.web.downloads import Lists, archive_answer
from interfaces.web.filtering import AsOf, paper_filter
from interfaces.web.finding import paper_at
from interfaces.web.listing import Listing, listing
from interfaces.web.papers import first_page, stored_file
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import html, page_or_part, wants_part
from interfaces.web.views.facets import facet_view
from interfaces.web.views.neighbours import neighbours
from interfaces.web.views.panel import panel_view
from interfaces.web.views.paper import Asked, paper_view
from interfaces.web.views.paper_timeline import FAILED
from interfaces.web.views.papers import Place, news_view, papers_view

LIST_PAGE = "papers/index.html"


def place(
    after: FromQuery[str | None] = None,
    before: FromQuery[str | None] = None,
    around: FromQuery[str] = "",
    at: FromQuery[int | None] = None,
    panel: FromQuery[str] = "",
    facet: FromQuery[str] = "",
) -> Place:
    """Where in the list a page is."""
    return Place(after=after or None, before=before or None, around=around, at=at, panel=panel, facet=facet)


class PapersPage(Controller):
    """The list."""

    path = "/"
    dependencies = {  # noqa: RUF012 (the framework's way to say it)
        "listing": Provide(listing, sync_to_thread=False),
        "where": Provide(place, sync_to_thread=False),
    }

    @get("/papers", sync_to_thread=True)
    def index(
        self,
        request: WebRequest,
        container: NamedDependency[Container],
        listing: NamedDependency[Listing],
        where: NamedDependency[Place],
        note: FromQuery[str] = "",
    ) -> Template:
        """One page of the papers that match."""
        view = papers_view(container, listing, where, note=note)
        answer = page_or_part(request, LIST_PAGE, "papers/_results.html", view)
        if wants_part(request):
            answer.headers["hx-replace-url"] = view.address
        return answer

    @get("/papers/export.zip", sync_to_thread=True, media_type=MEDIA_TYPE)
    def archive(
        self, container: NamedDependency[Container], listing: NamedDependency[Listing], lists: Lists = None
    ) -> Response[Any]:
        """The files of the papers that match, with a manifest and the lists that are wanted."""
        return archive_answer(container, paper_filter(listing.query, container.imports), lists)

    @get("/news", sync_to_thread=True)
    def news(
        self, container: NamedDependency[Container], listing: NamedDependency[Listing], since: FromQuery[int] = 0
    ) -> Template:
        """What changed since a list was loaded: fresh counts, and how many papers. The list itself stays as it is."""
        return html("papers/_news.html", news_view(container, listing, since))

    @get("/facets/{name:str}", sync_to_thread=True)
    def facet(
        self, name: FromPath[str], container: NamedDependency[Container], listing: NamedDependency[Listing]
    ) -> Template:
        """The choices of one filter, with how many papers each would leave."""
        return html("papers/_facet.html", facet_view(container, listing, name))

    @get("/panel", sync_to_thread=True)
    def panel(
        self,
        container: NamedDependency[Container],
        listing: NamedDependency[Listing],
        where: NamedDependency[Place],
    ) -> Template:
        """A paper beside the list, or the empty panel where none is named."""
        closed = where.address(listing)
        view = panel_view(container, listing, where.panel, closed) if where.panel else None
        answer = html("papers/_panel.html", view)
        answer.headers["hx-replace-url"] = where.address(listing, panel=where.panel) if view else closed
        return answer


class PaperPage(Controller):
    """One paper."""

    path = "/papers/{name:str}"

    @get(sync_to_thread=True)
    def show(
        self,
        request: WebRequest,
        name: FromPath[str],
        container: NamedDependency[Container],
        as_of: AsOf = "",
        before: FromQuery[int | None] = None,
        shown: FromQuery[str] = "",
    ) -> Template:
        """Where the paper stands, now or as of a moment, and a page of what happened to it."""
        asked = Asked(as_of=as_of, before=before, only_failed=shown == FAILED)
        row = paper_at(name, container.papers)
        view, beside = paper_view(container, row, asked), neighbours(container, request, row)
        return page_or_part(request, "papers/show.html", "papers/_paper.html", view, around={"beside": beside})

    @get("/file", sync_to_thread=True, media_type="application/pdf")
    def file(
        self,
        request: WebRequest,
        name: FromPath[str],
        container: NamedDependency[Container],
        inline: FromQuery[bool] = False,
    ) -> Response[Any]:
        """The stored PDF."""
        return stored_file(request, paper_at(name, container.papers), container.library, inline=inline)

    @get("/picture", sync_to_thread=True, media_type="image/png")
    def picture(self, request: WebRequest, name: FromPath[str], container: NamedDependency[Container]) -> Response[Any]:
        """The first page of the stored PDF as a picture."""
        return first_page(request, paper_at(name, container.papers), container.library, container.pictures)
