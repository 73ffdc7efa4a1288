"""Everything that happened, in Chromium: filters, new events that never move what is read, one event."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from domain.pipeline import Status
from interfaces.container import Container
from tests.browser.conftest import Open, Site, serving
from tests.browser.test_browser import assert_usable
from tests.interfaces.web.serving import application
from tests.interfaces.web.world import World, populated, put_off

pytestmark = pytest.mark.browser
DETAILS = "/activity?level=detail&kind=paper.deferred"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[str, World]]:
    """A server of a library of its own."""
    with application(tmp_path) as container:
        world = populated(container)
        with serving(container) as base:
            yield base, world


@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_looked_for_is_found(open_page: Open, site: Site, javascript: bool) -> None:
    watched = open_page("/activity", java_script_enabled=javascript)
    page = watched.page
    page.get_by_label("Search in what happened").fill("open_but_blocked")
    page.locator("#filters").get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("text=open_but_blocked"))
    expect(page.locator("#events > li")).to_have_count(1)
    expect(page.locator("#events")).to_contain_text("Not retrieved")
    page.locator("#kinds > summary").click()
    page.get_by_label("Jobs").check()
    page.locator("#filters").get_by_role("button", name="Show").click()
    expect(page.locator("#activity")).to_contain_text("Nothing matches")
    page.locator("#activity").get_by_role("link", name="Clear all filters").click()
    expect(page.locator("#events > li").first).to_be_visible()
    if javascript:
        watched.sound()


def test_new_events_come_in_at_the_top(open_page: Open, own: tuple[str, World]) -> None:
    base, world = own
    watched = open_page(f"{base}{DETAILS}")
    page = watched.page
    page.wait_for_timeout(300)  # the stream opens
    put_off(world.container, world.papers[Status.NEW])
    expect(page.locator("#events > li")).to_have_count(1)
    expect(page.locator("#events")).to_contain_text("Ordinary title, new")
    watched.sound()


def test_new_events_are_announced_to_whoever_reads(open_page: Open, own: tuple[str, World]) -> None:
    base, world = own
    watched = open_page(f"{base}/activity?level=detail&kind=import&kind=paper.deferred")
    page = watched.page
    page.locator("#events summary").first.click()
    page.wait_for_timeout(300)
    put_off(world.container, world.papers[Status.NEW])
    expect(page.locator("#news")).to_contain_text("1 new.")
    page.wait_for_timeout(500)
    assert "Ordinary title, new" not in page.locator("#events").inner_text()
    expect(page.locator("#events details[open]")).to_have_count(1)
    page.locator("#news").get_by_role("link", name="Show").click()
    expect(page.locator("#events")).to_contain_text("Ordinary title, new")
    expect(page.locator("#events details[open]")).to_have_count(1)
    watched.sound()


def test_who_does_not_want_new_ones_is_only_told(open_page: Open, own: tuple[str, World]) -> None:
    base, world = own
    watched = open_page(f"{base}{DETAILS}")
    page = watched.page
    page.get_by_label("Show new ones by themselves").uncheck()
    page.reload()
    expect(page.get_by_label("Show new ones by themselves")).not_to_be_checked()
    page.wait_for_timeout(300)
    put_off(world.container, world.papers[Status.NEW])
    expect(page.locator("#news")).to_contain_text("1 new.")
    page.wait_for_timeout(500)
    expect(page.locator("#events > li")).to_have_count(0)
    watched.sound()


def test_a_search_that_was_broken_off_goes_on_by_itself(
    open_page: Open, own: tuple[str, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    base, world = own
    _broken_off_at_first(world.container, monkeypatch)
    watched = open_page(f"{base}/activity?kind=paper.failed")
    expect(watched.page.locator("#events > li")).to_have_count(1)
    expect(watched.page.locator("#events-end .note")).to_have_count(0)
    watched.sound()


def _broken_off_at_first(container: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = type(container.activity)
    whole, asked = kind.page, list[int]()

    def page(self: object, which: object, **fields: object) -> object:
        asked.append(1)
        if len(asked) == 1:
            fields["limit"], fields["after"] = 1, container.log.head().position - 1
            found = whole(self, which, **fields)  # type: ignore[arg-type]
            return type(found)(events=(), reached=container.log.head().position, more=True)
        return whole(self, which, **fields)  # type: ignore[arg-type]

    monkeypatch.setattr(kind, "page", page)


def test_an_event_can_be_looked_at(open_page: Open, site: Site) -> None:
    watched = open_page("/activity?kind=paper.failed")
    page = watched.page
    page.locator("#events a.when").first.click()
    expect(page.locator(".event-sentence")).to_contain_text("Not retrieved")
    expect(page.locator(".raw-event")).to_contain_text('"cause": "open_but_blocked"')
    page.get_by_role("link", name="as it was then").click()
    expect(page).to_have_url(re.compile("as_of="))
    watched.sound()


@pytest.mark.parametrize("width", [1280, 320])
def test_everybody_can_use_it(open_page: Open, site: Site, width: int) -> None:
    page = open_page("/activity", viewport={"width": width, "height": 900}).page
    for summary in ("#kinds > summary", "#more-filters > summary", "#events summary"):
        page.locator(summary).first.click()
    assert_usable(page, "the activity page")
    page.goto("/activity/20")
    assert_usable(page, "an event")
    page.goto("/activity?since=nonsense")
    assert_usable(page, "a filter that makes no sense")
