"""The server at HOST and PORT: it answers, is not there, hangs, or is another program."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from application.health import State
from infrastructure.health import server as checks
from tests.infrastructure.health.conftest import MakePlace

HEALTHY = b'{"status":"ok"}'


def http(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """A program that says this to whoever connects; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_it_answers(make_place: MakePlace) -> None:
    with answering(http(HEALTHY)) as port:
        told = checks.answers(make_place(port=port))
    assert told.state is State.OK
    assert str(port) in told.value


def test_it_is_not_there(make_place: MakePlace) -> None:
    told = checks.answers(make_place(port=1))
    assert told.state is State.WARNING
    assert "does not run" in told.value
    assert "scipaperloader run" in told.remedy


def test_it_hangs(make_place: MakePlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        told = checks.answers(make_place(port=listening.getsockname()[1]))
    assert told.state is State.ERROR
    assert "it hangs" in told.value
    assert "diagnose quick-fix" in told.remedy


@pytest.mark.parametrize(
    "answer",
    [
        http(b"<html>Something else</html>"),
        http(b'{"status":"bad"}'),
        http(HEALTHY, "404 Not Found"),
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
        b"\xff" * 200_000,
    ],
)
def test_it_is_another_program(make_place: MakePlace, answer: bytes) -> None:
    with answering(answer) as port:
        told = checks.answers(make_place(port=port))
    assert told.state is State.ERROR
    assert "PORT" in told.remedy


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "0.0.0.0", "::"])
def test_only_this_machine_is_asked(make_place: MakePlace, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setattr("http.client.HTTPConnection", None)
    assert checks.answers(make_place(host=host)).state is State.SKIPPED


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2"])
def test_this_machine_has_several_names(make_place: MakePlace, host: str) -> None:
    assert checks.answers(make_place(host=host)).state is State.WARNING
