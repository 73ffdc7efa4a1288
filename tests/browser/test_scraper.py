"""The page of the scraper, in Chromium, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import expect

from application.handling import PROGRAM
from interfaces.container import Container
from tests.browser.conftest import Open
from tests.browser.test_browser import assert_usable

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False])
def test_the_scraper_is_paused_with_a_reason(open_page: Open, planned: tuple[str, Container], javascript: bool) -> None:
    base, container = planned
    watched = open_page(f"{base}/scraper", java_script_enabled=javascript)
    page = watched.page
    expect(page.locator("#effect-pause")).to_contain_text("The plan of the hour stays, with 2 papers")
    page.get_by_label("Reason").fill("moving house")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".switch-now")).to_contain_text(re.compile(r"paused.*moving house", re.DOTALL))
    expect(page.locator(".just-done")).to_contain_text("The scraper was paused: moving house")
    assert page.url.startswith(f"{base}/scraper")
    assert container.controlling.status() == "paused"
    if javascript:
        watched.sound()


@pytest.mark.parametrize("javascript", [True, False])
def test_sources_are_ordered_and_switched_by_keyboard(
    open_page: Open, planned: tuple[str, Container], javascript: bool
) -> None:
    base, container = planned
    watched = open_page(f"{base}/scraper", java_script_enabled=javascript)
    page = watched.page
    sources = page.locator("tr[id^=source-]")
    place = sources.evaluate_all("rows => rows.findIndex(row => row.id === 'source-arxiv')")
    page.get_by_role("button", name="Ask arXiv earlier").press("Enter")
    expect(sources.nth(place - 1)).to_contain_text("arXiv")
    page.get_by_role("button", name="Switch off Crossref").press("Enter")
    expect(page.locator("#source-crossref")).to_contain_text("Switch on")
    page.get_by_role("button", name="Switch off the module locate").press("Enter")
    expect(page.locator("#module-locate")).to_contain_text("Switch on")
    assert not container.scheduling.modules().runs("locate")
    assert not container.scheduling.modules().asks("crossref")
    if javascript:
        watched.sound()


def test_the_page_follows_the_log_and_keeps_what_is_being_typed(
    open_page: Open, planned: tuple[str, Container]
) -> None:
    base, container = planned
    watched = open_page(f"{base}/scraper")
    page = watched.page
    page.get_by_label("Reason").fill("not yet sent")
    page.wait_for_timeout(300)  # the stream opens
    container.sourcing.toggle("arxiv", False, PROGRAM)
    expect(page.locator("#source-arxiv")).to_contain_text("Switch on")
    expect(page.get_by_label("Reason")).to_have_value("not yet sent")
    watched.sound()


def test_the_drawing_leads_to_the_papers(open_page: Open) -> None:
    watched = open_page("/scraper")
    watched.page.get_by_role("link", name=re.compile(r"^Failed: \d+ paper")).click()
    expect(watched.page).to_have_url(re.compile("status=failed"))


@pytest.mark.parametrize("width", [1280, 320])
def test_anybody_can_use_it(open_page: Open, width: int) -> None:
    watched = open_page("/scraper", viewport={"width": width, "height": 800})
    page = watched.page
    for details in page.locator("#scraper details").all():
        details.locator("summary").first.click()
    assert_usable(page, "/scraper")
    watched.sound()
