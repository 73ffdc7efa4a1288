"""The page of the publishers, in Chromium, with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.test_browser import assert_usable

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False])
def test_what_proves_a_rule_is_found_from_the_scraper(open_page: Open, javascript: bool) -> None:
    watched = open_page("/scraper", java_script_enabled=javascript)
    page = watched.page
    page.get_by_role("link", name="Publishers: whose pages are known").click()
    expect(page.get_by_role("heading", level=1, name="Publishers")).to_be_visible()
    expect(page.locator("#publisher-others")).to_contain_text("Everybody else")
    page.locator("#known summary").click()
    expect(page.locator("#publisher-wiley")).to_contain_text("proved")
    expect(page.locator("#publisher-acs")).to_contain_text("unproved")
    expect(page.locator("#publisher-researchgate")).to_contain_text("left alone")
    if javascript:
        watched.sound()


@pytest.mark.parametrize("width", [1280, 320])
def test_anybody_can_use_it(open_page: Open, width: int) -> None:
    watched = open_page("/publishers", viewport={"width": width, "height": 800})
    watched.page.locator("#known summary").click()
    assert_usable(watched.page, "/publishers")
    watched.sound()
