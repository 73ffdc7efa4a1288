"""`run` and `demo`: only on this machine, and an end in good order."""

import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM, Signals
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from selectolax.lexbor import LexborHTMLParser

from interfaces.settings import PREFIX
from tests.crash.launcher import Launcher, Running
from tests.interfaces.cli.conftest import Terminal
from tests.interfaces.web.reading import one

SECONDS = 30.0


def number(data: Path, query: str) -> int:
    """The number that a query of the database tells."""
    with closing(sqlite3.connect(f"file:{data / 'scipaperloader.db'}?mode=ro", uri=True)) as connection:
        return int(connection.execute(query).fetchone()[0])


def origins_on(page: str) -> dict[str, str]:
    """Where the settings came from, as their page tells it."""
    rows = LexborHTMLParser(page).css("#others-title ~ .table-box tbody tr")
    return {one(row, "code").text().removeprefix(PREFIX): one(row, "[data-label=From]").text() for row in rows}


@pytest.fixture
def launcher(tmp_path: Path) -> Iterator[Launcher]:
    with Launcher(tmp_path / "runs", {"DATA_DIR": str(tmp_path / "data")}, loaded=["interfaces.serving"]) as launcher:
        yield launcher


def served(port: int, running: Running, path: str = "/healthz") -> bytes:
    """What the server answers, as soon as it does."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and not running.has_ended():
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}", timeout=SECONDS) as answer:
                return bytes(answer.read())
        except URLError:
            time.sleep(0.02)
    running.signal(SIGKILL)
    pytest.fail(str(running.ended()))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "example.org"])
@pytest.mark.parametrize("way", ["option", "setting"])
def test_without_accounts_nobody_else_is_served(terminal: Terminal, host: str, way: str) -> None:
    if way == "setting":
        terminal.variables["HOST"] = host
    said = terminal.refusal("run", *(("--host", host) if way == "option" else ()))
    assert f"not on {host}" in said
    assert "SSH" in said
    assert not terminal.data.exists()


@pytest.mark.parametrize("ending", [SIGINT, SIGTERM])
def test_the_server_serves_and_ends_in_good_order(
    launcher: Launcher, tmp_path: Path, port: int, ending: Signals
) -> None:
    running = launcher.start("run", "--port", str(port))
    assert served(port, running)
    assert number(tmp_path / "data", "SELECT count(*) FROM workers") == 1
    began = time.monotonic()
    running.signal(ending)
    ended = running.ended()
    assert time.monotonic() - began < SECONDS / 2
    assert (ended.code, ended.err) == (0, "")
    assert f"http://127.0.0.1:{port}/" in ended.out
    assert number(tmp_path / "data", "SELECT count(*) FROM workers") == 0


def test_a_server_takes_up_the_imports_that_were_interrupted(launcher: Launcher, tmp_path: Path, port: int) -> None:
    path = tmp_path / "list.csv"
    path.write_text("DOI\n" + "".join(f"10.5555/{row}\n" for row in range(5_000)), encoding="utf-8")
    importing = launcher.start("import", str(path))
    while not (tmp_path / "data" / "scipaperloader.db").exists() or not _rows(tmp_path / "data"):
        time.sleep(0.002)
    importing.signal(SIGKILL)
    assert importing.ended().code == -SIGKILL
    running = launcher.start("run", "--port", str(port))
    served(port, running)
    deadline = time.monotonic() + SECONDS
    while number(tmp_path / "data", "SELECT count(*) FROM imports WHERE status = 'completed'") == 0:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    running.signal(SIGTERM)
    assert running.ended().code == 0
    assert number(tmp_path / "data", "SELECT count(*) FROM papers") == 5_000
    assert launcher.run("verify", "--json").json()["faults"] == []


def test_a_server_goes_on_with_an_undo_that_was_broken_off(launcher: Launcher, tmp_path: Path, port: int) -> None:
    path, data = tmp_path / "list.csv", tmp_path / "data"
    path.write_text("DOI\n" + "".join(f"10.5555/{row}\n" for row in range(5_000)), encoding="utf-8")
    name = launcher.run("import", str(path), "--json").json()["id"]
    undoing = launcher.start("imports", "undo", name)
    aside = "SELECT count(*) FROM papers WHERE status = 'excluded'"
    while number(data, aside) == 0:
        time.sleep(0.002)
    undoing.signal(SIGKILL)
    assert undoing.ended().code == -SIGKILL
    assert number(data, aside) < 5_000
    running = launcher.start("run", "--port", str(port))
    served(port, running)
    deadline = time.monotonic() + SECONDS
    while number(data, "SELECT count(*) FROM imports WHERE status = 'undone'") == 0:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    running.signal(SIGTERM)
    assert running.ended().code == 0
    assert number(data, aside) == 5_000
    withdrawn = launcher.run("events", "--kind", "import.undone", "--json").json()["data"]["withdrawn"]
    assert withdrawn == 5_000
    assert launcher.run("verify", "--json").json()["faults"] == []


def _rows(data: Path) -> int:
    try:
        return number(data, "SELECT coalesce(max(recorded), 0) FROM imports")
    except sqlite3.Error:
        return 0


@pytest.mark.parametrize("command", ["run", "demo"])
def test_a_port_that_is_taken_is_told(terminal: Terminal, port: int, command: str) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", port))
        sock.listen()
        said = terminal.refusal(command, "--port", str(port))
    assert f"port {port}" in said
    assert "--port" in said


def test_the_demonstration_works_without_the_internet_and_ends_soon(
    launcher: Launcher, tmp_path: Path, port: int
) -> None:
    data = tmp_path / "demo"
    running = launcher.start("demo", "--papers", "8", "--port", str(port), "--data-dir", str(data))
    served(port, running)
    deadline = time.monotonic() + SECONDS
    while number(data, "SELECT count(*) FROM papers WHERE status = 'done'") == 0:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    origins = origins_on(served(port, running, "/settings").decode())
    assert (origins["PORT"], origins["DATA_DIR"]) == ("command line", "command line")
    assert (origins["ALLOWED_NETWORKS"], origins["HOST"]) == ("demo", "default")
    began = time.monotonic()
    running.signal(SIGINT)
    ended = running.ended()
    assert time.monotonic() - began < SECONDS / 2
    assert ended.code == 0, ended.err
    assert "8 papers of a simulated library" in ended.out
    in_transit = "SELECT count(*) FROM papers WHERE status IN ('pending', 'processing')"
    assert number(data, in_transit) == number(data, "SELECT count(*) FROM workers") == 0


def test_the_demonstration_leaves_some_papers_to_the_schedule(launcher: Launcher, tmp_path: Path, port: int) -> None:
    data = tmp_path / "demo"
    running = launcher.start("demo", "--schedule", "--papers", "9", "--port", str(port), "--data-dir", str(data))
    served(port, running)
    deadline = time.monotonic() + SECONDS
    planned = "SELECT count(*) FROM events WHERE type = 'hour.planned'"
    while number(data, "SELECT count(*) FROM events WHERE type = 'scraper.started'") * number(data, planned) == 0:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    running.signal(SIGINT)
    assert running.ended().code == 0
    assert number(data, "SELECT count(*) FROM papers WHERE status IN ('new', 'located', 'pending', 'processing')") <= 3


def test_the_server_takes_its_data_folder_as_an_option(launcher: Launcher, tmp_path: Path, port: int) -> None:
    elsewhere = tmp_path / "elsewhere"
    running = launcher.start("run", "--port", str(port), "--data-dir", str(elsewhere))
    origins = origins_on(served(port, running, "/settings").decode())
    assert (origins["PORT"], origins["DATA_DIR"]) == ("command line", "command line")
    running.signal(SIGINT)
    assert running.ended().code == 0
    assert (elsewhere / "scipaperloader.db").exists()
    assert not (tmp_path / "data").exists()
