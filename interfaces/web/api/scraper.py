"""The switch over HTTP."""

from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.params import PathParameter
from litestar.status_codes import HTTP_200_OK

from application.as_of import at, scraper_then
from application.outlook import outlook
from application.records import outlook_record
from domain.errors import DoesNotExist
from domain.scraper import Action
from interfaces.container import Container
from interfaces.web.bodies import described, json_body, reason_of
from interfaces.web.filtering import AsOf
from interfaces.web.people import person
from interfaces.web.problems import WebRequest

REASON = Schema(
    type=OpenAPIType.OBJECT,
    properties={"reason": Schema(type=OpenAPIType.STRING, description="Why; kept for pause, stop, emergency-stop.")},
)
ActionName = Annotated[
    str, PathParameter(description="What to do with the switch.", schema_extra={"enum": [one.value for one in Action]})
]


class ScraperApi(Controller):
    """Looking at the switch, and using it."""

    path = "/scraper"
    tags = ("scraper",)

    @get(sync_to_thread=True, summary="How the scraper stands")
    def show(self, container: NamedDependency[Container], as_of: AsOf = "") -> dict[str, Any]:
        """The position of the switch, this hour and the next, when the list is done and on what that is based.

        `actions` has each use of the switch that is possible now, and what it would do. With `as_of` the position of
        the switch then.
        """
        if as_of.strip():
            place = at(as_of, container.log)
            return {"status": scraper_then(container.log, place.position).status, "position": place.position}
        return outlook_record(outlook(container.forecasting))

    @post(
        "/{action:str}",
        sync_to_thread=True,
        status_code=HTTP_200_OK,
        dependencies={"sent": Provide(json_body)},
        operation_class=described(REASON),
        summary="Use the switch",
    )
    def use(
        self,
        request: WebRequest,
        action: ActionName,
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> dict[str, Any]:
        """The new position, and how many papers went back to where they were.

        An emergency stop holds at once, by a file; `told` is false where the database does not answer: the log is told
        when it does. 409 where the switch is in another position.
        """
        effect = container.controlling.use(action_named(action), reason_of(sent), person(request))
        return {"status": effect.status, "reverted": effect.reverted, "told": effect.told}


def action_named(name: str) -> Action:
    """The action with this name. Raises DoesNotExist."""
    try:
        return Action(name)
    except ValueError as error:
        remedy = f"There are {', '.join(Action)}."
        raise DoesNotExist(f"The action “{name[:40]}”", remedy=remedy) from error
