"""The program is killed at random moments, started again, and finds everything in order at the end."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from signal import SIGINT, SIGKILL, SIGTERM, Signals

import pytest

from domain.pipeline import Status
from infrastructure.simulation.world import World
from tests.crash.town import LARGE, Town, moments, town

IMPORT_KILLS, WORK_KILLS = (40, 60) if LARGE else (12, 20)
PAPERS = 120 if LARGE else 40
ROWS = 3_000
"""Rows of one list: three batches."""
NEW = 2_000
"""Rows of a list that the list before does not have."""
POLITE = "closed to robots"
"""A scenario that ends otherwise where politeness is switched off, as it is here to be quick."""

pytestmark = pytest.mark.timeout(600 if LARGE else 120)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path, World(seed=7, papers=PAPERS)) as made:
        yield made


def written(folder: Path, number: int) -> str:
    """A list that overlaps with the one before."""
    first = number * NEW
    lines = "\n".join(f'10.5555/{row},"Title {row}"' for row in range(first, first + ROWS))
    path = folder / f"{number}.csv"
    path.write_text(f"DOI,Title\n{lines}\n", encoding="utf-8")
    return str(path)


@pytest.mark.case("X01")
@pytest.mark.case("X02")
def test_imports_that_are_killed_go_on_and_count_every_row_once(small: Town, tmp_path: Path) -> None:
    random, kills, lists = Random(11), 0, [written(tmp_path, 0)]
    while kills < IMPORT_KILLS:
        running = small.launcher.start("import", lists[-1], "--collection", "All", "--json")
        grown = moments(random, small.position, most=1)
        ended = small.killed(running, grown, random.uniform(0.0, 0.4))
        assert ended.code in {0, -SIGKILL}, ended.err
        kills += ended.code != 0
        if ended.code == 0:
            lists.append(written(tmp_path, len(lists)))
    for number, path in enumerate(lists):
        counts = small.launcher.run("import", path, "--collection", "All", "--json").json()
        known = ROWS - NEW if number else 0
        assert (counts["status"], counts["rows"]) == ("completed", ROWS)
        assert (counts["registered"], counts["known"]) == (ROWS - known, known)
    small.finds_everything_in_order()
    assert small.number("SELECT count(*) FROM papers") == NEW * len(lists) + ROWS - NEW


@pytest.mark.case("X04")
@pytest.mark.case("X07")
@pytest.mark.case("X10")
def test_work_that_is_killed_goes_on_and_ends_as_if_nothing_had_been(small: Town, tmp_path: Path) -> None:
    upload = tmp_path / "list.csv"
    upload.write_text(small.web.world.csv(), encoding="utf-8", newline="")
    assert small.launcher.run("import", str(upload)).code == 0
    random, kills = Random(12), 0
    while kills < WORK_KILLS:
        running = small.launcher.start("work", "--wait", "0")
        ended = small.killed(running, moments(random, small.position, most=8), random.uniform(0.0, 0.03))
        assert ended.code == -SIGKILL, "there is nothing left to be killed at"
        kills += 1
    ended = small.launcher.run("work", "--wait", "10", "--json")
    assert ended.code == 0, ended.err
    small.finds_everything_in_order()
    _as_expected(small)


def _as_expected(small: Town) -> None:
    exported = small.launcher.run("export", "--format", "jsonl").out.splitlines()
    papers = {paper["doi"]: paper for paper in map(json.loads, exported)}
    expected = small.web.world.expected()
    assert papers.keys() == expected.keys()
    for doi, paper in papers.items():
        if expected[doi].scenario != POLITE:
            assert paper["status"] == expected[doi].outcome, (doi, expected[doi], paper)
        if expected[doi].outcome is Status.DONE:
            assert paper["file"]["sha256"] == expected[doi].sha256


@pytest.mark.case("X19")
@pytest.mark.parametrize("number", [SIGINT, SIGTERM])
def test_work_that_is_asked_to_end_gives_everything_back(tmp_path: Path, number: Signals) -> None:
    with town(tmp_path, World.files_of(20_000, papers=20), delay=0.2) as slow:
        upload = tmp_path / "list.csv"
        upload.write_text(slow.web.world.csv(), encoding="utf-8", newline="")
        slow.launcher.run("import", str(upload))
        running = slow.launcher.start("work", "--json")
        processing = "SELECT count(*) FROM papers WHERE status = 'processing'"
        slow.wait(running, lambda: slow.number(processing) == 2)
        running.signal(number)
        ended = running.ended()
        assert ended.code == 128 + number, ended.err
        assert "Stopping" in ended.err
        assert "Traceback" not in ended.err
        assert ended.json()["papers"].keys() <= {"new", "located", "done", "unavailable"}
        assert slow.number(processing) == slow.number("SELECT count(*) FROM workers") == 0
        assert slow.number("SELECT count(*) FROM events WHERE type = 'paper.failed'") == 0
        slow.finds_everything_in_order()


@pytest.mark.case("I05")
@pytest.mark.case("X21")
def test_of_two_processes_one_is_killed_and_the_other_goes_on(tmp_path: Path) -> None:
    with town(tmp_path, World.files_of(100_000, papers=20), delay=0.02) as busy:
        upload = tmp_path / "list.csv"
        upload.write_text(busy.web.world.csv(), encoding="utf-8", newline="")
        busy.launcher.run("import", str(upload))
        victim, survivor = busy.launcher.start("work"), busy.launcher.start("work", "--json")
        downloaded = "SELECT count(*) FROM events WHERE type = 'paper.downloaded'"
        assert busy.killed(victim, lambda: busy.number(downloaded) >= 5, 0.0).code == -SIGKILL
        assert survivor.ended().code == 0
        assert busy.launcher.run("work").code == 0
        busy.finds_everything_in_order()
        assert busy.number(downloaded) == 20
        assert busy.number("SELECT count(*) FROM papers WHERE status = 'done'") == 20
