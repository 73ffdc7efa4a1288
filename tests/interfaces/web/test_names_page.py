"""The names of files: trying a pattern out, and renaming from the page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from application.ports.library import LibraryUnavailable
from application.renaming import KIND, Renaming
from domain.paper_events import FileRenamed
from interfaces.container import Container
from tests.interfaces.stored import stored
from tests.interfaces.web.reading import one
from tests.interfaces.web.serving import application, visitor
from tests.interfaces.web.test_pages import inert

Browser = TestClient[Any]
NAMES = "/settings/names"


@frozen
class World:
    """The container, and two papers with files."""

    container: Container
    done: str
    other: str


@pytest.fixture
def named(tmp_path: Path) -> Iterator[tuple[Browser, World]]:
    """A browser on papers of which two have files; what is done in the background is done at once."""
    with application(tmp_path) as made:
        container = evolve(made, in_bulk=lambda action: action())
        world = World(container, stored(container, "<b>Done</b>"), stored(container, "Other"))
        with visitor(container) as browser:
            yield browser, world


def shown(browser: Browser, address: str, **headers: str) -> LexborHTMLParser:
    answer = browser.get(address, headers=headers)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def test_a_pattern_is_shown_on_papers_while_it_is_typed(named: tuple[Browser, World]) -> None:
    browser, _ = named
    part = shown(browser, f"{NAMES}/examples?name_pattern=" + "{year}/{title}")
    found = [node.text() for node in part.css(".names code")]
    assert [name.rpartition("_")[0] for name in found] == ["2020/Done", "2020/Other"]
    for address in (NAMES, "/settings"):
        assert shown(browser, address).css(".names code")


def test_a_wrong_pattern_is_told_where_it_is_typed(named: tuple[Browser, World]) -> None:
    browser, _ = named
    part = shown(browser, f"{NAMES}/examples?name_pattern=" + "{password}<img src=x>")
    assert "has a field that is not known: {password}" in part.text()
    assert part.css("img") == []
    page = shown(browser, f"{NAMES}?name_pattern=" + "{password}")
    assert one(page, "#name_pattern").attributes["value"] == "{password}"
    assert "aria-invalid" in one(page, "#name_pattern").attributes


def test_files_are_renamed_after_the_number_was_told(named: tuple[Browser, World]) -> None:
    browser, world = named
    before = world.container.papers.find(world.done)
    assert before
    assert "All 2 files have the names" in one(shown(browser, NAMES), "#names-state").text()
    browser.post("/settings/library", data={"name_pattern": "{year}/{doi}"})
    page = shown(browser, NAMES)
    count = one(page, "#names-state strong").text()
    assert one(page, "#names-state button").text() == f"Rename {count} files"
    assert before.file_path in one(page, "#names-state table").text()
    answer = browser.post(f"{NAMES}/rename")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{NAMES}?begun=1")
    after = world.container.papers.find(world.done)
    assert after
    assert (after.file_path or "").startswith("2020/10.5555--b-done--b")
    assert browser.get(f"/papers/{world.done}/file").status_code == 200
    events = world.container.log.stream(f"paper-{world.done}")
    assert isinstance(events[-1].event, FileRenamed)
    assert f"All {count} files have the names" in one(shown(browser, NAMES), "#names-state").text()
    assert "The file was renamed" in inert(browser.get(f"/papers/{world.done}").text).text()
    assert world.container.maintenance.verify().faults == ()


def test_what_was_asked_for_and_has_not_begun_is_told(named: tuple[Browser, World]) -> None:
    browser, _ = named
    assert "All 2 files" in one(shown(browser, f"{NAMES}?begun=1"), "#names-state").text()
    browser.post("/settings/library", data={"name_pattern": "{doi}"})
    state = one(shown(browser, f"{NAMES}?begun=1"), "#names-state")
    assert "2 files will get another name in a moment." in state.text()
    assert (state.attributes["hx-get"], state.attributes["hx-trigger"]) == (NAMES, "every 2s")


def test_progress_is_shown_and_nobody_begins_twice(named: tuple[Browser, World]) -> None:
    browser, world = named
    with world.container.tasks.run(KIND, "names of files") as report:
        report(1, 2)
        part = shown(browser, NAMES, **{"hx-request": "true", "hx-request-type": "partial"})
        assert "1 of 2 were looked at" in part.text()
        assert one(part, "#names-state").attributes["hx-trigger"] == "every 2s"
        answer = browser.post(f"{NAMES}/rename")
        assert answer.status_code == 409
        assert "being renamed already" in answer.text


def test_a_library_that_is_not_there_is_told(named: tuple[Browser, World], monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: Renaming) -> None:
        raise LibraryUnavailable("The folder is missing.", remedy="Mount its disk.")

    monkeypatch.setattr(Renaming, "plan", gone)
    assert "Mount its disk." in one(shown(named[0], NAMES), "#names-state").text()


def test_without_files_there_is_nothing_to_do(browser: Browser) -> None:
    page = shown(browser, NAMES)
    assert "No paper has a file yet." in one(page, "#names-state").text()
    assert "Examples are shown when papers have files." in page.text()
