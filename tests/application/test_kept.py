"""Answers that are kept for a while, where they take long to find."""

from collections.abc import Callable

import pytest
from attrs import define, field

from application.kept import LOOKS, MOST, QUICK, SHARE, Kept

LONG = QUICK * 4


@define
class Desk:
    """Somewhere to look, a stopwatch that stands still, and what is to be done aside."""

    takes: float
    now: float = 0.0
    answers: int = 0
    aside: list[Callable[[], None]] = field(factory=list)
    broken: bool = False

    def look(self) -> int:
        """A new number each time; it takes its time."""
        self.now += self.takes
        if self.broken:
            raise RuntimeError("no answer")
        self.answers += 1
        return self.answers

    def kept(self) -> Kept[int]:
        """The numbers, kept."""
        return Kept(self.look, stopwatch=lambda: self.now, aside=self.aside.append)


def test_what_is_found_at_once_is_looked_for_each_time() -> None:
    kept = Desk(takes=QUICK / 2).kept()
    assert [kept.get() for _ in range(LOOKS + 3)] == list(range(1, LOOKS + 4))


def test_one_busy_moment_changes_nothing() -> None:
    desk = Desk(takes=QUICK * 10)
    kept = desk.kept()
    kept.get()
    desk.takes = QUICK / 2
    assert [kept.get() for _ in range(4)] == [2, 3, 4, 5]


def test_what_takes_long_is_kept_and_looked_for_beside() -> None:
    desk = Desk(takes=LONG)
    kept = desk.kept()
    assert [kept.get() for _ in range(LOOKS + 2)] == [1, 2, 3, 3, 3]
    assert desk.aside == []
    desk.now += LONG * SHARE + 0.1
    assert [kept.get(), kept.get()] == [3, 3]
    (look,) = desk.aside
    look()
    assert kept.get() == 4
    assert len(desk.aside) == 1


def test_a_look_beside_that_breaks_off_leaves_the_answer_from_before() -> None:
    desk = Desk(takes=LONG)
    kept = desk.kept()
    for _ in range(LOOKS):
        kept.get()
    desk.now, desk.broken = desk.now + LONG * SHARE + 0.1, True
    assert kept.get() == 3
    desk.aside.pop()()
    desk.now += LONG * SHARE + 0.1
    assert kept.get() == 3
    assert len(desk.aside) == 1, "the next one who asks has it looked for again"


def test_an_answer_that_is_too_old_is_not_given_any_more() -> None:
    desk = Desk(takes=LONG)
    kept = desk.kept()
    for _ in range(LOOKS):
        kept.get()
    desk.now += MOST + 1
    assert kept.get() == LOOKS + 1
    assert desk.aside == []


def test_a_first_look_that_breaks_off_is_told() -> None:
    with pytest.raises(RuntimeError, match="no answer"):
        Desk(takes=1.0, broken=True).kept().get()
