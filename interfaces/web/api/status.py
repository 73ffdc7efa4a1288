"""How things stand, for programs and for whoever watches over the process."""

from typing import Any

from litestar import Controller, get
from litestar.di import NamedDependency

from application.as_of import at, report_then
from application.reporting import report
from interfaces.container import Container
from interfaces.web.filtering import AsOf


class StatusApi(Controller):
    """Counts, switch and position."""

    path = "/status"
    tags = ("status",)

    @get(sync_to_thread=True, summary="How things stand")
    def show(self, container: NamedDependency[Container], as_of: AsOf = "") -> dict[str, Any]:
        """Papers by status, the position of the switch, where the log stands, imports that run.

        With `as_of` how things stood then: papers by status, the switch and the schedule.
        """
        if as_of.strip():
            return report_then(container.log, container.papers, at(as_of, container.log)).as_dict()
        return report(container.log, container.papers, container.imports).as_dict()


class Health(Controller):
    """Probes."""

    tags = ("status",)

    @get("/healthz", sync_to_thread=False, summary="Whether the process answers")
    def alive(self) -> dict[str, str]:
        """Always, while the process lives; nothing else is asked."""
        return {"status": "ok"}

    @get("/readyz", sync_to_thread=True, summary="Whether the database answers")
    def ready(self, container: NamedDependency[Container]) -> dict[str, Any]:
        """503 while the database does not answer."""
        return {"status": "ok", "position": container.log.head().position}
