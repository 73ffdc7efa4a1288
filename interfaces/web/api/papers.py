"""Papers over HTTP. A paper is named by its id, or by its DOI, with its slashes encoded or not."""

from typing import Annotated, Any

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from application.archiving import ARCHIVE
from application.as_of import at, paper_then
from application.exporting import FORMATS, anchor_of, event_record, export_format, exported, record
from application.wording import sentence
from domain.paper import stream_of
from interfaces.container import Container
from interfaces.web.downloads import Lists, archive_answer, download
from interfaces.web.filtering import AsOf, Limit, Query, paper_filter
from interfaces.web.finding import paper_at
from interfaces.web.papers import stored_file
from interfaces.web.problems import WebRequest


class PapersApi(Controller):
    """Looking at papers."""

    path = "/papers"
    tags = ("papers",)

    @get(sync_to_thread=True, summary="List papers")
    def index(
        self,
        container: NamedDependency[Container],
        wanted: NamedDependency[Query],
        limit: Limit = 50,
        after: FromQuery[str | None] = None,
    ) -> dict[str, Any]:
        """A page of papers; `after` is the cursor that the page before named, null at the end."""
        which = paper_filter(wanted, container.imports)
        page = container.papers.page(which, wanted.sort, descending=wanted.descending, limit=limit, after=after or None)
        return {
            "papers": [record(row) for row in page.papers],
            "after": page.after,
            "count": container.papers.count(which),
        }

    @get("/{name:str}", sync_to_thread=True, summary="One paper")
    def show(self, name: FromPath[str], container: NamedDependency[Container], as_of: AsOf = "") -> dict[str, Any]:
        """The paper with this id or DOI; with `as_of` as it was then."""
        row = paper_at(name, container.papers)
        return record(paper_then(container.log, row.id, at(as_of, container.log).position) if as_of.strip() else row)

    @get("/{name:str}/events", sync_to_thread=True, summary="Its history")
    def events(self, name: FromPath[str], container: NamedDependency[Container]) -> dict[str, Any]:
        """Everything that happened to the paper, in order."""
        row = paper_at(name, container.papers)
        history = container.log.stream(stream_of(row.id))
        return {"events": [{**event_record(one), "text": sentence(one)} for one in history]}

    @get("/{name:str}/file", sync_to_thread=True, media_type="application/pdf", summary="Its file")
    def file(
        self,
        request: WebRequest,
        name: FromPath[str],
        container: NamedDependency[Container],
        inline: FromQuery[bool] = False,
    ) -> Response[Any]:
        """The stored PDF, whole or a range of it; as a download, or with `inline=1` to be shown."""
        return stored_file(request, paper_at(name, container.papers), container.library, inline=inline)


class ExportApi(Controller):
    """Taking everything along."""

    path = "/export"
    tags = ("papers",)

    @get(sync_to_thread=True, summary="Export papers")
    def export(
        self,
        container: NamedDependency[Container],
        wanted: NamedDependency[Query],
        name: Annotated[str, QueryParameter(name="format", description=" or ".join((*FORMATS, ARCHIVE)))] = "csv",
        lists: Lists = None,
    ) -> Response[Any]:
        """Every paper that matches: as a table or JSON lines, for reference managers, or as a manifest of the files.

        `zip` is an archive of the files themselves, with a manifest and the `lists` that are named.

        Cells that a spreadsheet would run are neutralised. The header X-Log-Anchor is the anchor of the log: noted, it
        proves later that nothing was rewritten.
        """
        if name == ARCHIVE:
            return archive_answer(container, paper_filter(wanted, container.imports), lists)
        found, anchor = export_format(name), anchor_of(container.log)
        lines = exported(container.papers, paper_filter(wanted, container.imports), found, container.tasks, anchor)
        return download(lines, found.filename, found.media_type, x_log_anchor=anchor)
