"""Needs you: what waits for a person."""

from litestar import Controller, get
from litestar.response import Template

from interfaces.web.rendering import html


class NeedsPage(Controller):
    """What waits for a person."""

    path = "/needs"

    @get(sync_to_thread=True)
    def show(self) -> Template:
        """The page."""
        return html("needs/show.html", {})
