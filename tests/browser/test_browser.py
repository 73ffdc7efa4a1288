"""What a person does, in Chromium, with JavaScript and without."""

import re
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from application.ports.event_log import Origin, Write
from domain.paper import stream_of
from domain.paper_events import Deferred, ProcessingStarted
from domain.pipeline import Status
from interfaces.web.app import create_app
from interfaces.web.navigation import PLACES
from tests.browser.conftest import AXE, PAPERS, Open, Site
from tests.interfaces.web.routes import looked_at
from tests.interfaces.web.world import HOSTILE, MOMENT, RECIPES, put_off

pytestmark = pytest.mark.browser
STARTED = ProcessingStarted(module="locate", worker="w", attempt="a")
EVERYTHING = PAPERS + len(RECIPES) + len(HOSTILE)


@pytest.fixture
def listing(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A list with two papers of this test's own, and a row that cannot be taken."""
    name = re.sub(r"\W", "-", request.node.name)
    path = tmp_path / f"{name}.csv"
    path.write_text(f"DOI,Title\n10.5555/{name}/1,First of {name}\n10.5555/{name}/2,Second\nno doi,<b>Third</b>\n")
    return path


@pytest.mark.parametrize("javascript", [True, False])
def test_a_list_is_uploaded_by_clicking(open_page: Open, listing: Path, javascript: bool) -> None:
    watched = open_page("/", java_script_enabled=javascript)
    page = watched.page
    page.get_by_role("link", name="Import a list").first.click()
    page.get_by_label("Choose a file").set_input_files(listing)
    page.get_by_label("Collection").fill("Mine")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name=listing.name)).to_be_visible()
    expect(page.get_by_text("Every row was dealt with.")).to_be_visible()
    expect(page.get_by_role("cell", name="<b>Third</b>")).to_be_visible()
    page.get_by_role("link", name="Show its papers").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name=f"First of {listing.stem}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"First of {listing.stem}")
    if javascript:
        watched.sound()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_list_is_checked_first(open_page: Open, site: Site, listing: Path, javascript: bool) -> None:
    watched = open_page("/import", java_script_enabled=javascript)
    page, before = watched.page, site.container.log.head()
    page.get_by_label("Choose a file").set_input_files(listing)
    page.get_by_role("button", name="Check first").click()
    expect(page.get_by_role("heading", name="3 rows in")).to_be_visible()
    expect(page.get_by_text("Nothing was changed yet.")).to_be_visible()
    assert site.container.log.head() == before
    page.get_by_role("button", name=re.compile("^Import 2 ")).click()
    expect(page.get_by_text("Every row was dealt with.")).to_be_visible()
    if javascript:
        watched.sound()


def test_a_list_that_is_none_moves_the_focus_to_the_reason(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/import").page
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is no list.")
    expect(page.get_by_role("alert")).to_be_focused()
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 nothing")
    page.get_by_label("Choose a file").set_input_files(tmp_path / "a.pdf")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Check first").click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_identifiers_are_pasted(open_page: Open, site: Site) -> None:
    watched = open_page("/import")
    watched.page.get_by_text("Or paste").click()
    watched.page.get_by_label("Identifiers").fill("10.5555/pasted/1\n10.5555/pasted/2\n")
    watched.page.get_by_role("button", name="Import", exact=True).click()
    expect(watched.page.get_by_text("Every row was dealt with.")).to_be_visible()
    assert site.container.papers.find("10.5555/pasted/2")
    watched.sound()


def test_a_file_is_dropped(open_page: Open) -> None:
    watched = open_page("/import")
    watched.page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["doi\\n10.5555/dropped\\n10.5555/dropped2\\n"], "dropped.csv"));
            document.querySelector(".drop").dispatchEvent(
                new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }"""
    )
    watched.page.get_by_role("button", name="Check first").click()
    expect(watched.page.get_by_role("heading", name="2 rows in “dropped.csv”")).to_be_visible()
    watched.sound()


def test_the_list_is_searched_while_typing(open_page: Open) -> None:
    watched = open_page("/papers")
    page = watched.page
    page.evaluate("window.here = true")
    page.get_by_label("Search").press_sequentially("number 017")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/papers\?q=number\+017$"))
    expect(page).to_have_title(re.compile("^number 017 · Papers"))
    expect(page.get_by_label("Search")).to_be_focused()
    expect(page.locator("#results").get_by_role("status").filter(has_text="1 paper matches")).to_be_visible()
    assert page.evaluate("window.here") is True
    watched.sound()


def test_the_list_is_searched_without_javascript(open_page: Open) -> None:
    page = open_page("/papers", java_script_enabled=False).page
    page.get_by_label("Search").fill("number 017")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Clear all filters").click()
    expect(page.locator("tbody tr")).to_have_count(50)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_list_is_narrowed_sorted_and_paged(open_page: Open, javascript: bool) -> None:
    watched = open_page("/papers", java_script_enabled=javascript)
    page = watched.page
    page.locator("#chip-failed").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("#chip-all").click()
    page.locator("#menu-collection summary").click()
    if not javascript:
        page.locator("#menu-collection").get_by_role("link", name="Show the choices").click()
    page.get_by_role("link", name="Long list").click()
    expect(page.get_by_text(f"1–50 of {PAPERS}")).to_be_visible()
    page.get_by_role("link", name="Year").click()
    expect(page.get_by_role("columnheader", name="Year")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("link", name="Year").click()
    expect(page.locator("tbody tr").first).to_contain_text("Paper number 119")
    page.get_by_role("link", name="Next").click()
    expect(page.locator("tbody tr").first).to_contain_text("Paper number 069")
    expect(page.get_by_text(f"51–100 of {PAPERS}")).to_be_visible()
    page.get_by_role("link", name="Previous").click()
    expect(page.locator("tbody tr").first).to_contain_text("Paper number 119")
    if javascript:
        watched.sound()


def test_news_wait_until_the_reader_asks_for_them(open_page: Open, site: Site) -> None:
    watched = open_page("/papers?q=number+042")
    page = watched.page
    expect(page.locator("tbody tr")).to_have_count(1)
    page.wait_for_timeout(300)  # the stream opens
    paper = site.container.papers.find("10.5555/long/042")
    assert paper is not None
    put_off(site.container, paper.id)
    expect(page.locator("#news")).to_contain_text("1 paper changed.")
    assert "slow down" not in page.locator("tbody").inner_text()
    page.locator("#news").get_by_role("link", name="Show").click()
    expect(page.locator("tbody")).to_contain_text("slow down")
    expect(page.locator("#news")).to_be_empty()
    watched.sound()


def test_the_home_page_follows_what_happens(open_page: Open, site: Site) -> None:
    watched = open_page("/")
    page = watched.page
    page.wait_for_timeout(300)
    paper = site.container.papers.find("10.5555/long/043")
    assert paper is not None
    crash = Deferred(to=Status.NEW, until=MOMENT, cause="crashed")
    write = Write(stream=stream_of(paper.id), expected=None, events=(STARTED, crash))
    site.container.log.append((write,), Origin(command="try out", actor="the tests", correlation="another"))
    expect(page.locator(".feed li").first).to_contain_text("Paper number 043")
    watched.sound()


def test_a_page_of_a_paper_follows_it_and_keeps_its_file_open(open_page: Open, site: Site) -> None:
    watched = open_page(f"/papers/{site.world.done}")
    page = watched.page
    page.get_by_text("Read it here").click()
    expect(page.locator("iframe.viewer")).to_be_visible()
    page.evaluate("document.querySelector('iframe').kept = true")
    page.wait_for_timeout(500)
    put_off(site.container, site.container.papers.find("10.5555/long/044").id)  # type: ignore[union-attr]
    page.wait_for_timeout(1_500)
    assert page.evaluate("document.querySelector('iframe').kept") is True
    expect(page.locator("iframe.viewer")).to_be_visible()
    watched.sound()


def test_the_file_is_downloaded_under_its_name(open_page: Open, site: Site) -> None:
    page = open_page(f"/papers/{site.world.done}").page
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    assert download.value.suggested_filename.startswith("Müller_2020_Ordinary")


def test_times_are_told_in_the_zone_of_the_reader(open_page: Open, site: Site) -> None:
    page = open_page(f"/papers/{site.world.papers[Status.FAILED]}", timezone_id="America/New_York", locale="en-GB").page
    expect(page.locator(".standing-next time")).to_have_text("1 Jan 2027, 22:04")
    plain = open_page(f"/papers/{site.world.papers[Status.FAILED]}", java_script_enabled=False).page
    expect(plain.locator(".standing-next time")).to_have_text("2 Jan 2027, 03:04 UTC")


def test_the_theme_is_chosen_and_remembered(open_page: Open) -> None:
    watched = open_page("/", color_scheme="light")
    page = watched.page
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Theme: as the system. Change to: light").click()
    assert page.evaluate(ground) == light
    page.get_by_role("button", name="Theme: light. Change to: dark").click()
    assert page.evaluate(ground) != light
    page.reload()
    assert page.evaluate(ground) != light
    page.get_by_role("button", name="Theme: dark. Change to: as the system").click()
    assert page.evaluate(ground) == light
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) != light
    page.reload()
    assert page.evaluate(ground) != light
    expect(page.get_by_role("button", name="Theme: as the system")).to_be_visible()
    watched.sound()


def test_a_server_that_is_gone_is_told_and_stays_told(open_page: Open) -> None:
    page = open_page("/papers").page
    page.route("**/papers?*", lambda route: route.abort())
    page.get_by_label("Search").fill("x")
    expect(page.locator(".toast")).to_contain_text("The server does not answer.")
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".toast")).to_have_count(0)


def test_a_failing_request_leaves_the_page_as_it_is(open_page: Open) -> None:
    page = open_page("/papers").page
    page.route("**/papers?*", lambda route: route.fulfill(status=503, content_type="text/plain", body="Busy. <b>"))
    page.get_by_label("Search").fill("x")
    expect(page.locator(".toast p")).to_have_text("Busy. <b>")
    expect(page.locator("tbody tr")).to_have_count(50)


@pytest.mark.case("W01")
def test_nothing_of_strangers_runs(open_page: Open, site: Site) -> None:
    watched = open_page("/papers?q=10.5555/hostile")
    watched.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    for address in ("/", *(f"/papers/{paper}" for paper in site.world.hostile)):
        watched.sound()
        watched.page.goto(address, wait_until="load")
    watched.sound()


def addresses(site: Site) -> list[str]:
    """Every kind of page, in several states."""
    papers = site.world.papers
    routes = [one for one in looked_at(create_app(site.container), site.world) if _is_page(site.base + one)]
    return [
        *routes, "/papers?q=nothing-at-all", "/papers?status=failed", f"/papers?panel={papers[Status.FAILED]}",
        *(f"/papers/{papers[status]}" for status in (Status.FAILED, Status.DOUBTFUL, Status.PROCESSING)),
        f"/papers/{site.world.hostile[-1]}", "/nowhere", "/needs?tab=fetch", "/diagnostics?rehearse=stop",
    ]  # fmt: skip


def _is_page(address: str) -> bool:
    """Whether there is a whole page, and not a part or a file."""
    try:
        with urlopen(address, timeout=60) as answer:
            return bool(answer.read(15).lower() == b"<!doctype html>")
    except HTTPError:
        return False


def offences(page: Page) -> list[str]:
    """What axe finds, as rule and element."""
    page.evaluate(AXE + ";0")
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def assert_usable(page: Page, where: str) -> None:
    """In both themes, and without scrolling sideways."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert offences(page) == [], f"{where}, {scheme}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_can_be_used_by_everybody(open_page: Open, site: Site, bare: str, width: int) -> None:
    page = open_page("/healthz", viewport={"width": width, "height": 800}).page
    for address in [*addresses(site), *(bare + place.address for place in PLACES), f"{bare}/import"]:
        page.goto(address, wait_until="load")
        assert_usable(page, address)


@pytest.mark.parametrize("width", [1280, 320])
def test_what_comes_into_a_page_can_be_used_too(open_page: Open, listing: Path, width: int) -> None:
    page = open_page("/import", viewport={"width": width, "height": 800}).page
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_usable(page, "an error")
    page.get_by_label("Choose a file").set_input_files(listing)
    page.get_by_role("button", name="Check first").click()
    expect(page.get_by_text("Nothing was changed yet.")).to_be_visible()
    assert_usable(page, "a verdict")
    page.route("**/import", lambda route: route.abort())
    page.get_by_role("button", name=re.compile("^Import 2 ")).click()
    expect(page.locator(".toast")).to_be_visible()
    assert_usable(page, "a message")
