"""The notice at the top of a page: what the log says about the position that the page's address names."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from attrs import frozen

from application.notices import Notice
from domain.errors import SciPaperLoaderError
from interfaces.container import Container
from interfaces.web.problems import WebRequest
from interfaces.web.returning import TOLD, untold

SLOT = "told_notice"
"""Where a request keeps its notice for the layout."""

logger = structlog.get_logger(__name__)


@frozen(kw_only=True)
class ToldView:
    """A notice, and the address of the page that it stands on, without it."""

    notice: Notice
    address: str


def look_up(container: Container) -> Callable[[WebRequest], Any]:
    """What happens before a page is made: its notice is read, in a thread, because templates must not wait."""

    async def before(request: WebRequest) -> None:
        position = _position(request)
        if position is not None:
            notice = await asyncio.get_running_loop().run_in_executor(None, _notice, container, position)
            request.scope["state"][SLOT] = notice and ToldView(notice=notice, address=_address(request))

    return before


def told_on(request: WebRequest) -> ToldView | None:
    """The notice of the page that answers the request."""
    found: ToldView | None = (request.scope.get("state") or {}).get(SLOT)
    return found


def _position(request: WebRequest) -> int | None:
    """The position that the address of a page names; parts of pages have no notice."""
    value = request.query_params.get(TOLD, "")
    is_page = request.scope["method"] == "GET" and request.headers.get("hx-request") != "true"
    return int(value) if is_page and value.isascii() and value.isdecimal() and len(value) < 19 else None


def _notice(container: Container, position: int) -> Notice | None:
    try:
        return container.notices.at(position)
    except SciPaperLoaderError as error:  # the page itself is worth more than its notice
        logger.warning("a notice could not be read", error=str(error))
        return None


def _address(request: WebRequest) -> str:
    query = request.scope["query_string"].decode("ascii", "replace")
    return untold(f"{request.scope['path']}?{query}")
