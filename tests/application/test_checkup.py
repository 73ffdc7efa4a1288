"""One look at a time, and its outcome for everybody."""

import threading
from collections.abc import Sequence
from datetime import timedelta

from application.checkup import Checkup, Looked
from application.health import Result, State
from tests.fakes.clock import FakeClock

FOUND = (Result(name="disk", state=State.OK, tested="The disk", value="There is room.", remedy=""),)
PATIENCE = 10.0


def test_what_was_found_is_kept_with_its_moment() -> None:
    clock = FakeClock()
    checkup = Checkup(lambda: FOUND, clock)
    assert checkup.latest is None
    checkup.begin(PATIENCE)
    assert checkup.latest == Looked(results=FOUND, at=clock.now())
    clock.advance(timedelta(hours=1))
    checkup.begin(PATIENCE)
    assert checkup.latest == Looked(results=FOUND, at=clock.now())


def test_those_who_ask_meanwhile_share_one_look() -> None:
    go, looks = threading.Event(), list[int]()

    def look() -> Sequence[Result]:
        looks.append(1)
        assert go.wait(PATIENCE)
        return FOUND

    checkup = Checkup(look, FakeClock())
    checkup.begin()
    checkup.begin()
    assert checkup.runs
    assert checkup.latest is None
    go.set()
    checkup.begin(PATIENCE)
    assert (len(looks), checkup.runs) == (1, False)
    assert checkup.latest is not None


def test_a_look_that_breaks_is_told() -> None:
    def look() -> Sequence[Result]:
        raise RuntimeError("a mistake")

    checkup = Checkup(look, FakeClock())
    checkup.begin(PATIENCE)
    assert checkup.latest is not None
    (told,) = checkup.latest.results
    assert (told.state, told.value) == (State.ERROR, "They broke off: RuntimeError: a mistake.")


def test_what_rests_on_something_that_has_changed_is_not_told() -> None:
    basis = ["no address"]
    checkup = Checkup(lambda: FOUND, FakeClock(), lambda: tuple(basis))
    assert not checkup.was_made
    checkup.begin(PATIENCE)
    assert checkup.latest is not None
    basis.append("an address")
    assert checkup.latest is None
    assert checkup.was_made
    checkup.begin(PATIENCE)
    assert checkup.latest is not None


def test_what_changes_during_a_look_makes_its_outcome_old() -> None:
    basis = ["stopped"]

    def look() -> Sequence[Result]:
        basis[0] = "running"
        return FOUND

    checkup = Checkup(look, FakeClock(), lambda: basis[0])
    checkup.begin(PATIENCE)
    assert checkup.latest is None


def test_a_basis_that_cannot_be_told_keeps_nobody_from_an_answer() -> None:
    broken = [True]

    def basis() -> object:
        if broken[0]:
            raise OSError("no database")
        return "settings"

    checkup = Checkup(lambda: FOUND, FakeClock(), basis)
    checkup.begin(PATIENCE)
    broken[0] = False
    assert (checkup.runs, checkup.was_made, checkup.latest) == (False, True, None)
