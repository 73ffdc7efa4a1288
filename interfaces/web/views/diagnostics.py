"""Diagnostics: what was found, what a stop would do, and the proofs that were made."""

from collections.abc import Mapping
from datetime import datetime

from attrs import frozen

from application.checkup import Looked
from application.condition import Headline, headline
from application.health import Result, State, counts, worst_first
from application.ports.tasks import Task
from application.proving import Proof
from application.rehearsing import Rehearsal
from domain.scraper import Action
from interfaces.container import Container

STATES: Mapping[State, str] = {
    State.ERROR: "Wrong",
    State.WARNING: "To look at",
    State.OK: "In order",
    State.SKIPPED: "Not tested",
}
SHOWN_TASKS = 100
KEPT_TASKS = 5
FRESH_SECONDS = 60.0
PATIENCE = 2.0
"""Seconds that a request waits for a look: most take less."""


@frozen(kw_only=True)
class DiagnosticsView:
    """The page. `runs` tells that a look is under way; `results` are the worst first."""

    at: datetime | None
    runs: bool
    headline: Headline | None
    results: tuple[Result, ...]
    counts: Mapping[State, int]
    anchor: str
    tasks: tuple[Task, ...]
    rehearsal: Rehearsal | None
    rehearsed: Action | None
    states: Mapping[State, str] = STATES

    @property
    def bad(self) -> tuple[Result, ...]:
        """What somebody should look at."""
        return tuple(one for one in self.results if one.state in {State.ERROR, State.WARNING})

    @property
    def quiet(self) -> tuple[Result, ...]:
        """The others."""
        return tuple(one for one in self.results if one.state not in {State.ERROR, State.WARNING})


def diagnostics_view(container: Container, *, fresh: bool, rehearsed: Action | None) -> DiagnosticsView:
    """The view; a look is begun where none was made lately, or one is wanted."""
    checkup, now = container.checkup, container.clock.now()
    latest = checkup.latest
    if fresh or latest is None or (now - latest.at).total_seconds() > FRESH_SECONDS or checkup.runs:
        checkup.begin(PATIENCE)
    latest = checkup.latest
    head = container.log.head()
    return DiagnosticsView(
        at=latest.at if latest else None,
        runs=checkup.runs,
        headline=headline(latest.results) if latest else None,
        results=_results(latest),
        counts=counts(latest.results if latest else ()),
        anchor=f"{head.position}:{head.hash}",
        tasks=_proofs(container),
        rehearsal=container.rehearsing().rehearse(rehearsed) if rehearsed else None,
        rehearsed=rehearsed,
    )


def _results(latest: Looked | None) -> tuple[Result, ...]:
    return tuple(worst_first(latest.results)) if latest else ()


def _proofs(container: Container) -> tuple[Task, ...]:
    kinds = {proof.value for proof in Proof}
    return tuple([task for task in container.tasks.recent(SHOWN_TASKS) if task.kind in kinds][:KEPT_TASKS])
