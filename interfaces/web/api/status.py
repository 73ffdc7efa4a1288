"""How things stand, for programs and for whoever watches over the process."""

import asyncio
from typing import Any

from litestar import Controller, get
from litestar.di import NamedDependency

from application.as_of import at, report_then
from application.health import Readiness, State
from application.outlook import outlook
from application.records import outlook_record
from application.reporting import report
from domain.errors import SciPaperLoaderError
from interfaces.container import Container
from interfaces.web.filtering import AsOf

PATIENCE = 0.9
"""Seconds after which what did not answer does not answer: whoever watches asks often, and waits for a second or so."""


class NotReady(SciPaperLoaderError):
    """Work cannot be done at present. What is told names no place and no reason: everybody may ask."""

    remedy = "`scipaperloader doctor` tells why."
    transient = True


class StatusApi(Controller):
    """Counts, switch and position."""

    path = "/status"
    tags = ("status",)

    @get(sync_to_thread=True, summary="How things stand")
    def show(self, container: NamedDependency[Container], as_of: AsOf = "") -> dict[str, Any]:
        """Papers by status, what the scraper does and will do, where the log stands, imports that run.

        With `as_of` how things stood then: papers by status, the switch and the schedule.
        """
        if as_of.strip():
            return report_then(container.log, container.papers, at(as_of, container.log)).as_dict()
        stands = outlook(container.forecasting)
        found = report(container.log, container.papers, container.imports, stands.status)
        return {**found.as_dict(), "schedule": outlook_record(stands)}


class Health(Controller):
    """Probes."""

    tags = ("status",)

    @get("/healthz", sync_to_thread=False, summary="Whether the process answers")
    def alive(self) -> dict[str, str]:
        """Always, while the process lives; nothing else is asked."""
        return {"status": "ok"}

    @get("/readyz", summary="Whether work can be done")
    async def ready(self, container: NamedDependency[Container]) -> dict[str, str]:
        """503 while the database does not take writes or has another schema, or a disk is fuller than the reserve."""
        await _assure(container.readiness, PATIENCE)
        return {"status": "ok"}


async def _assure(readiness: Readiness, seconds: float) -> None:
    """Raise NotReady unless everything needed is in order. No thread of the handlers is used for it."""
    try:
        results = await asyncio.wait_for(asyncio.wrap_future(readiness.begin()), seconds)
    except TimeoutError:
        raise NotReady("Not ready: the checks did not end in time.") from None
    if wrong := [one.name for one in results if one.state in {State.ERROR, State.SKIPPED}]:
        raise NotReady(f"Not ready: {', '.join(wrong)}.")
