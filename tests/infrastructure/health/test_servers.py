"""The servers of the installation, and the code that they run."""

import os
import signal
from pathlib import Path

import pytest
from attrs import evolve

from application.health import State
from application.ports.processes import Role
from infrastructure.health import servers
from infrastructure.health.place import Place
from infrastructure.living import started
from tests.infrastructure.health.conftest import MakePlace
from tests.infrastructure.test_processes import note, running


@pytest.fixture
def place(make_place: MakePlace) -> Place:
    """A place without a database: none is asked."""
    return make_place(version="1")


class TestNoted:
    def test_none(self, place: Place) -> None:
        told = servers.noted(place)
        assert (told.state, told.value) == (State.OK, "No server of this installation runs on this machine.")
        assert told.facts == {"processes": []}

    def test_one(self, place: Place) -> None:
        with running() as process:
            note(place.data, process.pid)
            told = servers.noted(place)
        assert told.state is State.OK
        assert told.value == f"1 process runs: process {process.pid} (scipaperloader run, port 5000)."

    def test_a_reloader_and_its_server_are_one_server(self, place: Place) -> None:
        with running() as process, running() as child:
            note(place.data, process.pid, role=Role.RELOADER.value)
            note(place.data, child.pid)
            told = servers.noted(place)
        assert told.state is State.OK
        assert f"process {process.pid} (scipaperloader run --reload, port 5000)" in told.value

    @pytest.mark.case("I02")
    def test_two(self, place: Place) -> None:
        with running() as one, running() as other:
            note(place.data, one.pid)
            note(place.data, other.pid, role="demo", port=5001)
            told = servers.noted(place)
        assert told.state is State.WARNING
        assert told.value.startswith("2 servers serve this data folder. 2 processes run: ")
        assert "one of them leads" in told.remedy

    def test_a_frozen_one(self, place: Place) -> None:
        with running() as process:
            note(place.data, process.pid)
            process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
            told = servers.noted(place)
        assert told.state is State.WARNING
        assert told.value.endswith(f"Process {process.pid} is frozen: a signal stopped it.")
        assert "quick-fix" in told.remedy

    def test_those_that_ended_or_are_elsewhere_are_facts(self, place: Place) -> None:
        note(place.data, 999_999_999)
        note(place.data, 999_999_998, host="elsewhere")
        told = servers.noted(place)
        assert told.value == "No server of this installation runs on this machine."
        found = told.facts["processes"]
        assert isinstance(found, list)
        assert {one["life"] for one in found} == {"ended", "elsewhere"}


class TestCode:
    @pytest.fixture
    def sources(self, tmp_path: Path) -> Path:
        """A folder with a source file of long ago."""
        folder = tmp_path / "sources" / "inside"
        folder.mkdir(parents=True)
        (folder / "module.py").touch()
        os.utime(folder / "module.py", (1.0, 1.0))
        return folder.parent

    def test_without_a_server_there_is_none(self, place: Place) -> None:
        assert servers.code(place).state is State.SKIPPED

    def test_the_code_that_is_there(self, place: Place, sources: Path) -> None:
        with running() as process:
            note(place.data, process.pid)
            told = servers.code(evolve(place, sources=(sources,)))
        assert (told.state, told.value) == (State.OK, "The servers run the code that is there.")

    def test_code_that_was_changed_since(self, place: Place, sources: Path) -> None:
        with running() as process:
            note(place.data, process.pid)
            later = started(process.pid) + 60
            os.utime(sources / "inside" / "module.py", (later, later))
            told = servers.code(evolve(place, sources=(sources,)))
        assert told.state is State.WARNING
        assert told.value.startswith(f"Process {process.pid} (scipaperloader run, port 5000) began on ")
        assert told.value.endswith("and the code was changed after that: it runs old code.")
        assert "quick-fix" in told.remedy

    def test_another_version(self, place: Place, sources: Path) -> None:
        with running() as process:
            note(place.data, process.pid, version="0.9")
            told = servers.code(evolve(place, sources=(sources,)))
        assert told.value.endswith("with version 0.9, and 1 is installed: it runs old code.")

    def test_a_reloader_runs_no_code_of_ours(self, place: Place) -> None:
        with running() as process:
            note(place.data, process.pid, role=Role.RELOADER.value, version="0.9")
            assert servers.code(place).state is State.SKIPPED
