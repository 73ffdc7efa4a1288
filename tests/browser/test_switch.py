"""The switch on the home page, in Chromium, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import expect

from application.handling import PROGRAM
from interfaces.container import Container
from tests.browser.conftest import Open
from tests.browser.test_browser import assert_usable

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False])
def test_the_switch_is_used_by_clicking(open_page: Open, planned: tuple[str, Container], javascript: bool) -> None:
    base, container = planned
    watched = open_page(f"{base}/", java_script_enabled=javascript)
    page = watched.page
    title = page.locator("#switch-title")
    expect(title).to_have_text(re.compile(r"The scraper is\s+running"))
    expect(page.locator("#effect-stop")).to_have_text("Puts 2 planned papers and 0 in work back.")
    page.get_by_role("button", name="Pause").click()
    expect(title).to_contain_text("paused")
    page.get_by_role("button", name="Resume").click()
    expect(title).to_contain_text("running")
    page.get_by_role("button", name="Emergency stop").click()
    expect(title).to_contain_text("under emergency stop")
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    page.get_by_role("button", name="Reset").click()
    expect(title).to_contain_text("stopped")
    assert container.controlling.status() == "stopped"
    if javascript:
        watched.sound()


def test_the_card_follows_what_others_do(open_page: Open, planned: tuple[str, Container]) -> None:
    base, container = planned
    watched = open_page(f"{base}/")
    watched.page.wait_for_timeout(300)  # the stream opens
    container.scheduling.change({"weights": [0] * 24}, PROGRAM)
    expect(watched.page.locator(".switch")).to_contain_text("Paused by the schedule")
    watched.sound()


def test_what_is_based_on_what_stays_open(open_page: Open, planned: tuple[str, Container]) -> None:
    base, container = planned
    watched = open_page(f"{base}/")
    watched.page.get_by_text("What that is based on").click()
    watched.page.wait_for_timeout(300)
    container.scheduling.change({"volume": 48}, PROGRAM)
    expect(watched.page.locator(".basis")).to_contain_text("the schedule takes 48 a day")
    expect(watched.page.locator(".basis li").first).to_be_visible()
    watched.sound()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_card_can_be_used_by_everybody(open_page: Open, planned: tuple[str, Container], width: int) -> None:
    base, _ = planned
    page = open_page(f"{base}/", viewport={"width": width, "height": 800}).page
    page.get_by_text("What that is based on").click()
    assert_usable(page, "running")
    page.get_by_role("button", name="Emergency stop").click()
    expect(page.get_by_role("button", name="Reset")).to_be_visible()
    assert_usable(page, "under emergency stop")
