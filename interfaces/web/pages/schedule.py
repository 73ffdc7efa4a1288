"""Schedule: how many papers a day, and in which hours."""

from contextlib import suppress
from typing import Any

from attrs import evolve
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template
from litestar.status_codes import HTTP_200_OK

from application.schedule_history import schedule_of
from application.scheduling import ChangedMeanwhile, Painted
from domain.errors import InvalidValues
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.forms import PLAIN, Fields, asked, one
from interfaces.web.people import person
from interfaces.web.problems import WebRequest, status_of
from interfaces.web.rendering import html
from interfaces.web.returning import TOLD
from interfaces.web.schedule_form import Typed, filled_from, filled_in
from interfaces.web.views.schedule import preview_view, schedule_view, ticks_view

PAGE, ADDRESS = "schedule/show.html", "/schedule"
VERSION = "use"
"""The field of the address that names a version to fill the form with."""


class SchedulePage(Controller):
    """How many papers a day, and in which hours."""

    path = ADDRESS

    @get(sync_to_thread=True)
    def show(self, request: WebRequest, container: NamedDependency[Container]) -> Template:
        """The form: as it is saved, as a version was, or as the address has it; and what would happen so."""
        fields = {name: values for name, values in asked(request).items() if name != TOLD}
        view = schedule_view(container, _typed(fields, container) if fields else None)
        return html(PAGE, view, status=status_of(view.preview.error) if view.preview.error else HTTP_200_OK)

    @post(**PLAIN)
    def save(
        self, request: WebRequest, sent: NamedDependency[Any], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Save it; or show the form again, with what is wrong or what somebody else changed meanwhile."""
        saved = container.scheduling.painted()
        typed = filled_in(sent, saved)
        try:
            container.scheduling.change(typed.wanted(saved.schedule), person(request), typed.version)
        except InvalidValues as error:
            return html(PAGE, schedule_view(container, typed), status=status_of(error))
        except ChangedMeanwhile as error:
            now = container.scheduling.painted()
            if not _is_so(container, typed, now):
                view = schedule_view(container, evolve(typed, version=now.version), error)
                return html(PAGE, view, status=status_of(error))
        return done(request, ADDRESS, _latest(container, saved))

    @get("/preview", sync_to_thread=True)
    def preview(self, request: WebRequest, container: NamedDependency[Container]) -> Template:
        """What would happen with what the form is filled with; nothing is changed."""
        typed = filled_in(asked(request), container.scheduling.painted())
        found = preview_view(container, typed)
        status = status_of(found.error) if found.error else HTTP_200_OK
        return html("schedule/_preview_part.html", {"preview": found}, status=status)

    @get("/ticks", sync_to_thread=True)
    def ticks(self, container: NamedDependency[Container], seen: FromQuery[int] = 0) -> Template:
        """The last hours and the next one, and the changes, as they are now."""
        return html("schedule/_fresh.html", {"ticks": ticks_view(container, seen)})


def _typed(fields: Fields, container: Container) -> Typed:
    """What the address fills the form with. Raises DoesNotExist for a version that there is not."""
    saved, version = container.scheduling.painted(), one(fields, VERSION)
    if version.isascii() and version.isdigit() and len(version) < 19:
        return filled_from(schedule_of(container.log, int(version)), saved.version)
    return filled_in(fields, saved)


def _is_so(container: Container, typed: Typed, now: Painted) -> bool:
    """Whether the schedule is what the form asks for: somebody pressed twice."""
    with suppress(InvalidValues):
        return container.scheduling.imagined(typed.wanted(now.schedule)) == now.schedule
    return False


def _latest(container: Container, before: Painted) -> int | None:
    """Where the log tells of the change; None where there was none."""
    history = container.scheduling.history(1)
    return history[0].position if history and container.scheduling.painted().version > before.version else None
