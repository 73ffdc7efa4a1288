"""Imports in a server: an emergency does not end them, and what was broken off goes on without a restart."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from application.handling import PROGRAM
from application.importing import Request
from domain.scraper import Action
from interfaces import bootstrap
from interfaces.container import Container
from interfaces.settings import load

ROWS = 1_200
"""More than one batch."""
SECONDS = 30.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Container]:
    """The parts of a server, none of which works yet."""
    settings, origins = load({"SCIPAPERLOADER_DATA_DIR": str(tmp_path)}, tmp_path)
    with bootstrap.container(settings, origins, {}) as container:
        yield container


def accepted(server: Container) -> str:
    """An import that nobody works on yet."""
    rows = [b"title,doi", *(b"Title %d,10.5555/%d" % (number, number) for number in range(ROWS))]
    upload = server.uploads.keep([b"\n".join(rows) + b"\n"])
    return server.importing.accept(upload, Request(filename="list.csv", collection="A review", actor=PROGRAM)).import_id


def waits(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true soon."""
    for _ in range(int(SECONDS / 0.05)):
        if condition():
            return True
        threading.Event().wait(0.05)
    return False


def test_an_import_goes_on_in_an_emergency(server: Container) -> None:
    name = accepted(server)
    server.controlling.use(Action.EMERGENCY_STOP, "", PROGRAM)
    with server.at_work():
        server.background.start_import(name)
        assert waits(lambda: not server.imports.unfinished())
    found = server.imports.find(name)
    assert found
    assert (found.status, found.recorded) == ("completed", ROWS)


def test_what_was_broken_off_is_taken_up_again(server: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interfaces.bootstrap.application.RECOVERY", timedelta(seconds=0.05))
    monkeypatch.setattr("application.underway_imports.SILENCE", timedelta())
    name = accepted(server)
    server.importing.run(name, stop=lambda: True)
    with server.at_work(), server.in_charge():
        assert waits(lambda: not server.imports.unfinished())
        server.undoing_imports.begin(name, PROGRAM)
        assert waits(lambda: not server.imports.being_undone())
        server.stop()
    found = server.imports.find(name)
    assert found
    assert (found.status, found.recorded) == ("undone", ROWS)
