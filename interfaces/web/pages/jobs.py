"""Jobs: what runs, what is planned, and what became of it."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from litestar.status_codes import HTTP_200_OK

from domain.errors import InvalidValue
from domain.paper import stream_of
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.asking_jobs import address_of, choice_of, number_of
from interfaces.web.forms import PLAIN, asked, one
from interfaces.web.people import person
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import html
from interfaces.web.views.jobs import fresh_list, jobs_view, now_view, tasks_view

MOST_PLACES = 200
"""Places of running jobs that a page asks about."""
REVOKED = "revoked"
"""The field that tells how many jobs were just revoked."""


class JobsPage(Controller):
    """What runs, what is planned, and what became of it."""

    path = "/jobs"

    @get(sync_to_thread=True)
    def show(self, request: WebRequest, container: NamedDependency[Container]) -> Template:
        """What happens now, and a page of the jobs that match."""
        fields = asked(request)
        after, revoked = number_of(fields, "after"), number_of(fields, REVOKED)
        return html("jobs/show.html", jobs_view(container, choice_of(fields), after, revoked))

    @get("/now", sync_to_thread=True)
    def now(self, request: WebRequest, container: NamedDependency[Container]) -> Template:
        """What runs, and the hour; what the page shows stays in its place."""
        fields = asked(request)
        return html("jobs/_now_part.html", {"now": now_view(container, choice_of(fields), _numbers(fields, "place"))})

    @get("/tasks", sync_to_thread=True)
    def tasks(self, container: NamedDependency[Container]) -> Template:
        """Long work."""
        return html("jobs/_tasks_part.html", {"tasks": tasks_view(container)})

    @get("/rows", sync_to_thread=True)
    def rows(self, request: WebRequest, container: NamedDependency[Container]) -> Template:
        """The jobs that the page shows, as they are now, and how many more there are."""
        fields = asked(request)
        listed, after = number_of(fields, "listed") or 0, number_of(fields, "after")
        following = number_of(fields, "following")
        view = fresh_list(container, choice_of(fields), _numbers(fields, "job"), listed, following, after)
        return html("jobs/_rows_part.html", {"list": view})

    @post("/revoke", **PLAIN)
    def revoke_all(
        self, request: WebRequest, sent: NamedDependency[Any], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Take back every planned and running job that matches."""
        choice = choice_of(asked(request))
        if choice.is_empty and one(sent, "all") != "1":
            raise InvalidValue("filter", "", "at least one condition, or the button for every job")
        count = container.running_jobs.revoke_all(container.choosing.filter(choice), person(request))
        return done(request, address_of(choice, revoked=count))

    @post("/{job_id:int}/revoke", sync_to_thread=True, status_code=HTTP_200_OK)
    def revoke(
        self, request: WebRequest, job_id: FromPath[int], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Take back a planned or running job; its paper goes back to where it was."""
        job = container.running_jobs.find(job_id)
        container.running_jobs.revoke(job_id, person(request))
        latest = container.log.stream(stream_of(job.paper))[-1].position
        return done(request, address_of(choice_of(asked(request))), latest)

    @post("/{job_id:int}/run", sync_to_thread=True, status_code=HTTP_200_OK)
    def run(self, request: WebRequest, job_id: FromPath[int], container: NamedDependency[Container]) -> Response[Any]:
        """Run a planned job soon, whatever the switch says but for an emergency stop."""
        actor = person(request)
        container.running_jobs.check(job_id, actor)
        container.by_hand(lambda: container.running_jobs.run_now(job_id, actor))
        return done(request, address_of(choice_of(asked(request))))


def _numbers(fields: Any, name: str) -> list[int]:
    """A field that comes many times."""
    given = list(fields.get(name, ()))[:MOST_PLACES]
    return [number_of({name: [one]}, name) or 0 for one in given]
