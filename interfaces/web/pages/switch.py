"""The switch on the home page."""

from typing import Any

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE

from interfaces.container import Container
from interfaces.web.api.scraper import action_named
from interfaces.web.pages.home import kept_steps
from interfaces.web.people import person
from interfaces.web.problems import WebRequest, answer
from interfaces.web.rendering import html, wants_part
from interfaces.web.views.home import home_view

HOLDS = "The emergency stop holds: nothing leaves this computer any more."
LATER = "The database does not answer at present; the log is told when it does."


class SwitchPage(Controller):
    """What the buttons do."""

    path = "/scraper"

    @post("/{action:str}", sync_to_thread=True, status_code=HTTP_200_OK)
    def use(self, request: WebRequest, action: FromPath[str], container: NamedDependency[Container]) -> Response[Any]:
        """Use the switch, and show how the scraper stands then."""
        effect = container.controlling.use(action_named(action), "", person(request))
        if not effect.told:
            return answer(request, HTTP_503_SERVICE_UNAVAILABLE, HOLDS, LATER)
        if wants_part(request):
            return html("home/_state.html", home_view(container, kept_steps(request)))
        return Redirect("/", status_code=303)
