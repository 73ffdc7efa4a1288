"""The simulated web on loopback: one small HTTP/1.1 server with an address for every host."""

import asyncio
import socket
import threading
import time
from collections.abc import Mapping
from functools import partial
from types import TracebackType

from attrs import field, frozen

from infrastructure.simulation import hosts
from infrastructure.simulation.faults import FAULTS, Line
from infrastructure.simulation.reply import Reply, text
from infrastructure.simulation.services import SERVICES
from infrastructure.simulation.world import World

NETWORK = "127.0.0.0/8"
ADDRESSES: Mapping[str, str] = {
    **{f"{name}_url": name for name in SERVICES if name not in ("doi_org", "pmc_cloud")},
    "pmc_url": "pmc_cloud",
    "europepmc_files_url": "europepmc",
}
"""The application's settings of addresses, and the host of the world that each leads to."""
_HEAD_LIMIT = 65_536
_FIRST_ADDRESS = 11


@frozen(kw_only=True)
class Request:
    """A request that was answered. Moments are seconds of `time.monotonic`."""

    began: float
    ended: float
    host: str
    """Name of the host in the world: "unpaywall", "publisher-3"."""
    address: str
    """The host's loopback address and port."""
    method: str
    target: str
    status: int
    fault: str | None = None
    headers: dict[str, str] = field(factory=dict)
    """Headers of the request with lower-case names."""


class ScholarlyWeb:
    """Serves a world from a thread of its own, from `start` to `stop`, or as a context.

    `delay` is waited before every answer, `pause` between the bytes of an answer that trickles, both in seconds.
    Each host has an address of its own in 127.0.0.0/8, or a port of its own where the system knows 127.0.0.1 only.
    """

    def __init__(self, world: World, *, delay: float = 0.0, pause: float = 1.0) -> None:
        self.world, self.delay, self.pause = world, delay, pause
        self._hosts = hosts.Hosts(world, self.url)
        self._log: list[Request] = []
        self._addresses: dict[str, str] = {}
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "ScholarlyWeb":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Listen on free ports and answer."""
        listening = {name: _listening(number) for number, name in enumerate(hosts.names(self.world))}
        self._addresses = {name: "{}:{}".format(*sock.getsockname()) for name, sock in listening.items()}
        self._loop, self._stopped, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(listening, ready), name="scholarly-web", daemon=True)
        self._thread.start()
        ready.wait()

    def stop(self) -> None:
        """Break off what is being answered, and free the ports."""
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)
            self._thread.join()
            self._thread = None

    def reset(self) -> None:
        """Forget what was asked: hosts that fail once do so again, and the log is empty."""
        self._hosts.reset()
        self._log = []

    def url(self, host: str, path: str = "") -> str:
        """The address of a path on a host; only while the web is up."""
        return f"http://{self._addresses[host]}{path}"

    def settings(self) -> dict[str, str]:
        """Base URLs by the name of the source, and `allowed_networks`, the network in which all hosts are."""
        return {**{name: self.url(name) for name in SERVICES}, "allowed_networks": NETWORK}

    def application(self) -> dict[str, str]:
        """The settings of the application that lead every source to this web, by their names."""
        addresses = {setting: self.url(host) for setting, host in ADDRESSES.items()}
        return {**addresses, "allowed_networks": NETWORK}

    def requests(self, host: str | None = None) -> tuple[Request, ...]:
        """The requests that were answered, of one host or of all, in the order in which they began."""
        if self._thread is not None:  # Whoever has an answer finds it in the log: let the thread write it down.
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self._loop).result()
        chosen = [request for request in tuple(self._log) if host in (None, request.host)]
        return tuple(sorted(chosen, key=lambda request: request.began))

    def _run(self, listening: dict[str, socket.socket], ready: threading.Event) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen(listening, ready))

    async def _listen(self, listening: dict[str, socket.socket], ready: threading.Event) -> None:
        servers = [
            await asyncio.start_server(partial(self._converse, name), sock=sock, limit=_HEAD_LIMIT)
            for name, sock in listening.items()
        ]
        ready.set()
        await self._stopped.wait()
        for server in servers:
            server.close()

    async def _converse(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request after the other on a connection."""
        try:
            while await self._exchange(host, Line(reader, writer, self.pause)):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # The visitor went away, or does not speak HTTP.
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            writer.close()

    async def _exchange(self, host: str, line: Line) -> bool:
        """Answer one request; whether the connection stays open."""
        head = await line.reader.readuntil(b"\r\n\r\n")
        began, log = time.monotonic(), self._log
        method, target, headers = _parsed(head)
        await asyncio.sleep(self.delay)
        reply = self._hosts.reply(host, target) if method in ("GET", "HEAD") else text("Only GET is served.", 405)
        keep = headers.get("connection", "").lower() != "close" and reply.status != 405 and reply.fault is None
        try:
            await _sent(line, reply, keep=keep, with_body=method != "HEAD")
        finally:
            log.append(
                Request(
                    began=began,
                    ended=time.monotonic(),
                    host=host,
                    address=self._addresses[host],
                    method=method,
                    target=target,
                    status=reply.status,
                    fault=reply.fault,
                    headers=headers,
                )
            )
        return keep


async def _sent(line: Line, reply: Reply, *, keep: bool, with_body: bool) -> None:
    head, body = reply.head(keep=keep), reply.body if with_body else b""
    if reply.fault is None:
        await line.send(head + body)
    else:
        await FAULTS[reply.fault](line, head, body)


def _parsed(head: bytes) -> tuple[str, str, dict[str, str]]:
    """Method, target and headers of a request. Raises ValueError for what is no HTTP."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ")
    pairs = (line.partition(":") for line in lines if line)
    return method, target, {name.strip().lower(): value.strip() for name, _, value in pairs}


def _listening(number: int) -> socket.socket:
    """A socket on a free port of the host's address, or of 127.0.0.1 where the system has no other (macOS)."""
    sock = socket.socket()
    try:
        sock.bind((_own_address(number), 0))
    except OSError:
        sock.bind(("127.0.0.1", 0))
    sock.listen(128)
    return sock


def _own_address(number: int) -> str:
    return f"127.0.{number // 200}.{_FIRST_ADDRESS + number % 200}"
