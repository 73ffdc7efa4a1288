"""The list of papers in Chromium: by pointer and keys, with the panel beside it, with JavaScript and without."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PAPERS, Open, Site
from tests.browser.test_browser import assert_usable

pytestmark = pytest.mark.browser
LIST = "/papers?collection=Long+list"


def test_a_filter_is_chosen_from_its_counts_and_taken_off(open_page: Open) -> None:
    watched = open_page(LIST)
    page = watched.page
    page.locator("#menu-year summary").click()
    page.get_by_role("link", name="1950 to 1959").click()
    expect(page.locator(".narrowed")).to_contain_text("10 papers match")
    expect(page).to_have_url(re.compile("year=1950-1959"))
    page.locator("#menu-year summary").click()
    page.get_by_role("link", name="1957").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Year 1957 , take off").click()
    expect(page.get_by_text(f"1–50 of {PAPERS}")).to_be_visible()
    watched.sound()


def test_a_menu_closes_where_one_looks_elsewhere(open_page: Open) -> None:
    watched = open_page(LIST)
    page = watched.page
    page.locator("#menu-host summary").click()
    expect(page.locator("#facet-host")).to_contain_text("None of these papers has one.")
    page.get_by_role("heading", name="Papers").click()
    expect(page.locator("#menu-host")).not_to_have_attribute("open", "")
    page.locator("#menu-source summary").click()
    expect(page.locator("#facet-source")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#facet-source")).to_be_hidden()
    expect(page.locator("#menu-source summary")).to_be_focused()
    watched.sound()


def test_rows_are_walked_through_and_looked_at_by_keys(open_page: Open) -> None:
    watched = open_page(LIST)
    page, rows = watched.page, watched.page.locator("#results tbody tr")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("Paper number 001")
    expect(page).to_have_url(re.compile("panel="))
    page.keyboard.press("j")
    expect(page.locator("#panel h2")).to_have_text("Paper number 002")
    expect(rows.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#panel h2")).to_have_text("Paper number 001")
    page.keyboard.press("x")
    expect(rows.nth(1).get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("o")
    expect(page.locator("#panel h2 a")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(rows.nth(1)).to_be_focused()
    expect(page).not_to_have_url(re.compile("panel="))
    watched.sound()


def test_single_keys_can_be_off_and_escape_works_still(open_page: Open) -> None:
    watched = open_page(LIST)
    page = watched.page
    page.evaluate("window.singleKeys.set(false)")
    page.keyboard.press("j")
    expect(page.locator("#results tbody tr:focus")).to_have_count(0)
    page.locator("a.peek").first.click()
    expect(page.locator("#panel h2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    watched.sound()


def test_a_click_on_a_row_looks_at_it_and_keeps_the_place(open_page: Open) -> None:
    watched = open_page(LIST)
    page = watched.page
    page.locator("tbody tr").nth(30).scroll_into_view_if_needed()
    row = page.locator("tbody tr").nth(30)
    top = "(row) => row.getBoundingClientRect().top"
    before = row.evaluate(top)
    row.locator(".col-year").click()
    expect(page.locator("#panel h2")).to_have_text("Paper number 030")
    assert abs(row.evaluate(top) - before) < 5
    page.reload()
    expect(page.locator("#panel h2")).to_have_text("Paper number 030")
    page.get_by_role("link", name="Close").click()
    expect(page.locator("#panel")).to_be_hidden()
    watched.sound()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_paper_leads_to_the_next_and_back_to_its_row(open_page: Open, javascript: bool) -> None:
    watched = open_page(LIST + "&sort=-year", java_script_enabled=javascript)
    page = watched.page
    page.get_by_role("link", name="Next →").click()
    page.get_by_role("link", name="Paper number 060").click()
    page.get_by_role("link", name=re.compile("Next ↓")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Paper number 059")
    page.get_by_role("link", name=re.compile("↑ Previous")).click()
    page.get_by_role("link", name=re.compile("↑ Previous")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Paper number 061")
    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_role("link", name="Paper number 061")).to_be_in_viewport()
    if javascript:
        watched.sound()


@pytest.mark.parametrize("javascript", [True, False])
def test_columns_are_chosen_and_a_view_is_saved(open_page: Open, site: Site, javascript: bool) -> None:
    name = f"Oldest {javascript}"
    watched = open_page(LIST + "&sort=year", java_script_enabled=javascript)
    page = watched.page
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Attempts").check()
    page.get_by_label("Changed").uncheck()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="Attempts")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Changed")).to_have_count(0)
    page.get_by_text("Save this list").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The view was saved.")).to_be_visible()
    page.goto("/papers", wait_until="load")
    page.get_by_role("navigation", name="Saved views").get_by_role("link", name=name).click()
    expect(page.get_by_role("columnheader", name="Attempts")).to_be_visible()
    if javascript:
        expect(page.locator(".view[aria-current] .count")).to_have_text(re.compile(str(PAPERS)))
    page.get_by_text("This view", exact=True).click()
    page.get_by_role("button", name="Delete this view").click()
    expect(page.get_by_text("The view was deleted")).to_be_visible()
    assert name not in [view.name for view in site.container.saved_views.all()]
    if javascript:
        watched.sound()


def test_a_filter_is_chosen_without_javascript(open_page: Open) -> None:
    page = open_page(LIST, java_script_enabled=False).page
    page.locator("#menu-year summary").click()
    page.locator("#menu-year").get_by_role("link", name="Show the choices").click()
    page.get_by_label("Years, like 2010-2019").fill("1990-1994")
    page.locator("#facet-year").get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(5)


def test_what_is_typed_into_the_search_keeps_the_other_filters(open_page: Open) -> None:
    watched = open_page("/papers?year=1900-1949&columns=title,host")
    page = watched.page
    page.get_by_label("Search").press_sequentially("number 00")
    expect(page.locator("tbody tr")).to_have_count(10)
    expect(page).to_have_url(re.compile(r"q=number\+00&year=1900-1949&columns=title%2Chost"))
    watched.sound()


@pytest.mark.parametrize("width", [1280, 320])
def test_menus_and_panel_can_be_used_by_everybody(open_page: Open, site: Site, width: int) -> None:
    page = open_page("/healthz", viewport={"width": width, "height": 800}).page
    done = quote(site.world.done)
    for address in (
        f"/papers?panel={done}", "/papers?facet=cause", "/papers?facet=year&year=2020&q=ordinary",
        "/papers?columns=status,journal,host,source,version,licence,attempts,again,requested,added,changed,file",
        f"/papers/{done}?in=sort%3Dtitle",
    ):  # fmt: skip
        page.goto(address, wait_until="load")
        assert_usable(page, address)
    page.goto("/papers", wait_until="load")
    page.get_by_text("Columns", exact=True).click()
    assert_usable(page, "the columns")
    page.get_by_text("Save this list").click()
    assert_usable(page, "the form of a view")


def test_a_table_with_many_columns_keeps_words_whole_and_the_panel_in_sight(open_page: Open, site: Site) -> None:
    page = open_page("/papers?columns=status,title,journal,year,host,changed,file").page
    box, icon = (page.locator(where).first.bounding_box() for where in (".table-box", "td.col-peek"))
    assert box
    assert icon
    assert icon["x"] + icon["width"] <= box["x"] + box["width"] + 1, "the way to the panel is in sight"
    broken = """cells => cells.filter(cell => {
        const style = getComputedStyle(cell);
        return style.overflowWrap === "anywhere" || style.wordBreak !== "normal";
    }).length"""
    assert page.locator("td.col-text, td.col-paper").evaluate_all(broken) == 0


def test_rows_are_dense(open_page: Open) -> None:
    page = open_page(LIST).page
    heights = page.locator("tbody tr").evaluate_all("rows => rows.map(row => row.getBoundingClientRect().height)")
    assert max(heights) < 100
    lines = page.locator(".paper-line").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert max(lines) < 30, "authors, journal and DOI are on one line"


def test_what_can_be_done_stays_in_sight_on_a_narrow_page(open_page: Open) -> None:
    watched = open_page(LIST, viewport={"width": 320, "height": 640})
    page = watched.page
    page.locator(".col-select input").nth(20).check()
    expect(page.locator(".bulk-acts .button").first).to_be_in_viewport()
    page.mouse.wheel(0, 2_000)
    expect(page.locator(".bulk-acts .button").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#sort, select[name=sort]").first.evaluate("one => one.scrollWidth <= one.clientWidth")
    watched.sound()
