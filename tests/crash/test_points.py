"""The program is killed at every step of its work, started again, and ends as if nothing had been."""

import shutil
import socket
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from signal import SIGKILL, SIGTERM

import pytest
from attrs import evolve

from infrastructure.database import sqlite_url
from infrastructure.simulation.world import World
from tests.crash.accounts import account_of, due_now, located
from tests.crash.launcher import Running
from tests.crash.points import POINTS, At, place
from tests.crash.town import LARGE, Town, town

PAPERS = 5
MOST = 400
"""Times that a point is come to at most; a run ends before."""
LOADED = ("interfaces.serving", "tests.crash.short_leases")

pytestmark = pytest.mark.timeout(1200 if LARGE else 120)


@pytest.fixture(scope="module")
def place_of_towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One web and one launcher for all; each test has a data folder of its own."""
    folder = tmp_path_factory.mktemp("points")
    with town(folder, World.files_of(30_000, papers=PAPERS), loaded=LOADED) as made:
        yield made


@pytest.fixture(scope="module")
def listed(place_of_towns: Town) -> Town:
    """A town whose list was imported, to be copied."""
    upload = place_of_towns.data.parent / "list.csv"
    upload.write_text(place_of_towns.web.world.csv(), encoding="utf-8", newline="")
    assert place_of_towns.launcher.run("import", str(upload)).code == 0
    return place_of_towns


class Branch:
    """A town with a data folder of its own, and its commands."""

    def __init__(self, made: Town, data: Path) -> None:
        self.town = evolve(made, data=data, url=sqlite_url(data / "scipaperloader.db"))

    def start(self, *arguments: str, at: Sequence[At] = (), hands: int = PAPERS) -> Running:
        """Start a command."""
        settings = {"DATA_DIR": str(self.town.data), "HANDS": str(hands)}
        return self.town.launcher.start(*arguments, at=at, settings=settings)

    def run(self, *arguments: str, at: Sequence[At] = (), hands: int = PAPERS) -> int:
        """Run a command to its end, or to its kill; returns its exit code."""
        ended = self.start(*arguments, at=at, hands=hands).ended()
        assert ended.code in {0, -SIGKILL}, ended
        return ended.code

    def killed_at(self, point: str, *arguments: str, turns: Sequence[int]) -> int:
        """Kill a command at a point, at some of the times that it comes to it, and let it end; returns the kills.

        In the large size at every time, until a run ends before it comes to the point so often.
        """
        kills = 0
        for nth in count(1) if LARGE else turns:
            assert nth < MOST
            code = self.run(*arguments, at=(At(point=point, nth=nth),))
            kills += code == -SIGKILL
            if LARGE and code == 0:
                return kills
        return kills


def serve(branch: Branch, *at: At) -> Running:
    """Start a server."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = int(sock.getsockname()[1])
    return branch.start("run", "--port", str(port), at=at)


def serve_until(branch: Branch, ended: str, *at: At) -> int:
    """Run a server until a query tells 0, or until it is killed; returns its exit code."""
    running = serve(branch, *at)
    branch.town.wait(running, lambda: branch.town.number(ended) == 0)
    running.signal(SIGTERM)
    return running.ended().code


@pytest.fixture
def empty(place_of_towns: Town, tmp_path: Path) -> Branch:
    return Branch(place_of_towns, tmp_path / "data")


@pytest.fixture
def branch(listed: Town, tmp_path: Path) -> Branch:
    shutil.copytree(listed.data, tmp_path / "data")
    return Branch(listed, tmp_path / "data")


def test_every_point_is_where_it_was() -> None:
    for point in POINTS:
        owner, name = place(point)
        assert callable(getattr(owner, name))


@pytest.mark.case("X01")
@pytest.mark.case("X02")
@pytest.mark.parametrize(
    ("point", "turns"),
    [
        ("the upload is kept", (1,)),
        ("everything is written, nothing committed", (1, 3)),
        ("it is committed, nobody told", (2,)),
    ],
)
def test_an_import_that_is_killed_goes_on_and_counts_every_row_once(
    empty: Branch, tmp_path: Path, point: str, turns: Sequence[int]
) -> None:
    rows = 1_700
    path = tmp_path / "list.csv"
    path.write_text("DOI\n" + "".join(f"10.5555/{row}\n" for row in range(rows)), encoding="utf-8")
    assert empty.killed_at(point, "import", str(path), turns=turns) >= 1
    assert empty.run("import", str(path)) == 0
    empty.town.finds_everything_in_order()
    assert empty.town.number("SELECT count(*) FROM papers") == rows
    assert empty.town.number("SELECT count(*) FROM imports") == 1
    assert empty.town.number("SELECT registered FROM imports") == rows
    assert len(list((empty.town.data / "uploads").iterdir())) == 1


WORK = {
    "the paper is claimed": 3,
    "the name is resolved": 7,
    "the headers are there": 14,
    "a piece of the body is written": 3,
    "the body is there": 4,
    "the file is checked, not on disk": 1,
    "the file is on disk, not in its place": 4,
    "the file is in its place, not told": 3,
    "the events are written, not the tables": 12,
    "some tables are written": 13,
    "everything is written, nothing committed": 11,
    "it is committed, nobody told": 12,
    "the outcome is told, not settled": 2,
}
"""The points of `work`, and the time that is tried in the small size."""


@pytest.mark.case("X04")
@pytest.mark.case("X05")
@pytest.mark.case("X06")
@pytest.mark.case("X07")
@pytest.mark.case("X08")
@pytest.mark.case("X09")
@pytest.mark.case("X10")
@pytest.mark.case("X11")
@pytest.mark.case("X12")
@pytest.mark.parametrize("point", WORK)
def test_work_that_is_killed_at_any_step_ends_as_if_nothing_had_been(branch: Branch, point: str) -> None:
    assert branch.killed_at(point, "work", "--wait", "0", turns=(WORK[point],)) >= 1
    assert branch.run("work", "--wait", "0") == 0
    branch.town.finds_everything_in_order()
    assert branch.town.number("SELECT count(*) FROM papers WHERE status = 'done'") == PAPERS
    assert branch.town.number("SELECT min(attempts) + max(attempts) FROM papers") == 4, "each was counted once"
    account = account_of(branch.town)
    assert len(account.downloads) == PAPERS
    assert set(account.reverted) <= {"crash"}


@pytest.mark.case("X13")
@pytest.mark.parametrize("point", ["a table is filled aside", "a table is exchanged"])
def test_a_rebuild_that_is_killed_leaves_the_tables_and_the_next_one_ends(branch: Branch, point: str) -> None:
    tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table'"
    before = branch.town.number(tables)
    assert branch.killed_at(point, "rebuild", turns=(3,)) >= 1
    branch.town.finds_everything_in_order()
    assert branch.run("rebuild") == 0
    branch.town.finds_everything_in_order()
    assert branch.town.number(tables) == before


@pytest.mark.case("X14")
def test_an_export_that_is_killed_changed_nothing(branch: Branch) -> None:
    before = branch.town.position()
    assert branch.killed_at("a line is exported", "export", "--format", "jsonl", turns=(2,)) >= 1
    assert branch.town.position() == before
    ended = branch.start("export", "--format", "jsonl").ended()
    assert len(ended.out.splitlines()) == PAPERS
    branch.town.finds_everything_in_order()


OPEN = "SELECT count(*) FROM jobs WHERE status IN ('planned', 'running')"


@pytest.mark.case("X03")
@pytest.mark.parametrize("nth", range(1, PAPERS + 1) if LARGE else (2,))
def test_jobs_that_were_planned_run_although_the_server_is_killed_before_they_begin(empty: Branch, nth: int) -> None:
    due_now(empty.town, located(empty.town))
    assert serve_until(empty, OPEN, At(point="the job begins", nth=nth)) == -SIGKILL
    assert empty.town.number(OPEN) > 0
    assert serve_until(empty, OPEN) == 0
    empty.town.finds_everything_in_order()
    account = account_of(empty.town)
    assert set(account.attempts.values()) == {1}
    assert len(account.downloads) + account.reverted.get("crash", 0) == PAPERS


PROCESSING = "SELECT count(*) FROM papers WHERE status = 'processing'"
WORKERS = "SELECT count(*) FROM workers"


@pytest.fixture
def slow(place_of_towns: Town) -> Iterator[None]:
    """Every answer of the web takes its time."""
    place_of_towns.web.delay = 0.5
    yield
    place_of_towns.web.delay = 0.0


@pytest.mark.case("X19")
@pytest.mark.case("X20")
@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("signals", [1, 2])
def test_a_server_that_is_asked_to_end_gives_five_downloads_back(empty: Branch, signals: int) -> None:
    """Asked twice, it ends in the same order."""
    due_now(empty.town, located(empty.town))
    running = serve(empty)
    empty.town.wait(running, lambda: empty.town.number(PROCESSING) == PAPERS)
    for _ in range(signals):
        running.signal(SIGTERM)
    ended = running.ended()
    assert (ended.code, ended.err) == (0, "")
    assert empty.town.number(PROCESSING) == empty.town.number(WORKERS) == 0
    empty.town.finds_everything_in_order()
    account = account_of(empty.town)
    assert len(account.downloads) + account.reverted.get("stop", 0) == PAPERS


@pytest.mark.case("X20")
@pytest.mark.usefixtures("slow")
def test_work_that_is_asked_twice_ends_at_once_and_is_recovered(branch: Branch) -> None:
    running = branch.start("work", "--wait", "0")
    branch.town.wait(running, lambda: branch.town.number(PROCESSING) == PAPERS)
    running.signal(SIGTERM)
    branch.town.wait(running, lambda: "once more" in running.complained())
    running.signal(SIGTERM)
    assert running.ended().code == -SIGTERM
    assert branch.town.number(WORKERS) == 1
    branch.town.web.delay = 0.0
    assert branch.run("work", "--wait", "0") == 0
    branch.town.finds_everything_in_order()
    assert branch.town.number("SELECT count(*) FROM papers WHERE status = 'done'") == PAPERS
    assert set(account_of(branch.town).reverted) <= {"crash", "stop"}


@pytest.mark.case("X21")
@pytest.mark.parametrize("nth", range(1, PAPERS + 1) if LARGE else (2,))
def test_a_checking_process_that_the_system_kills_costs_no_paper(branch: Branch, nth: int) -> None:
    at = At(point="a file is about to be read by a child", nth=nth, children=True)
    assert branch.run("work", "--wait", "0", at=(at,), hands=1) == 0
    branch.town.finds_everything_in_order()
    assert branch.town.number("SELECT count(*) FROM papers WHERE status = 'done'") == PAPERS
