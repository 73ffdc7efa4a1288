"""Schedule: how many papers a day, and in which hours."""

from litestar import Controller, get
from litestar.response import Template

from interfaces.web.rendering import html


class SchedulePage(Controller):
    """How many papers a day, and in which hours."""

    path = "/schedule"

    @get(sync_to_thread=True)
    def show(self) -> Template:
        """The page."""
        return html("schedule/show.html", {})
