"""Papers' files over HTTP: give one by hand, judge a doubtful one."""

from typing import Any

from litestar import Controller, Response, delete, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from application.exporting import record
from domain.errors import DoesNotExist
from interfaces.container import Container
from interfaces.web.bodies import Body, json_body, only
from interfaces.web.finding import paper_at
from interfaces.web.giving import drop, give, sent_file
from interfaces.web.people import person
from interfaces.web.problems import WebRequest
from interfaces.web.uploading import Form


class PaperFilesApi(Controller):
    """What a person does with a paper's file."""

    path = "/papers/{name:str}/file"
    tags = ("papers",)

    @put(
        sync_to_thread=True,
        status_code=HTTP_201_CREATED,
        request_max_body_size=None,  # the reader of the file has its own limit
        dependencies={"form": Provide(sent_file)},
        summary="Give its file by hand",
    )
    def replace(
        self,
        request: WebRequest,
        name: FromPath[str],
        form: NamedDependency[Form],
        container: NamedDependency[Container],
        anyway: FromQuery[bool] = False,
    ) -> Response[dict[str, Any]]:
        """Take the body (application/pdf), or the part `file` of a multipart form, as the paper's file.

        It is checked. Without `anyway`, 409 with the `evidence` where the check does not prove that it is the paper,
        and 422 with `cause` and `evidence` where it names itself as another one; 422 in any case where it is no
        readable PDF. It takes the place of the file that was there. 200 where the paper has this very file already.
        `filename` tells what a body is called.
        """
        try:
            row = paper_at(name, container.papers)
        except DoesNotExist:
            drop(container, form)
            raise
        attached = give(container, row.id, form, person(request), anyway=anyway)
        status = HTTP_200_OK if attached.position is None else HTTP_201_CREATED
        return Response(record(paper_at(name, container.papers)), status_code=status)

    @delete(sync_to_thread=True, status_code=HTTP_200_OK, summary="Take back a file that a person gave")
    def take_back(
        self,
        request: WebRequest,
        name: FromPath[str],
        container: NamedDependency[Container],
        sha256: FromQuery[str] = "",
    ) -> dict[str, Any]:
        """Remove it; the paper is where it was before. With `sha256` only if it is that file still.

        409 where the paper has none that a person gave.
        """
        row = paper_at(name, container.papers)
        container.attaching.take_back(row.id, person(request), sha256=sha256)
        return record(paper_at(name, container.papers))

    @post(
        "/accept",
        sync_to_thread=True,
        status_code=HTTP_200_OK,
        dependencies={"sent": Provide(json_body)},
        summary="Accept a doubtful file",
    )
    def accept(
        self,
        request: WebRequest,
        name: FromPath[str],
        sent: NamedDependency[Body],
        container: NamedDependency[Container],
    ) -> dict[str, Any]:
        """It is the paper. With `sha256` only if it is that file still; 409 where none waits for a verdict."""
        row = paper_at(name, container.papers)
        container.judging.accept(row.id, person(request), sha256=_sha256(sent))
        return record(paper_at(name, container.papers))

    @post(
        "/reject",
        sync_to_thread=True,
        status_code=HTTP_200_OK,
        dependencies={"sent": Provide(json_body)},
        summary="Reject a doubtful file",
    )
    def reject(
        self,
        request: WebRequest,
        name: FromPath[str],
        sent: NamedDependency[Body],
        container: NamedDependency[Container],
    ) -> dict[str, Any]:
        """It is not the paper: it is removed, and its copy is not tried again. `sha256` and 409 as for `accept`."""
        row = paper_at(name, container.papers)
        container.judging.reject(row.id, person(request), sha256=_sha256(sent))
        return record(paper_at(name, container.papers))


def _sha256(body: Body) -> str:
    return str(only(body, ("sha256",)).get("sha256") or "")
