"""A line of loopback between a program and a server, on which bytes wait, get lost, or which is cut."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto


class Way(Enum):
    """What becomes of the bytes in one direction."""

    OPEN = auto()
    HELD = auto()
    """They wait until it is opened."""
    LOST = auto()
    """They are gone, and the line is cut."""


class Line:
    """Forwards every connection to the port `target`, until it is told otherwise."""

    def __init__(self, port: int) -> None:
        self.target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._changed = threading.Condition()
        self._ways = {"to the server": Way.OPEN, "to the program": Way.OPEN}
        self._sockets: list[socket.socket] = []
        self._closed = False
        self.waiting = threading.Event()
        """Set when bytes wait on it."""
        threading.Thread(target=self._accept, name="line", daemon=True).start()

    def set(self, *, to_server: Way = Way.OPEN, to_program: Way = Way.OPEN) -> None:
        """What becomes of the bytes from now on."""
        with self._changed:
            self._ways = {"to the server": to_server, "to the program": to_program}
            self.waiting.clear()
            self._changed.notify_all()

    def cut(self) -> None:
        """Cut every connection that there is; new ones can be made."""
        with self._changed:
            sockets, self._sockets = self._sockets, []
        for sock in sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Cut everything, for good."""
        self._closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.set()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self._closed:
                program, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self.target))
                except OSError:
                    program.close()
                    continue
                self._sockets += [program, server]
                for name, source, target in (("to the server", program, server), ("to the program", server, program)):
                    threading.Thread(target=self._carry, args=(name, source, target), name=name, daemon=True).start()

    def _carry(self, name: str, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                with self._changed:
                    while self._ways[name] is Way.HELD:
                        self.waiting.set()
                        self._changed.wait()
                    if self._ways[name] is Way.LOST:
                        break
                target.sendall(data)
        for sock in (source, target):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


@contextmanager
def line(port: int) -> Iterator[Line]:
    """A line to a port that lasts while entered."""
    made = Line(port)
    try:
        yield made
    finally:
        made.close()
