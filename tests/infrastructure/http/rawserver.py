"""A server on loopback that plays scripts of bytes: what real servers do wrong, byte for byte."""

import socket
import ssl
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from attrs import field, frozen


class Close:
    """Close the connection."""


class Reset:
    """Close it with a reset (RST)."""


CLOSE: Final = Close()
RESET: Final = Reset()
Step = bytes | float | Close | Reset
"""Bytes to send, seconds to wait, or an end."""


@frozen
class Seen:
    """One request as it came in."""

    line: str
    headers: dict[str, str] = field(factory=dict)

    @property
    def target(self) -> str:
        return self.line.split(" ")[1]


def answer(
    body: bytes = b"", status: int = 200, *, headers: dict[str, str] | None = None, length: int | None = None
) -> bytes:
    """A whole answer with a Content-Length."""
    lines = [f"HTTP/1.1 {status} Some Reason", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def redirect(location: str, status: int = 302, *, cookie: str | None = None) -> bytes:
    """An answer that sends elsewhere."""
    return answer(status=status, headers={"Location": location} | ({"Set-Cookie": cookie} if cookie else {}))


def read_head(connection: socket.socket) -> bytes | None:
    """A request up to its empty line; None when the client is gone."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            return None
        head += byte
    return head


def parsed(head: bytes) -> Seen:
    line, *rest = head.decode("latin-1").strip().split("\r\n")
    pairs = (part.partition(":") for part in rest)
    return Seen(line, {name.lower(): value.strip() for name, _, value in pairs})


class RawServer:
    """Plays for each target its scripts in order, the last one again and again; 404 for an unknown target."""

    def __init__(self, tls: ssl.SSLContext | None = None, greeting: bytes = b"") -> None:
        self.requests: list[Seen] = []
        self.connections = 0
        self._greeting = greeting
        self._scripts: dict[str, list[tuple[Step, ...]]] = defaultdict(list)
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def url(self, target: str = "/", host: str = "127.0.0.1") -> str:
        scheme = "https" if self._tls else "http"
        return f"{scheme}://{host}:{self.port}{target}"

    def on(self, target: str, *steps: Step) -> None:
        """Add a script for a target."""
        self._scripts[target].append(steps)

    def targets(self) -> list[str]:
        return [seen.target for seen in self.requests]

    def close(self) -> None:
        self._closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self._open.add(connection)
            with connection:
                connection.sendall(self._greeting)
                while (head := read_head(connection)) is not None and self._play(connection, parsed(head)):
                    pass
        self._open.discard(connection)

    def _play(self, connection: socket.socket, seen: Seen) -> bool:
        self.requests.append(seen)
        scripts = self._scripts.get(seen.target)
        steps = (answer(b"nothing here", 404),) if not scripts else scripts.pop(0) if len(scripts) > 1 else scripts[0]
        for step in steps:
            if isinstance(step, bytes):
                connection.sendall(step)
            elif isinstance(step, float):
                time.sleep(step)
            else:
                if isinstance(step, Reset):
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
        return True


class TinyProxy:
    """Forwards absolute-form requests and CONNECT tunnels to `upstream`, whatever host they name."""

    def __init__(self, upstream: int, *, refuse: int = 0) -> None:
        self.requests: list[Seen] = []
        self._upstream, self._refuse = upstream, refuse
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://user:secret@127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, socket.create_connection(("127.0.0.1", self._upstream)) as upstream:
            head = read_head(connection)
            if head is None:
                return
            self.requests.append(parsed(head))
            if self._refuse:
                connection.sendall(answer(b"no", self._refuse))
                return
            if head.startswith(b"CONNECT"):
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                method, target, rest = head.split(b" ", 2)
                path = b"/" + target.split(b"/", 3)[3]
                upstream.sendall(b" ".join((method, path, rest)))
            back = threading.Thread(target=_pipe, args=(upstream, connection), daemon=True)
            back.start()
            _pipe(connection, upstream)
            back.join(5)


def _pipe(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def serving(tls: ssl.SSLContext | None = None, greeting: bytes = b"") -> Iterator[RawServer]:
    server = RawServer(tls, greeting)
    try:
        yield server
    finally:
        server.close()
