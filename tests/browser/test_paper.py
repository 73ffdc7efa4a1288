"""The page of a paper in Chromium: what a person reads there, and what stays while it follows the log."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import Request as Sent

from application.handling import PROGRAM
from application.importing import Request
from domain.events import Event
from domain.metadata import Metadata
from domain.paper_events import CandidateTried, CopiesLocated, Failed, MetadataUpdated, ProcessingStarted, Reopened
from domain.pipeline import Status
from tests.browser.conftest import Open, Site, serving
from tests.browser.test_browser import assert_usable
from tests.interfaces.web.serving import application
from tests.interfaces.web.world import COPY, happen, populated

pytestmark = pytest.mark.browser
STARTED = ProcessingStarted(module="download", worker="w", attempt="a")
TRIED = CandidateTried(
    url=COPY.url, source="unpaywall", outcome="timeout", redirects=("https://a.example/1", "https://b.example/2")
)
ATTEMPT: tuple[Event, ...] = (Reopened(to=Status.LOCATED, why="retry"), STARTED, TRIED, Failed(cause="timeout"))
BEGINNING: tuple[Event, ...] = (
    ProcessingStarted(module="locate", worker="w", attempt="b"),
    MetadataUpdated(source="crossref", metadata=Metadata(publisher="Publisher")),
    CopiesLocated(copies=(COPY,)),
)
PAPERS = 12


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of these tests' own: they change what is in its library."""
    with application(tmp_path_factory.mktemp("papers")) as container:
        world = populated(container)
        rows = "\n".join(f"10.5555/own/{number},Paper number {number}" for number in range(PAPERS))
        upload = container.uploads.keep([f"DOI,Title\n{rows}\n".encode()])
        accepted = container.importing.accept(upload, Request(filename="own.csv", collection="Own", actor=PROGRAM))
        container.importing.run(accepted.import_id)
        with serving(container) as base:
            yield Site(base=base, world=world)


_numbers: Iterator[int] = iter(range(PAPERS))


@pytest.fixture
def paper(site: Site) -> str:
    """A paper of this test's own, tried once."""
    found = site.container.papers.find(f"10.5555/own/{next(_numbers)}")
    assert found is not None
    happen(site.container, found.id, *BEGINNING, *ATTEMPT[1:])
    return found.id


@pytest.mark.parametrize("javascript", [True, False])
def test_what_happened_is_read_as_of_any_event(open_page: Open, paper: str, javascript: bool) -> None:
    watched = open_page(f"/papers/{paper}", java_script_enabled=javascript)
    page = watched.page
    expect(page.locator(".standing-text")).to_contain_text("A copy is known at repository.example.")
    search = page.locator(".attempt").filter(has=page.get_by_role("heading", name="Search for copies"))
    search.get_by_text("1 more").click()
    expect(search.get_by_text("Now known from crossref: publisher.")).to_be_visible()
    search.locator(".attempt-head a.when").last.click()
    expect(page.get_by_text("This is the paper as it was at")).to_be_visible()
    expect(page.locator(".standing-status")).to_have_text("Located")
    expect(page.locator(".attempt")).to_have_count(1)
    page.get_by_role("link", name="Back to now").click()
    expect(page.locator(".attempt")).to_have_count(2)
    page.get_by_role("link", name="Only what failed").click()
    expect(page.locator(".attempt")).to_have_count(1)
    page.get_by_role("link", name="Show everything").click()
    expect(page.locator(".attempt")).to_have_count(2)
    if javascript:
        watched.sound()


def test_what_is_open_stays_open_while_the_page_follows_the_log(open_page: Open, site: Site, paper: str) -> None:
    watched = open_page(f"/papers/{paper}", viewport={"width": 1280, "height": 500})
    page = watched.page
    page.get_by_text("2 redirects").click()
    link = page.get_by_role("link", name="All events as JSON")
    link.focus()
    page.evaluate("scrollTo(0, 200)")
    page.wait_for_timeout(400)  # the stream opens
    happen(site.container, paper, *ATTEMPT)
    expect(page.locator(".attempt")).to_have_count(3)
    expect(page.get_by_text("https://b.example/2").last).to_be_visible()
    expect(link).to_be_focused()
    assert page.evaluate("scrollY") == 200
    watched.sound()


def test_picture_and_viewer_are_loaded_once(open_page: Open, site: Site) -> None:
    watched = open_page("/about")
    page, asked = watched.page, list[str]()

    def note(request: Sent) -> None:
        asked.append(request.url.partition("?")[0].rpartition("/")[2])

    page.on("request", note)
    page.goto(f"/papers/{site.world.done}", wait_until="load")
    picture = page.get_by_role("img", name="The first page of the PDF")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    assert asked.count("file") == 0  # the folded viewer asks for nothing
    page.get_by_text("Read it here").click()
    expect(page.locator("iframe.viewer")).to_be_visible()
    page.wait_for_timeout(400)
    page.evaluate("document.querySelector('iframe').addEventListener('load', () => { window.again = true })")
    happen(site.container, site.world.done, MetadataUpdated(source="crossref", metadata=Metadata(publisher="Another")))
    expect(page.locator("#about-title ~ dl")).to_contain_text("Another")
    page.wait_for_timeout(300)
    assert asked.count("picture") == 1
    assert page.evaluate("window.again") is None
    watched.sound()


def test_the_page_is_used_with_the_keyboard_alone(open_page: Open, paper: str) -> None:
    page = open_page(f"/papers/{paper}").page
    reached = _walk(page)
    for name in ("Only what failed", "All events as JSON", "2 redirects", "1 more"):
        assert any(name in each for each in reached), (name, reached)
    page.get_by_text("1 more").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Now known from crossref: publisher.")).to_be_visible()


def _walk(page: Page) -> list[str]:
    """What the tabulator reaches in the page, in order."""
    page.locator("#main").focus()
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        text = page.evaluate("document.activeElement.innerText || document.activeElement.tagName")
        reached.append(re.sub(r"\s+", " ", text))
    return reached


@pytest.mark.parametrize("width", [1280, 320])
def test_every_state_of_the_page_can_be_used_by_everybody(open_page: Open, site: Site, paper: str, width: int) -> None:
    happen(site.container, paper, *(ATTEMPT * 30))
    position = site.container.log.head().position
    page = open_page("/healthz", viewport={"width": width, "height": 800}).page
    papers = site.world.papers
    addresses = [f"/papers/{papers[status]}" for status in Status]
    addresses += [f"/papers/{paper}", f"/papers/{paper}?shown=failed", f"/papers/{paper}?as_of={position}"]
    for address in addresses:
        page.goto(address, wait_until="load")
        page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true })")
        assert_usable(page, address)
