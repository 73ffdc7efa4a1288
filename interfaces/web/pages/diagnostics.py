"""Diagnostics: what `doctor` and `diagnose` tell, and proofs, repairs and copies for the asking."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from application.proving import Proof
from domain.errors import DoesNotExist, InvalidValue
from domain.scraper import Action
from interfaces.container import Container
from interfaces.web.answering import done
from interfaces.web.forms import PLAIN, one
from interfaces.web.problems import WebRequest
from interfaces.web.rendering import page_or_part
from interfaces.web.views.diagnostics import diagnostics_view

REHEARSALS = {"stop": Action.STOP, "emergency-stop": Action.EMERGENCY_STOP}


class DiagnosticsPage(Controller):
    """Whether everything is in order."""

    path = "/diagnostics"

    @get(sync_to_thread=True)
    def show(
        self,
        request: WebRequest,
        container: NamedDependency[Container],
        look: FromQuery[bool] = False,
        rehearse: FromQuery[str] = "",
    ) -> Template:
        """What was found lately, or now where `look` says so; with `rehearse` what a stop would do with each paper."""
        view = diagnostics_view(container, fresh=look, rehearsed=_rehearsal(rehearse))
        return page_or_part(request, "diagnostics/show.html", "diagnostics/_state.html", view)

    @post("/{name:str}", **PLAIN)
    def prove(
        self,
        request: WebRequest,
        name: FromPath[str],
        sent: NamedDependency[Any],
        container: NamedDependency[Container],
    ) -> Response[Any]:
        """Begin a proof, a rebuild or a backup; its task tells the outcome."""
        proof, expect = _proof(name), one(sent, "expect")
        container.by_hand(lambda: container.proving.run(proof, expect))
        return done(request, "/diagnostics#proofs")


def _rehearsal(name: str) -> Action | None:
    if name and name not in REHEARSALS:
        raise InvalidValue("rehearse", name[:40], " or ".join(REHEARSALS))
    return REHEARSALS.get(name)


def _proof(name: str) -> Proof:
    try:
        return Proof(name)
    except ValueError as error:
        raise DoesNotExist("This proof", remedy=f"There are {', '.join(Proof)}.") from error
