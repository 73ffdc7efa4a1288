"""Answers about sites: how they are treated, from the table `hosts`, and how they answer, from what was counted."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from attrs import frozen

from application.hosts import Breaker, HostRow, Politeness
from application.ports.clock import Clock
from application.tallies import SiteTally, Tallies
from domain.pipeline import Status
from domain.records import clean
from infrastructure.database import Database
from infrastructure.http.hosts import hosts, state_of
from infrastructure.http.politeness import REFUSALS, HostState, as_of
from infrastructure.http.services import BY_HOST
from infrastructure.http.waiting import moment, seconds_now
from infrastructure.read_models.papers import papers

PAUSE = 30.0
"""Seconds: a longer wait was asked for by the site."""
MAX_LIMIT = 201


@frozen(kw_only=True)
class SqlHosts:
    """Adapter of application.hosts.Hosts."""

    database: Database
    tallies: Tallies
    politeness: Politeness
    clock: Clock

    def worst(self, text: str = "", limit: int = 50) -> Sequence[HostRow]:
        """See the port."""
        most, wanted = min(max(limit, 1), MAX_LIMIT), clean(text).strip().lower()
        now = seconds_now(self.clock)
        troubled = self._troubled(wanted, now, most)
        tallied = {tally.site: tally for tally in self.tallies.sites(wanted, most)}
        with_key = {_key(site) for site in tallied}
        alone = [key for key in troubled if key not in with_key]
        tallied |= self.tallies.site(alone)
        sites = list(dict.fromkeys([*tallied, *alone]))
        states = troubled | self._states({_key(site) for site in sites} - set(troubled))
        waiting = self._waiting(sites)
        rows = [self._row(site, states, tallied.get(site), waiting, now) for site in sites]
        return sorted(rows, key=_worst_first)[:most]

    def _troubled(self, text: str, now: float, limit: int) -> dict[str, HostState]:
        """Hosts that rest, asked for a pause, or refused lately."""
        wrong = (hosts.c.rests_until > now) | (hosts.c.next_at > now + PAUSE) | (hosts.c.failures > 0)
        query = sa.select(hosts).where(wrong).order_by(hosts.c.rests_until.desc(), hosts.c.host).limit(limit)
        if text:
            query = query.where(hosts.c.host.contains(text, autoescape=True))
        return self._read(query)

    def _states(self, keys: Iterable[str]) -> dict[str, HostState]:
        return self._read(sa.select(hosts).where(hosts.c.host.in_(sorted(keys))))

    def _read(self, query: "sa.Select[tuple[object, ...]]") -> dict[str, HostState]:
        with self.database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return {row["host"]: state_of(row) for row in rows}

    def _waiting(self, sites: Sequence[str]) -> Mapping[str, int]:
        """Papers that wait for download, by the host that they would try first."""
        names = sorted({_without_port(site) for site in sites})
        query = (
            sa.select(papers.c.host, sa.func.count().label("number"))
            .where(papers.c.status == Status.LOCATED.value, papers.c.host.in_(names))
            .group_by(papers.c.host)
        )
        with self.database.read() as connection:
            return {row.host: row.number for row in connection.execute(query)}

    def _row(
        self,
        site: str,
        states: Mapping[str, HostState],
        tally: SiteTally | None,
        waiting: Mapping[str, int],
        now: float,
    ) -> HostRow:
        state = as_of(states.get(_key(site), HostState()), now)
        breaker = _breaker(state, now)
        pause = state.next_at if state.next_at > now + PAUSE and breaker is not Breaker.OPEN else None
        return HostRow(
            site=site,
            key=_key(site),
            breaker=breaker,
            rests_until=moment(state.rests_until) if breaker is Breaker.OPEN else None,
            asked_again=moment(pause) if pause else None,
            refusals=state.failures,
            gap=self.politeness.gap_of(site),
            waiting=waiting.get(_without_port(site), 0),
            tally=tally,
        )


def _breaker(state: HostState, now: float) -> Breaker:
    if state.rests_until > now:
        return Breaker.OPEN
    return Breaker.HALF_OPEN if state.failures >= REFUSALS - 1 and state.rests_until > 0 else Breaker.CLOSED


def _worst_first(row: HostRow) -> tuple[int, int, int, str]:
    return row.trouble, -row.wrong, -(row.tally.tried if row.tally else 0), row.site


def _key(site: str) -> str:
    """Under which name a site takes turns."""
    service = BY_HOST.get(site)
    return service.key if service else site


def _without_port(site: str) -> str:
    host, _, port = site.rpartition(":")
    return host if host and port.isdigit() else site
