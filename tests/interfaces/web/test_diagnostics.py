"""The page of the diagnostics."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from litestar.testing import TestClient

from application.checkup import Checkup
from application.health import Here, Result, State
from application.ports.tasks import TaskStatus
from interfaces.web.rendering import coded, timed
from interfaces.web.views import diagnostics
from tests.interfaces.web.serving import application, visitor
from tests.interfaces.web.world import World, populated

Browser = TestClient[Any]
WRONG = Result(
    name="disk", state=State.ERROR, tested="The <disk>", value="It is <full>.", remedy="Run `scipaperloader <x>`."
)
FINE = Result(name="clock", state=State.OK, tested="The clock", value="It is right.", remedy="")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with application(tmp_path) as container:
        at_once = evolve(container, by_hand=_at_once, checkup=Checkup(lambda: (FINE, WRONG), container.clock))
        yield populated(at_once)


@pytest.fixture
def browser(world: World) -> Iterator[Browser]:
    with visitor(world.container) as browser:
        yield browser


def _at_once(action: Any) -> None:
    try:
        action()
    except Exception:  # noqa: BLE001 (as in earnest: the task tells it)
        return


def test_what_is_wrong_comes_first_with_what_to_do(browser: Browser) -> None:
    page = browser.get("/diagnostics").text
    assert "1 thing is wrong" in page
    assert page.index("The &lt;disk&gt;") < page.index("The clock")
    assert "Run <code>scipaperloader &lt;x&gt;</code>." in page
    assert "<full>" not in page


def test_what_to_do_is_a_page_where_there_is_one(world: World) -> None:
    told = evolve(WRONG, here=Here(text="Press <it>.", address="/jobs"))
    checkup = Checkup(lambda: (told,), world.container.clock)
    with visitor(evolve(world.container, checkup=checkup)) as browser:
        page = browser.get("/diagnostics").text
    assert '<a href="/jobs">Press &lt;it&gt;.</a>' in page
    assert "scipaperloader &lt;x&gt;" not in page


def test_a_rebuild_is_said_to_be_harmless(browser: Browser) -> None:
    assert "It is harmless" in browser.get("/diagnostics").text


def test_every_check_of_the_commands_is_made(tmp_path: Path) -> None:
    with application(tmp_path) as container, visitor(container) as browser:
        container.checkup.begin(60)
        page = browser.get("/diagnostics").text
    for name in ("data-folder", "database", "read-models", "contact", "plan", "matched-jobs", "warnings"):
        assert f'id="check-{name}"' in page


def test_a_look_that_takes_long_is_waited_for_by_the_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics, "PATIENCE", 0.0)
    import threading

    go = threading.Event()
    slow = Checkup(lambda: (FINE,) if go.wait(20) else (), world.container.clock)
    with visitor(evolve(world.container, checkup=slow)) as browser:
        page = browser.get("/diagnostics").text
        assert "Everything is being looked at" in page
        assert 'hx-trigger="load delay:1s"' in page
        go.set()
        slow.begin(20)
        part = browser.get("/diagnostics", headers={"hx-request": "true"}).text
        assert "Everything is in order" in part
        assert "<html" not in part
        assert "load delay" not in part


def test_a_stop_is_rehearsed_and_writes_nothing(browser: Browser, world: World) -> None:
    before = world.container.log.head()
    page = browser.get("/diagnostics?rehearse=emergency-stop").text
    assert "2 papers are in transit; an emergency stop would take back 2." in page
    assert world.container.log.head() == before
    assert browser.get("/diagnostics?rehearse=nothing").status_code == 422


def test_a_proof_is_made_and_told(browser: Browser, world: World) -> None:
    assert browser.post("/diagnostics/verify", data={"expect": ""}).headers["location"] == "/diagnostics#proofs"
    task = world.container.tasks.recent()[0]
    assert task.status is TaskStatus.FAILED  # the file of the world is none of its log
    assert "fault" in task.detail
    assert "Proof of log, tables and files" in browser.get("/diagnostics").text


def test_a_wrong_anchor_is_told(browser: Browser, world: World) -> None:
    browser.post("/diagnostics/verify", data={"expect": "<nonsense>"})
    task = world.container.tasks.recent()[0]
    assert task.status is TaskStatus.FAILED
    assert "<nonsense>" not in browser.get("/diagnostics").text


def test_the_tables_are_rebuilt(browser: Browser, world: World) -> None:
    before = world.container.papers.find(world.done)
    browser.post("/diagnostics/rebuild")
    assert world.container.tasks.recent()[0].status is TaskStatus.FINISHED
    assert world.container.papers.find(world.done) == before


def test_a_backup_is_made(tmp_path: Path) -> None:
    with application(tmp_path) as container, visitor(evolve(container, by_hand=_at_once)) as browser:
        browser.post("/diagnostics/backup")
        assert container.tasks.recent()[0].status is TaskStatus.FINISHED
        assert [one.is_dir() for one in (tmp_path / "backups").glob("scipaperloader-*")] == [True]


def test_a_proof_that_does_not_exist_is_not_found(browser: Browser) -> None:
    assert browser.post("/diagnostics/reset").status_code == 404


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Run `a <b>` now", "Run <code>a &lt;b&gt;</code> now"),
        ("a ` b", "a ` b"),
        ("<i>`x`</i>", "&lt;i&gt;<code>x</code>&lt;/i&gt;"),
        ("", ""),
    ],
)
def test_commands_are_shown_as_code(text: str, shown: str) -> None:
    assert str(coded(text)) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "Put off until 2 Jan 2027, 03:04 UTC: <b>",
            'Put off until <time datetime="2027-01-02T03:04:00Z">2 Jan 2027, 03:04 UTC</time>: &lt;b&gt;',
        ),
        ("At 99 Jan 2027, 03:04 UTC", "At 99 Jan 2027, 03:04 UTC"),
        ("", ""),
    ],
)
def test_moments_in_a_text_are_shown_as_such(text: str, shown: str) -> None:
    assert str(timed(text)) == shown
