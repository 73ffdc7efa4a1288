"""Short words for what the suite appends."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

from application.ports.event_log import EventLog, Origin, Recorded, Write
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper_events import Registered
from domain.scraper import Paused

T = TypeVar("T")


def origin(**fields: Any) -> Origin:
    """An origin; what it is does not matter, except for the given fields."""
    return Origin(**{"command": "try out", "actor": "the tests", "correlation": "one run"} | fields)


def fillers(count: int, first: int = 1) -> tuple[Event, ...]:
    """Events that any stream may have and no read model looks at, numbered."""
    return tuple(Paused(reason=str(number)) for number in range(first, first + count))


def write(stream: str, count: int = 1, *, expected: int | None = None, first: int = 1) -> Write:
    """A write of fillers."""
    return Write(stream=stream, expected=expected, events=fillers(count, first))


def doi(number: int) -> Identifier:
    """A DOI."""
    return Identifier(Scheme.DOI, f"10.5555/{number}")


def registration(paper: str, *identifiers: Identifier, expected: int | None = 0) -> Write:
    """A write that registers a paper."""
    event = Registered(identifiers=identifiers, metadata=Metadata(title=f"Title of {paper}"))
    return Write(stream=f"paper-{paper}", expected=expected, events=(event,))


def everything(log: EventLog, page: int = 1_000) -> list[Recorded]:
    """All events, read page by page."""
    seen: list[Recorded] = []
    while news := log.read(after=seen[-1].position if seen else 0, limit=page):
        seen.extend(news)
    return seen


def at_once(*tasks: "Any") -> list[Any]:
    """Run the tasks in threads that begin together; returns each one's result or the error that it raised."""
    start = Barrier(len(tasks))

    def run(task: Any) -> Any:
        start.wait(timeout=10)
        try:
            return task()
        except Exception as error:  # noqa: BLE001 (the test looks at it)
            return error

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def only(outcomes: Sequence[Any], kind: type[T]) -> T:
    """The one outcome of a kind."""
    (found,) = [outcome for outcome in outcomes if isinstance(outcome, kind)]
    return found
