"""The switch, on the dashboard and on the page of the scraper."""

from typing import Any

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_503_SERVICE_UNAVAILABLE

from domain import scraper
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.api.scraper import action_named
from interfaces.web.bodies import reason_of
from interfaces.web.forms import PLAIN, one
from interfaces.web.pages.home import kept_steps
from interfaces.web.people import person
from interfaces.web.problems import WebRequest, answer
from interfaces.web.rendering import html, wants_part
from interfaces.web.views.home import home_view

HOLDS = "The emergency stop holds: nothing leaves this computer any more."
LATER = "The database does not answer at present; the log is told when it does."
PAGE = "/scraper"


class SwitchPage(Controller):
    """What the buttons do."""

    path = "/scraper"

    @post("/{action:str}", **PLAIN)
    def use(
        self,
        request: WebRequest,
        action: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> Response[Any]:
        """Use the switch, and show how the scraper stands then, on the page where it was used."""
        reason = reason_of({"reason": one(sent, "reason")})
        effect = container.controlling.use(action_named(action), reason, person(request))
        if not effect.told:
            return answer(request, HTTP_503_SERVICE_UNAVAILABLE, HOLDS, LATER)
        if one(sent, "page") == PAGE:
            return done(request, PAGE, container.log.stream(scraper.STREAM)[-1].position)
        if wants_part(request):
            return html("home/_state.html", home_view(container, kept_steps(request)))
        return Redirect("/", status_code=303)
