"""Diagnostics and settings, with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import AXE, Open, Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False])
def test_a_setting_is_changed_and_told_to_the_log(open_page: Open, site: Site, javascript: bool) -> None:
    gap = "1.5" if javascript else "1.25"
    page = open_page("/settings", java_script_enabled=javascript).page
    page.get_by_label("Seconds between two requests").fill(gap)
    page.locator("#politeness").get_by_role("button", name="Save").click()
    expect(page.get_by_label("Seconds between two requests")).to_have_value(gap)
    assert site.container.settings.host_gap == float(gap)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_wrong_setting_is_told_where_it_is(open_page: Open, javascript: bool) -> None:
    page = open_page("/settings", java_script_enabled=javascript).page
    page.get_by_label("Names of stored files").fill("{nothing}")
    page.locator("#library").get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved")
    expect(page.get_by_label("Names of stored files")).to_have_value("{nothing}")
    expect(page.get_by_label("Names of stored files")).to_have_attribute("aria-invalid", "true")
    if javascript:
        page.evaluate(f"{AXE};0")
        assert page.evaluate("axe.run()")["violations"] == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_stop_is_tried_out(open_page: Open, site: Site, javascript: bool) -> None:
    before = site.container.log.head()
    watched = open_page("/diagnostics", java_script_enabled=javascript)
    page = watched.page
    page.get_by_role("link", name="Try a stop").click()
    expect(page.get_by_text("papers are in transit; a stop would take back")).to_be_visible()
    assert site.container.log.head() == before
    if javascript:
        watched.sound()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_pattern_of_names_is_tried_out_while_it_is_typed(open_page: Open, javascript: bool) -> None:
    watched = open_page("/settings/names", java_script_enabled=javascript)
    page = watched.page
    page.get_by_role("textbox", name="Pattern").fill("{nothing}")
    if not javascript:
        page.get_by_role("button", name="Show").click()
    expect(page.locator("#name-examples")).to_contain_text("has a field that is not known: {nothing}")
    page.get_by_role("textbox", name="Pattern").fill("{year}/{title}")
    if not javascript:
        page.get_by_role("button", name="Show").click()
    expect(page.locator("#name-examples")).not_to_contain_text("not known")
    expect(page.get_by_role("textbox", name="Pattern")).to_have_value("{year}/{title}")
    if javascript:
        page.evaluate(f"{AXE};0")
        assert page.evaluate("axe.run()")["violations"] == []
        watched.sound()
