"""Questions about jobs and hours, on both databases: every filter, every order, page after page."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from application.ports.event_log import Write
from application.queries import JobFilter, JobRow, JobStatus
from domain import collection as collecting
from domain import importing
from domain.copies import Copy
from domain.identifiers import Identifier, Scheme
from domain.importing import Counts, OnDuplicate
from domain.metadata import Metadata
from domain.paper_commands import (
    Defer,
    Exclude,
    Queue,
    RecordDownload,
    RecordFailure,
    Register,
    Revert,
    StartProcessing,
)
from domain.paper_events import File
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.job_queries import MAX_LIMIT, SqlJobs
from infrastructure.schema import READ_MODELS
from tests.fakes.clock import FakeClock
from tests.plans import ORIGIN, Yard

NINE = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
NAMES = tuple(f"p{number}" for number in range(9))
P0, P1, P2, P3, P4, P5, P6, P7, P8 = NAMES
FILE = File(path="a.pdf", sha256="0" * 64, size=7, pages=1)


def at(minute: float, start: datetime = NINE) -> datetime:
    return start + timedelta(minutes=minute)


def copy(number: int) -> Copy:
    return Copy(url=f"https://{'even' if number % 2 == 0 else 'odd'}.example/{number}.pdf", source="a source")


class Office:
    """Nine located papers, jobs that are asked about, and a clock."""

    def __init__(self, database: Database) -> None:
        self.clock = FakeClock(NINE)
        self.log = SqlEventLog(database, self.clock, READ_MODELS)
        self.yard, self.jobs = Yard(self.log), SqlJobs(database)
        self.yard.registered({name: _register(name) for name in NAMES})
        self.yard.located({name: copy(number) for number, name in enumerate(NAMES)})

    def rows(self, **which: object) -> list[JobRow]:
        """The jobs that match, newest first."""
        return list(self.jobs.page(JobFilter(**which), limit=1_000))  # type: ignore[arg-type]

    def papers(self, **which: object) -> list[str]:
        """The papers of the download jobs that match, newest first."""
        return papers(row for row in self.rows(**which) if row.module == "download")

    def end(self, name: str, *commands: object) -> None:
        """Let a minute pass, and end a job."""
        self.clock.advance(timedelta(minutes=1))
        self.yard.do(name, *commands)  # type: ignore[arg-type]


def _register(name: str) -> Register:
    doi = Identifier(Scheme.DOI, f"10.5555/{name}")
    return Register(identifiers=(doi,), metadata=Metadata(title=f"Title of {name}"))


def papers(rows: "Sequence[JobRow] | object") -> list[str]:
    return [row.paper for row in rows]  # type: ignore[attr-defined]


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def busy(office: Office) -> Office:
    """Two hours with a job of every status: nine papers, of which p8 has none."""
    yard = office.yard
    yard.plan(NINE, {P0: at(1), P1: at(2), P2: at(3), P3: at(4), P4: at(5)})
    for name in (P0, P1, P2):
        yard.begin(name, due=office.yard.paper(name).due)
    office.end(P0, RecordDownload(file=FILE, copy=copy(0)))
    office.end(P1, RecordFailure(cause="not_found"))
    office.end(P2, Defer(until=TEN, cause="rate_limited"))
    office.end(P3, Revert(why="revoked"))
    office.end(P4, Revert(why="hour over"))
    yard.plan(TEN, {P5: at(20, TEN), P6: at(10, TEN)})
    yard.begin(P6, due=at(10, TEN), by_hand=True)
    yard.begin(P7)
    office.end(P7, Revert(why="crash"))
    yard.begin(P7)
    return office


def test_without_jobs_there_is_nothing_to_tell(database: Database) -> None:
    jobs = SqlJobs(database)
    assert jobs.page(JobFilter()) == []
    assert jobs.open(JobFilter()) == []
    assert jobs.by_status(JobFilter()) == {}
    assert jobs.planned() == {}
    assert jobs.over(TEN, beyond=LATER) == []
    assert jobs.hours(NINE) == []
    assert jobs.planned_until(before=LATER) is None
    assert jobs.hour("hour-2026-03-01T09:00Z") is None
    assert jobs.count(JobFilter()) == 0
    assert jobs.find(1) is None


def test_a_job_tells_its_whole_story(office: Office) -> None:
    stream = office.yard.plan(NINE, {P1: at(7)})
    office.clock.advance(timedelta(minutes=8))
    attempt = office.yard.begin(P1, due=at(7))
    office.end(P1, RecordFailure(cause="not_found"))
    (job,) = office.rows(module="download")
    assert job == JobRow(
        id=job.id,
        paper=P1,
        module="download",
        status=JobStatus.FAILED,
        hour=stream,
        hour_end=TEN,
        due=at(7),
        planned_at=NINE,
        started_at=at(8),
        ended_at=at(9),
        attempt=attempt,
        worker="a worker",
        by_hand=False,
        outcome="failed",
        reason="not_found",
        title="Title of p1",
        doi="10.5555/p1",
        host="odd.example",
    )
    assert job.seconds == 60
    assert office.jobs.find(job.id) == job


def test_every_end_of_a_job_has_its_status(busy: Office) -> None:
    told = {row.paper: (row.status.value, row.outcome, row.reason) for row in reversed(busy.rows(module="download"))}
    assert told == {
        P0: ("finished", "done", None),
        P1: ("failed", "failed", "not_found"),
        P2: ("deferred", "located", "rate_limited"),
        P3: ("revoked", "located", "revoked"),
        P4: ("lapsed", "located", "hour over"),
        P5: ("planned", None, None),
        P6: ("running", None, None),
        P7: ("running", None, None),
    }
    assert [(row.status, row.reason) for row in busy.rows(paper=P7, module="download")] == [
        (JobStatus.RUNNING, None),
        (JobStatus.STOPPED, "crash"),
    ]


def test_what_a_person_does_with_the_paper_ends_its_job(office: Office) -> None:
    office.yard.plan(NINE, {P1: at(7)})
    office.yard.do(P1, Exclude(reason="not in scope"))
    (job,) = office.rows(module="download")
    assert (job.status, job.outcome, job.reason) == (JobStatus.STOPPED, "located", "exclude")


def test_a_job_that_is_planned_anew_is_another_one(office: Office) -> None:
    stream = office.yard.plan(NINE, {P1: at(7)})
    office.yard.begin(P1, due=at(7))
    office.yard.do(P1, Revert(why="scraper paused", replan=True))
    assert [(row.status, row.due, row.hour) for row in office.rows(module="download")] == [
        (JobStatus.PLANNED, at(7), stream),
        (JobStatus.STOPPED, at(7), stream),
    ]
    assert office.jobs.count(JobFilter(hour=stream)) == 2
    planned = office.jobs.hour(stream)
    assert planned
    assert (planned.queued, planned.anew) == (2, 1)


def test_a_job_that_ended_otherwise_is_not_planned_anew(busy: Office) -> None:
    assert {planned.anew for planned in busy.jobs.hours(at(-1440))} == {0}


FILTERS: Sequence[tuple[dict[str, object], list[str]]] = (
    ({"statuses": (JobStatus.PLANNED, JobStatus.RUNNING)}, [P7, P6, P5]),
    ({"statuses": (JobStatus.LAPSED,)}, [P4]),
    ({"paper": P7}, [P7, P7]),
    ({"hour": "hour-2026-03-01T09:00Z"}, [P4, P3, P2, P1, P0]),
    ({"hour": "hour-2026-03-01T10:00Z", "statuses": (JobStatus.RUNNING,)}, [P6]),
    ({"host": "odd.example"}, [P7, P7, P5, P3, P1]),
    ({"host": "even.example", "module": "download"}, [P6, P4, P2, P0]),
    ({"by_hand": True}, [P6]),
    ({"by_hand": False, "statuses": (JobStatus.RUNNING,)}, [P7]),
    ({"paper": "nobody"}, []),
    ({"paper": "p\0" + "7"}, [P7, P7]),
    ({"host": "odd.example' OR 1=1 --"}, []),
    ({"hour": "%"}, []),
)


def test_jobs_are_filtered(busy: Office) -> None:
    for which, expected in FILTERS:
        assert busy.papers(**which) == expected, which
        assert busy.jobs.count(JobFilter(**{"module": "download", **which})) == len(expected), which  # type: ignore[arg-type]


def test_jobs_are_filtered_by_module_and_collection(busy: Office) -> None:
    assert len(busy.rows(module="locate")) == len(NAMES)
    _collect(busy, "c1", (P0, P7))
    _collect(busy, "c2", (P8,))
    assert busy.papers(collection="c1") == [P7, P7, P0]
    assert busy.papers(collection="c2") == []
    assert busy.papers(collection="c3") == []


def _collect(office: Office, collection: str, members: tuple[str, ...]) -> None:
    started = importing.Started(
        collection=collection,
        collection_name=collection,
        filename="list.csv",
        sha256="1" * 64,
        size=1,
        format="csv",
        encoding="utf-8",
        rows=len(members),
        on_duplicate=OnDuplicate.SKIP,
    )
    rows = importing.RowsRecorded(
        collection=collection, first=1, last=len(members), counts=Counts(known=len(members)), members=members
    )
    writes = [
        Write(stream=f"import-of-{collection}", expected=0, events=(started, rows)),
        Write(stream=collecting.stream_of(collection), expected=0, events=(collecting.Created(name=collection),)),
    ]
    office.log.append(writes, ORIGIN)


def test_pages_follow_each_other(busy: Office) -> None:
    whole = [row.id for row in busy.rows()]
    assert whole == sorted(whole, reverse=True)
    pages: list[int] = []
    while page := busy.jobs.page(JobFilter(), limit=4, after=pages[-1] if pages else None):
        assert len(page) <= 4
        pages.extend(row.id for row in page)
    assert pages == whole


def test_jobs_that_begin_meanwhile_do_not_move_the_next_page(busy: Office) -> None:
    which = JobFilter(module="download")
    whole = [row.id for row in busy.jobs.page(which)]
    last = busy.jobs.page(which, limit=3)[-1].id
    busy.yard.begin(P8)
    assert [row.id for row in busy.jobs.page(which, after=last)] == whole[3:]


def test_a_page_has_one_job_at_least_and_a_thousand_at_most(office: Office) -> None:
    start = StartProcessing(module="download", worker="w", attempt="again and again")
    office.yard.do(P0, *[start, Revert(why="crash")] * (MAX_LIMIT + 5))
    pages = [office.jobs.page(JobFilter(), limit=limit) for limit in (-1, 0, 1, 10**9)]
    assert [len(page) for page in pages] == [1, 1, 1, MAX_LIMIT]


def test_a_cursor_before_every_job_leads_to_an_empty_page(busy: Office) -> None:
    assert [busy.jobs.page(JobFilter(), after=cursor) for cursor in (-(2**70), -1, 0, 1)] == [[]] * 4


def test_a_cursor_behind_every_job_leads_to_the_first_page(busy: Office) -> None:
    assert busy.jobs.page(JobFilter(), after=2**70) == busy.jobs.page(JobFilter())


def test_a_job_that_there_is_not_is_not_found(busy: Office) -> None:
    assert [busy.jobs.find(job) for job in (-(2**70), -1, 0, 10**6, 2**63, 2**70)] == [None] * 6


def test_jobs_are_counted_by_status(busy: Office) -> None:
    downloads = {
        JobStatus.FINISHED: 1,
        JobStatus.FAILED: 1,
        JobStatus.DEFERRED: 1,
        JobStatus.REVOKED: 1,
        JobStatus.LAPSED: 1,
        JobStatus.PLANNED: 1,
        JobStatus.RUNNING: 2,
        JobStatus.STOPPED: 1,
    }
    assert busy.jobs.by_status(JobFilter(module="download")) == downloads
    assert busy.jobs.by_status(JobFilter())[JobStatus.FINISHED] == 1 + len(NAMES)
    ignored = JobFilter(module="download", statuses=(JobStatus.PLANNED,))
    assert busy.jobs.by_status(ignored) == downloads, "the filter's own statuses are ignored"
    assert busy.jobs.by_status(JobFilter(host="even.example", module="download")) == {
        JobStatus.FINISHED: 1,
        JobStatus.DEFERRED: 1,
        JobStatus.LAPSED: 1,
        JobStatus.RUNNING: 1,
    }


def test_open_jobs_come_in_the_order_of_their_moments_and_unplanned_ones_last(busy: Office) -> None:
    assert papers(busy.jobs.open(JobFilter())) == [P6, P5, P7]
    assert papers(busy.jobs.open(JobFilter(by_hand=True))) == [P6]
    assert papers(busy.jobs.open(JobFilter(statuses=(JobStatus.PLANNED,)))) == [P5]
    assert papers(busy.jobs.open(JobFilter(statuses=(JobStatus.FAILED,)))) == [], "what has ended is not open"


def test_what_is_planned_is_told_with_its_moment(busy: Office) -> None:
    (job,) = busy.jobs.open(JobFilter(paper=P5))
    assert busy.jobs.planned() == {job.id: at(20, TEN)}


def test_of_hours_that_are_over_the_jobs_that_did_not_begin_are_named(busy: Office) -> None:
    assert busy.jobs.over(at(59.9, TEN), beyond=LATER) == []
    assert busy.jobs.over(at(60, TEN), beyond=LATER) == [P5], "what runs is left to end"
    busy.yard.do(P8, Queue(module="download", due=NINE))
    assert busy.jobs.over(at(60, TEN), beyond=LATER) == [P5], "a job without an hour is never too late"
    assert busy.jobs.over(NINE, beyond=NINE) == [P5], "a plan of a clock that was put back since"


def test_hours_are_told_with_what_became_of_their_jobs(busy: Office) -> None:
    nine, ten = busy.jobs.hours(NINE)
    assert (nine.stream, nine.start, nine.end, nine.timezone) == ("hour-2026-03-01T09:00Z", NINE, TEN, "UTC")
    assert (nine.quota, nine.count) == (5, 5)
    assert nine.jobs == dict.fromkeys(
        (JobStatus.FINISHED, JobStatus.FAILED, JobStatus.DEFERRED, JobStatus.REVOKED, JobStatus.LAPSED), 1
    )
    assert ten.jobs == {JobStatus.PLANNED: 1, JobStatus.RUNNING: 1}
    assert busy.jobs.hours(NINE, limit=1) == [nine]
    assert busy.jobs.hours(at(1)) == [ten]
    assert busy.jobs.hours(at(1, TEN)) == []


def test_an_hour_without_jobs_is_told_too(office: Office) -> None:
    office.yard.plan(NINE, {}, minutes=30)
    (found,) = office.jobs.hours(NINE)
    assert (found.count, found.jobs, found.end) == (0, {}, at(30))


def test_the_latest_end_of_a_planned_hour_is_that_of_the_latest_hour(busy: Office) -> None:
    assert busy.jobs.planned_until(before=LATER) == at(60, TEN)
    assert busy.jobs.planned_until(before=TEN) == TEN, "an hour that begins then or later does not count"
    assert busy.jobs.hour("hour-2026-03-01T09:00Z") == busy.jobs.hours(NINE)[0]


def test_a_list_goes_either_way(busy: Office) -> None:
    newest = [row.id for row in busy.jobs.page(JobFilter(), limit=1_000)]
    assert newest == sorted(newest, reverse=True)
    oldest = [row.id for row in busy.jobs.page(JobFilter(), limit=1_000, ascending=True)]
    assert oldest == newest[::-1]
    paged, after = list[int](), None
    while rows := busy.jobs.page(JobFilter(), limit=4, after=after, ascending=True):
        paged += [row.id for row in rows]
        after = rows[-1].id
    assert paged == oldest


def test_jobs_to_come_are_listed_by_their_moments(busy: Office) -> None:
    busy.yard.plan(at(120), {P3: at(150), P2: at(179), P4: at(150), P8: at(121)})
    coming = busy.jobs.coming(JobFilter(), limit=1_000)
    assert papers(coming) == [P5, P8, P3, P4, P2]
    assert [(row.due, row.id) for row in coming] == sorted((row.due, row.id) for row in coming if row.due)
    paged, after = list[int](), None
    while rows := busy.jobs.coming(JobFilter(), limit=2, after=after):
        paged += [row.id for row in rows]
        after = rows[-1].id
    assert paged == [row.id for row in coming]
    assert papers(busy.jobs.coming(JobFilter(host="odd.example"))) == [P5, P3]


def test_the_list_of_jobs_to_come_goes_on_after_one_that_has_begun(busy: Office) -> None:
    stream = busy.yard.plan(at(120), {P8: at(121), P3: at(130), P4: at(125)})
    first, *rest = busy.jobs.coming(JobFilter(hour=stream))
    busy.yard.begin(P8, due=at(121))
    assert [row.id for row in busy.jobs.coming(JobFilter(hour=stream), after=first.id)] == [row.id for row in rest]
    assert busy.jobs.coming(JobFilter(), after=10**9) == []
    by_hand = next(row.id for row in busy.rows() if row.due is None)
    assert busy.jobs.coming(JobFilter(), after=by_hand) == []


def test_jobs_that_are_named_come_in_that_order(busy: Office) -> None:
    every = [row.id for row in busy.jobs.page(JobFilter(), limit=1_000)]
    wanted = [every[3], 10**18, every[0], -1, every[5], 2**63]
    assert [row.id for row in busy.jobs.some(wanted)] == [every[3], every[0], every[5]]
    assert busy.jobs.some([]) == []
    (row,) = busy.jobs.some([every[2]])
    assert row == busy.jobs.find(every[2])


@pytest.mark.parametrize("host", ["even.example", "odd.example", "nowhere.example"])
def test_counts_of_a_host_are_those_of_its_list(busy: Office, host: str) -> None:
    rows = busy.rows(host=host)
    counts = busy.jobs.by_status(JobFilter(host=host))
    assert counts == {status: sum(row.status is status for row in rows) for status in {row.status for row in rows}}
    assert busy.jobs.count(JobFilter(host=host)) == len(rows)
