"""The publishers over HTTP: which are known, and how they fare."""

from typing import Any

from litestar import Controller, get
from litestar.di import NamedDependency

from application.records import publishers_record
from interfaces.container import Container


class PublishersApi(Controller):
    """Which publishers are known, and how they fare."""

    path = "/publishers"
    tags = ("scraper",)

    @get(sync_to_thread=True, summary="The publishers")
    def index(self, container: NamedDependency[Container]) -> dict[str, Any]:
        """Every publisher that is known, those with most papers first; the last one, without a name, is all others."""
        return publishers_record(container.publishers.states())
