"""Activity: everything that happened."""

from litestar import Controller, get
from litestar.response import Template

from interfaces.web.rendering import html


class ActivityPage(Controller):
    """Everything that happened."""

    path = "/activity"

    @get(sync_to_thread=True)
    def show(self) -> Template:
        """The page."""
        return html("activity/show.html", {})
