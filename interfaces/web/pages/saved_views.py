"""Saved views of the list of papers: naming one, renaming it, deleting it, and how many papers it has."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from application.ports.saved_views import SavedView
from domain.errors import CommandRefused, DoesNotExist
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.filtering import paper_filter
from interfaces.web.forms import PLAIN, one
from interfaces.web.listing import Listing, listing_in
from interfaces.web.pages.papers import LIST_PAGE
from interfaces.web.people import person
from interfaces.web.problems import WebRequest, status_of
from interfaces.web.rendering import html
from interfaces.web.views.papers import Naming, Place, papers_view, query_string


class SavedViewsPage(Controller):
    """What the forms above the list do."""

    path = "/views"

    @post(**PLAIN)
    def save(
        self, request: WebRequest, sent: NamedDependency[Any], container: NamedDependency[Container]
    ) -> Response[Any]:
        """Keep the list under a name, in the place of what had it."""
        listing, name = listing_in(one(sent, "query")), one(sent, "name")
        try:
            view = container.saved_views.save(name, query_string(listing), person(request).name)
        except CommandRefused as error:
            return _again(container, listing, name, error)
        return done(request, _address(view, "saved"))

    @post("/{view:str}/rename", **PLAIN)
    def rename(
        self,
        request: WebRequest,
        view: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> Response[Any]:
        """Give a view another name."""
        name = one(sent, "name")
        try:
            renamed = container.saved_views.rename(view, name)
        except CommandRefused as error:
            return _again(container, listing_in(one(sent, "query")), name, error)
        return done(request, _address(renamed, "renamed"))

    @post("/{view:str}/delete", **PLAIN)
    def delete(
        self,
        request: WebRequest,
        view: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> Response[Any]:
        """Forget a view; the list stays as it is."""
        container.saved_views.delete(view)
        query = query_string(listing_in(one(sent, "query")))
        return done(request, f"/papers?{query}&note=deleted" if query else "/papers?note=deleted")

    @get("/{view:str}/count", sync_to_thread=True)
    def count(self, view: FromPath[str], container: NamedDependency[Container]) -> Template:
        """How many papers a view has; None where it cannot be told any more."""
        if (found := container.saved_views.find(view)) is None:
            raise DoesNotExist("This view", remedy="It was deleted.")
        return html("papers/_view_count.html", found, around={"count": _count(container, found)})


def _count(container: Container, view: SavedView) -> int | None:
    try:
        which = paper_filter(listing_in(view.query).query, container.imports)
    except CommandRefused:
        return None
    return container.papers.count(which)


def _address(view: SavedView, note: str) -> str:
    return f"/papers?{view.query}{'&' if view.query else ''}view={view.id}&note={note}"


def _again(container: Container, listing: Listing, name: str, error: CommandRefused) -> Template:
    """The page with the form again, and what was wrong."""
    view = papers_view(container, listing, Place(), naming=Naming(typed=name, error=error))
    return html(LIST_PAGE, view, status=status_of(error))
