"""Servers of a town: who leads, what they do, and how they end."""

import socket
from collections.abc import Callable
from contextlib import suppress
from signal import SIGTERM
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from attrs import frozen

from tests.crash.launcher import Running
from tests.crash.points import At
from tests.crash.town import Town

TAKEOVER = 30.0
"""Seconds within which another process leads."""
LEADER = "SELECT holder FROM leases WHERE name = 'leader' AND expires_at > {now}"
NOW = {
    "sqlite": "(julianday('now') - 2440587.5) * 86400.0",
    "postgresql": "extract(epoch FROM clock_timestamp())",
}
DOWNLOADED = "SELECT count(*) FROM events WHERE type = 'paper.downloaded'"
PROCESSING = "SELECT count(*) FROM papers WHERE status = 'processing'"
OPEN = "SELECT count(*) FROM jobs WHERE status IN ('planned', 'running')"
"""Jobs that have not ended."""


@frozen
class Server:
    """A server that runs."""

    running: Running
    port: int

    def answers(self) -> bool:
        """Whether it serves."""
        with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
            return bool(answer.status == 200)
        return False


@frozen
class Servers:
    """The servers of a town, on a database of a kind."""

    town: Town
    kind: str

    def serve(self, *at: At) -> Server:
        """Start a server and wait until it serves."""
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            port = int(sock.getsockname()[1])
        server = Server(self.town.launcher.start("run", "--port", str(port), at=at), port)
        if not at:
            self.wait(server, server.answers)
        return server

    def reaches(self, server: Server, query: str, count: int) -> None:
        """Wait until a number that a query tells is reached."""
        self.wait(server, lambda: self.town.number(query) >= count)

    def leader(self) -> str:
        """Who leads now; "" where nobody does."""
        return self.town.text(LEADER.format(now=NOW[self.kind]))

    def worker(self, server: Server) -> str:
        """The name of a server's worker."""
        return self.town.text(f"SELECT id FROM workers WHERE pid = {server.running.pid} ORDER BY expires_at DESC")

    def wait(self, server: Server, when: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait for a moment while a server lives."""
        self.town.wait(server.running, when, seconds)
        if server.running.has_ended():
            pytest.fail(str(server.running.ended()))

    def leads(self, server: Server, seconds: float = TAKEOVER) -> None:
        """Wait until a server leads."""
        self.wait(server, lambda: self.leader() == self.worker(server) != "", seconds)

    def ends(self, server: Server) -> str:
        """Ask a server to end; returns what it printed."""
        server.running.signal(SIGTERM)
        ended = server.running.ended()
        assert (ended.code, ended.err) == (0, ""), ended
        return ended.out

    def finds_everything_in_order(self) -> None:
        """Nothing was lost, nothing is half done, and every job of the hour has ended."""
        assert self.town.number(OPEN) == 0
        self.town.finds_everything_in_order()
