"""Sites as people see them: how they are treated, how they answer, and what waits for them; on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from application.hosts import Breaker, HostRow, Manners
from domain.copies import Copy
from domain.identifiers import Identifier, Scheme
from domain.paper_commands import Defer, RecordTry, Register
from infrastructure.database import Database
from infrastructure.http.host_queries import SqlHosts
from infrastructure.http.hosts import SqlHostStates
from infrastructure.http.politeness import REFUSALS
from infrastructure.log.sql import SqlEventLog
from infrastructure.read_models.tally_queries import SqlTallies
from infrastructure.schema import READ_MODELS
from tests.fakes.clock import FakeClock
from tests.plans import Yard

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=10)


class Gaps:
    """Two seconds at every site."""

    def manners(self) -> Manners:
        raise NotImplementedError

    def gap_of(self, site: str) -> float | None:
        return None if site.startswith("127.") else 2.0


class Town:
    """Sites that were tried, and the states of hosts."""

    def __init__(self, database: Database) -> None:
        self.clock = FakeClock(NOW)
        self._yard = Yard(SqlEventLog(database, self.clock, READ_MODELS))
        self._states, self._papers = SqlHostStates(database), 0
        self.hosts = SqlHosts(database=database, tallies=SqlTallies(database), politeness=Gaps(), clock=self.clock)

    def waits(self, site: str) -> str:
        """A paper with a copy at a site."""
        self._papers += 1
        name = f"p{self._papers}"
        self._yard.registered({name: Register(identifiers=(Identifier(Scheme.DOI, f"10.5555/{name}"),))})
        self._yard.located({name: Copy(url=f"https://{site}/{name}.pdf", source="unpaywall")})
        return name

    def tried(self, site: str, *outcomes: str) -> None:
        """Tries, in attempts that were put off."""
        for outcome in outcomes:
            name = self.waits(site)
            self._yard.begin(name)
            url = f"https://{site}/{name}.pdf"
            self._yard.do(
                name,
                RecordTry(url=url, source="unpaywall", outcome=outcome),
                Defer(until=SOON, cause="rate_limited"),
            )

    def state(self, host: str, **fields: float) -> None:
        """What is remembered of a host."""
        self._states.change(host, lambda state: evolve(state, seen_at=NOW.timestamp(), **fields))

    def row(self, site: str) -> HostRow:
        """One site."""
        return next(row for row in self.hosts.worst() if row.site == site)


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


def names(rows: "object") -> list[str]:
    return [row.site for row in rows]  # type: ignore[attr-defined]


def test_where_nothing_was_asked_there_is_no_site(town: Town) -> None:
    assert town.hosts.worst() == []


def test_a_site_in_order(town: Town) -> None:
    town.tried("good.example", "ok")
    town.waits("good.example")
    row = town.row("good.example")
    assert (row.breaker, row.rests_until, row.asked_again, row.refusals) == (Breaker.CLOSED, None, None, 0)
    assert (row.gap, row.waiting, row.is_failing) == (2.0, 2, False)
    assert row.tally is not None
    assert row.tally.good == 1


def test_a_site_that_rests_until_a_moment(town: Town) -> None:
    town.tried("bad.example", "forbidden")
    town.state("bad.example", failures=REFUSALS - 1, rests_until=SOON.timestamp(), next_at=SOON.timestamp())
    row = town.row("bad.example")
    assert (row.breaker, row.rests_until, row.asked_again) == (Breaker.OPEN, SOON, None)
    town.clock.advance(timedelta(minutes=11))
    row = town.row("bad.example")
    assert (row.breaker, row.rests_until) == (Breaker.HALF_OPEN, None)


def test_a_site_that_asked_for_a_pause(town: Town) -> None:
    town.tried("busy.example", "rate_limited")
    town.state("busy.example", next_at=SOON.timestamp())
    row = town.row("busy.example")
    assert (row.breaker, row.asked_again) == (Breaker.CLOSED, SOON)


def test_what_is_wrong_comes_first(town: Town) -> None:
    town.tried("fine.example", "ok", "ok")
    town.tried("failing.example", "not_found", "not_found", "not_found")
    town.tried("busy.example", "rate_limited")
    town.tried("trial.example", "ok")
    town.state("busy.example", next_at=SOON.timestamp())
    town.state("trial.example", failures=REFUSALS - 1, rests_until=NOW.timestamp() - 1)
    town.state("api.crossref.org", failures=1, rests_until=SOON.timestamp())
    expected = ["api.crossref.org", "busy.example", "trial.example", "failing.example", "fine.example"]
    assert names(town.hosts.worst()) == expected
    assert town.row("api.crossref.org").tally is None
    assert names(town.hosts.worst(limit=2)) == expected[:2]


def test_sites_are_ordered_by_their_wrong_answers_lately(town: Town) -> None:
    town.tried("good.example", *["ok"] * 9)
    town.tried("mixed.example", *["not_found", "ok"] * 3, "not_found", "not_found", "ok")
    town.tried("twice.example", "not_found", "not_found")
    town.tried("rarely.example", *["ok"] * 6, "not_found")
    assert names(town.hosts.worst()) == ["mixed.example", "twice.example", "rarely.example", "good.example"]
    assert names(town.hosts.worst(limit=1)) == ["mixed.example"]
    assert [row.answers_badly for row in town.hosts.worst()] == [True, True, False, False]
    assert not any(row.is_failing for row in town.hosts.worst())


def test_hosts_of_one_service_share_their_state(town: Town) -> None:
    town.tried("arxiv.org", "ok")
    town.state("export.arxiv.org", failures=2, rests_until=SOON.timestamp())
    (row,) = town.hosts.worst()
    assert (row.site, row.key, row.breaker) == ("arxiv.org", "export.arxiv.org", Breaker.OPEN)


def test_some_can_be_looked_for(town: Town) -> None:
    town.tried("one.example", "ok")
    town.tried("other.example", "ok")
    town.state("rests.example", failures=1, rests_until=SOON.timestamp())
    assert names(town.hosts.worst(" ONE\0")) == ["one.example"]
    assert names(town.hosts.worst("rests")) == ["rests.example"]
    assert names(town.hosts.worst("%")) == []


def test_an_unusual_port_is_part_of_the_site_and_papers_wait_by_its_host(town: Town) -> None:
    town.tried("127.0.0.9:8080", "ok")
    row = town.row("127.0.0.9:8080")
    assert (row.waiting, row.gap) == (1, None)
