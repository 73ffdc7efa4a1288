"""Settings: how this installation is set up, and changing what may be changed here."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_422_UNPROCESSABLE_ENTITY

from application.configuring import tell_changes
from domain.errors import InvalidValues
from interfaces.container import Container
from interfaces.settings_book import is_secret
from interfaces.web.answering import done
from interfaces.web.forms import PLAIN, Fields, one
from interfaces.web.people import person
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import html
from interfaces.web.views.settings import names_of, settings_view

PAGE = "settings/show.html"
FORGET = "forget_"
"""Before the name of a secret: the box that takes it away."""


class SettingsPage(Controller):
    """How this installation is set up."""

    path = "/settings"

    @get(sync_to_thread=True)
    def show(self, container: NamedDependency[Container]) -> Response[Any]:
        """Every setting: those that can be changed here as forms, the others with where they came from."""
        return html(PAGE, settings_view(container))

    @post("/{section:str}", **PLAIN)
    def change(
        self,
        request: WebRequest,
        section: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> Response[Any]:
        """Change the settings of one section; all of them or, where one is wrong, none."""
        wanted = _wanted(names_of(section), sent)
        try:
            changes = container.book.change(wanted)
        except InvalidValues as error:
            view = settings_view(container, typed=wanted, faults={fault.field: fault for fault in error.faults})
            return html(PAGE, view, status=HTTP_422_UNPROCESSABLE_ENTITY)
        position = tell_changes(container.log, changes, person(request)) if changes else None
        return done(request, f"/settings#{section}", position)


def _wanted(names: tuple[str, ...], sent: Fields) -> dict[str, str]:
    """What the form says of these settings; a secret that was left empty stays, unless it is to be forgotten."""
    forgotten = {name for name in names if one(sent, FORGET + name)}
    wanted = {name: "" if name in forgotten else one(sent, name) for name in names if name in sent}
    return {name: text for name, text in wanted.items() if text or name in forgotten or not is_secret(name)}
