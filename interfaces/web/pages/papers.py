"""The list of papers, and the page of one."""

from typing import Any

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from interfaces.container import Container
from interfaces.web.filtering import AsOf, Query
from interfaces.web.finding import paper_at
from interfaces.web.papers import first_page, stored_file
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import html, page_or_part, wants_part
from interfaces.web.views.paper import Asked, paper_view
from interfaces.web.views.paper_timeline import FAILED
from interfaces.web.views.papers import news_view, papers_view


class PapersPage(Controller):
    """The list."""

    path = "/"

    @get("/papers", sync_to_thread=True)
    def index(
        self,
        request: WebRequest,
        container: NamedDependency[Container],
        wanted: NamedDependency[Query],
        after: FromQuery[str | None] = None,
        before: FromQuery[str | None] = None,
    ) -> Template:
        """One page of the papers that match."""
        view = papers_view(container, wanted, after=after or None, before=before or None)
        answer = page_or_part(request, "papers/index.html", "papers/_results.html", view)
        if wants_part(request):
            answer.headers["hx-replace-url"] = view.address
        return answer

    @get("/news", sync_to_thread=True)
    def news(
        self, container: NamedDependency[Container], wanted: NamedDependency[Query], since: FromQuery[int] = 0
    ) -> Template:
        """What changed since a list was loaded: fresh counts, and how many papers. The list itself stays as it is."""
        return html("papers/_news.html", news_view(container, wanted, since))


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
        view = paper_view(container, paper_at(name, container.papers), asked)
        return page_or_part(request, "papers/show.html", "papers/_paper.html", view)

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
