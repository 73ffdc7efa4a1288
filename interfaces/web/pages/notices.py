"""Notices: the list, the bell, one notice that follows what it tells of, and taking back."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from domain.errors import DoesNotExist
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.forms import PLAIN, one
from interfaces.web.people import person
from interfaces.web.places import Place, PlaceInPath
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import html, page_or_part
from interfaces.web.returning import own_address
from interfaces.web.telling import ToldView
from interfaces.web.views.notices import bell_view, notices_view

SEEN = "scipaperloader_seen"
"""The cookie with the position up to which a person has seen the notices."""
YEAR = 365 * 24 * 3600


class NoticesPage(Controller):
    """What people did, and taking it back."""

    path = "/notices"

    @get(sync_to_thread=True)
    def index(self, request: WebRequest, container: NamedDependency[Container], before: Place = None) -> Template:
        """The latest notices, or older ones; those that are shown are new no more."""
        view = notices_view(container, before)
        answer = page_or_part(request, "notices/show.html", "notices/_list.html", view)
        return _seen(answer, view.position)

    @get("/bell", sync_to_thread=True)
    def bell(self, request: WebRequest, container: NamedDependency[Container]) -> Template:
        """How many are new."""
        view = bell_view(container, _position(request.cookies.get(SEEN, "")))
        return _seen(html("notices/_bell.html", view), view.seen)

    @get("/{position:int}", sync_to_thread=True)
    def show(self, position: PlaceInPath, container: NamedDependency[Container], back: FromQuery[str] = "") -> Template:
        """One notice as it is now, for the page on which it stands."""
        notice = container.notices.at(position)
        if notice is None:
            raise DoesNotExist("This notice", remedy="Look into the list of notices.")
        return html("notices/_told.html", ToldView(notice=notice, address=own_address(back, "/notices")))

    @post("/{position:int}/undo", **PLAIN)
    def undo(
        self,
        request: WebRequest,
        position: PlaceInPath,
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> Response[Any]:
        """Take it back, and go back to the page."""
        back = own_address(one(sent, "back"), "/notices")
        return done(request, back, container.undoing.undo(position, person(request), container.in_bulk))


def _seen(answer: Template, position: int) -> Template:
    cookie = Cookie(key=SEEN, value=str(position), path="/", httponly=True, samesite="strict", max_age=YEAR)
    answer.cookies.append(cookie)
    return answer


def _position(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
