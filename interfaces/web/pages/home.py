"""The home page: how things stand, and what to do next."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from litestar.status_codes import HTTP_200_OK

from domain.acts import Action, act
from domain.causes import CAUSES
from domain.errors import DoesNotExist
from domain.pipeline import Status
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.filtering import Query
from interfaces.web.people import person
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import page_or_part
from interfaces.web.selecting import order_by_filter
from interfaces.web.views.home import home_view
from interfaces.web.views.home_reasons import WITHOUT_FILE

STEPS = "steps"
"""The cookie with what a person said of the first steps."""
SAID = {"hide": "hidden", "schedule": "schedule"}
YEAR = 365 * 24 * 3600


class HomePage(Controller):
    """The first page."""

    path = "/"

    @get(sync_to_thread=True)
    def show(self, request: WebRequest, container: NamedDependency[Container]) -> Template:
        """Whether it works, when it will be done, and what needs a person."""
        return page_or_part(request, "home/show.html", "home/_state.html", home_view(container, kept_steps(request)))

    @post("/steps/{name:str}", sync_to_thread=False, status_code=HTTP_200_OK)
    def keep(self, request: WebRequest, name: FromPath[str]) -> Response[Any]:
        """Hide the first steps in this browser, or note that the schedule may stay as it is."""
        if name not in SAID:
            raise DoesNotExist("This step", remedy="Go back to the dashboard.")
        answer = done(request, "/")
        kept = ".".join(dict.fromkeys((*kept_steps(request), SAID[name])))
        answer.set_cookie(STEPS, kept, max_age=YEAR, path="/", samesite="lax", httponly=True)
        return answer

    @post("/causes/{name:str}/retry", sync_to_thread=True, status_code=HTTP_200_OK)
    def retry(
        self,
        request: WebRequest,
        name: FromPath[str],
        container: NamedDependency[Container],
        status: FromQuery[Status | None] = None,
    ) -> Response[Any]:
        """Try the papers again that rest for a cause, in one status or in both."""
        statuses = (status,) if status else WITHOUT_FILE
        if name not in CAUSES or not set(statuses) <= set(WITHOUT_FILE):
            raise DoesNotExist("This reason", remedy="Go back to the dashboard.")
        order = order_by_filter(act(Action.RETRY), Query(status=statuses, cause=name), container.imports)
        begun = container.bulks.start(order, person(request), container.in_bulk)
        return done(request, "/", begun.position)


def kept_steps(request: WebRequest) -> tuple[str, ...]:
    """What the person said of the first steps; what is none of it is left out."""
    return tuple(word for word in request.cookies.get(STEPS, "").split(".") if word in SAID.values())
