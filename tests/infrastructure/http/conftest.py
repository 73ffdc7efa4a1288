"""A raw server, a clock, and fetchers that may talk to loopback."""

from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from attrs import evolve

from infrastructure.http.fetcher import HttpFetcher
from infrastructure.http.hosts import HostGate, memory_host_gate
from infrastructure.http.network import NetworkSettings
from infrastructure.http.settings import FetchSettings
from tests.fakes.clock import FakeClock
from tests.infrastructure.http.rawserver import RawServer, serving

LOOPBACK = (ip_network("127.0.0.0/8"),)
QUICK = FetchSettings(
    contact="me@example.org", page_seconds=5.0, file_seconds=5.0, connect_seconds=2.0, resolve_seconds=1.0
)
"""Limits for tests; politeness as for any host."""
RUSHED = evolve(QUICK, local_gap=0.0)
"""The same without politeness and robots.txt on loopback."""

MakeFetcher = Callable[..., HttpFetcher]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def server() -> Iterator[RawServer]:
    with serving() as running:
        yield running


@pytest.fixture
def make_fetcher(clock: FakeClock) -> Iterator[MakeFetcher]:
    made: list[HttpFetcher] = []

    def make(
        settings: FetchSettings = RUSHED,
        *,
        network: NetworkSettings | None = None,
        gate: HostGate | None = None,
        **more: Any,
    ) -> HttpFetcher:
        network = network or NetworkSettings(allowed=LOOPBACK)
        fetcher = HttpFetcher(settings, network, gate or memory_host_gate(clock), clock, **more)
        made.append(fetcher)
        return fetcher

    yield make
    for fetcher in made:
        fetcher.close()


@pytest.fixture
def fetcher(make_fetcher: MakeFetcher) -> HttpFetcher:
    return make_fetcher()
