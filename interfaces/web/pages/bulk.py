"""Acting on many papers from the list: a page that asks, then doing it, and its progress."""

from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from litestar.status_codes import HTTP_409_CONFLICT, HTTP_422_UNPROCESSABLE_ENTITY

from application.bulk import Order
from domain.acts import Act, act, action_named
from domain.errors import CommandRefused, InvalidValue
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.forms import PLAIN, Fields, one
from interfaces.web.people import person
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import html, page_or_part
from interfaces.web.returning import own_address
from interfaces.web.selecting import order_by_filter, order_listed, query_in
from interfaces.web.views.bulk import Selected, bulk_view, confirm_view, is_number

CONFIRM = "bulk/confirm.html"


class BulkPage(Controller):
    """The same with many papers."""

    path = "/papers/actions"

    @post("/confirm", **PLAIN)
    def confirm(self, sent: NamedDependency[Any], container: NamedDependency[Container]) -> Template:
        """Tell what would be done with the papers that were selected; nothing is changed."""
        selected = _selected(sent)
        if not selected.everything and not selected.papers:
            return html("bulk/nothing.html", selected, status=HTTP_422_UNPROCESSABLE_ENTITY)
        order = _order(_wanted(sent, ""), selected, container)
        return html(CONFIRM, confirm_view(container, order, selected))

    @post(**PLAIN)
    def begin(
        self, request: WebRequest, sent: NamedDependency[Any], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Do it, and go back to the list, which tells what was done and leads to the progress."""
        selected, bulk_id = _selected(sent), one(sent, "id")
        try:
            order = _order(_wanted(sent, one(sent, "words")), selected, container)
        except InvalidValue as error:
            asked = _order(Act(action=action_named(one(sent, "action")), words=one(sent, "words")), selected, container)
            view = confirm_view(container, asked, selected, bulk_id=bulk_id, error=error)
            return html(CONFIRM, view, status=HTTP_422_UNPROCESSABLE_ENTITY)
        view = confirm_view(container, order, selected, bulk_id=bulk_id)
        if selected.everything and not container.bulks.is_begun(bulk_id) and view.expected.changing != _shown(sent):
            view = confirm_view(container, order, selected, bulk_id=bulk_id, moved=True)
            return html(CONFIRM, view, status=HTTP_409_CONFLICT)
        if view.types_number and not is_number(one(sent, "number"), _shown(sent)):
            view = confirm_view(container, order, selected, bulk_id=bulk_id, wrong_number=True)
            return html(CONFIRM, view, status=HTTP_422_UNPROCESSABLE_ENTITY)
        begun = container.bulks.start(order, person(request), container.in_bulk, bulk_id)
        return done(request, selected.back, begun.position)

    @get("/{bulk_id:uuid}", sync_to_thread=True)
    def show(self, request: WebRequest, bulk_id: FromPath[Any], container: NamedDependency[Container]) -> Template:
        """How far it is, or what became of it."""
        return page_or_part(request, "bulk/show.html", "bulk/_progress.html", bulk_view(container, str(bulk_id)))


def _selected(sent: Fields) -> Selected:
    """What was selected. Raises InvalidValue, InvalidValues for a filter that is none."""
    everything = bool(one(sent, "everything"))
    papers = () if everything else tuple(dict.fromkeys(sent.get("paper", ())))
    query = query_in(one(sent, "which"))
    return Selected(
        which=urlencode(query.fields()),
        back=own_address(one(sent, "back"), query.address()),
        everything=everything,
        papers=papers,
    )


def _order(wanted: Act, selected: Selected, container: Container) -> Order:
    if selected.everything:
        return order_by_filter(wanted, query_in(selected.which), container.imports)
    return order_listed(wanted, selected.papers)


def _wanted(sent: Fields, words: str) -> Act:
    return act(action_named(one(sent, "action")), words)


def _shown(sent: Fields) -> int:
    """The number that the page told."""
    shown = one(sent, "shown")
    if not shown.isascii() or not shown.isdecimal() or len(shown) > 18:
        raise CommandRefused("The form is not the one of the page.", remedy="Go back to the list, and begin again.")
    return int(shown)
