"""Jobs over HTTP: looking at them, taking them back, running one now."""

from typing import Annotated, Any

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from application.choosing_jobs import Choice
from application.queries import JobRow, JobStatus
from application.records import import_record, job_record, task_records
from application.underway_imports import running_imports
from domain.errors import DoesNotExist, InvalidValue
from interfaces.container import Container
from interfaces.web.filtering import Limit
from interfaces.web.people import person
from interfaces.web.problems import WebRequest

Everything = Annotated[bool, QueryParameter(name="all", description="Revoke every job, without a filter.")]


class JobsApi(Controller):
    """What is planned, what runs, and what became of it."""

    path = "/jobs"
    tags = ("jobs",)

    @get(sync_to_thread=True, summary="List jobs, newest first")
    def index(
        self,
        container: NamedDependency[Container],
        chosen: NamedDependency[Choice],
        limit: Limit = 50,
        after: FromQuery[int | None] = None,
    ) -> dict[str, Any]:
        """A page of jobs with their number by status; beside them, long tasks and the imports that run.

        `after` is the id that the page before named, null at the end.
        """
        which = container.choosing.filter(chosen)
        rows = container.jobs.page(which, limit=limit + 1, after=after)
        counts = container.jobs.by_status(which)
        return {
            "jobs": [job_record(row) for row in rows[:limit]],
            "after": rows[limit - 1].id if len(rows) > limit else None,
            "counts": {status.value: counts.get(status, 0) for status in JobStatus},
            "tasks": task_records(container.tasks.recent()),
            "imports": [import_record(row) for row in running_imports(container.imports)],
        }

    @get("/{job_id:int}", sync_to_thread=True, summary="One job")
    def show(self, job_id: FromPath[int], container: NamedDependency[Container]) -> dict[str, Any]:
        """Its moments, and what became of it."""
        return job_record(job_at(job_id, container))

    @delete(sync_to_thread=True, status_code=HTTP_200_OK, summary="Revoke jobs")
    def revoke_all(
        self,
        request: WebRequest,
        container: NamedDependency[Container],
        chosen: NamedDependency[Choice],
        everything: Everything = False,
    ) -> dict[str, int]:
        """Take back every planned and running job that matches; their papers go back to where they were."""
        if chosen.is_empty and not everything:
            raise InvalidValue("filter", "", "at least one condition, or all=true for every job")
        return {"revoked": container.running_jobs.revoke_all(container.choosing.filter(chosen), person(request))}

    @delete("/{job_id:int}", sync_to_thread=True, status_code=HTTP_200_OK, summary="Revoke a job")
    def revoke(
        self, request: WebRequest, job_id: FromPath[int], container: NamedDependency[Container]
    ) -> dict[str, int]:
        """Take back a planned or running job; 409 where it has ended. Nothing that was revoked runs."""
        return {"revoked": int(container.running_jobs.revoke(job_id, person(request)))}

    @post("/{job_id:int}/run", sync_to_thread=True, status_code=HTTP_202_ACCEPTED, summary="Run a job now")
    def run(self, request: WebRequest, job_id: FromPath[int], container: NamedDependency[Container]) -> dict[str, Any]:
        """Run a planned job soon, whatever the switch says but for an emergency stop; 409 where it is not planned."""
        actor = person(request)
        row = container.running_jobs.check(job_id, actor)
        container.by_hand(lambda: container.running_jobs.run_now(job_id, actor))
        return job_record(row)


def job_at(job_id: int, container: Container) -> JobRow:
    """The job with this id. Raises DoesNotExist."""
    if (row := container.jobs.find(job_id)) is None:
        raise DoesNotExist(f"The job {job_id}", remedy="Choose one from the list of jobs.")
    return row
