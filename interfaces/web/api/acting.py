"""Single papers over HTTP: process one now, try one again, take one back, set one aside, give one up."""

from typing import Any

from litestar import Controller, post
from litestar.di import NamedDependency, Provide
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from application.exporting import record
from domain.acts import ASKS, MAX_WORDS, Action, act
from interfaces.container import Container
from interfaces.web.bodies import Body, described, json_body, only, text_of
from interfaces.web.finding import paper_at
from interfaces.web.people import person
from interfaces.web.problems import WebRequest


def _words(name: str, description: str) -> Schema:
    words = Schema(type=OpenAPIType.STRING, max_length=MAX_WORDS, description=description)
    return Schema(type=OpenAPIType.OBJECT, properties={name: words})


_SENT: dict[str, Any] = {
    "sync_to_thread": True,
    "status_code": HTTP_200_OK,
    "dependencies": {"sent": Provide(json_body)},
}
_REASON = described(_words("reason", "Why; it is kept in the log."))
_NOTE = described(_words("note", "Where it was asked for; it is kept in the log."))


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
        return _done(request, name, container, Action.RETRY, {})

    @post("/revert", sync_to_thread=True, status_code=HTTP_200_OK, summary="Take a paper back")
    def revert(self, request: WebRequest, name: FromPath[str], container: NamedDependency[Container]) -> dict[str, Any]:
        """Take it out of transit, back to where it was; 409 where it is not in transit."""
        row = paper_at(name, container.papers)
        container.running_jobs.revert_paper(row.id, person(request))
        return record(paper_at(name, container.papers))

    @post("/exclude", **_SENT, operation_class=_REASON, summary="Set a paper aside")
    def exclude(
        self,
        request: WebRequest,
        name: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> dict[str, Any]:
        """The program leaves it alone from now on; one in transit is taken back first. 409 where it is excluded."""
        return _done(request, name, container, Action.EXCLUDE, sent)

    @post("/reinstate", sync_to_thread=True, status_code=HTTP_200_OK, summary="Want an excluded paper again")
    def reinstate(
        self, request: WebRequest, name: FromPath[str], container: NamedDependency[Container]
    ) -> dict[str, Any]:
        """It goes on where it was; 409 where it is not excluded, or was merged into another paper."""
        return _done(request, name, container, Action.REINSTATE, {})

    @post("/unavailable", **_SENT, operation_class=_REASON, summary="Mark a paper as not available")
    def unavailable(
        self,
        request: WebRequest,
        name: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> dict[str, Any]:
        """Give it up; a doubtful file is thrown away. 409 where its status does not allow that."""
        return _done(request, name, container, Action.UNAVAILABLE, sent)

    @post("/requested", **_SENT, operation_class=_NOTE, summary="Mark a paper as requested")
    def requested(
        self,
        request: WebRequest,
        name: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> dict[str, Any]:
        """Note that it was asked for elsewhere, by interlibrary loan for one; 409 where that is not allowed."""
        return _done(request, name, container, Action.REQUESTED, sent)


def _done(request: WebRequest, name: str, container: Container, action: Action, sent: Body) -> dict[str, Any]:
    row = paper_at(name, container.papers)
    field = ASKS.get(action)
    words = text_of(only(sent, (field,)), field) if field else ""
    container.acting.act(row.id, act(action, words), person(request))
    return record(paper_at(row.id, container.papers))
