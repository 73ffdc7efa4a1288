"""An archive whose reader goes away."""

import socket
import threading
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from application.archiving import Archive, Archiving
from tests.interfaces.web.serving import application, serving


@pytest.mark.case("N06")
def test_a_reader_who_goes_away_ends_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless() -> Generator[bytes, None, None]:
        begun.set()
        try:
            while True:
                yield bytes(65_536)
        finally:
            ended.set()

    archive = Archive("0:0")
    archive.pieces = endless()
    monkeypatch.setattr(Archiving, "archive", lambda *_: archive)
    with application(tmp_path) as container, serving(container) as base:
        place = urlsplit(base)
        with socket.create_connection((place.hostname or "", place.port or 0), timeout=30) as connection:
            connection.sendall(f"GET /papers/export.zip HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
            assert connection.recv(1_000).startswith(b"HTTP/1.1 200")
            assert begun.wait(30)
            assert not ended.is_set()
        assert ended.wait(30)
