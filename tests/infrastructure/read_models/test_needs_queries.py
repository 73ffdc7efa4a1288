"""Questions about papers that need a person, on both databases: counts, pages, and papers by their titles."""

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import pytest

from application.needs import Need, deeds, doubts, request_lines
from application.ports.event_log import Origin, Write
from application.queries import PaperRow
from domain.copies import Copy
from domain.errors import InvalidValue
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper import stream_of
from domain.paper_events import (
    CopiesLocated,
    Deferred,
    Doubted,
    DoubtSettled,
    Excluded,
    Failed,
    File,
    FileAttached,
    MarkedUnavailable,
    NotLocated,
    ProcessingStarted,
    Queued,
    Registered,
    Reopened,
    Requested,
)
from domain.pipeline import Status
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.needs_queries import SqlNeeds
from infrastructure.schema import READ_MODELS
from tests.fakes.clock import FakeClock

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
FILE = File(path="a.pdf", sha256="0" * 64, size=7, pages=1)
COPY = Copy(url="https://a.example/1.pdf", source="a source")
_STARTED = ProcessingStarted(module="locate", worker="w", attempt="a")
LOCATED: tuple[Event, ...] = (_STARTED, CopiesLocated(copies=(COPY,)))
DOUBTFUL = (*LOCATED, _STARTED, Doubted(file=FILE, copy=COPY, checks=("another title",)))
FAILED = (*LOCATED, _STARTED, Failed(cause="forbidden"))
NOWHERE = (_STARTED, NotLocated(cause="no_open_copy", not_before=NOON))

HISTORIES: dict[str, tuple[tuple[Event, ...], Need | None]] = {
    "new": ((), None),
    "located": (LOCATED, None),
    "doubtful": (DOUBTFUL, Need.CHECK),
    "failed": (FAILED, Need.FETCH),
    "unavailable": ((_STARTED, NotLocated(cause="no_open_copy")), Need.FETCH),
    "unavailable, tried again": (NOWHERE, Need.AGAIN),
    "failed, tried again": ((*LOCATED, _STARTED, Failed(cause="timeout", not_before=NOON)), Need.AGAIN),
    "asked for, tried again": ((*NOWHERE, Requested()), Need.REQUESTED),
    "located, put off": ((*LOCATED, Deferred(to=Status.LOCATED, until=NOON, cause="rate_limited")), None),
    "asked for": ((*FAILED, Requested(note="by loan")), Need.REQUESTED),
    "asked for, located": ((*LOCATED, Requested()), Need.REQUESTED),
    "asked for, planned": ((*LOCATED, Requested(), Queued(module="download", due=NOON)), Need.REQUESTED),
    "asked for, doubtful": ((*DOUBTFUL, Requested()), Need.CHECK),
    "asked for, taken up again": ((*NOWHERE, Requested(), Reopened(to=Status.NEW, why="by hand")), Need.REQUESTED),
    "came": ((*FAILED, Requested(), FileAttached(file=FILE)), None),
    "given up": ((*FAILED, MarkedUnavailable(reason="too dear")), Need.GIVEN_UP),
    "asked for and given up": ((*FAILED, Requested(), MarkedUnavailable(reason="no answer")), Need.GIVEN_UP),
    "brought back": ((*FAILED, MarkedUnavailable(reason="oops"), Reopened(to=Status.NEW, why="by hand")), None),
    "rejected": ((*DOUBTFUL, DoubtSettled(accepted=False, to=Status.FAILED)), Need.FETCH),
    "accepted": ((*DOUBTFUL, DoubtSettled(accepted=True, to=Status.DONE)), None),
    "excluded": ((*FAILED, Excluded(reason="off topic")), None),
}


class Office:
    """Papers with every history, several times, in a shuffled order."""

    def __init__(self, database: Database, rounds: int = 3) -> None:
        self.clock = FakeClock(NOON)
        self.log = SqlEventLog(database, self.clock, READ_MODELS)
        self.needs = SqlNeeds(database)
        self.expected: dict[Need, list[str]] = {need: [] for need in Need}
        names = [name for name in HISTORIES for _ in range(rounds)]
        Random(4).shuffle(names)
        for number, name in enumerate(names):
            events, need = HISTORIES[name]
            self.add(f"p{number:03}", *events, title=f"{name} {number}")
            if need:
                self.expected[need].append(f"p{number:03}")

    def add(self, paper: str, *events: Event, title: str, authors: tuple[str, ...] = ("Berg, Ada",)) -> None:
        known = Metadata(title=title, authors=authors, journal="Acta Rerum", year=2020)
        registered = Registered(identifiers=(Identifier(Scheme.DOI, f"10.1234/{paper}"),), metadata=known)
        write = Write(stream=stream_of(paper), expected=0, events=(registered, *events))
        self.log.append((write,), Origin(command="test", actor="anna", correlation="c"))


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def ids(rows: Sequence[PaperRow]) -> list[str]:
    return [row.id for row in rows]


def test_every_paper_is_counted_where_it_belongs(office: Office) -> None:
    counts = office.needs.counts()
    assert {need: counts[need] for need in Need} == {need: len(found) for need, found in office.expected.items()}
    assert counts.left == counts[Need.CHECK] + counts[Need.FETCH]


def test_nothing_is_counted_where_there_is_nothing(database: Database) -> None:
    counts = SqlNeeds(database).counts()
    assert [counts[need] for need in Need] == [0] * len(Need)


@pytest.mark.parametrize("need", Need)
@pytest.mark.parametrize("limit", [1, 2, 4, 500])
def test_pages_hold_every_paper_once_forwards_and_backwards(office: Office, need: Need, limit: int) -> None:
    found: list[str] = []
    page = office.needs.page(need, limit=limit)
    assert page.before is None
    while True:
        found += ids(page.papers)
        if page.after is None:
            break
        page = office.needs.page(need, limit=limit, after=page.after)
    assert found == office.expected[need]
    back = ids(page.papers)
    while page.before is not None:
        page = office.needs.page(need, limit=limit, before=page.before)
        back = [*ids(page.papers), *back]
    assert back == office.expected[need]


@pytest.mark.parametrize("need", Need)
def test_all_of_them_are_streamed(office: Office, need: Need, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infrastructure.read_models.needs_queries.STREAMED", 2)
    assert ids(list(office.needs.all(need))) == office.expected[need]


@pytest.mark.parametrize("cursor", ["\0", "x" * 201, "\ud800"])
def test_a_cursor_that_is_none_is_refused(office: Office, cursor: str) -> None:
    with pytest.raises(InvalidValue):
        office.needs.page(Need.FETCH, after=cursor)


def test_a_collection_that_has_none_of_them(office: Office) -> None:
    assert office.needs.counts("nothing").left == 0
    for need in Need:
        assert office.needs.page(need, collection="nothing").papers == ()
        assert list(office.needs.all(need, collection="nothing")) == []


def test_papers_are_found_by_their_title_but_for_case_and_accents(office: Office) -> None:
    office.add("x1", title="Über die Gezeiten")
    office.add("x2", title="T" * 150)
    assert ids(office.needs.titled(["UBER DIE GEZEITEN", "nothing"], 5)) == ["x1"]
    assert ids(office.needs.titled(["t" * 150], 5)) == ["x2"]
    assert office.needs.titled([""], 5) == []
    assert office.needs.titled([], 5) == []


def test_papers_are_found_by_the_telling_words_of_a_line(office: Office) -> None:
    office.add("x1", title="Slow drift of tidal sediments in sheltered northern estuaries")
    office.add("x2", title="100% of_everything: a survey")
    found = office.needs.worded(["Vol. 3", "SHELTERED  Northern estuar-"], 5)
    assert ids(found) == ["x1"]
    assert office.needs.worded(["of the in", "drift"], 5) == []
    assert ids(office.needs.worded(["everything survey %_"], 5)) == ["x2"]
    assert office.needs.worded([], 5) == []


def test_deeds_are_told_with_who_and_when(office: Office) -> None:
    found = deeds(office.log, [*office.expected[Need.REQUESTED], *office.expected[Need.FETCH]], Requested)
    assert sorted(found) == office.expected[Need.REQUESTED]
    assert {deed.by for deed in found.values()} == {"anna"}
    reasons = deeds(office.log, office.expected[Need.GIVEN_UP], MarkedUnavailable)
    assert sorted({deed.note for deed in reasons.values()}) == ["no answer", "too dear"]
    (first, *_) = office.expected[Need.CHECK]
    assert doubts(office.log.stream(stream_of(first))) == ("another title",)
    assert doubts(()) == ()


def test_the_list_for_interlibrary_loan_is_safe_for_spreadsheets(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.needs.CHUNK", 2)
    asked = Requested(note="=cmd|' /C calc'!A0")
    office.add("x1", *FAILED, asked, title='=HYPERLINK("https://evil.example")', authors=("+Berg", "-Lind"))
    lines = list(request_lines(office.needs.all(Need.REQUESTED), office.log))
    assert len(lines) == len(office.expected[Need.REQUESTED]) + 2
    assert lines[0].startswith("doi,title,authors,journal,year,issn")
    last = lines[-1]
    assert last.startswith("10.1234/x1,\"'=HYPERLINK(")
    assert "'+Berg; -Lind" in last
    assert "'=cmd" in last
    assert "2027-03-01,anna" in last
