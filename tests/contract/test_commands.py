"""A command repeated with its key is done once."""

import pytest

from application.ports.event_log import Appended, EventLog, KeyReused, WrongVersion
from tests.contract.making import at_once, doi, everything, only, origin, registration, write

KEYED = origin(key="rows 1-1000", digest="d1")


def test_a_repeated_command_is_done_once(log: EventLog) -> None:
    log.append([write("a")], origin())
    done = log.append([write("a", 3)], KEYED)
    again = log.append([write("a", 3)], KEYED)
    assert done == Appended(first=2, last=4)
    assert again == Appended(first=2, last=4, repeated=True)
    assert log.done("rows 1-1000", "d1") == again
    assert log.head().position == 4


def test_a_repeated_command_is_not_decided_again(log: EventLog) -> None:
    log.append([registration("1", doi(1))], KEYED)
    assert log.append([registration("1", doi(1))], KEYED).repeated, "no lost race, and no taken identifier"


def test_a_repeated_command_that_changed_nothing_is_known_too(log: EventLog) -> None:
    assert not log.append([], KEYED).repeated
    again = log.append([write("a")], KEYED)
    assert again.repeated
    assert again.first > again.last
    assert log.head().position == 0


def test_without_a_key_everything_is_done_each_time(log: EventLog) -> None:
    for _ in range(2):
        assert not log.append([write("a")], origin(digest="d1")).repeated
    assert log.head().position == 2


def test_a_key_is_not_taken_for_another_content(log: EventLog) -> None:
    log.append([write("a")], KEYED)
    before = log.head()
    with pytest.raises(KeyReused) as caught:
        log.append([write("b")], origin(key=KEYED.key, digest="d2"))
    assert caught.value.key == KEYED.key
    with pytest.raises(KeyReused):
        log.done("rows 1-1000", "d2")
    assert log.head() == before


def test_a_refused_command_leaves_its_key_free(log: EventLog) -> None:
    with pytest.raises(WrongVersion):
        log.append([write("a", expected=1)], KEYED)
    assert not log.append([write("a", expected=0)], KEYED).repeated


def test_of_two_at_once_one_does_it(log: EventLog) -> None:
    outcomes = at_once(*[lambda: log.append([registration("1", doi(1)), write("a", 2)], KEYED)] * 2)
    assert sorted(outcome.repeated for outcome in outcomes) == [False, True]
    assert {(outcome.first, outcome.last) for outcome in outcomes} == {(1, 3)}
    assert len(everything(log)) == 3


def test_of_two_contents_at_once_one_is_refused(log: EventLog) -> None:
    outcomes = at_once(
        lambda: log.append([write("a", 1)], KEYED),
        lambda: log.append([write("b", 2)], origin(key=KEYED.key, digest="d2")),
    )
    done, refused = only(outcomes, Appended), only(outcomes, KeyReused)
    assert refused.key == KEYED.key
    assert log.head().position == done.last
