"""Scraper: the switch, and what the program does when it is on."""

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Template

from application.sourcing import DOWN, UP
from domain import settings
from domain.errors import DoesNotExist, InvalidValue
from domain.pipeline import MODULES
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.forms import PLAIN, one
from interfaces.web.people import person
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import page_or_part
from interfaces.web.views.scraper import scraper_view

SWITCHES = {"on": True, "off": False}


class ScraperPage(Controller):
    """The switch, and what the program does when it is on."""

    path = "/scraper"

    @get(sync_to_thread=True)
    def show(
        self,
        request: WebRequest,
        container: NamedDependency[Container],
        site: FromQuery[str] = "",
        all_sites: Annotated[bool, QueryParameter(name="all")] = False,
    ) -> Template:
        """The page; `site` narrows the sites down, `all` shows more of them."""
        view = scraper_view(container, site, every_site=all_sites)
        return page_or_part(request, "scraper/show.html", "scraper/_state.html", view)

    @post("/modules/{name:str}", **PLAIN)
    def switch_module(
        self,
        request: WebRequest,
        name: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> Response[Any]:
        """Switch a module on or off."""
        if name not in MODULES:
            raise DoesNotExist(f"The module “{name[:40]}”", remedy=f"There are {', '.join(MODULES)}.")
        before = len(container.log.stream(settings.STREAM))
        container.scheduling.toggle(name, _switched(one(sent, "do")), person(request))
        news = container.log.stream(settings.STREAM)[before:]
        return done(request, "/scraper#modules", news[-1].position if news else None)

    @post("/sources/{name:str}", **PLAIN)
    def change_source(
        self,
        request: WebRequest,
        name: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> Response[Any]:
        """Switch a source on or off, or ask it earlier or later."""
        known = container.sourcing.known
        if name not in known:
            raise DoesNotExist(f"The source “{name[:40]}”", remedy=f"There are {', '.join(known)}.")
        wanted = one(sent, "do")
        if wanted in (UP, DOWN):
            position = container.sourcing.move(name, wanted, person(request))
        else:
            position = container.sourcing.toggle(name, _switched(wanted), person(request))
        return done(request, "/scraper#sources", position)


def _switched(wanted: str) -> bool:
    if wanted not in SWITCHES:
        raise InvalidValue("do", wanted[:40], "one of the buttons of the page")
    return SWITCHES[wanted]
