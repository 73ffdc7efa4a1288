"""Two servers on one database: one leads, the other takes over when it is killed or frozen, and nothing is lost."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP

import pytest

from infrastructure.leases import LEASE
from infrastructure.simulation.world import World
from tests.crash.accounts import account_of, due_now, located
from tests.crash.points import At
from tests.crash.serving import DOWNLOADED, OPEN, PROCESSING, Servers
from tests.crash.town import LARGE, town
from tests.databases import KINDS, Databases, address

PAPERS = 40 if LARGE else 8

pytestmark = pytest.mark.timeout(600 if LARGE else 120)


@pytest.fixture(params=KINDS)
def pair(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Iterator[Servers]:
    more = {"HANDS": "2", "FILE_SECONDS": "600", "PAGE_SECONDS": "600"}
    loaded = ("interfaces.serving",) if LARGE else ("interfaces.serving", "tests.crash.short_leases")
    with ExitStack() as stack:
        here = stack.enter_context(databases.empty(request.param))
        url = None if here.is_sqlite else address(here)
        world = World.files_of(100_000, papers=PAPERS)
        made = stack.enter_context(town(tmp_path, world, delay=0.1, url=url, more=more, loaded=loaded))
        yield Servers(made, request.param)


@pytest.mark.case("I01")
@pytest.mark.case("I03")
def test_the_leader_is_killed_during_downloads_and_the_other_goes_on(pair: Servers) -> None:
    papers = located(pair.town)
    first = pair.serve()
    pair.leads(first)
    second = pair.serve()
    due_now(pair.town, papers)
    pair.wait(first, lambda: pair.town.number(DOWNLOADED) >= 3 and pair.town.number(PROCESSING) > 0)
    assert pair.leader() == pair.worker(first), "both serve, one leads"
    assert first.answers()
    first.running.signal(SIGKILL)
    assert first.running.ended().code == -SIGKILL
    pair.leads(second)
    assert second.answers()
    pair.wait(second, lambda: pair.town.number(OPEN) == 0)
    pair.ends(second)
    pair.finds_everything_in_order()
    account = account_of(pair.town)
    taken_back = account.reverted.get("crash", 0)
    assert set(account.reverted) <= {"crash"}
    assert taken_back <= 2, "as many as the killed one had hands"
    assert len(account.downloads) == len(papers) - taken_back
    assert max(account.attempts.values()) == min(account.attempts.values()) == 1, "every job ran, and none twice"


FROZEN = 60.0 if LARGE else 0.0
"""Seconds that the frozen leader is left alone at least."""


@pytest.mark.case("I04")
@pytest.mark.parametrize(
    "point",
    [
        "the file is in its place, not told",
        pytest.param("the paper is claimed", marks=pytest.mark.slow),
        pytest.param("a piece of the body is written", marks=pytest.mark.slow),
        pytest.param("the file is checked, not on disk", marks=pytest.mark.slow),
    ],
)
def test_a_leader_that_was_frozen_is_refused_when_it_goes_on(pair: Servers, point: str) -> None:
    papers = located(pair.town)
    due_now(pair.town, papers)
    first = pair.serve(At(point=point, nth=2, number=SIGSTOP), At(point="a late result is dropped", number=None))
    pair.town.wait(first.running, first.running.is_stopped)
    frozen_at, late = time.monotonic(), pair.worker(first)
    second = pair.serve()
    pair.leads(second)
    pair.wait(second, lambda: pair.town.number(OPEN) == 0 and time.monotonic() >= frozen_at + FROZEN, 120.0)
    done = pair.town.number(DOWNLOADED)
    first.running.signal(SIGCONT)
    nothing_to_drop = point == "the file is checked, not on disk"  # its half file was removed with the crash
    for words in ("this process leads no more", *(() if nothing_to_drop else ("a late result is dropped",))):
        pair.wait(first, lambda words=words: words in first.running.printed())  # type: ignore[misc]
    assert first.answers(), "it serves on"
    assert pair.leader() == pair.worker(second)
    assert pair.town.number(DOWNLOADED) == done, "what came late was refused"
    pair.ends(second)
    pair.leads(first, LEASE / 2)  # who ends is followed at once
    pair.ends(first)
    pair.finds_everything_in_order()
    account = account_of(pair.town)
    assert set(account.reverted) == {"crash"}
    assert len(papers) - done == account.reverted["crash"] >= 1
    assert pair.town.number(f"SELECT count(*) FROM jobs WHERE worker = '{late}' AND status = 'stopped'") >= 1
    assert len(account.downloads) == done
    assert max(account.attempts.values()) == 1, "no job ran twice"


@pytest.mark.slow
@pytest.mark.case("I04")
def test_a_leader_that_is_frozen_while_it_writes_holds_up_nobody_for_long(pair: Servers) -> None:
    """On SQLite it holds the lock of the file: there the others go on reading, and write when it goes on."""
    papers = located(pair.town)
    first = pair.serve(At(point="everything is written, nothing committed", nth=9, number=SIGSTOP))
    pair.wait(first, first.answers)
    pair.leads(first)
    second = pair.serve()
    due_now(pair.town, papers)
    pair.town.wait(first.running, first.running.is_stopped)
    if pair.kind == "postgresql":
        pair.leads(second)
        pair.wait(second, lambda: pair.town.number(OPEN) == 0)
    assert second.answers()
    first.running.signal(SIGCONT)
    pair.wait(second, lambda: pair.town.number(OPEN) == 0)
    assert first.answers()
    pair.ends(first)
    pair.ends(second)
    pair.finds_everything_in_order()
    assert max(account_of(pair.town).attempts.values()) == 1
