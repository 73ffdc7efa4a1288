"""The server while its PostgreSQL is restarted, closed and cut off during downloads: it goes on by itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infrastructure.simulation.world import World
from tests.crash.accounts import account_of, due_now, located
from tests.crash.serving import DOWNLOADED, OPEN, Servers
from tests.crash.town import town
from tests.lines import Line, line
from tests.servers import Server

PAPERS = 14
CLOSING = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"


@pytest.fixture
def cable(server: Server) -> Iterator[Line]:
    with line(server.port) as made:
        yield made


@pytest.fixture
def servers(tmp_path: Path, server: Server, scratch: str, cable: Line) -> Iterator[Servers]:
    world, url = World.files_of(20_000, papers=PAPERS), server.url(scratch, port=cable.port)
    loaded = ("interfaces.serving", "tests.crash.short_leases")
    with town(tmp_path, world, delay=0.1, url=url, loaded=loaded) as made:
        yield Servers(made, "postgresql")


@pytest.mark.case("G01")
@pytest.mark.case("G02")
@pytest.mark.case("G03")
@pytest.mark.case("G09")
def test_the_server_goes_on_after_its_database_came_back(
    servers: Servers, server: Server, scratch: str, cable: Line
) -> None:
    papers = located(servers.town)
    due_now(servers.town, papers)
    ours = servers.serve()
    disturb: tuple[Callable[[], object], ...] = (
        lambda: server.control("restart", "-m", "fast"),
        lambda: server.control("restart", "-m", "immediate"),
        lambda: server.run(CLOSING.format(scratch)),
        cable.cut,
    )
    for number, action in enumerate(disturb):
        servers.reaches(ours, DOWNLOADED, 2 * number + 1)
        action()
    servers.leads(ours)
    servers.wait(ours, lambda: servers.town.text(OPEN) == "0")
    assert ours.answers()
    servers.ends(ours)
    servers.finds_everything_in_order()
    account = account_of(servers.town)
    assert set(account.reverted) <= {"crash", "stop"}
    assert max(account.attempts.values()) == min(account.attempts.values()) == 1
    deferred = servers.town.number("SELECT count(*) FROM events WHERE type = 'paper.deferred'")
    assert len(account.downloads) + sum(account.reverted.values()) + deferred == len(papers)


@pytest.mark.case("G01")
def test_a_database_that_is_down_for_a_while_is_waited_for(servers: Servers, server: Server) -> None:
    papers = located(servers.town)
    ours = servers.serve()
    servers.leads(ours)
    server.control("stop", "-m", "fast")
    try:
        servers.wait(ours, lambda: "is tried again" in ours.running.printed())
        assert ours.answers(), "it lives, and says what is wrong"
    finally:
        server.control("start")
    due_now(servers.town, papers)
    servers.wait(ours, lambda: servers.town.number(DOWNLOADED) == len(papers))
    servers.ends(ours)
    servers.finds_everything_in_order()
