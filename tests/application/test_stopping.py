"""Whether to end: the process, an emergency, and for what the schedule began the switch."""

import threading
from itertools import product

import pytest

from application.stopping import Stopping

TRUTH = [(ended, emergency, halted) for ended, emergency, halted in product((False, True), repeat=3)]


def stopping(ended: bool, emergency: bool, halted: bool) -> Stopping:
    return Stopping(ended=lambda: ended, emergency=lambda: emergency, halted=lambda: halted)


@pytest.mark.parametrize(("ended", "emergency", "halted"), TRUTH)
def test_what_a_person_began_does_not_end_with_the_switch(ended: bool, emergency: bool, halted: bool) -> None:
    asked = stopping(ended, emergency, halted)
    assert asked() == (ended or emergency)
    assert asked.scheduled(asked)() == (ended or emergency or halted)


def test_a_step_of_the_schedule_gets_and_gives_what_the_step_does() -> None:
    def step(name: str, *, due: int) -> tuple[str, int]:
        """What it does."""
        return name, due

    scheduled = stopping(False, False, True).scheduled(step)
    assert scheduled("a", due=2) == ("a", 2)
    assert scheduled.__doc__ == "What it does."


def test_after_it_the_thread_is_free_again_also_where_it_failed() -> None:
    asked = stopping(False, False, True)

    def fail() -> None:
        assert asked()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asked.scheduled(fail)()
    assert not asked()


def test_each_thread_answers_for_itself() -> None:
    asked = stopping(False, False, True)
    elsewhere: list[bool] = []

    def step() -> None:
        thread = threading.Thread(target=lambda: elsewhere.append(asked()))
        thread.start()
        thread.join()
        elsewhere.append(asked())

    asked.scheduled(step)()
    assert elsewhere == [False, True]


def test_without_a_word_on_the_switch_nothing_is_halted() -> None:
    asked = Stopping(ended=lambda: False, emergency=lambda: False)
    assert not asked.scheduled(asked)()
