"""The log over HTTP: pages of events, files of them, and the stream of those to come; all with the same filters."""

from typing import Annotated, Any

from litestar import Controller, Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter
from litestar.response import ServerSentEvent

from application.activity import ActivityFilter, told
from application.activity_export import Exporting, event_format
from application.activity_groups import grouped
from application.ports.event_log import Recorded
from domain.errors import InvalidValue
from interfaces.container import Container
from interfaces.web.asking import activity_filter, activity_query
from interfaces.web.downloads import download
from interfaces.web.filtering import Limit
from interfaces.web.problems import WebRequest
from interfaces.web.streaming import events, start_after, stream
from interfaces.web.tailing import Tailer

SORTS = ("position", "-position")
Sort = Annotated[str, QueryParameter(description="position, or -position for the newest first.")]
Group = Annotated[str, QueryParameter(description="correlation, to group what one upload, hour or click caused.")]
Form = Annotated[str, QueryParameter(name="format", description="csv or jsonl")]


class EventsApi(Controller):
    """Reading the log."""

    path = "/events"
    tags = ("events",)
    dependencies = {  # noqa: RUF012 (the framework reads it from the class)
        "asked": Provide(activity_query, sync_to_thread=False),
        "which": Provide(activity_filter, sync_to_thread=True),
    }

    @get(sync_to_thread=True, summary="Events that match")
    def index(
        self,
        container: NamedDependency[Container],
        which: NamedDependency[ActivityFilter],
        after: FromQuery[int] = 0,
        before: FromQuery[int | None] = None,
        limit: Limit = 100,
        sort: Sort = SORTS[0],
        group: Group = "",
    ) -> dict[str, Any]:
        """A page of events between two positions, oldest first, or newest first with `sort=-position`.

        The next page begins at the `after` of the answer, or at its `before` where the newest come first; there is one
        where `more` is true. A search that takes long is broken off: then a page can be short, or empty, and there is
        more. With `group=correlation` the events come in groups.
        """
        descending = _one_of("sort", sort, SORTS) == SORTS[1]
        page = container.activity.page(which, limit=limit, after=after, before=before, descending=descending)
        found = _groups(page.events) if _one_of("group", group, ("", "correlation")) else _events(page.events)
        onwards = {"after": None, "before": page.reached} if descending else {"after": page.reached, "before": None}
        return {**found, **onwards, "more": page.more}

    @get("/export", sync_to_thread=True, summary="Export events")
    def export(
        self, container: NamedDependency[Container], which: NamedDependency[ActivityFilter], name: Form = "csv"
    ) -> Response[Any]:
        """Every event that matches, as JSON lines or CSV. Cells that a spreadsheet would run are neutralised.

        The header X-Log-Anchor is the anchor of the log: noted, it proves later that nothing was rewritten.
        """
        form = event_format(name)
        exporting = Exporting(activity=container.activity, log=container.log, tasks=container.tasks)
        head, lines = exporting.lines(which, form)
        anchor = f"{head.position}:{head.hash}"
        return download(lines, f"events{form.suffix}", form.media_type, x_log_anchor=anchor)

    @get("/stream", sync_to_thread=True, media_type="text/event-stream", summary="Events as they happen")
    def follow(
        self,
        request: WebRequest,
        container: NamedDependency[Container],
        tailer: NamedDependency[Tailer],
        which: NamedDependency[ActivityFilter],
        after: FromQuery[int | None] = None,
    ) -> ServerSentEvent:
        """Server-sent events: the id is the position. Without `after` or `Last-Event-ID` it begins at the end.

        Where nothing matches for long, the id goes on with a comment, so that a client does not begin anew. Where a
        proxy holds streams back, ask for `GET /api/v1/events?after=` with the same filters now and then instead.
        """
        return stream(events(container.activity, which, tailer, start_after(request, after, container.log)))


def _one_of(field: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise InvalidValue(field, value[:100], " or ".join(filter(None, allowed)))
    return value


def _events(events: tuple[Recorded, ...]) -> dict[str, Any]:
    return {"events": [told(one) for one in events]}


def _groups(events: tuple[Recorded, ...]) -> dict[str, Any]:
    return {"groups": [group.as_dict() for group in grouped(events)]}
