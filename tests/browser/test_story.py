"""One story from an empty installation to an export, as a researcher clicks through it, against the simulated web."""

import csv
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import evolve, frozen
from playwright.sync_api import Browser, BrowserContext, Page, expect

from application.queries import PaperFilter
from domain.pipeline import Status
from infrastructure.simulation.server import ScholarlyWeb
from infrastructure.simulation.world import World
from interfaces import bootstrap
from interfaces.container import Container
from interfaces.serving import at_work
from interfaces.settings import load
from tests.browser.conftest import WATCH, Watched
from tests.interfaces.web.serving import serving

pytestmark = pytest.mark.browser
PAPERS = 14
PATIENCE = 90_000
"""Milliseconds that the program's own work may take."""


@frozen(kw_only=True)
class Place:
    """An installation that works, its address, and the world that it looks at."""

    container: Container
    base: str
    world: World

    def count(self, *statuses: Status) -> int:
        """How many papers have one of these statuses."""
        found = self.container.papers.by_status(PaperFilter())
        return sum(found.get(status, 0) for status in statuses)

    def wait(self, when: Callable[[], bool]) -> None:
        """Wait until the program has come so far."""
        end = time.monotonic() + PATIENCE / 1000
        while not when():
            assert time.monotonic() < end
            time.sleep(0.05)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    world = World(5, PAPERS)
    data = tmp_path / "data"
    settings, origins = load({"SCIPAPERLOADER_DATA_DIR": str(data)}, tmp_path)
    with ScholarlyWeb(world) as web:
        quick = {"disk_reserve_bytes": 1, "local_gap": 0.0, "page_seconds": 5.0, "file_seconds": 5.0}
        settings = evolve(settings, **web.application(), **quick)
        with bootstrap.container(settings, origins, {}) as app, at_work(app), serving(app) as base:
            yield Place(container=app, base=base, world=world)


@pytest.fixture
def context(chromium: Browser, place: Place) -> Iterator[BrowserContext]:
    made = chromium.new_context(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce", base_url=place.base, accept_downloads=True
    )
    made.set_default_timeout(15_000)
    made.add_init_script(WATCH)
    yield made
    made.close()


def go(page: Page, name: str) -> None:
    """Follow the navigation."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("navigation", name="Main").locator("[aria-current=page]")).to_contain_text(name)


def test_from_an_empty_installation_to_an_export(context: BrowserContext, place: Place, tmp_path: Path) -> None:
    watched = Watched(context.new_page()).watch()
    page = watched.page
    page.goto("/")
    introduce_oneself(page)
    import_the_list(page, place, tmp_path)
    paint_the_schedule(page, place)
    start_and_see_papers_come(page, place, context)
    stop_and_see_everything_go_back(page, place)
    give_a_file_by_hand(page, place, tmp_path)
    export_and_compare(page, place, tmp_path)
    watched.sound()


def introduce_oneself(page: Page) -> None:
    """The contact address, which the first page asks for."""
    expect(page.get_by_text("No contact address is set.").first).to_be_visible()
    go(page, "Settings")
    page.locator("#contact_email").fill("me@example.org")
    page.locator("#contact").get_by_role("button", name="Save").click()
    expect(page.get_by_text("No contact address is set.")).to_have_count(0)


def import_the_list(page: Page, place: Place, tmp_path: Path) -> None:
    """A check first, which changes nothing, and then the import."""
    listing = tmp_path / "sleep.csv"
    listing.write_text(place.world.csv())
    page.get_by_role("link", name="Import a list").first.click()
    page.get_by_label("Choose a file").set_input_files(listing)
    page.get_by_label("Collection").first.fill("Sleep")
    page.get_by_role("button", name="Check first").click()
    expect(page.get_by_text("Nothing was changed yet.")).to_be_visible()
    assert place.count(*Status) == 0
    page.get_by_role("button", name="Import ").last.click()
    expect(page.get_by_text("Every row was dealt with.")).to_be_visible(timeout=PATIENCE)
    assert place.count(*Status) == PAPERS


def paint_the_schedule(page: Page, place: Place) -> None:
    """So many papers a day that this hour takes all of them."""
    go(page, "Schedule")
    page.get_by_label("Papers a day").fill("9000")
    page.get_by_role("button", name="Save the schedule").last.click()
    expect(page.get_by_label("Papers a day")).to_have_value("9000")
    assert place.container.scheduling.painted().schedule.volume == 9000


def start_and_see_papers_come(page: Page, place: Place, context: BrowserContext) -> None:
    """The list of papers in another tab follows by itself, while jobs are run at once."""
    go(page, "Scraper")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", name="The scraper is")).to_contain_text("running")
    place.wait(lambda: place.count(Status.PENDING) >= 4 and not place.count(Status.NEW))
    other = context.new_page()
    other.goto("/papers")
    done = other.locator("#chip-done .count")
    go(page, "Jobs")
    for _ in range(3 * PAPERS):  # a job may begin by itself before it is clicked
        if place.count(Status.DONE) >= 2 or place.count(Status.PENDING) <= 2:
            break
        tab = context.new_page()
        tab.goto("/jobs?status=planned")
        with tab.expect_response(lambda answer: answer.request.method == "POST"):
            tab.get_by_role("button", name="Run now").first.click()
        tab.close()
        place.wait(lambda: not place.count(Status.PROCESSING))
    place.wait(lambda: place.count(Status.DONE) > 0)
    place.wait(lambda: done.text_content() == str(place.count(Status.DONE)))
    other.close()


def stop_and_see_everything_go_back(page: Page, place: Place) -> None:
    """The page tells how many papers a stop takes back, and so many it takes back."""
    planned = place.count(Status.PENDING)
    go(page, "Scraper")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("heading", name="The scraper is")).to_contain_text("stopped")
    place.wait(lambda: place.count(Status.PENDING, Status.PROCESSING) == 0)
    assert place.count(Status.LOCATED) >= planned - 2  # some may have begun by themselves meanwhile


def give_a_file_by_hand(page: Page, place: Place, tmp_path: Path) -> None:
    """A paper that no source knows, whose file a person has."""
    go(page, "Needs you")
    page.get_by_role("link", name="Tried again by itself").click()
    row = page.locator("tr[id^='p-']").first
    name = row.get_attribute("id")
    assert name
    paper = place.container.papers.find(name.removeprefix("p-"))
    assert paper
    assert paper.doi
    file = tmp_path / "from the library.pdf"
    theirs = place.world.find(paper.doi)
    assert theirs
    file.write_bytes(place.world.pdf(theirs))
    page.locator("#files").set_input_files(file)
    page.get_by_role("button", name="Match them with papers").click()
    page.get_by_role("button", name="Give the chosen files").click()
    place.wait(lambda: place.container.papers.find(paper.id).status is Status.DONE)  # type: ignore[union-attr]


def export_and_compare(page: Page, place: Place, tmp_path: Path) -> None:
    """The export has every paper, with the path of each file in the library."""
    go(page, "Papers")
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    download.value.save_as(tmp_path / "export.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "export.csv").read_text(encoding="utf-8-sig"))))
    assert len(rows) == PAPERS
    done = [row for row in rows if row["status"] == "done"]
    assert len(done) == place.count(Status.DONE) >= 2
    assert all((place.container.settings.library / row["file_path"]).is_file() for row in done)
