"""Checks: what each outcome means, and that none keeps the others, or those who ask, from an answer."""

import threading
from collections.abc import Iterator

import pytest

from application.health import (
    Check,
    Finding,
    Readiness,
    Result,
    State,
    counts,
    directly,
    error,
    examine,
    ok,
    skipped,
    warning,
    worst_first,
)
from domain.errors import SciPaperLoaderError

SOON = 0.05
LONG = 10.0


def check(name: str, finding: Finding | Exception, needs: str = "") -> Check:
    """A check that finds this, or raises it."""

    def answer() -> Finding:
        if isinstance(finding, Exception):
            raise finding
        return finding

    return Check(name=name, tested=f"The {name}", examine=answer, needs=needs)


def states(results: tuple[Result, ...]) -> dict[str, State]:
    return {one.name: one.state for one in results}


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """Happens when the test is over."""
    event = threading.Event()
    yield event
    event.set()


def hanging(event: threading.Event, name: str = "hanging", **fields: object) -> Check:
    """A check that waits for the event."""
    wait = lambda: ok(str(event.wait(LONG)))  # noqa: E731 (short)
    return Check(name=name, tested="Something", examine=wait, seconds=SOON, **fields)  # type: ignore[arg-type]


def test_a_result_tells_what_was_tested_what_was_seen_and_what_to_do() -> None:
    (found,) = examine([check("disk", warning("It is nearly full.", "Free some space."))])
    assert found.as_dict() == {
        "name": "disk",
        "state": "warning",
        "tested": "The disk",
        "value": "It is nearly full.",
        "remedy": "Free some space.",
    }


@pytest.mark.parametrize(
    ("raised", "value", "remedy"),
    [
        (SciPaperLoaderError("It is broken.", remedy="Mend it."), "It is broken.", "Mend it."),
        (PermissionError(13, "Permission denied", "/some/folder"), "/some/folder: Permission denied.", "rights"),
        (TimeoutError(), "TimeoutError", "disk"),
        (KeyError("x"), "KeyError: 'x'", "mistake of the program"),
    ],
)
def test_what_a_check_raises_is_what_it_found(raised: Exception, value: str, remedy: str) -> None:
    broken, whole = examine([check("broken", raised), check("whole", ok("Yes."))])
    assert broken.state is State.ERROR
    assert value in broken.value
    assert remedy in broken.remedy
    assert whole.state is State.OK


def test_a_check_that_hangs_is_told_and_the_others_are_made(never: threading.Event) -> None:
    hung, other = examine([hanging(never), check("other", ok("Yes."))])
    assert hung.state is State.ERROR
    assert "No answer within 0.05 seconds" in hung.value
    assert hung.remedy
    assert other.state is State.OK


def test_a_check_may_mean_something_else_by_being_late(never: threading.Event) -> None:
    (found,) = examine([hanging(never, late=warning("It is large.", "Wait."))])
    assert (found.state, found.value) == (State.WARNING, "It is large.")


@pytest.mark.parametrize("before", [error("x", "y"), skipped("x")])
def test_what_needs_a_check_that_is_not_in_order_is_not_made(before: Finding) -> None:
    results = examine(
        [
            check("first", before),
            check("second", AssertionError("asked"), needs="first"),
            check("third", AssertionError("asked"), needs="second"),
        ]
    )
    assert [one.state for one in results[1:]] == [State.SKIPPED] * 2
    assert "“first”" in results[1].value
    assert "“second”" in results[2].value


@pytest.mark.parametrize("before", [ok("x"), warning("x", "y")])
def test_a_warning_keeps_nothing_from_being_made(before: Finding) -> None:
    results = examine([check("first", before), check("second", ok("Yes."), needs="first")])
    assert states(results)["second"] is State.OK


def test_the_worst_comes_first_and_everything_is_counted() -> None:
    found = {"a": skipped(""), "b": ok(""), "c": warning("", ""), "d": error("", ""), "e": ok("")}
    results = examine([check(name, finding) for name, finding in found.items()])
    assert "".join(one.name for one in worst_first(results)) == "dcbea"
    assert counts(results) == {State.ERROR: 1, State.WARNING: 1, State.OK: 2, State.SKIPPED: 1}
    assert counts([]) == dict.fromkeys(State, 0)


def test_directly_a_check_is_made_by_whoever_asks() -> None:
    ran: list[threading.Thread] = []

    def note() -> Finding:
        ran.append(threading.current_thread())
        return ok("")

    directly(Check(name="x", tested="x", examine=note))
    assert ran == [threading.current_thread()]


class TestReadiness:
    def test_each_look_is_a_new_one(self) -> None:
        asked: list[int] = []
        readiness = Readiness([Check(name="x", tested="x", examine=lambda: asked.append(1) or ok(""))])
        for _ in range(3):
            assert readiness.begin().result(LONG)[0].state is State.OK
        assert len(asked) == 3

    def test_those_who_ask_while_a_look_hangs_share_it(self, never: threading.Event) -> None:
        readiness = Readiness([hanging(never, name="stuck")])
        before = threading.active_count()
        answers = {readiness.begin() for _ in range(50)}
        assert len(answers) == 1
        assert threading.active_count() == before + 1
        never.set()
        assert answers.pop().result(LONG)[0].state is State.OK

    def test_nobody_cancels_what_others_wait_for(self, never: threading.Event) -> None:
        answer = Readiness([hanging(never)]).begin()
        assert not answer.cancel()
        never.set()
        assert answer.result(LONG)
