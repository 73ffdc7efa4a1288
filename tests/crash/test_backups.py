"""Backups and restores are killed at random moments: what was whole before is not lost, and the next one works."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from signal import SIGKILL

import pytest

from application.ports.maintenance import Files
from infrastructure.backups.manifest import of_ours
from infrastructure.simulation.world import World
from tests.crash.launcher import Launcher
from tests.crash.town import LARGE, Town, town

KILLS = 40 if LARGE else 12
PAPERS = 20

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def stocked(tmp_path: Path) -> Iterator[Town]:
    """A town whose library has files."""
    with town(tmp_path, World.files_of(200_000, papers=PAPERS)) as made:
        upload = tmp_path / "list.csv"
        upload.write_text(made.web.world.csv(), encoding="utf-8", newline="")
        assert made.launcher.run("import", str(upload)).code == 0
        assert made.launcher.run("work", "--json").code == 0
        yield made


def folders(data: Path) -> set[str]:
    """What lies in the folder of backups."""
    return {path.name for path in (data / "backups").glob("scipaperloader-*")}


def moment(random: Random, data: Path) -> Callable[[], bool]:
    """A moment: when a half backup that is not there yet has so many files."""
    wanted, old = random.randint(1, PAPERS), folders(data)

    def written() -> int:
        with suppress(OSError):  # it ended meanwhile
            halves = [data / "backups" / name for name in folders(data) - old if name.endswith(".partial")]
            return sum(1 for half in halves for path in half.rglob("*") if path.is_file())
        return 0

    return lambda: written() >= wanted


@pytest.mark.case("X15")
@pytest.mark.parametrize("files", [Files.COPY, Files.LINK])
def test_a_backup_that_is_killed_leaves_the_last_one_and_the_next_one_works(
    stocked: Town, tmp_path: Path, files: Files
) -> None:
    random, kills = Random(15), 0
    whole = Path(stocked.launcher.run("backup", "--files", files, "--json").json()["folder"])
    before = of_ours(whole)
    for _ in range(10 * KILLS):
        running = stocked.launcher.start("backup", "--files", files, "--keep", "2", "--json")
        ended = stocked.killed(running, moment(random, stocked.data), random.uniform(0.0, 0.004))
        assert ended.code in {0, -SIGKILL}, ended.err
        assert len([name for name in folders(stocked.data) if not name.endswith(".partial")]) <= 3
        kills += ended.code != 0
        if ended.code == 0:
            whole, before = Path(ended.json()["folder"]), of_ours(Path(ended.json()["folder"]))
        assert of_ours(whole) == before, "the last whole backup is as it was"
        if kills >= KILLS:
            break
    assert kills >= KILLS
    _restored(tmp_path / "from the last one", whole)
    told = stocked.launcher.run("backup", "--files", files, "--keep", "1", "--json").json()
    assert (told["files"], told["faults"]) == (PAPERS, [])
    assert folders(stocked.data) == {Path(told["folder"]).name}
    _restored(tmp_path / "from the next one", Path(told["folder"]))


def _restored(data: Path, backup: Path) -> None:
    """See that a backup makes a whole installation."""
    with Launcher(data / "runs", {"DATA_DIR": str(data / "data")}) as launcher:
        ended = launcher.run("restore", str(backup), "--yes", "--json")
        assert (ended.code, ended.json()["faults"], ended.json()["files"]) == (0, [], PAPERS)
    shutil.rmtree(data)


SIGNS = ("library/.restoring", "library/*.pdf", "scipaperloader.db.restoring", "scipaperloader.db.before-*")
"""What a restore leaves on its way, in order; the last thing is that surplus files go away."""


@pytest.mark.case("X15")
def test_a_restore_that_is_killed_is_done_once_more_and_loses_nothing(stocked: Town, tmp_path: Path) -> None:
    random, kills = Random(16), 0
    backup = stocked.launcher.run("backup", "--files", "copy", "--into", str(tmp_path), "--json").json()
    more = tmp_path / "more.csv"
    more.write_text("DOI\n10.5555/more\n", encoding="utf-8")
    assert stocked.launcher.run("import", str(more)).code == 0
    for path in list((stocked.data / "library").glob("*.pdf"))[: PAPERS // 2]:
        path.unlink()  # so that there is something to bring back
    (stocked.data / "library" / "Surplus_0123abcd.pdf").write_bytes(b"of nobody")
    before, position = tmp_path / "before", stocked.position()
    stocked.data.rename(before)
    for number in range(KILLS):
        shutil.rmtree(stocked.data, ignore_errors=True)
        shutil.copytree(before, stocked.data)
        running = stocked.launcher.start("restore", backup["folder"], "--yes", "--json")
        seen = _appeared(stocked.data, SIGNS[number % len(SIGNS)])
        kills += stocked.killed(running, seen, random.uniform(0.0, 0.01)).code == -SIGKILL
        kept = [stocked.data / "scipaperloader.db", *stocked.data.glob("scipaperloader.db.before-*")]
        assert position in {_position(path) for path in kept}, "the old database is somewhere"
        ended = stocked.launcher.run("restore", backup["folder"], "--yes", "--json")
        assert (ended.code, ended.json()["faults"], ended.json()["files"]) == (0, [], PAPERS), ended.err
        assert [path.read_bytes() for path in stocked.data.rglob("Surplus_*")] == [b"of nobody"]
        assert not list(stocked.data.rglob("*.restoring"))
    assert kills >= KILLS // 2


def _appeared(data: Path, pattern: str) -> Callable[[], bool]:
    """A moment: when there is one thing more of this name."""
    before = len(list(data.glob(pattern)))
    return lambda: len(list(data.glob(pattern))) > before


def _position(path: Path) -> int:
    """The position of the log in a database; 0 where there is none."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT position FROM event_head").fetchone()[0])
    return 0
