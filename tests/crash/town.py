"""A small simulated world, the settings that lead to it, and a look at the database from outside."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random
from signal import SIGKILL

from attrs import frozen

from infrastructure.simulation.server import ScholarlyWeb
from infrastructure.simulation.world import World
from tests.crash.launcher import Ended, Launcher, Running

LARGE = os.environ.get("SCIPAPERLOADER_TEST_SIZE") == "large"
LOOK = 0.002
"""Seconds between two looks at the database."""
SECONDS = 30.0
"""How long anything may take before the test fails."""


@frozen
class Town:
    """Commands that share a data folder, beside a web."""

    launcher: Launcher
    data: Path
    web: ScholarlyWeb

    def position(self) -> int:
        """The position of the log; 0 where there is no database yet."""
        return self.number("SELECT position FROM event_head")

    def number(self, query: str) -> int:
        """The number that a query of the database tells; 0 where there is none."""
        with suppress(sqlite3.Error), closing(self._connected()) as connection:
            return int(connection.execute(query).fetchone()[0])
        return 0

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.data / 'scipaperloader.db'}?mode=ro", uri=True)

    def killed(self, running: Running, when: Callable[[], bool], delay: float) -> Ended:
        """The end of a command that is killed some time after a moment, unless it ends before."""
        self.wait(running, when)
        time.sleep(delay)
        running.signal(SIGKILL)
        return running.ended()

    def wait(self, running: Running, when: Callable[[], bool]) -> None:
        """Wait for a moment, or for the end of the command."""
        deadline = time.monotonic() + SECONDS
        while not when() and not running.has_ended():
            assert time.monotonic() < deadline
            time.sleep(LOOK)

    def finds_everything_in_order(self) -> None:
        """See that nothing was lost, nothing is half done, and nothing lies about."""
        verified = self.launcher.run("verify", "--json")
        assert (verified.json()["faults"], verified.code) == ([], 0)
        status = self.launcher.run("status", "--json").json()
        assert status["papers"]["pending"] == status["papers"]["processing"] == 0
        assert status["imports"] == {"running": 0}
        assert not list((self.data / "library" / ".incoming").glob("*"))


def moments(random: Random, after: Callable[[], int], most: int) -> Callable[[], bool]:
    """A moment: when the log has grown by some events."""
    wanted = after() + random.randint(0, most)
    return lambda: after() >= wanted


@contextmanager
def town(folder: Path, world: World, delay: float = 0.0) -> Iterator[Town]:
    """A town with nothing in its database yet. `delay` is how long the web takes for every answer, in seconds."""
    with ScholarlyWeb(world, delay=delay) as web, Launcher(folder / "runs", settings(web, folder / "data")) as launcher:
        yield Town(launcher, folder / "data", web)


def settings(web: ScholarlyWeb, data: Path) -> dict[str, str]:
    """What leads the application to the web, and lets it work quickly there."""
    found = web.settings()
    sources = {f"{name.upper()}_URL": found[name] for name in ("unpaywall", "crossref", "arxiv", "europepmc")}
    return sources | {
        "EUROPEPMC_FILES_URL": found["europepmc"],
        "ALLOWED_NETWORKS": found["allowed_networks"],
        "CONTACT_EMAIL": "reader@university.test",
        "DATA_DIR": str(data),
        "DISK_RESERVE_BYTES": "1000000",
        "FILE_SECONDS": "3",
        "HANDS": "2",
        "LOCAL_GAP": "0",
        "PAGE_SECONDS": "3",
    }
