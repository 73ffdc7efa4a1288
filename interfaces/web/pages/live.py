"""What keeps an open page up to date."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import ServerSentEvent

from interfaces.container import Container
from interfaces.web.problems import WebRequest
from interfaces.web.streaming import moves, start_after, stream
from interfaces.web.tailing import Tailer


class LivePage(Controller):
    """The one stream that a page has."""

    path = "/live"

    @get(sync_to_thread=True, media_type="text/event-stream")
    def follow(
        self,
        request: WebRequest,
        container: NamedDependency[Container],
        tailer: NamedDependency[Tailer],
        after: FromQuery[int | None] = None,
    ) -> ServerSentEvent:
        """Tell, at most once a second, that the log went on; the page asks for what it shows."""
        return stream(moves(tailer, start_after(request, after, container.log)))
