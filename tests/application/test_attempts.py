"""The history of a paper in parts."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.attempts import Part, PartKind, parted, whole
from application.ports.event_log import Recorded
from domain import paper_events as paper
from domain.copies import Copy
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.pipeline import Status
from tests.application.test_activity_groups import recorded
from tests.strategies import EVENTS

DUE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
COPY = Copy(url="https://x.example/a.pdf", source="unpaywall")
REGISTERED = paper.Registered(identifiers=(Identifier(Scheme.DOI, "10.1/x"),))
QUEUED = paper.Queued(module="download", due=DUE)
STARTED = paper.ProcessingStarted(module="download", worker="w", attempt="a")
TRIED = paper.CandidateTried(url=COPY.url, source="s", outcome="timeout")
BLOCKED = paper.CandidateBlocked(url=COPY.url, cause="no_pdf_link")
UPDATED = paper.MetadataUpdated(source="crossref", metadata=Metadata(year=2020))
LOCATED = paper.CopiesLocated(copies=(COPY,))
FAILED = paper.Failed(cause="timeout")
DOWNLOADED = paper.Downloaded(file=paper.File(path="a.pdf", sha256="ab", size=1, pages=1), copy=COPY)
REVERTED = paper.Reverted(to=Status.LOCATED, why="hour over")
EXCLUDED = paper.Excluded(reason="")
ATTEMPT, DEED, SMALL = PartKind.ATTEMPT, PartKind.DEED, PartKind.SMALL


def shape(*events: Event) -> list[tuple[PartKind, list[int]]]:
    """The parts of a history: kinds and positions."""
    return [(part.kind, [one.position for one in part.events]) for part in parted(recorded(*events))]


@pytest.mark.parametrize(
    ("events", "parts"),
    [
        ((), []),
        ((REGISTERED,), [(DEED, [1])]),
        ((REGISTERED, UPDATED, UPDATED, EXCLUDED), [(DEED, [1]), (SMALL, [2, 3]), (DEED, [4])]),
        ((STARTED, UPDATED, LOCATED, QUEUED), [(ATTEMPT, [1, 2, 3]), (SMALL, [4])]),
        ((QUEUED, STARTED, TRIED, BLOCKED, FAILED), [(ATTEMPT, [1, 2, 3, 4, 5])]),
        ((UPDATED, QUEUED, STARTED, TRIED), [(SMALL, [1]), (ATTEMPT, [2, 3, 4])]),
        ((QUEUED, REVERTED, QUEUED, STARTED), [(SMALL, [1]), (DEED, [2]), (ATTEMPT, [3, 4])]),
        ((STARTED, TRIED, REVERTED, EXCLUDED), [(ATTEMPT, [1, 2, 3]), (DEED, [4])]),
        ((STARTED, TRIED, STARTED, TRIED), [(ATTEMPT, [1, 2]), (ATTEMPT, [3, 4])]),
        ((TRIED, FAILED, STARTED, FAILED), [(ATTEMPT, [1, 2]), (ATTEMPT, [3, 4])]),
    ],
)
def test_what_belongs_together_is_one_part(events: Sequence[Event], parts: list[tuple[PartKind, list[int]]]) -> None:
    assert shape(*events) == parts


def test_an_attempt_knows_its_plan_its_tries_and_its_end() -> None:
    (part,) = parted(recorded(QUEUED, STARTED, TRIED, BLOCKED, TRIED, FAILED))
    assert (part.start and part.start.position, part.end and part.end.position) == (2, 6)
    assert part.planned == QUEUED
    assert [one.position for one in part.tries] == [3, 5]
    assert [one.position for one in part.small] == [4]


def test_an_attempt_that_runs_has_no_end() -> None:
    (part,) = parted(recorded(STARTED, TRIED))
    assert part.end is None
    assert part.planned is None
    assert not part.fell_short


@pytest.mark.parametrize(
    ("events", "short"),
    [
        ((STARTED, FAILED), True),
        ((STARTED, paper.NotLocated(cause="no_open_copy")), True),
        ((STARTED, paper.Deferred(to=Status.NEW, until=DUE, cause="rate_limited")), True),
        ((STARTED, REVERTED), True),
        ((STARTED, TRIED, DOWNLOADED), False),
        ((STARTED, LOCATED), False),
        ((paper.FileLost(to=Status.NEW, why="gone"),), True),
        ((EXCLUDED,), False),
        ((UPDATED,), False),
    ],
)
def test_what_fell_short_is_known(events: Sequence[Event], short: bool) -> None:
    (part,) = parted(recorded(*events))
    assert part.fell_short is short


@given(st.lists(EVENTS | st.sampled_from((QUEUED, STARTED, TRIED, FAILED, UPDATED, DOWNLOADED)), max_size=20))
def test_each_event_is_in_one_part_and_the_order_stays(events: list[Event]) -> None:
    records = recorded(*events)
    parts = parted(records)
    assert [one for part in parts for one in part.events] == records
    assert all(_sound(part) for part in parts)


def _sound(part: Part) -> bool:
    """An attempt holds one beginning at most, and nothing after its end."""
    starts = [one for one in part.events if isinstance(one.event, paper.ProcessingStarted)]
    accounted = (*part.tries, *part.small, *starts, *filter(None, (part.end,)))
    plans = [one for one in part.events if isinstance(one.event, paper.Queued)]
    return part.kind is not ATTEMPT or (len(starts) <= 1 and len({*accounted, *plans}) == len(part.events))


def positions(records: Sequence[Recorded]) -> list[int]:
    return [one.position for one in records]


def test_a_page_begins_with_a_whole_attempt() -> None:
    assert positions(whole(recorded(TRIED, FAILED, STARTED, FAILED))) == [3, 4]
    assert positions(whole(recorded(TRIED, TRIED, QUEUED, STARTED))) == [3, 4]
    assert positions(whole(recorded(FAILED, EXCLUDED, UPDATED))) == [2, 3]


def test_a_page_within_one_attempt_is_shown_all_the_same() -> None:
    assert positions(whole(recorded(TRIED, TRIED, TRIED))) == [1, 2, 3]
    assert whole([]) == []


@given(st.lists(EVENTS | st.sampled_from((QUEUED, STARTED, TRIED, FAILED)), max_size=20))
def test_a_page_is_never_without_its_newest_event(events: list[Event]) -> None:
    records = recorded(*events)
    assert list(whole(records)) == records[len(records) - len(whole(records)) :]
    assert not records or whole(records)[-1] == records[-1]
