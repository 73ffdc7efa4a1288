"""Settings: how this installation is set up."""

from litestar import Controller, get
from litestar.response import Template

from interfaces.web.rendering import html


class SettingsPage(Controller):
    """How this installation is set up."""

    path = "/settings"

    @get(sync_to_thread=True)
    def show(self) -> Template:
        """The page."""
        return html("settings/show.html", {})
