"""Events grouped by what caused them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.activity_groups import BURST, bursts, grouped
from application.kinds import Level
from application.ports.event_log import Recorded
from domain import bulk, importing, schedule
from domain import paper_events as paper
from domain.acts import Action
from domain.copies import Copy
from domain.events import Event
from domain.hour import Planned
from domain.identifiers import Identifier, Scheme
from domain.importing import Counts, OnDuplicate
from tests.strategies import EVENTS

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
COPY = Copy(url="https://www.x.example/a.pdf", source="unpaywall")
FILE = paper.File(path="a.pdf", sha256="ab", size=1_200_000, pages=12)
QUEUED = paper.Queued(module="download", due=START)
DOWNLOADED = paper.Downloaded(file=FILE, copy=COPY)
TRIED = paper.CandidateTried(url=COPY.url, source="s", outcome="timeout")
FAILED = paper.Failed(cause="timeout")
REVERTED = paper.Reverted(to=paper.Status.LOCATED, why="revoked")
STARTED = importing.Started(
    collection="c", collection_name="A review", filename="list.csv", sha256="0", size=1, format="csv",
    encoding="utf-8", rows=1_000, on_duplicate=OnDuplicate.SKIP,
)  # fmt: skip
ROWS = importing.RowsRecorded(collection="c", first=1, last=3, counts=Counts(registered=2, rejected=1))
REGISTERED = paper.Registered(identifiers=(Identifier(Scheme.DOI, "10.1/x"),))
PLANNED = Planned(start=START, timezone="UTC", quota=220, seed=1, count=212, begins=START, minutes=60)


def recorded(*events: Event, correlations: str = "", first: int = 1, papers: int = 1_000) -> list[Recorded]:
    """The events in a log; `correlations` has a letter for each, all the same where it is left out.

    Each is of another paper, until there were so many `papers`: then the first one's turn comes again.
    """
    letters = correlations or "x" * len(events)
    positions = count(first)
    return [_recorded(next(positions), event, letter, papers) for event, letter in zip(events, letters, strict=True)]


def _recorded(position: int, event: Event, correlation: str, papers: int) -> Recorded:
    fields: dict[str, Any] = dict.fromkeys(("event_id", "command"), "")
    return Recorded(
        position=position, stream=f"paper-{position % papers}", version=1, key=None, correlation=correlation,
        causation=None, actor="Anna", recorded_at=START + timedelta(minutes=position), event=event, **fields,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("events", "line"),
    [
        ([QUEUED] * 212, "212 papers were planned."),
        ([PLANNED, *[QUEUED] * 212], "The hour from 1 Mar 2026, 12:00 UTC was planned: 212 of at most 220 papers."),
        ([STARTED], "Import of “list.csv” into “A review”: 1\u202f000 rows."),
        (
            [STARTED, REGISTERED, REGISTERED, ROWS, ROWS],
            "Import of “list.csv” into “A review”: 1\u202f000 rows, 4 new, 2 rejected.",
        ),
        ([REGISTERED, REGISTERED, ROWS], "Import: 3 rows, 2 new, 1 rejected."),
        ([REGISTERED, REGISTERED], "2 papers were added."),
        ([FAILED], "Not retrieved: the site was too slow."),
        ([TRIED, TRIED, FAILED], "Not retrieved: the site was too slow."),
        ([DOWNLOADED, FAILED, DOWNLOADED], "2 papers were downloaded and 1 paper was not retrieved."),
        (
            [
                *[paper.Reverted(to=paper.Status.NEW, why="hour over")] * 4,
                *[DOWNLOADED] * 3,
                *[FAILED] * 2,
                paper.Excluded(reason=""),
                schedule.VolumeChanged(volume=1),
            ],
            "4 papers went back, 3 papers were downloaded, 2 papers were not retrieved and 2 other events.",
        ),
    ],
)
def test_a_line_says_what_the_events_are_together(events: Sequence[Event], line: str) -> None:
    (group,) = grouped(recorded(*events))
    assert group.line == line


@pytest.mark.parametrize(
    ("events", "papers", "line"),
    [
        ([QUEUED] * 43, 15, "15 papers were planned (43 times)."),
        ([QUEUED] * 3, 1, "1 paper was planned (3 times)."),
        ([QUEUED] * 15, 15, "15 papers were planned."),
        ([REVERTED] * 33 + [DOWNLOADED] * 2, 15, "15 papers went back (33 times) and 2 papers were downloaded."),
        ([TRIED] * 4, 2, "4 addresses were tried."),
    ],
)
def test_papers_count_once(events: Sequence[Event], papers: int, line: str) -> None:
    (group,) = grouped(recorded(*events, papers=papers))
    assert group.line == line


BEGUN = bulk.Started(action=Action.RETRY, words="", papers=12)
ENDED = bulk.Ended(changed=11, skipped=(bulk.Skipped(why="done", papers=1),))
AGAIN = paper.Reopened(to=paper.Status.NEW, why="by hand")


@pytest.mark.parametrize(
    ("events", "line"),
    [
        ([BEGUN, *[AGAIN] * 11, ENDED], "11 papers were tried again. 1 paper left alone: 1 done."),
        ([BEGUN, AGAIN, bulk.Ended(changed=1)], "1 paper was tried again."),
        ([BEGUN, AGAIN, AGAIN], "“Try again” was asked for 12 papers."),
        ([AGAIN, AGAIN, ENDED], "11 papers were changed, 1 paper left alone: 1 done."),
        (
            [bulk.Started(action=Action.RETRY, words="", papers=2, undoes="b"), bulk.Ended(changed=2)],
            "2 papers are back where they were.",
        ),
        (
            [bulk.Started(action=Action.EXCLUDE, words="off topic", papers=3), bulk.Ended(changed=3)],
            "3 papers were excluded: off topic.",
        ),
    ],
)
def test_a_bulk_is_told_by_what_it_did(events: Sequence[Event], line: str) -> None:
    (group,) = grouped(recorded(*events))
    assert group.line == line


def test_groups_come_in_the_order_of_the_page_and_know_their_ends() -> None:
    page = recorded(QUEUED, FAILED, QUEUED, DOWNLOADED, correlations="abac", first=10)
    for order in (page, page[::-1]):
        groups = grouped(order)
        assert [group.correlation for group in groups] == list(dict.fromkeys(one.correlation for one in order))
        by_name = {group.correlation: group for group in groups}
        assert (by_name["a"].first, by_name["a"].last) == (10, 12)
        assert (by_name["a"].began, by_name["a"].ended) == (page[0].recorded_at, page[2].recorded_at)
        assert by_name["b"].level is Level.WARNING
        assert by_name["a"].events == tuple(one for one in order if one.correlation == "a")


def test_a_group_can_be_opened() -> None:
    (group,) = grouped(recorded(QUEUED, QUEUED, DOWNLOADED))
    opened = group.as_dict()
    assert (opened["count"], opened["kinds"]) == (3, {"paper.queued": 2, "paper.downloaded": 1})
    assert (opened["level"], opened["actor"], opened["correlation"]) == ("info", "Anna", "x")
    events: Any = opened["events"]
    assert [one["level"] for one in events] == ["detail", "detail", "info"]
    assert [one["group"] for one in events] == ["job", "job", "download"]
    assert events[2]["text"].startswith("Downloaded from x.example")


def test_nothing_has_no_groups() -> None:
    assert grouped(()) == ()


@given(st.lists(EVENTS, max_size=8), st.text("ab", min_size=8, max_size=8))
def test_every_event_is_in_one_group_and_every_group_has_a_line(events: list[Event], letters: str) -> None:
    page = recorded(*events, correlations=letters[: len(events)]) if events else []
    groups = grouped(page)
    assert sorted(one.position for group in groups for one in group.events) == [one.position for one in page]
    for group in groups:
        assert {one.correlation for one in group.events} == {group.correlation}
        assert group.line
        assert "object at 0x" not in group.line


def folded(events: Sequence[Recorded]) -> list[tuple[str, int]]:
    """The line of each burst, newest first, and how many events it has."""
    return [(one.line, len(one.events)) for one in bursts(grouped(list(reversed(events))))]


def test_the_same_of_many_papers_is_one_line() -> None:
    events = recorded(*[DOWNLOADED] * 5, correlations="abcde")
    assert folded(events) == [("5 papers were downloaded.", 5)]


def test_what_comes_in_between_does_not_break_it() -> None:
    events = recorded(DOWNLOADED, FAILED, DOWNLOADED, FAILED, DOWNLOADED, correlations="abcde")
    assert folded(events) == [("3 papers were downloaded.", 3), ("2 papers were not retrieved.", 2)]


def test_details_go_with_what_they_led_to() -> None:
    events = recorded(QUEUED, DOWNLOADED, QUEUED, DOWNLOADED, correlations="aabb")
    assert folded(events) == [("2 papers were downloaded.", 4)]


def test_a_burst_ends_with_its_time() -> None:
    minutes = round(BURST.total_seconds() / 60)
    events = recorded(*[DOWNLOADED] * (minutes + 5), correlations="".join(chr(200 + n) for n in range(minutes + 5)))
    assert [count for _, count in folded(events)] == [minutes + 1, 4]


def test_what_people_do_with_the_program_is_told_one_by_one() -> None:
    events = recorded(*[schedule.VolumeChanged(volume=number) for number in (1, 2)], correlations="ab")
    assert folded(events) == [("The daily volume is now 2 papers.", 1), ("The daily volume is now 1 paper.", 1)]


def test_large_groups_stand_alone() -> None:
    events = recorded(*[QUEUED] * 120, correlations="a" * 60 + "b" * 60)
    assert folded(events) == [("60 papers were planned.", 60), ("60 papers were planned.", 60)]


@given(
    events=st.lists(st.tuples(EVENTS, st.sampled_from("abc")), max_size=12),
)
def test_no_event_is_lost_or_doubled_by_folding(events: list[tuple[Event, str]]) -> None:
    found = recorded(*(event for event, _ in events), correlations="".join(letter for _, letter in events))
    shown = [one.position for burst in bursts(grouped(list(reversed(found)))) for one in burst.events]
    assert sorted(shown) == [one.position for one in found]
