"""Acting on papers, one and many, and taking it back, in Chromium, with JavaScript and without."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from application.handling import PROGRAM
from application.importing import Request
from application.queries import PaperFilter
from domain.pipeline import Status
from interfaces.container import Container
from tests.browser.conftest import Open, serving
from tests.browser.test_browser import assert_usable
from tests.interfaces.planned import locate_all
from tests.interfaces.web.serving import application
from tests.interfaces.web.world import put_off

pytestmark = pytest.mark.browser
PAPERS = 53
"""Three more than a page of the list has."""


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[tuple[str, Container]]:
    """A server with papers on two pages, and the application behind it."""
    with application(tmp_path) as container:
        rows = "\n".join(f"10.5555/{number:03},Paper {number:03}" for number in range(PAPERS))
        upload = container.uploads.keep([f"DOI,Title\n{rows}\n".encode()])
        accepted = container.importing.accept(upload, Request(filename="list.csv", collection="Mine", actor=PROGRAM))
        container.importing.run(accepted.import_id)
        with serving(container) as base:
            yield base, container


def count(container: Container, status: Status) -> int:
    return container.papers.count(PaperFilter(statuses=(status,)))


def box(page: Page, number: int) -> Locator:
    return page.get_by_label(f"Select Paper {number:03}", exact=True)


@pytest.mark.parametrize("javascript", [True, False])
def test_one_paper_is_set_aside_and_wanted_again(
    open_page: Open, shelf: tuple[str, Container], javascript: bool
) -> None:
    base, container = shelf
    row = container.papers.find("10.5555/007")
    assert row is not None
    watched = open_page(f"{base}/papers/{row.id}", java_script_enabled=javascript)
    page = watched.page
    page.locator("summary", has_text="Exclude").click()
    page.get_by_label("Reason").locator("visible=true").fill("off topic")
    page.get_by_role("button", name="Exclude", exact=True).click()
    notice = page.locator("#told")
    expect(notice.get_by_role("status")).to_contain_text("Paper 007: Excluded: off topic")
    expect(page.locator(".standing")).to_contain_text("Excluded")
    notice.get_by_role("button", name="Reinstate it").click()
    expect(notice.get_by_role("status")).to_contain_text("Wanted again")
    notice.get_by_role("link", name="Close").click()
    expect(notice).to_have_count(0)
    expect(page).to_have_url(re.compile(rf"/papers/{row.id}$"))
    assert count(container, Status.EXCLUDED) == 0
    if javascript:
        watched.sound()


def test_a_selection_outlives_pages_and_news(open_page: Open, shelf: tuple[str, Container]) -> None:
    base, container = shelf
    watched = open_page(f"{base}/papers")
    page = watched.page
    told = page.locator(".bulk-count")
    expect(page.get_by_role("button", name="Exclude…")).to_be_hidden()
    box(page, 3).check()
    expect(told).to_have_text("1 paper selected.")
    page.wait_for_timeout(300)  # the stream opens
    changed = container.papers.find("10.5555/020")
    assert changed is not None
    put_off(container, changed.id)
    expect(page.locator("#news")).to_contain_text("1 paper changed")
    page.get_by_role("link", name="Show").click()
    expect(box(page, 3)).to_be_checked()
    page.get_by_role("link", name="Next").click()
    expect(told).to_have_text("1 paper selected, 1 of them on other pages.")
    page.get_by_label("Select every paper on this page").check()
    expect(told).to_have_text("4 papers selected, 1 of them on other pages.")
    page.get_by_role("button", name="Exclude…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Exclude: 4 papers")
    page.get_by_label("Reason").fill("off topic")
    page.get_by_role("button", name="Exclude: 4 papers").click()
    expect(page.locator("#told")).to_contain_text("4 papers were excluded: off topic.")
    expect(told).to_have_text("Select papers to act on them.")
    assert count(container, Status.EXCLUDED) == 4
    page.locator("#told").get_by_role("button", name="Undo").click()
    expect(page.locator("#told")).to_contain_text("4 papers were reinstated.")
    assert count(container, Status.EXCLUDED) == 0
    watched.sound()


def test_another_filter_begins_another_selection(open_page: Open, shelf: tuple[str, Container]) -> None:
    base, _ = shelf
    watched = open_page(f"{base}/papers")
    page = watched.page
    box(page, 3).check()
    page.locator("#q").fill("Paper 004")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator(".bulk-count")).to_have_text("Select papers to act on them.")
    page.locator("#q").fill("")
    expect(page.locator("tbody tr")).to_have_count(50)
    expect(box(page, 3)).to_be_checked()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(box(page, 3)).not_to_be_checked()
    watched.sound()


@pytest.mark.case("N04")
@pytest.mark.parametrize("javascript", [True, False])
def test_all_that_match_are_acted_on_and_followed(
    open_page: Open, shelf: tuple[str, Container], javascript: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.bulk.BATCH", 20)
    monkeypatch.setattr("interfaces.web.views.bulk.TYPED_ABOVE", 50)
    base, container = shelf
    watched = open_page(f"{base}/papers?q=Paper", java_script_enabled=javascript)
    page = watched.page
    page.get_by_label("Select all 53 that match").check()
    page.get_by_role("button", name="Mark unavailable…").click()
    page.get_by_label("Reason").fill("In no library")
    page.get_by_label("Type the number").fill("54")
    page.get_by_role("button", name="Mark unavailable: 53 papers").click()
    expect(page.get_by_role("alert")).to_contain_text("That is not the number")
    expect(page.get_by_label("Reason")).to_have_value("In no library")
    page.get_by_label("Type the number").fill("53")
    page.get_by_role("button", name="Mark unavailable: 53 papers").click()
    expect(page).to_have_url(re.compile(r"/papers\?q=Paper&told=\d+$"))
    page.locator("#told").get_by_role("link", name=re.compile("Progress|Details")).click()
    if not javascript:
        page.wait_for_timeout(1_000)
        page.reload()
    expect(page.locator("#bulk-progress")).to_contain_text("53 papers were marked unavailable: In no library.")
    assert count(container, Status.UNAVAILABLE) == 53
    if javascript:
        watched.faults = [fault for fault in watched.faults if "422" not in fault]  # the browser's word for the answer
        watched.sound()


def test_without_javascript_ticked_papers_are_acted_on(open_page: Open, shelf: tuple[str, Container]) -> None:
    base, container = shelf
    page = open_page(f"{base}/papers", java_script_enabled=False).page
    expect(page.get_by_role("button", name="Requested…")).to_have_count(0)  # new papers do not take it
    page.get_by_role("button", name="Exclude…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No paper is selected")
    page.get_by_role("link", name="Back to the list").click()
    locate_all(container)
    page.reload()
    box(page, 1).check()
    box(page, 2).check()
    page.get_by_role("button", name="Requested…").click()
    page.get_by_label("Note").fill("loan 7")
    page.get_by_role("button", name="Requested: 2 papers").click()
    expect(page.locator("#told")).to_contain_text("2 papers were marked as requested: loan 7.")
    assert container.papers.count(PaperFilter()) == PAPERS


def test_the_bell_counts_and_the_list_takes_back(open_page: Open, shelf: tuple[str, Container]) -> None:
    base, container = shelf
    watched = open_page(f"{base}/papers")
    page = watched.page
    page.wait_for_timeout(500)  # the bell learns that nothing is new
    container.scheduling.change({"volume": 7}, PROGRAM)  # nobody's doing
    response = page.request.put(
        f"{base}/api/v1/schedule", data={"volume": 9}, headers={"sec-fetch-site": "same-origin"}
    )
    assert response.ok
    seconds = 15  # the bell looks every five seconds at most
    expect(page.locator("#bell")).to_have_text(re.compile(r"1\s*new"), timeout=seconds * 1000)
    page.get_by_role("link", name="Notices").click()
    expect(page.locator(".notices li")).to_have_count(1)
    expect(page.locator(".notices")).to_contain_text("The daily volume is now 9 papers.")
    page.get_by_role("button", name="Back to what it was").click()
    expect(page.locator("#told")).to_contain_text("The daily volume is now 7 papers.")
    assert container.scheduling.painted().schedule.volume == 7
    watched.sound()


@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 800}}])
def test_everybody_can_use_it(open_page: Open, shelf: tuple[str, Container], options: dict[str, object]) -> None:
    base, _ = shelf
    page = open_page(f"{base}/papers", **options).page
    box(page, 1).check()
    box(page, 2).check()
    assert_usable(page, "a selection")
    page.get_by_role("button", name="Exclude…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Exclude: 2 papers")
    assert_usable(page, "the page that asks")
    page.get_by_role("button", name="Exclude: 2 papers").click()
    expect(page.locator("#told")).to_contain_text("2 papers were excluded.")
    assert_usable(page, "a notice")
    page.locator("#told").get_by_role("link", name="Details").click()
    expect(page.locator("#bulk-progress")).to_contain_text("2 papers were excluded.")
    assert_usable(page, "the outcome")
    page.goto(f"{base}/notices", wait_until="load")
    assert_usable(page, "the notices")
