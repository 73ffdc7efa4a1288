"""Jobs: what runs, what is planned, and what became of it."""

from litestar import Controller, get
from litestar.response import Template

from interfaces.web.rendering import html


class JobsPage(Controller):
    """What runs, what is planned, and what became of it."""

    path = "/jobs"

    @get(sync_to_thread=True)
    def show(self) -> Template:
        """The page."""
        return html("jobs/show.html", {})
