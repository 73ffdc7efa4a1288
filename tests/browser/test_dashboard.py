"""The dashboard in Chromium: the first steps, live numbers, the chart as a table, with JavaScript and without."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from application.handling import PROGRAM
from application.importing import Request
from interfaces.container import Container
from tests.browser.conftest import Open, Site, serving
from tests.browser.test_browser import assert_usable
from tests.interfaces.web.serving import application

pytestmark = pytest.mark.browser


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[tuple[str, Container]]:
    """A server of a new installation, and the application behind it."""
    with application(tmp_path, contact_email="") as container, serving(container) as base:
        yield base, container


@pytest.mark.parametrize("javascript", [True, False])
def test_the_first_steps_lead_from_nothing_to_a_start(
    open_page: Open, fresh: tuple[str, Container], javascript: bool
) -> None:
    base, container = fresh
    watched = open_page(f"{base}/", java_script_enabled=javascript)
    page = watched.page
    steps = page.locator("#first-steps")
    expect(steps).to_contain_text("0 of 4 done")
    page.get_by_role("link", name="Set the address").click()
    page.locator("input[name=contact_email]").fill("jo@example.org")
    page.locator("form[action='/settings/contact'] button[type=submit]").click()
    page.goto(f"{base}/")
    expect(steps).to_contain_text("1 of 4 done")
    page.get_by_role("link", name="Import your first list").click()
    expect(page).to_have_url(re.compile("/import"))
    container.importing.run(_accepted(container))
    page.goto(f"{base}/")
    expect(steps).to_contain_text("2 of 4 done")
    page.get_by_role("button", name="Leave it so").click()
    expect(steps).to_contain_text("3 of 4 done")
    steps.get_by_role("button", name="Start").click()
    expect(page.locator("#switch-title")).to_have_text(re.compile(r"The scraper is\s+running"))
    expect(steps).to_have_count(0)
    if javascript:
        watched.sound()


def _accepted(container: Container) -> str:
    upload = container.uploads.keep([b"10.5555/a\n10.5555/b\n"])
    return container.importing.accept(upload, Request(filename="list.txt", collection="Mine", actor=PROGRAM)).import_id


def test_the_first_steps_can_be_hidden(open_page: Open, fresh: tuple[str, Container]) -> None:
    base, _ = fresh
    watched = open_page(f"{base}/")
    watched.page.get_by_role("button", name="Hide this").click()
    expect(watched.page.locator("#first-steps")).to_have_count(0)
    watched.page.reload()
    expect(watched.page.locator("#first-steps")).to_have_count(0)
    watched.sound()


def test_numbers_follow_what_happens_and_the_table_stays_open(open_page: Open, fresh: tuple[str, Container]) -> None:
    base, container = fresh
    container.importing.run(_accepted(container))
    watched = open_page(f"{base}/")
    page = watched.page
    expect(page.locator("#figure-processing .figure-number")).to_have_text("2")
    page.get_by_text("The same as a table").click()
    page.wait_for_timeout(300)  # the stream opens
    upload = container.uploads.keep([b"10.5555/c\n10.5555/d\n10.5555/e\n"])
    more = container.importing.accept(upload, Request(filename="more.txt", collection="Mine", actor=PROGRAM))
    container.importing.run(more.import_id)
    expect(page.locator("#figure-processing .figure-number")).to_have_text("5")
    expect(page.locator(".is-now")).to_be_visible()
    watched.sound()


@pytest.mark.parametrize("width", [1280, 320])
def test_everybody_can_use_it(open_page: Open, site: Site, width: int) -> None:
    page = open_page("/", viewport={"width": width, "height": 900}).page
    page.get_by_text("The same as a table").click()
    assert_usable(page, "the dashboard")


@pytest.mark.parametrize("width", [1280, 320])
def test_everybody_can_use_a_new_one(open_page: Open, fresh: tuple[str, Container], width: int) -> None:
    base, _ = fresh
    assert_usable(open_page(f"{base}/", viewport={"width": width, "height": 900}).page, "a new installation")
