"""Publishers: whose pages are known, and how they fare."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.response import Template

from interfaces.container import Container
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import page_or_part
from interfaces.web.views.publishers import publishers_view


class PublishersPage(Controller):
    """Whose pages are known, and how they fare."""

    path = "/publishers"

    @get(sync_to_thread=True)
    def show(self, request: WebRequest, container: NamedDependency[Container]) -> Template:
        """The page."""
        return page_or_part(request, "publishers/show.html", "publishers/_state.html", publishers_view(container))
