"""Single papers over HTTP: process one now, try one again, take one back."""

from typing import Any

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from application.exporting import record
from interfaces.container import Container
from interfaces.web.finding import paper_at
from interfaces.web.people import person
from interfaces.web.problems import WebRequest


class PaperActionsApi(Controller):
    """What a person wants done with one paper."""

    path = "/papers/{name:str}"
    tags = ("papers",)

    @post("/process", sync_to_thread=True, status_code=HTTP_202_ACCEPTED, summary="Process a paper now")
    def process(
        self, request: WebRequest, name: FromPath[str], container: NamedDependency[Container]
    ) -> dict[str, Any]:
        """Look for copies if need be, and download it soon, whatever the schedule says; its history tells the outcome.

        409 where nothing can be done for it now, or under emergency stop.
        """
        actor, row = person(request), paper_at(name, container.papers)
        container.processing.check(row.id, actor)
        container.by_hand(lambda: container.processing.process(row.id, actor))
        return record(row)

    @post("/retry", sync_to_thread=True, status_code=HTTP_200_OK, summary="Try a paper again")
    def retry(self, request: WebRequest, name: FromPath[str], container: NamedDependency[Container]) -> dict[str, Any]:
        """Send it through the pipeline again, in its turn; 409 where its status does not allow that."""
        row = paper_at(name, container.papers)
        container.processing.retry(row.id, person(request))
        return record(paper_at(name, container.papers))

    @post("/revert", sync_to_thread=True, status_code=HTTP_200_OK, summary="Take a paper back")
    def revert(self, request: WebRequest, name: FromPath[str], container: NamedDependency[Container]) -> dict[str, Any]:
        """Take it out of transit, back to where it was; 409 where it is not in transit."""
        row = paper_at(name, container.papers)
        container.running_jobs.revert_paper(row.id, person(request))
        return record(paper_at(name, container.papers))
