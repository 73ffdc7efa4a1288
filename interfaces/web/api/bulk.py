"""Many papers over HTTP: the same done with all that match a filter, or with listed ones."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.openapi.spec import OpenAPIFormat, OpenAPIType, Schema
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from application.bulk import MOST_LISTED, Begun, Expected, Order
from application.records import bulk_record, expected_papers_record
from domain.acts import MAX_WORDS, Act, Action, act, action_named
from domain.errors import InvalidValue
from interfaces.container import Container
from interfaces.web.bodies import Body, described, json_body, text_of
from interfaces.web.people import person
from interfaces.web.problems import WebRequest
from interfaces.web.selecting import filter_fields, order_by_filter, order_listed, query_of

OWN = ("action", "reason", "note", "ids", "all", "dry_run", "id")
"""Fields of the body that are not those of the filter."""
_TEXT = Schema(type=OpenAPIType.STRING)
_TEXTS = Schema(type=OpenAPIType.ARRAY, items=_TEXT)
ORDER = Schema(
    type=OpenAPIType.OBJECT,
    required=["action"],
    description=(
        "Which papers: `ids`, or the fields of the filter as GET /api/v1/papers has them, or `all` for every paper."
    ),
    properties={
        "action": Schema(type=OpenAPIType.STRING, enum=[one.value for one in Action]),
        "reason": Schema(type=OpenAPIType.STRING, max_length=MAX_WORDS, description="For exclude and unavailable."),
        "note": Schema(type=OpenAPIType.STRING, max_length=MAX_WORDS, description="For requested."),
        "ids": Schema(type=OpenAPIType.ARRAY, items=_TEXT, max_items=MOST_LISTED, description="Ids of papers."),
        **{name: Schema(one_of=[_TEXT, _TEXTS]) if several else _TEXT for name, several in filter_fields().items()},
        "all": Schema(type=OpenAPIType.BOOLEAN, description="Every paper, without a filter."),
        "dry_run": Schema(type=OpenAPIType.BOOLEAN, description="Only count."),
        "id": Schema(
            type=OpenAPIType.STRING,
            format=OpenAPIFormat.UUID,
            description="An id of yours; the same again begins nothing.",
        ),
    },
)


class BulkApi(Controller):
    """What a person wants done with many papers."""

    path = "/papers/actions"
    tags = ("papers",)

    @post(
        sync_to_thread=True,
        status_code=HTTP_202_ACCEPTED,
        dependencies={"sent": Provide(json_body)},
        operation_class=described(ORDER, required=True),
        summary="Act on many papers",
    )
    def act(
        self, request: WebRequest, sent: NamedDependency[Any], container: NamedDependency[Container]
    ) -> Response[dict[str, Any]]:
        """Do the same with every paper that matches, or with listed ones, each decided alone.

        Papers that do not take it are left alone, and counted by the reason. More than a few are done in the
        background, as a task with the answer's `id`, which is the correlation of all its events. With `dry_run` 200
        and the counts; nothing is changed.
        """
        order = _order(sent, container)
        expected = container.bulks.expect(order)
        if _flag(sent, "dry_run"):
            return Response(_answer(order, expected, None), status_code=HTTP_200_OK)
        begun = container.bulks.start(order, person(request), container.in_bulk, text_of(sent, "id"))
        return Response(_answer(order, expected, begun), status_code=HTTP_202_ACCEPTED)

    @get("/{bulk_id:uuid}", sync_to_thread=True, summary="What became of it")
    def show(self, bulk_id: FromPath[Any], container: NamedDependency[Container]) -> dict[str, Any]:
        """How many papers were changed, and how many were left alone and why; while it runs, how far it is."""
        return bulk_record(container.bulks, str(bulk_id))

    @post("/{bulk_id:uuid}/undo", sync_to_thread=True, status_code=HTTP_202_ACCEPTED, summary="Take it back")
    def undo(
        self, request: WebRequest, bulk_id: FromPath[Any], container: NamedDependency[Container]
    ) -> dict[str, Any]:
        """Take back what it changed and nobody did since; 409 while it runs, or where it has no reverse."""
        begun = container.bulks.undo(str(bulk_id), person(request), container.in_bulk)
        return bulk_record(container.bulks, begun.id)


def _order(sent: Body, container: Container) -> Order:
    """What the body asks for. Raises InvalidValue, InvalidValues, DoesNotExist."""
    wanted, filtered = _wanted(sent), {name: value for name, value in sent.items() if name not in OWN}
    ids = sent.get("ids")
    if ids is not None:
        if filtered or not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            raise InvalidValue("ids", str(ids)[:40], "a list of ids, and then no filter beside it")
        return order_listed(wanted, ids)
    which = query_of({name: _texts(name, value) for name, value in filtered.items()})
    if not which.is_narrow and not _flag(sent, "all"):
        raise InvalidValue("filter", "", "ids, at least one condition, or “all”: true for every paper")
    return order_by_filter(wanted, which, container.imports)


def _wanted(sent: Body) -> Act:
    words = [told for name in ("reason", "note") if (told := text_of(sent, name))]
    if len(words) > 1:
        raise InvalidValue("note", words[1][:40], "a reason or a note, not both")
    return act(action_named(text_of(sent, "action")), words[0] if words else "")


def _texts(name: str, value: object) -> list[str]:
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str | int) for one in texts):
        raise InvalidValue(name, str(value)[:40], "text, or a list of texts")
    return [str(one) for one in texts]


def _flag(sent: Body, name: str) -> bool:
    value = sent.get(name, False)
    if not isinstance(value, bool):
        raise InvalidValue(name, str(value)[:40], "true or false")
    return value


def _answer(order: Order, expected: Expected, begun: Begun | None) -> dict[str, Any]:
    told = {"action": order.wanted.action.value, **expected_papers_record(expected), "dry_run": begun is None}
    return told if begun is None else {"id": begun.id, **told, "position": begun.position, "repeated": begun.repeated}
