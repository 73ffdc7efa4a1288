"""Turns, gaps, rests and robots.txt, as hosts see them."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa
from attrs import evolve

from application.ports.fetcher import FetchFailed
from infrastructure.database import Database, metadata, sqlite_url
from infrastructure.http.addresses import AddressGate
from infrastructure.http.courtesy import LONGEST_GAP, Courtesy, host_key
from infrastructure.http.fetcher import HttpFetcher
from infrastructure.http.hosts import hosts, memory_host_gate, sql_host_gate
from infrastructure.http.services import SERVICES
from infrastructure.http.settings import FetchSettings, user_agent
from tests.fakes.clock import FakeClock
from tests.infrastructure.http.conftest import LOOPBACK, QUICK, RUSHED, MakeFetcher
from tests.infrastructure.http.rawserver import RawServer, answer, redirect

HOST = "publisher.example.org"


def to_loopback(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


@pytest.fixture
def polite(make_fetcher: MakeFetcher) -> HttpFetcher:
    """A fetcher for which every name leads to loopback, with politeness."""
    return make_fetcher(QUICK, resolve=to_loopback)


class Moments:
    """When requests were made, by the clock."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock, self._began = clock, clock.now()

    def passed(self) -> float:
        return (self._clock.now() - self._began).total_seconds()


def cause_of(fetcher: HttpFetcher, url: str, *, page: bool = False) -> tuple[str, datetime | None]:
    try:
        fetcher.get(url, page=page)
    except FetchFailed as failed:
        return failed.cause, failed.until
    return "fetched", None


class TestTurns:
    def test_a_second_passes_between_two_requests(
        self, polite: HttpFetcher, server: RawServer, clock: FakeClock
    ) -> None:
        server.on("/", answer(b"x"))
        moments = Moments(clock)
        for _ in range(3):
            polite.get(server.url(host=HOST))
        assert moments.passed() == 2

    def test_redirects_take_turns_too(self, polite: HttpFetcher, server: RawServer, clock: FakeClock) -> None:
        server.on("/a", redirect("/b"))
        server.on("/b", answer(b"x"))
        moments = Moments(clock)
        polite.get(server.url("/a", host=HOST))
        assert moments.passed() == 1

    @pytest.mark.case("H28")
    def test_the_pause_of_one_host_is_no_other_hosts(
        self, polite: HttpFetcher, server: RawServer, clock: FakeClock
    ) -> None:
        server.on("/busy", answer(b"", 429, headers={"Retry-After": "3600"}))
        server.on("/", answer(b"x"))
        assert cause_of(polite, server.url("/busy", host=HOST))[0] == "rate_limited"
        moments = Moments(clock)
        polite.get(server.url(host="other.example.org"))
        assert moments.passed() == 0
        cause, until = cause_of(polite, server.url(host=HOST))
        assert (cause, until) == ("rate_limited", clock.now() + timedelta(hours=1))
        assert server.targets() == ["/busy", "/"]

    @pytest.mark.case("H31")
    def test_refusals_in_a_row_give_the_host_a_rest(
        self, polite: HttpFetcher, server: RawServer, clock: FakeClock
    ) -> None:
        server.on("/", answer(b"", 403))
        assert [cause_of(polite, server.url(host=HOST))[0] for _ in range(6)] == ["forbidden"] * 5 + ["host_resting"]
        assert len(server.requests) == 5
        clock.advance(timedelta(minutes=1))
        assert cause_of(polite, server.url(host=HOST))[0] == "forbidden"
        assert cause_of(polite, server.url(host=HOST))[0] == "host_resting"

    @pytest.mark.case("H42")
    def test_two_challenges_are_enough(self, polite: HttpFetcher, server: RawServer) -> None:
        server.on("/", answer(b"", 403, headers={"cf-mitigated": "challenge"}))
        assert [cause_of(polite, server.url(host=HOST))[0] for _ in range(3)] == [
            "bot_challenge",
            "bot_challenge",
            "host_resting",
        ]

    def test_so_are_two_that_were_seen_in_the_body(self, polite: HttpFetcher, server: RawServer) -> None:
        server.on("/", answer(b"are you human?"))
        for _ in range(2):
            polite.report(server.url(host=HOST), "bot_challenge")
        assert cause_of(polite, server.url(host=HOST))[0] == "host_resting"

    def test_a_report_of_what_is_no_address_does_no_harm(self, polite: HttpFetcher) -> None:
        polite.report("no address", "bot_challenge")

    def test_a_rest_that_begins_between_two_tries_is_told_with_the_trouble_itself(
        self, polite: HttpFetcher, server: RawServer, clock: FakeClock
    ) -> None:
        server.on("/", answer(b"", 500))
        cause_of(polite, server.url(host=HOST))
        cause, until = cause_of(polite, server.url(host=HOST))
        assert (cause, len(server.requests)) == ("server_error", 5)
        assert until is not None
        assert until > clock.now() + timedelta(seconds=50)

    def test_what_is_refused_by_name_leaves_no_trace(self, make_fetcher: MakeFetcher, clock: FakeClock) -> None:
        gate = memory_host_gate(clock)
        assert cause_of(make_fetcher(QUICK, gate=gate), "http://10.0.0.1/")[0] == "address_refused"
        assert gate._states._states == {}  # type: ignore[attr-defined]


class TestLooserManners:
    @pytest.fixture
    def database(self, tmp_path: Path) -> Iterator[Database]:
        with closing(Database(sqlite_url(tmp_path / "hosts.db"))) as database:
            metadata.create_all(database.engine, tables=[hosts])
            yield database

    def rows(self, database: Database) -> int:
        with database.read() as connection:
            return int(connection.scalar(sa.select(sa.func.count()).select_from(hosts)) or 0)

    def test_none_at_all_write_nothing(
        self, make_fetcher: MakeFetcher, server: RawServer, clock: FakeClock, database: Database, tmp_path: Path
    ) -> None:
        server.on("/", answer(b"", 403))
        server.on("/x", answer(b"x"))
        fetcher = make_fetcher(RUSHED, gate=sql_host_gate(database, clock))
        moments = Moments(clock)
        assert {cause_of(fetcher, server.url())[0] for _ in range(8)} == {"forbidden"}
        fetcher.report(server.url(), "bot_challenge")
        fetcher.download(server.url("/x"), tmp_path / "x")
        assert (moments.passed(), self.rows(database)) == (0, 0)
        assert "/robots.txt" not in server.targets()

    def test_they_are_for_vouched_hosts_only(
        self, make_fetcher: MakeFetcher, server: RawServer, clock: FakeClock, database: Database
    ) -> None:
        server.on("/", answer(b"x"))
        fetcher = make_fetcher(RUSHED, gate=sql_host_gate(database, clock), resolve=to_loopback)
        moments = Moments(clock)
        fetcher.get(server.url(host=HOST))
        fetcher.get(server.url(host=HOST))
        assert (moments.passed(), self.rows(database)) == (1, 1)

    def test_a_smaller_gap_keeps_the_rest(self, make_fetcher: MakeFetcher, server: RawServer, clock: FakeClock) -> None:
        server.on("/", answer(b"", 403))
        fetcher = make_fetcher(evolve(QUICK, local_gap=0.25))
        moments = Moments(clock)
        assert [cause_of(fetcher, server.url())[0] for _ in range(6)][-1] == "host_resting"
        assert moments.passed() == 1


class TestRobots:
    def test_files_and_pages_are_asked_for_and_interfaces_are_not(
        self, polite: HttpFetcher, server: RawServer, tmp_path: Path
    ) -> None:
        server.on("/robots.txt", answer(b"User-agent: *\nDisallow: /pdf/\n"))
        server.on("/pdf/x", answer(b"x"))
        assert cause_of(polite, server.url("/pdf/x", host=HOST), page=True)[0] == "robots_disallowed"
        with pytest.raises(FetchFailed) as caught:
            polite.download(server.url("/pdf/x", host=HOST), tmp_path / "x")
        assert caught.value.cause == "robots_disallowed"
        assert cause_of(polite, server.url("/pdf/x", host=HOST))[0] == "fetched"
        assert server.targets() == ["/robots.txt", "/pdf/x"]

    def test_each_host_on_the_way_is_asked(self, polite: HttpFetcher, server: RawServer, tmp_path: Path) -> None:
        server.on("/robots.txt", answer(b"User-agent: *\nDisallow: /secret\n"))
        server.on("/go", redirect(server.url("/secret", host="files.example.org")))
        with pytest.raises(FetchFailed) as caught:
            polite.download(server.url("/go", host=HOST), tmp_path / "x")
        assert (caught.value.cause, caught.value.url) == (
            "robots_disallowed",
            server.url("/secret", host="files.example.org"),
        )
        assert server.targets() == ["/robots.txt", "/go", "/robots.txt"]

    @pytest.mark.case("H63")
    def test_none_means_welcome(self, polite: HttpFetcher, server: RawServer, tmp_path: Path) -> None:
        server.on("/x", answer(b"x"))
        assert polite.download(server.url("/x", host=HOST), tmp_path / "x").size == 1

    @pytest.mark.case("H63")
    def test_a_large_one_is_read_in_part(self, polite: HttpFetcher, server: RawServer) -> None:
        body = b"User-agent: *\nDisallow: /no\n" + b"# filler\n" * 1_200_000
        server.on("/robots.txt", answer(body))
        assert cause_of(polite, server.url("/no", host=HOST), page=True)[0] == "robots_disallowed"

    @pytest.mark.case("H63")
    def test_a_broken_server_keeps_us_out_for_now(
        self, polite: HttpFetcher, server: RawServer, clock: FakeClock
    ) -> None:
        server.on("/robots.txt", answer(b"", 500))
        cause, until = cause_of(polite, server.url("/x", host=HOST), page=True)
        assert (cause, until) == ("server_error", clock.now() + timedelta(minutes=10))
        assert "/x" not in server.targets()

    @pytest.mark.case("H63")
    def test_the_crawl_delay_becomes_the_gap(self, polite: HttpFetcher, server: RawServer, clock: FakeClock) -> None:
        server.on("/robots.txt", answer(b"User-agent: *\nCrawl-delay: 20\n"))
        server.on("/x", answer(b"x"))
        polite.get(server.url("/x", host=HOST), page=True)
        moments = Moments(clock)
        polite.get(server.url("/x", host=HOST), page=True)
        assert moments.passed() == 20

    def test_it_is_found_by_redirects(self, polite: HttpFetcher, server: RawServer) -> None:
        server.on("/robots.txt", redirect("/other.txt"))
        server.on("/other.txt", answer(b"User-agent: *\nDisallow: /no\n"))
        assert cause_of(polite, server.url("/no", host=HOST), page=True)[0] == "robots_disallowed"


class TestGaps:
    def gap(self, url: str, **more: object) -> float | None:
        settings = FetchSettings(**({"contact": "me@example.org"} | more))  # type: ignore[arg-type]
        courtesy = Courtesy(memory_host_gate(FakeClock()), AddressGate(LOOPBACK), settings)
        return courtesy.gap(httpx2.URL(url))

    def test_services_have_their_own(self) -> None:
        assert self.gap("https://export.arxiv.org/api/query") == 3.0
        assert self.gap("https://api.crossref.org/works/x") == 0.1
        assert self.gap("https://api.crossref.org/works/x", contact="") == 0.2
        assert self.gap("https://publisher.example.org/") == 1.0
        assert self.gap("https://publisher.example.org/", gap=5.0) == 5.0

    def test_vouched_hosts_can_have_another(self) -> None:
        assert self.gap("http://127.0.0.1:8000/") == 1.0
        assert self.gap("http://127.0.0.1:8000/", local_gap=0.01) == 0.01
        assert self.gap("http://localhost:8000/", local_gap=0.0) is None
        assert self.gap("http://10.0.0.1/", local_gap=0.0) == 1.0

    def test_a_robots_txt_cannot_stop_us_for_ever(self) -> None:
        courtesy = Courtesy(memory_host_gate(FakeClock()), AddressGate(), FetchSettings())
        url = httpx2.URL("https://slow.example.org/")
        courtesy.slow_down(url, float("inf"))
        assert courtesy.gap(url) == LONGEST_GAP
        courtesy.slow_down(url, float("nan"))
        assert courtesy.gap(url) == LONGEST_GAP

    def test_hosts_of_one_service_count_as_one(self) -> None:
        assert host_key(httpx2.URL("https://arxiv.org/pdf/1")) == host_key(httpx2.URL("http://export.arxiv.org/"))
        assert host_key(httpx2.URL("https://A.org./x")) == host_key(httpx2.URL("http://a.org/")) == "a.org"
        assert host_key(httpx2.URL("https://a.org:8443/x")) == "a.org:8443"

    def test_no_host_belongs_to_two_services(self) -> None:
        named = [host for service in SERVICES for host in service.hosts]
        assert len(named) == len(set(named))


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("me@example.org", " (+mailto:me@example.org)"),
        ("", ""),
        ("me@example.org\r\nX-Evil: 1", " (+mailto:me@example.orgX-Evil:1)"),
        ("ä", ""),
    ],
)
def test_the_user_agent_names_program_version_and_contact(contact: str, shown: str) -> None:
    name, _, rest = user_agent(contact).partition("/")
    assert name == "SciPaperLoader"
    assert rest.partition(" ")[0]
    assert rest.endswith(shown)
