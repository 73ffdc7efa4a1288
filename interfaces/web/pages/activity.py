"""Activity: everything that happened."""

from typing import Any

from litestar import Controller, Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from litestar.status_codes import HTTP_422_UNPROCESSABLE_ENTITY

from application.activity_asking import ActivityQuery
from domain.errors import DoesNotExist, InvalidValue
from interfaces.container import Container
from interfaces.web.asking import activity_query
from interfaces.web.places import Place, PlaceFrom0
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import html, page_or_part
from interfaces.web.views.activity import Asked, activity_found, activity_view, news, refused_view
from interfaces.web.views.event import event_view


class ActivityPage(Controller):
    """Everything that happened."""

    path = "/activity"
    dependencies = {"asked": Provide(activity_query, sync_to_thread=False)}  # noqa: RUF012 (read from the class)

    @get(sync_to_thread=True)
    def show(
        self,
        request: WebRequest,
        container: NamedDependency[Container],
        asked: NamedDependency[ActivityQuery],
        before: Place = None,
        after: Place = None,
        longer: FromQuery[bool] = False,
    ) -> Response[Any]:
        """A page of what matches, newest first; the form again, with what is wrong, where something is."""
        wanted = Asked(query=asked, before=before, after=after, longer=longer)
        try:
            return page_or_part(request, "activity/show.html", "activity/_found.html", activity_view(container, wanted))
        except (InvalidValue, DoesNotExist) as error:
            view = refused_view(container, wanted, error)
            return html("activity/show.html", view, status=HTTP_422_UNPROCESSABLE_ENTITY)

    @get("/more", sync_to_thread=True)
    def more(
        self, container: NamedDependency[Container], asked: NamedDependency[ActivityQuery], before: Place = None
    ) -> Template:
        """How a search goes on that was broken off."""
        return html("activity/_more.html", activity_found(container, Asked(query=asked, before=before)))

    @get("/news", sync_to_thread=True)
    def news(
        self,
        container: NamedDependency[Container],
        asked: NamedDependency[ActivityQuery],
        seen: PlaceFrom0 = 0,
    ) -> Template:
        """How much came since a page was loaded. The page itself stays as it is."""
        return html("activity/_news.html", news(container, Asked(query=asked), seen))

    @get("/{position:int}", sync_to_thread=True)
    def event(self, position: FromPath[int], container: NamedDependency[Container]) -> Template:
        """One event."""
        return html("activity/event.html", event_view(container, position))
