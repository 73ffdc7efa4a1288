"""What the buttons of one paper do."""

from typing import Any

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.acts import ASKS, Action, act
from domain.errors import DoesNotExist
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.finding import paper_at
from interfaces.web.forms import PLAIN, one
from interfaces.web.people import person
from interfaces.web.problems import WebRequest
from interfaces.web.returning import own_address
from interfaces.web.views.actions import PROCESS


class ActingPage(Controller):
    """Acts on one paper."""

    path = "/papers/{name:str}"

    @post("/{action:str}", **PLAIN)
    def act(
        self,
        request: WebRequest,
        name: FromPath[str],
        action: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> Response[Any]:
        """Do it, and go back to the page, which tells what was done."""
        row, actor = paper_at(name, container.papers), person(request)
        back = own_address(one(sent, "back"), f"/papers/{row.id}")
        if action == PROCESS:
            container.processing.check(row.id, actor)
            container.by_hand(lambda: container.processing.process(row.id, actor))
            return done(request, back)
        wanted = _action(action)
        words = one(sent, ASKS[wanted]) if wanted in ASKS else ""
        return done(request, back, container.acting.act(row.id, act(wanted, words), actor).last)


def _action(name: str) -> Action:
    try:
        return Action(name)
    except ValueError as error:
        raise DoesNotExist(f"The action “{name[:40]}”", remedy=f"There are {', '.join(Action)}.") from error
