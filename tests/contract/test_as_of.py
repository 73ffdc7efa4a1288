"""What was true at a position stays true: counts and papers as of it, on every database."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from application.as_of import at, counts_then, paper_then, report_then
from application.ports.event_log import Recorded, Write
from application.queries import PaperFilter
from domain import paper
from domain.events import Event
from domain.paper_events import IdentifierCorrected
from domain.pipeline import Status
from infrastructure.read_models.paper_queries import SqlPapers
from tests.databases import Databases, fewer
from tests.histories import PAPERS, histories
from tests.infrastructure.read_models.keeping import ORIGIN, keep, story


def counted(events: Sequence[Recorded]) -> dict[Status, int]:
    """How many papers are in each status after the events: every stream folded."""
    streams: dict[str, list[Recorded]] = defaultdict(list)
    for one in events:
        if one.stream.startswith(paper.STREAM):
            streams[one.stream].append(one)
    states = [paper.DECIDER.fold(one.event for one in stream) for stream in streams.values()]
    counts = Counter(state.status for state in states)
    return {status: counts[status] for status in Status}


@given(history=histories(), cut=st.integers(1, 15))
@example(history=story(), cut=9)
@fewer(3)
def test_counts_are_what_the_streams_fold_to_and_never_change(
    databases: Databases, history: list[list[Write]], cut: int
) -> None:
    _compare(databases, "sqlite", history, cut)


@given(history=histories(), cut=st.integers(1, 15))
@example(history=story(), cut=9)
@fewer(10)
def test_counts_are_the_same_on_postgresql(databases: Databases, history: list[list[Write]], cut: int) -> None:
    _compare(databases, "postgresql", history, cut)


def _compare(databases: Databases, kind: str, history: list[list[Write]], cut: int) -> None:
    with databases.fresh(kind) as database:
        log, papers = keep(database, history[:cut]), SqlPapers(database)
        head = log.head().position
        before = [counts_then(papers, position) for position in range(head + 1)]
        rows = {name: paper_then(log, name, head) for name in PAPERS if papers.find(name)}
        for writes in history[cut:]:
            log.append(writes, ORIGIN)
        events = log.read(limit=10_000)
        assert before == [counted(events[:position]) for position in range(head + 1)]
        assert [counts_then(papers, position) for position in range(head + 1)] == before
        assert {name: paper_then(log, name, head) for name in rows} == rows
        end = report_then(log, papers, at("2099-01-01", log))
        assert end.papers == counted(events)
        now = papers.by_status(PaperFilter())
        assert end.papers == {status: now.get(status, 0) for status in Status}


@given(history=histories())
@example(history=story())
@fewer(4)
def test_a_paper_as_of_now_is_the_paper_as_it_is(databases: Databases, history: list[list[Write]]) -> None:
    with databases.fresh("sqlite") as database:
        log, papers = keep(database, history), SqlPapers(database)
        for name in PAPERS:
            corrections = [one.event for one in log.stream(paper.stream_of(name))]
            if (row := papers.find(name)) is not None and not any(map(_changes_scheme, corrections)):
                assert paper_then(log, name, log.head().position) == row


def _changes_scheme(event: Event) -> bool:
    """Whether it leaves a paper with two identifiers of one scheme in an order that its row does not know."""
    return isinstance(event, IdentifierCorrected) and event.wrong.scheme is not event.right.scheme
