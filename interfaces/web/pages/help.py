"""Help: the way of a list, the keys, and what the words mean."""

from attrs import frozen
from litestar import Controller, get
from litestar.response import Template

from domain.causes import CAUSES, Cause
from interfaces.web.navigation import KEYS, PLACES, Place
from interfaces.web.rendering import html


@frozen(kw_only=True)
class HelpView:
    """What the help tells beside its own words."""

    places: tuple[Place, ...] = PLACES
    keys: tuple[tuple[str, str], ...] = KEYS
    causes: tuple[Cause, ...] = tuple(sorted(CAUSES.values(), key=lambda cause: cause.sentence))


class HelpPage(Controller):
    """How to use it."""

    path = "/help"

    @get(sync_to_thread=True)
    def show(self) -> Template:
        """The page."""
        return html("help/show.html", HelpView())
