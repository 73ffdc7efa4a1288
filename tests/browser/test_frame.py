"""What surrounds every page: navigation, single keys, and pages that ask by themselves where the stream is silent."""

import re

import pytest
from playwright.sync_api import Route, expect

from interfaces.web.navigation import PLACES, Place
from tests.browser.conftest import AXE, Open

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 640}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_place_is_reached_by_the_navigation(open_page: Open, place: Place) -> None:
    watched = open_page("/papers")
    page = watched.page
    page.get_by_role("navigation", name="Main").get_by_role("link", name=place.name, exact=True).click()
    expect(page).to_have_url(re.compile(rf"{re.escape(place.address)}$"))
    current = page.get_by_role("navigation", name="Main").locator("[aria-current=page]")
    expect(current).to_have_text(place.name)
    assert page.evaluate(f"{AXE};0") == 0
    found = page.evaluate("axe.run()")["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    watched.sound()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_narrow_page_folds_its_navigation(open_page: Open, javascript: bool) -> None:
    page = open_page("/papers", viewport=NARROW, java_script_enabled=javascript).page
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Jobs")
    expect(link).to_be_hidden()
    page.get_by_role("link", name="Menu", exact=True).click()
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jobs")
    expect(link).to_be_hidden()


@pytest.mark.parametrize("place", [place for place in PLACES if place.key], ids=lambda place: place.name)
def test_two_keys_lead_to_a_place(open_page: Open, place: Place) -> None:
    page = open_page("/about").page
    page.keyboard.press("g")
    page.keyboard.press(place.key)
    expect(page).to_have_url(re.compile(rf"{re.escape(place.address)}$"))


def test_keys_are_not_taken_from_somebody_who_types(open_page: Open) -> None:
    page = open_page("/papers").page
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("g?/p")
    expect(page.locator("#q")).to_have_value("g?/p")
    expect(page).to_have_url(re.compile(r"/papers"))


def test_a_question_mark_opens_the_help_where_keys_can_be_switched_off(open_page: Open) -> None:
    watched = open_page("/about")
    page = watched.page
    page.keyboard.press("?")
    expect(page).to_have_url(re.compile(r"/help$"))
    page.get_by_role("button", name="Switch single keys off").click()
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.reload()
    expect(page.get_by_role("button", name="Switch single keys on")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/help$"))
    watched.sound()


def test_a_page_asks_by_itself_where_its_stream_is_silent(open_page: Open) -> None:
    watched = open_page("/about")
    page = watched.page
    asked: list[str] = []

    def held_back(route: Route) -> None:
        asked.append("stream")  # never answered: as behind a proxy that holds streams back

    page.route("**/live*", held_back)
    page.clock.install()
    page.goto("/")
    with page.expect_request(
        lambda request: request.headers.get("hx-request") == "true" and "/live" not in request.url
    ):
        page.clock.run_for(45_000)
    assert asked
