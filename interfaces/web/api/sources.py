"""The sources over HTTP: which are asked, and in which order."""

from typing import Any

from litestar import Controller, get, put
from litestar.di import NamedDependency, Provide
from litestar.openapi.spec import OpenAPIType, Schema

from application.records import sources_record
from domain.errors import InvalidValue
from interfaces.container import Container
from interfaces.web.bodies import Body, described, json_body, only
from interfaces.web.people import person
from interfaces.web.problems import WebRequest

CHANGE = Schema(
    type=OpenAPIType.OBJECT,
    description="Either or both; what is left out stays.",
    properties={
        "order": Schema(
            type=OpenAPIType.ARRAY,
            items=Schema(type=OpenAPIType.STRING),
            description="Sources that are asked first, in this order; the others follow as they do now.",
        ),
        "on": Schema(
            type=OpenAPIType.OBJECT,
            additional_properties=Schema(type=OpenAPIType.BOOLEAN),
            description="Sources by name, and whether each is to be on.",
        ),
    },
)


class SourcesApi(Controller):
    """Which sources are asked, and in which order."""

    path = "/sources"
    tags = ("scraper",)

    @get(sync_to_thread=True, summary="The sources")
    def index(self, container: NamedDependency[Container]) -> dict[str, Any]:
        """Every source in the order of asking; one that is not `ready` waits for a contact address."""
        return _answer(container)

    @put(
        sync_to_thread=True,
        dependencies={"sent": Provide(json_body)},
        operation_class=described(CHANGE, required=True),
        summary="Change the sources",
    )
    def change(
        self, request: WebRequest, sent: NamedDependency[Any], container: NamedDependency[Container]
    ) -> dict[str, Any]:
        """The order, and what is on: from the next search on. One source stays on."""
        body = only(sent, ("order", "on"))
        container.sourcing.change(_order(body), _switched(body), person(request))
        return _answer(container)


def _answer(container: Container) -> dict[str, Any]:
    return sources_record(container.sourcing.sources(container.settings.configured))


def _order(body: Body) -> list[str]:
    order = body.get("order", [])
    if not isinstance(order, list) or not all(isinstance(name, str) for name in order):
        raise InvalidValue("order", str(order)[:40], "a list of sources")
    return order


def _switched(body: Body) -> dict[str, bool]:
    switched = body.get("on", {})
    if not isinstance(switched, dict) or not all(isinstance(on, bool) for on in switched.values()):
        raise InvalidValue("on", str(switched)[:40], "sources by name, each with true or false")
    return switched
