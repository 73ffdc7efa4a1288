"""Diagnostics: whether everything is in order."""

from litestar import Controller, get
from litestar.response import Template

from interfaces.web.rendering import html


class DiagnosticsPage(Controller):
    """Whether everything is in order."""

    path = "/diagnostics"

    @get(sync_to_thread=True)
    def show(self) -> Template:
        """The page."""
        return html("diagnostics/show.html", {})
