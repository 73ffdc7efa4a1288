"""The log over HTTP: pages of events, and the stream of those to come."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import ServerSentEvent

from application.exporting import event_record
from application.ports.event_log import Recorded
from application.wording import sentence
from domain.paper import stream_of
from interfaces.container import Container
from interfaces.web.filtering import Limit
from interfaces.web.finding import paper_at
from interfaces.web.naming import segment
from interfaces.web.problems import WebRequest
from interfaces.web.streaming import events, start_after, stream
from interfaces.web.tailing import Tailer


class EventsApi(Controller):
    """Reading the log."""

    path = "/events"
    tags = ("events",)

    @get(sync_to_thread=True, summary="Events after a position")
    def index(
        self,
        container: NamedDependency[Container],
        after: FromQuery[int] = 0,
        limit: Limit = 100,
        paper: FromQuery[str | None] = None,
    ) -> dict[str, Any]:
        """Events in order, of everything or of one paper; `after` in the answer is where the next page begins."""
        read = container.log.read if paper is None else partial(_of_paper, paper, container)
        found = read(after, limit)
        return {
            "events": [{**event_record(one), "text": sentence(one)} for one in found],
            "after": found[-1].position if found else after,
        }

    @get("/stream", sync_to_thread=True, media_type="text/event-stream", summary="Events as they happen")
    def follow(
        self,
        request: WebRequest,
        container: NamedDependency[Container],
        tailer: NamedDependency[Tailer],
        after: FromQuery[int | None] = None,
    ) -> ServerSentEvent:
        """Server-sent events: the id is the position. Without `after` or `Last-Event-ID` it begins at the end."""
        return stream(events(container.log, tailer, start_after(request, after, container.log)))


def _of_paper(name: str, container: Container, after: int, limit: int) -> Sequence[Recorded]:
    row = paper_at(segment(name), container.papers)
    return [one for one in container.log.stream(stream_of(row.id)) if one.position > after][:limit]
