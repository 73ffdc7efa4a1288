"""Without the internet papers wait: they are not put off one by one, and their sites are not blamed."""

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest
from attrs import define, evolve, field

from application.controlling import Controlling
from application.downloading import Downloading
from application.handling import execute
from application.ports.fetcher import Fetcher
from application.ports.library import Verdict
from application.ports.sources import Finding, Source
from application.queries import JobStatus
from application.reach import REST, ROW, Reach
from application.reopening import Reopening
from application.reverting import Reverting
from application.running_jobs import RunningJobs
from application.working import Done, Working
from domain import scraper
from domain.paper_events import CandidateTried, Deferred, Failed
from domain.pipeline import Status
from domain.scraper import Action, ScraperStatus
from infrastructure.database import Database
from infrastructure.http.fetcher import HttpFetcher
from infrastructure.http.hosts import memory_host_gate
from infrastructure.http.network import NetworkSettings
from infrastructure.http.settings import FetchSettings
from infrastructure.log.sql import SqlEventLog
from infrastructure.publishers.pages import PublisherPages
from infrastructure.read_models.job_queries import SqlJobs
from infrastructure.read_models.paper_queries import SqlPapers
from infrastructure.schema import READ_MODELS
from infrastructure.sources.crossref import Crossref
from infrastructure.sources.europepmc import EuropePmc
from infrastructure.sources.unpaywall import Unpaywall
from infrastructure.stop_file import FolderStopFile
from tests.application.desk import Desk, copy
from tests.fakes.sources import FakeSource
from tests.plans import ORIGIN, Yard

PAPERS = 12
LOGIN = b"<html><head><title>Welcome</title></head><body><form><p>Accept our terms</p></form></body></html>"
LOOPBACK = (ip_network("127.0.0.0/8"),)
LIMITS = FetchSettings(local_gap=0.0, page_seconds=5.0, file_seconds=5.0, connect_seconds=2.0, resolve_seconds=1.0)


@define
class Way:
    """A way out of the machine that leads nowhere: the port of every host, and how it is reached."""

    port: int
    network: NetworkSettings = field(factory=lambda: NetworkSettings(allowed=LOOPBACK))
    resolve: Callable[[str, int], list[str]] = lambda *_: ["127.0.0.1"]
    pages: bool = False
    """Whether something answers: a page that is none of ours."""


class _Portal(BaseHTTPRequestHandler):
    """Shows the same page, whoever is asked for whatever."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(LOGIN)))
        self.end_headers()
        self.wfile.write(LOGIN)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def _no_names(*_: object) -> list[str]:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


@pytest.fixture(params=["nobody answers", "a captive portal", "no names", "the proxy is down"])
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    if request.param == "a captive portal":
        with ThreadingHTTPServer(("127.0.0.1", 0), _Portal) as portal:
            threading.Thread(target=portal.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            yield Way(portal.server_port, pages=True)
            portal.shutdown()
        return
    port = closed_port()
    proxied = NetworkSettings(http_proxy=f"http://127.0.0.1:{port}")
    yield {
        "nobody answers": Way(port),
        "no names": Way(port, resolve=_no_names),
        "the proxy is down": Way(80, network=proxied),
    }[request.param]


@define
class Office:
    """Papers, and the modules with all that they need, over a way that leads nowhere until it is mended."""

    desk: Desk
    papers: SqlPapers
    way: Way
    said: list[datetime] = field(factory=list)
    reach: Reach = field(init=False)
    fetcher: HttpFetcher = field(init=False)
    working: Working = field(init=False)

    def __attrs_post_init__(self) -> None:
        clock = self.desk.clock
        self.reach = Reach(clock, say=self.said.append)
        gate = memory_host_gate(clock)
        self.fetcher = HttpFetcher(LIMITS, self.way.network, gate, clock, resolve=self.way.resolve)
        self.working = Working(
            papers=self.papers,
            clock=clock,
            reopening=Reopening(log=self.desk.log, papers=self.papers, clock=clock),
            status=lambda: ScraperStatus.RUNNING,
            locate=self.locating(*self.sources()).locate,
            download=self.downloading(self.fetcher).download,
            rests=self.reach.rests_until,
            hands=1,
        )

    def url(self, host: str, path: str = "") -> str:
        return f"http://{host}.example.org:{self.way.port}{path}"

    def sources(self) -> list[Source]:
        unpaywall = Unpaywall(self.fetcher, self.desk.clock, email="me@example.org", base=self.url("unpaywall"))
        crossref = Crossref(self.fetcher, self.desk.clock, email="me@example.org", base=self.url("crossref"))
        return [unpaywall, crossref, EuropePmc(self.fetcher, base=self.url("epmc"), pdf_base=self.url("files"))]

    def locating(self, *sources: Source) -> "object":
        return evolve(self.desk.locating(*sources), reach=self.reach)

    def downloading(self, fetcher: Fetcher) -> Downloading:
        pages = PublisherPages()
        return evolve(self.desk.downloading(), fetcher=fetcher, reports=fetcher, pages=pages, reach=self.reach)

    def mended(self) -> None:
        """The line works again: sources know a copy, and every copy is there."""
        web = {self.url(f"site{n}", f"/{n}.pdf"): self.desk.file(Verdict.RIGHT) for n in range(PAPERS)}
        self.desk.fetcher.web = web
        known = FakeSource("a source", Finding(known=True, copies=(copy(next(iter(web))),)))
        self.working = evolve(
            self.working,
            locate=self.locating(known).locate,
            download=evolve(self.downloading(self.fetcher), fetcher=self.desk.fetcher).download,
        )

    def work(self) -> list[Done | BaseException]:
        return list(self.working.work())

    def statuses(self, names: list[str]) -> list[Status | None]:
        return [self.desk.paper(name).status for name in names]

    def count(self, names: list[str], kind: type) -> int:
        return sum(len(self.desk.events(name, kind)) for name in names)


@pytest.fixture
def office(tmp_path: Path, sqlite: Database, way: Way) -> Iterator[Office]:
    desk = Desk(tmp_path / "library")
    desk.log = SqlEventLog(sqlite, desk.clock, READ_MODELS)
    office = Office(desk, SqlPapers(sqlite), way)
    yield office
    office.fetcher.close()


@pytest.mark.case("G11")
@pytest.mark.case("G12")
@pytest.mark.case("G13")
@pytest.mark.case("G15")
def test_papers_that_cannot_be_looked_for_wait(office: Office) -> None:
    names = [office.desk.register() for _ in range(PAPERS)]
    steps = office.work()
    assert 1 <= len(steps) <= ROW, "most of them were not even tried"
    assert office.statuses(names) == [Status.NEW] * PAPERS
    assert office.count(names, Deferred) == len(steps)
    assert office.reach.rests_until() == office.said[0]
    assert office.work() == []
    office.desk.clock.advance(REST)
    assert len(office.work()) == 1, "one paper finds out that it is no better"
    assert len(office.said) == 2
    office.mended()
    office.desk.clock.advance(timedelta(hours=1))
    office.work()
    assert office.statuses(names) == [Status.DONE] * PAPERS


@pytest.mark.case("G11")
@pytest.mark.case("G12")
@pytest.mark.case("G13")
@pytest.mark.case("G15")
def test_papers_that_cannot_be_fetched_wait(office: Office) -> None:
    names = [office.desk.located(copy(office.url(f"site{n}", f"/{n}.pdf"))) for n in range(PAPERS)]
    steps = office.work()
    tried = len(steps)
    assert 1 <= tried <= ROW
    assert office.count(names, Failed) == tried - 1, "as long as it may have been the sites"
    (name,) = [name for name in names if office.desk.events(name, Deferred)]
    (put_off,) = office.desk.events(name, Deferred)
    assert (put_off.cause, put_off.until) == ("no_internet", office.reach.rests_until())
    assert office.desk.events(name, CandidateTried)[-1].outcome == "no_internet"
    assert office.statuses(names).count(Status.LOCATED) == PAPERS - tried + 1
    assert office.count(names, CandidateTried) == tried
    office.desk.clock.advance(REST)
    assert len(office.work()) == 1
    assert office.count(names, Failed) == tried - 1, "no other paper is blamed"
    office.mended()
    office.desk.clock.advance(timedelta(hours=1))
    office.work()
    again = [name for name in names if not (office.way.pages and office.count([name], Failed))]
    assert office.statuses(again) == [Status.DONE] * len(again)
    assert len(again) == PAPERS - (tried - 1 if office.way.pages else 0), "a page is the site's until others show it"


@pytest.mark.case("G11")
def test_planned_jobs_wait(office: Office, sqlite: Database, tmp_path: Path) -> None:
    clock, log, jobs = office.desk.clock, office.desk.log, SqlJobs(sqlite)
    name = office.desk.located(copy(office.url("site", "/1.pdf")))
    Yard(log).plan(clock.now(), {name: clock.now()})
    execute(log, scraper.DECIDER, scraper.STREAM, (scraper.Command(action=Action.START),), ORIGIN)
    reverting, stop_file = Reverting(log=log), FolderStopFile(tmp_path)
    running = RunningJobs(
        log=log,
        jobs=jobs,
        controlling=Controlling(log=log, jobs=jobs, reverting=reverting, stop_file=stop_file, clock=clock),
        reverting=reverting,
        clock=clock,
        download=office.downloading(office.fetcher).download,
        rests=office.reach.rests_until,
    )
    for host in "abcde":
        office.reach.missed(host)
    (job,) = jobs.planned()
    assert running.run(job) is None
    found = jobs.find(job)
    assert found is not None
    assert found.status is JobStatus.PLANNED
    office.reach.answered()
    assert running.run(job) is Status.FAILED
