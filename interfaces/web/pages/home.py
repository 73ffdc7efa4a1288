"""The home page: how things stand, and what to do next."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.response import Template

from interfaces.container import Container
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import page_or_part
from interfaces.web.views.home import home_view


class HomePage(Controller):
    """The first page."""

    path = "/"

    @get(sync_to_thread=True)
    def show(self, request: WebRequest, container: NamedDependency[Container]) -> Template:
        """Counts, what runs, what happened last."""
        return page_or_part(request, "home/show.html", "home/_state.html", home_view(container))
