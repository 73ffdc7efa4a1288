"""What an append writes, and what the readers give back."""

from datetime import timedelta
from typing import Any

import pytest

from application.ports.event_log import Appended, EventLog, Head, Write, WrongVersion
from domain.paper_events import Reverted
from domain.pipeline import Status
from infrastructure.log.chain import GENESIS
from tests.contract.making import doi, everything, fillers, origin, registration, write
from tests.fakes.clock import START, FakeClock


def test_an_empty_log_has_nothing(log: EventLog) -> None:
    assert log.head() == Head(position=0, hash=GENESIS)
    assert list(log.read()) == []
    assert list(log.stream("paper-1")) == []
    assert dict(log.streams(["paper-1"])) == {}
    assert dict(log.papers_of([doi(1)])) == {}
    assert log.done("key", "digest") is None


def test_positions_and_versions_count_from_one_without_gaps(log: EventLog) -> None:
    first = log.append([write("a", 2), write("b", 1)], origin())
    second = log.append([write("b", 2), write("a", 1)], origin())
    assert (first, second) == (Appended(first=1, last=3), Appended(first=4, last=6))
    placed = [(record.position, record.stream, record.version) for record in log.read()]
    assert placed == [(1, "a", 1), (2, "a", 2), (3, "b", 1), (4, "b", 2), (5, "b", 3), (6, "a", 3)]


def test_everything_that_was_said_about_an_append_is_kept(log: EventLog, clock: FakeClock) -> None:
    said = origin(key="key 1", digest="d", causation="event 7", correlation="upload 3", actor="cli", command="import")
    log.append([write("a", 2)], said)
    log.append([write("a", 1)], origin())
    one, two, three = log.read()
    for record in (one, two):
        assert (record.command, record.actor, record.key) == ("import", "cli", "key 1")
        assert (record.correlation, record.causation) == ("upload 3", "event 7")
        assert record.recorded_at == clock.now()
    assert (three.key, three.causation) == (None, None)
    assert len({record.event_id for record in (one, two, three)}) == 3


def test_the_newest_events_of_a_stream_come_newest_first(log: EventLog) -> None:
    log.append([write("a", 3), write("b", 1), registration("1", doi(1)), write("a", 2, first=4)], origin())
    log.append([write("paper-1", 2)], origin())

    def newest(name: str, **which: Any) -> list[int]:
        return [record.position for record in log.newest(name, **which)]

    assert newest("a", limit=10) == [7, 6, 3, 2, 1]
    assert newest("a", limit=2) == [7, 6]
    assert newest("a", limit=10, until=6) == [6, 3, 2, 1]
    assert newest("a", limit=1, until=5) == [3]
    assert newest("a", limit=10, until=0) == newest("unknown", limit=10) == []
    assert newest("paper-1", limit=10, types=["paper.registered"]) == [5]
    assert newest("paper-1", limit=1, types=["paper.registered", "scraper.paused"]) == [9]
    assert newest("paper-1", limit=9, until=4, types=["paper.registered"]) == []


def test_time_never_goes_back(log: EventLog, clock: FakeClock) -> None:
    for step in (timedelta(0), timedelta(hours=-3), timedelta(microseconds=1), timedelta(hours=4)):
        clock.advance(step)
        log.append([write("a")], origin())
    times = [record.recorded_at - START for record in log.read()]
    assert times == [timedelta(0)] * 3 + [timedelta(hours=1, microseconds=1)]


def test_an_empty_append_changes_nothing(log: EventLog) -> None:
    log.append([write("a")], origin())
    before = log.head()
    for writes in ([], [Write(stream="a", expected=1, events=())], [Write(stream="new", expected=0, events=())]):
        appended = log.append(writes, origin())
        assert appended.first > appended.last
    assert log.head() == before


def test_an_empty_append_is_refused_on_a_stale_version(log: EventLog) -> None:
    log.append([write("a")], origin())
    for expected in (0, 2):
        with pytest.raises(WrongVersion):
            log.append([Write(stream="a", expected=expected, events=())], origin())


def test_one_append_can_hold_thousands_of_events(log: EventLog) -> None:
    writes = [registration(f"{number:04}", doi(number)) for number in range(2_500)]
    assert log.append(writes, origin()) == Appended(first=1, last=2_500)
    assert len(log.read()) == 1_000, "the default page"
    records = everything(log)
    assert [record.position for record in records] == list(range(1, 2_501))
    assert [record.stream for record in records] == [write.stream for write in writes]
    assert log.head().position == 2_500
    assert len(log.papers_of([doi(number) for number in range(2_500)])) == 2_500


def test_several_writes_can_go_to_one_stream(log: EventLog) -> None:
    log.append([write("a", 1)], origin())
    log.append([write("a", 2, expected=1, first=2), write("b", 1, expected=0), write("a", 1, expected=3)], origin())
    assert [record.version for record in log.stream("a")] == [1, 2, 3, 4]


def test_the_writes_of_one_append_count_upon_each_other(log: EventLog) -> None:
    with pytest.raises(WrongVersion) as caught:
        log.append([write("a", 2, expected=0), write("a", 1, expected=0)], origin())
    assert (caught.value.stream, caught.value.expected, caught.value.actual) == ("a", 0, 2)
    assert list(log.read()) == []


def test_any_version_will_do_where_none_is_expected(log: EventLog) -> None:
    for _ in range(3):
        log.append([write("a", 1, expected=None)], origin())
    assert [record.version for record in log.stream("a")] == [1, 2, 3]


def test_a_page_begins_after_a_position_and_ends_at_its_limit(log: EventLog) -> None:
    log.append([write("a", 10)], origin())
    assert [record.position for record in log.read(after=3, limit=4)] == [4, 5, 6, 7]
    assert [record.position for record in log.read(after=8)] == [9, 10]
    assert list(log.read(after=10)) == list(log.read(after=99)) == []


def test_a_stream_is_read_in_its_order(log: EventLog) -> None:
    log.append([write("a", 2), write("b", 1), write("a", 1, first=3)], origin())
    assert [record.event for record in log.stream("a")] == list(fillers(3))
    assert log.stream("a")[0] == log.read()[0]


def test_several_streams_are_read_at_once(log: EventLog) -> None:
    log.append([write("a", 2), write("b", 1), write("a", 1)], origin())
    streams = log.streams(["b", "a", "a", "unknown"])
    assert {name: list(records) for name, records in streams.items()} == {
        "a": list(log.stream("a")),
        "b": list(log.stream("b")),
    }
    with pytest.raises(KeyError):
        streams["unknown"]


def test_more_names_than_one_query_takes_can_be_asked_for(log: EventLog) -> None:
    log.append([write("a", 2), registration("1", doi(1))], origin())
    names = [f"unknown {number}" for number in range(11_000)]
    streams = log.streams(["a", *names, "a"])
    assert [record.version for record in streams["a"]] == [1, 2]
    assert list(streams) == ["a"]
    assert log.papers_of([doi(1), *(doi(number) for number in range(2, 11_000))]) == {doi(1): "1"}


def test_events_come_back_as_they_were(log: EventLog) -> None:
    why = "\0 \x1b[31m \N{RIGHT-TO-LEFT OVERRIDE} '; DROP TABLE events; -- 100 % :name $1 \N{GRINNING FACE} \\u0000"
    event = Reverted(to=Status.NEW, why=why)
    log.append([Write(stream="a", expected=0, events=(event,))], origin())
    assert log.read()[0].event == event


def test_a_refused_append_leaves_nothing(log: EventLog) -> None:
    log.append([write("a")], origin())
    before = log.head()
    writes = [registration("1", doi(1)), write("a", expected=0)]
    with pytest.raises(WrongVersion):
        log.append(writes, origin(key="key", digest="d"))
    assert log.head() == before
    assert list(log.stream("paper-1")) == []
    assert dict(log.papers_of([doi(1)])) == {}
    assert log.done("key", "d") is None


def test_the_hash_of_the_head_is_another_one_after_every_append(log: EventLog) -> None:
    hashes = {log.head().hash}
    for _ in range(5):
        log.append([write("a")], origin())
        hashes.add(log.head().hash)
    assert len(hashes) == 6
