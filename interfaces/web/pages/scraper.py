"""Scraper: the switch, and what the program does when it is on."""

from litestar import Controller, get
from litestar.response import Template

from interfaces.web.rendering import html


class ScraperPage(Controller):
    """The switch, and what the program does when it is on."""

    path = "/scraper"

    @get(sync_to_thread=True)
    def show(self) -> Template:
        """The page."""
        return html("scraper/show.html", {})
