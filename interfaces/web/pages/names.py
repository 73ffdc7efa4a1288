"""The names of files: trying a pattern out, and renaming what is there."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from application.ports.renaming import RenamingAlready
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.forms import PLAIN
from interfaces.web.people import person
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import html, page_or_part
from interfaces.web.views.names import examples_view, names_view

NAMES = "/settings/names"


class NamesPage(Controller):
    """How files are called."""

    path = NAMES

    @get(sync_to_thread=True)
    def show(
        self,
        request: WebRequest,
        container: NamedDependency[Container],
        name_pattern: FromQuery[str] = "",
        begun: FromQuery[bool] = False,
    ) -> Template:
        """What the pattern in use, or one that is tried out, makes of files, and what renaming would do."""
        return page_or_part(
            request, "names/show.html", "names/_state.html", names_view(container, name_pattern, begun=begun)
        )

    @get("/examples", sync_to_thread=True)
    def examples(self, container: NamedDependency[Container], name_pattern: FromQuery[str] = "") -> Template:
        """What a pattern makes of a few papers, while it is typed."""
        return html("names/_examples.html", examples_view(container, name_pattern))

    @post("/rename", **PLAIN)
    def rename(self, request: WebRequest, container: NamedDependency[Container]) -> Response[Any]:
        """Rename what does not fit, in the background."""
        if container.renaming.is_running():
            raise RenamingAlready
        actor = person(request)
        container.in_bulk(lambda: container.renaming.run(actor))
        return done(request, f"{NAMES}?begun=1")
