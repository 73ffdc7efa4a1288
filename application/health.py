"""Health: what a check of the installation is, and how checks are made so that none keeps the others from an answer."""

import queue
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from enum import StrEnum

from attrs import evolve, field, frozen

from domain.errors import SciPaperLoaderError

SECONDS = 5.0
"""How long a check may take unless it says otherwise."""


class State(StrEnum):
    """How a check ended; the worst is the first."""

    ERROR = "error"
    WARNING = "warning"
    OK = "ok"
    SKIPPED = "skipped"


Facts = Mapping[str, object]


@frozen(kw_only=True)
class Here:
    """What a person in the browser does about a fault, and the page where that is done."""

    text: str
    address: str


@frozen(kw_only=True)
class Finding:
    """What a check found: the value that was seen, and what to do about it, "" for nothing."""

    state: State
    value: str
    remedy: str = ""
    kind: str = ""
    """What sort of fault it is, in one word, where the program asks for that."""
    facts: Facts = field(factory=dict)
    """The value in parts, for programs."""
    here: Here | None = None
    """What to do about it on the pages; None where that is the same."""

    def on_page(self, text: str, address: str) -> "Finding":
        """The same, with what to do about it on the pages."""
        return evolve(self, here=Here(text=text, address=address))


def ok(value: str, **facts: object) -> Finding:
    """It is as it should be."""
    return Finding(state=State.OK, value=value, facts=facts)


def warning(value: str, remedy: str, **facts: object) -> Finding:
    """It works, but somebody should look at it."""
    return Finding(state=State.WARNING, value=value, remedy=remedy, facts=facts)


def error(value: str, remedy: str, kind: str = "", **facts: object) -> Finding:
    """It does not work."""
    return Finding(state=State.ERROR, value=value, remedy=remedy, kind=kind, facts=facts)


def skipped(value: str, remedy: str = "", kind: str = "") -> Finding:
    """It was not tested."""
    return Finding(state=State.SKIPPED, value=value, remedy=remedy, kind=kind)


@frozen(kw_only=True)
class Check:
    """A question about the installation. `examine` changes nothing; it may raise, and it may hang."""

    name: str
    tested: str
    """What is looked at, as a heading for the value that is found."""
    examine: Callable[[], Finding]
    needs: str = ""
    """The check before it without which it makes no sense."""
    seconds: float = SECONDS
    late: Finding | None = None
    """What it means when it does not end in time; an error unless told otherwise."""


@frozen(kw_only=True)
class Result:
    """A check with what it found."""

    name: str
    state: State
    tested: str
    value: str
    remedy: str
    kind: str = ""
    facts: Facts = field(factory=dict)
    here: Here | None = None

    def as_dict(self) -> dict[str, str]:
        """The result as programs see it."""
        return {
            "name": self.name,
            "state": self.state.value,
            "tested": self.tested,
            "value": self.value,
            "remedy": self.remedy,
        }


Ask = Callable[[Check], Finding]
"""How a check is made."""


def directly(check: Check) -> Finding:
    """Make the check; what it raises is what it found."""
    try:
        return check.examine()
    except SciPaperLoaderError as raised:
        return error(raised.message, raised.remedy)
    except OSError as raised:
        where = f"{raised.filename}: " if raised.filename else ""
        reason = raised.strerror or str(raised) or type(raised).__name__
        return error(f"{where}{reason}.", "Look at the disk, and at the rights of the user.")
    except Exception as raised:  # noqa: BLE001 (whatever it was, the other checks are made)
        return error(f"The check failed: {type(raised).__name__}: {raised}.", "This is a mistake of the program.")


def in_time(check: Check) -> Finding:
    """Make the check in a thread of its own, which is left behind where it hangs."""
    answers: queue.SimpleQueue[Finding] = queue.SimpleQueue()
    thread = threading.Thread(target=lambda: answers.put(directly(check)), name=check.name, daemon=True)
    thread.start()
    try:
        return answers.get(timeout=check.seconds)
    except queue.Empty:
        return check.late or error(
            f"No answer within {check.seconds:g} seconds: it hangs.",
            "Look at what it depends on: the disk, the database's server, the network.",
        )


def examine(checks: Iterable[Check], ask: Ask = in_time) -> tuple[Result, ...]:
    """Make the checks, one after the other; those that need one that is not in order are skipped."""
    states: dict[str, State] = {}
    results: list[Result] = []
    for check in checks:
        if check.needs and states[check.needs] in {State.ERROR, State.SKIPPED}:
            found = skipped(f"Not tested, because of “{check.needs}”.")
        else:
            found = ask(check)
        states[check.name] = found.state
        results.append(_result(check, found))
    return tuple(results)


def _result(check: Check, found: Finding) -> Result:
    return Result(
        name=check.name,
        state=found.state,
        tested=check.tested,
        value=found.value,
        remedy=found.remedy,
        kind=found.kind,
        facts=found.facts,
        here=found.here,
    )


def worst_first(results: Iterable[Result]) -> list[Result]:
    """The results as people should read them; those of one state keep their order."""
    rank = list(State)
    return sorted(results, key=lambda one: rank.index(one.state))


def counts(results: Iterable[Result]) -> dict[State, int]:
    """How many results have each state; every state is there."""
    states = [one.state for one in results]
    return {state: states.count(state) for state in State}


class Readiness:
    """Tells whether work can be done, however many ask: one thread looks, and those who ask meanwhile share its answer.

    A check that hangs so holds one thread, and nobody who asks.
    """

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = tuple(checks)
        self._lock = threading.Lock()
        self._running: Future[tuple[Result, ...]] | None = None

    def begin(self) -> "Future[tuple[Result, ...]]":
        """The answer of the look that runs, or of a new one. The future cannot be cancelled."""
        with self._lock:
            if self._running is None or self._running.done():
                self._running = Future()
                self._running.set_running_or_notify_cancel()
                threading.Thread(target=self._look, args=(self._running,), name="readiness", daemon=True).start()
            return self._running

    def _look(self, answer: "Future[tuple[Result, ...]]") -> None:
        answer.set_result(examine(self._checks, directly))
