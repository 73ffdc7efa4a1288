"""Schedule and modules over HTTP. The version of the schedule is its entity tag."""

import re
from typing import Annotated, Any

from litestar import Controller, Response, get, put
from litestar.di import NamedDependency, Provide
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.params import FromPath, HeaderParameter, QueryParameter
from litestar.status_codes import HTTP_412_PRECONDITION_FAILED

from application.as_of import at, schedule_then
from application.records import change_record, modules_record, preview_record, schedule_record
from application.scheduling import ChangedMeanwhile, Painted
from domain.errors import DoesNotExist, InvalidValue
from domain.pipeline import MODULES
from domain.schedule import Order
from interfaces.container import Container
from interfaces.web.bodies import described, json_body, only
from interfaces.web.filtering import AsOf, Limit
from interfaces.web.people import person
from interfaces.web.problems import WebRequest, on_own_error

READ_ONLY = frozenset({"shares", "paused_by_schedule"})
"""What a client that sends back what it got may send along."""
_TAG = re.compile(r'"([0-9]{1,18})"')

_NUMBER = Schema(type=OpenAPIType.NUMBER, minimum=0)
SCHEDULE = Schema(
    type=OpenAPIType.OBJECT,
    description="Any of these; what is left out stays.",
    properties={
        "volume": Schema(type=OpenAPIType.INTEGER, minimum=0, description="Papers a day."),
        "weights": Schema(
            type=OpenAPIType.ARRAY,
            items=_NUMBER,
            description="24 proportions from midnight on, or 168 from Monday on.",
        ),
        "timezone": Schema(type=OpenAPIType.STRING, description="A name like Europe/Berlin."),
        "order": Schema(type=OpenAPIType.STRING, enum=[one.value for one in Order]),
        "version": Schema(type=OpenAPIType.INTEGER, description="Change it only if it has this version still."),
    },
)
SWITCH = Schema(type=OpenAPIType.OBJECT, required=["on"], properties={"on": Schema(type=OpenAPIType.BOOLEAN)})

IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description="The entity tag of what you saw.")]
Volume = Annotated[str | None, QueryParameter(description="Papers a day.")]
Weights = Annotated[str | None, QueryParameter(description="24 or 168 numbers with commas.")]
Timezone = Annotated[str | None, QueryParameter(description="A name like Europe/Berlin.")]


class ScheduleApi(Controller):
    """Looking at the schedule, and changing it."""

    path = "/schedule"
    tags = ("schedule",)

    @get(sync_to_thread=True, summary="The schedule")
    def show(self, container: NamedDependency[Container], as_of: AsOf = "") -> Response[dict[str, Any]]:
        """Volume, weights with their shares in percent, time zone, order; the entity tag is the version.

        With `as_of` the schedule as it was then.
        """
        if as_of.strip():
            return _answer(schedule_then(container.log, at(as_of, container.log).position))
        return _answer(container.scheduling.painted())

    @put(
        sync_to_thread=True,
        dependencies={"sent": Provide(json_body)},
        operation_class=described(SCHEDULE, required=True),
        summary="Change the schedule",
    )
    def change(
        self,
        request: WebRequest,
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
        if_match: IfMatch = None,
    ) -> Response[Any]:
        """Any of its parts at once; what is left out stays. Everything that is wrong is told at once, under `errors`.

        With `version` in the body, or the header `If-Match`, it is changed only if nobody else did meanwhile: else 409,
        or 412 for the header, with who changed what and when under `changes`.
        """
        wanted = {name: value for name, value in sent.items() if name not in READ_ONLY}
        expect = _version(wanted.pop("version", None))
        if if_match is None:
            return _answer(container.scheduling.change(wanted, person(request), expect))
        tagged = _expected(if_match, container.scheduling.painted().version)
        try:
            return _answer(container.scheduling.change(wanted, person(request), expect if tagged is None else tagged))
        except ChangedMeanwhile as error:
            return on_own_error(request, error, HTTP_412_PRECONDITION_FAILED)

    @get("/preview", sync_to_thread=True, summary="What the schedule will do")
    def preview(
        self,
        container: NamedDependency[Container],
        volume: Volume = None,
        weights: Weights = None,
        timezone: Timezone = None,
    ) -> dict[str, Any]:
        """The next 24 hours, when the list is done, and on what that is based: with the schedule, or another one."""
        wanted = {"volume": volume, "weights": weights, "timezone": timezone}
        return preview_record(container.forecasting.preview(container.scheduling.imagined(wanted)))

    @get("/history", sync_to_thread=True, summary="Who changed it")
    def history(self, container: NamedDependency[Container], limit: Limit = 100) -> dict[str, Any]:
        """The latest changes of schedule and modules, newest first."""
        return {"changes": [change_record(one) for one in container.scheduling.history(limit)]}


class ModulesApi(Controller):
    """Switching the parts of the program on and off."""

    path = "/modules"
    tags = ("schedule",)

    @get(sync_to_thread=True, summary="Which modules are on")
    def index(self, container: NamedDependency[Container]) -> dict[str, bool]:
        """Every module by its name."""
        return modules_record(container.scheduling.modules())

    @put(
        "/{name:str}",
        sync_to_thread=True,
        dependencies={"sent": Provide(json_body)},
        operation_class=described(SWITCH, required=True),
        summary="Switch a module on or off",
    )
    def toggle(
        self,
        request: WebRequest,
        name: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> dict[str, bool]:
        """A module that is off takes nothing new; what it has in hand it ends."""
        if name not in MODULES:
            raise DoesNotExist(f"The module “{name[:40]}”", remedy=f"There are {', '.join(MODULES)}.")
        on = only(sent, ("on",)).get("on")
        if not isinstance(on, bool):
            raise InvalidValue("on", str(on)[:40], "true or false")
        return modules_record(container.scheduling.toggle(name, on, person(request)))


def _answer(painted: Painted) -> Response[dict[str, Any]]:
    return Response(schedule_record(painted), headers={"etag": f'"{painted.version}"'})


def _version(value: object) -> int | None:
    """The version that the client saw. Raises InvalidValue."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidValue("version", str(value)[:40], "the version of the schedule that you saw")
    return value


def _expected(if_match: str, version: int) -> int | None:
    """The version that the header asks for (RFC 9110, 13.1.1): None for any, -1 where it names none that can be."""
    if if_match.strip() == "*":
        return None
    tags = [_TAG.fullmatch(tag.strip()) for tag in if_match.split(",")]
    versions = {int(tag[1]) for tag in tags if tag}
    return version if version in versions else max(versions, default=-1)
