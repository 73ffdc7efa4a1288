"""The page of the jobs in Chromium, with JavaScript and without."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import frozen
from playwright.sync_api import Page, expect

from application.handling import PROGRAM
from application.importing import Request
from application.queries import JobFilter, JobRow, JobStatus
from domain.paper_events import ProcessingStarted
from domain.scraper import Action
from interfaces.container import Container
from tests.browser.conftest import Open, serving
from tests.browser.test_browser import assert_usable
from tests.interfaces.planned import locate_all
from tests.interfaces.web.serving import application
from tests.interfaces.web.world import HOSTILE, happen

pytestmark = pytest.mark.browser


@frozen
class Planned:
    """A server with an hour that runs and its jobs; nothing runs them."""

    base: str
    container: Container
    jobs: list[JobRow]

    def begin(self, job: JobRow) -> None:
        """Let a job run."""
        event = ProcessingStarted(module="download", worker="w" * 36, attempt=f"attempt{job.id}")
        happen(self.container, job.paper, event)

    def status(self, job: JobRow) -> JobStatus:
        """What became of a job."""
        row = self.container.jobs.find(job.id)
        assert row
        return row.status


@pytest.fixture
def planned(tmp_path: Path) -> Iterator[Planned]:
    """Fifteen papers with titles that try to break out; nine of them are planned."""
    with application(tmp_path) as container:
        rows = [f'10.5555/{n},"{title.replace(chr(34), chr(34) * 2)}"' for n, title in enumerate(HOSTILE)]
        upload = container.uploads.keep(["\n".join(["DOI,Title", *rows]).encode()])
        accepted = container.importing.accept(upload, Request(filename="list.csv", collection="Mine", actor=PROGRAM))
        container.importing.run(accepted.import_id)
        locate_all(container)
        container.scheduling.change({"volume": 240}, PROGRAM)
        container.controlling.use(Action.START, "", PROGRAM)
        now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        container.planning.plan(now + timedelta(seconds=1))
        with serving(container) as base:
            yield Planned(base, container, list(container.jobs.open(JobFilter())))


def row(page: Page, job: JobRow) -> str:
    return f"#job-{job.id}"


@pytest.mark.parametrize("javascript", [True, False])
def test_jobs_are_looked_through_and_revoked(open_page: Open, planned: Planned, javascript: bool) -> None:
    watched = open_page(f"{planned.base}/jobs", java_script_enabled=javascript)
    page = watched.page
    expect(page.locator(".hour-line .mark")).to_have_count(len(planned.jobs))
    page.locator("#tab-planned").click()
    expect(page.locator("#rows tbody tr")).to_have_count(len(planned.jobs))
    page.locator(f"#job-{planned.jobs[1].id}").get_by_role("button", name="Revoke").click()
    expect(page).to_have_url(re.compile(r"status=planned&told=\d+$"))
    expect(page.locator("#rows tbody tr")).to_have_count(len(planned.jobs) - 1)
    assert planned.status(planned.jobs[1]) is JobStatus.REVOKED
    page.get_by_role("button", name=f"Revoke what matches ({len(planned.jobs) - 1})").click()
    expect(page.get_by_text(f"{len(planned.jobs) - 1} jobs were revoked.")).to_be_visible()
    page.locator("#tab-revoked").click()
    expect(page.locator("#rows tbody tr")).to_have_count(len(planned.jobs))
    page.get_by_label("Host").fill("nowhere.example")
    page.get_by_role("button", name="Narrow").click()
    expect(page.get_by_text("No job matches")).to_be_visible()
    assert not planned.container.jobs.open(JobFilter())
    if javascript:
        watched.sound()


def test_what_is_read_stays_where_it_is(open_page: Open, planned: Planned) -> None:
    watched = open_page(f"{planned.base}/jobs?status=planned")
    page = watched.page
    ids = page.eval_on_selector_all("#rows tbody tr", "rows => rows.map((row) => row.id)")
    places = page.eval_on_selector_all("#rows tbody tr", "rows => rows.map((row) => row.offsetTop)")
    page.locator(f"#job-{planned.jobs[3].id}").get_by_role("button", name="Revoke").focus()
    page.wait_for_timeout(300)  # the stream opens
    planned.begin(planned.jobs[0])
    expect(page.locator(f"#job-{planned.jobs[0].id}")).to_contain_text("Running")
    expect(page.locator(f"#running-{planned.jobs[0].id}")).to_be_visible()
    expect(page.locator("#tab-running .count")).to_have_text("1")
    expect(page.get_by_role("link", name="Load the list again")).to_be_visible()
    assert page.eval_on_selector_all("#rows tbody tr", "rows => rows.map((row) => row.id)") == ids
    moved = page.eval_on_selector_all("#rows tbody tr", "rows => rows.map((row) => row.offsetTop)")
    assert max(abs(one - other) for one, other in zip(places[:1], moved[:1], strict=True)) == 0
    expect(page.locator(f"#job-{planned.jobs[3].id}").get_by_role("button", name="Revoke")).to_be_focused()
    watched.sound()


def test_a_refusal_is_told_in_words(open_page: Open, planned: Planned) -> None:
    page = open_page(f"{planned.base}/jobs?status=planned").page
    page.route("**/live*", lambda route: route.abort())  # the page does not hear of it
    page.reload()
    planned.container.running_jobs.revoke(planned.jobs[0].id, PROGRAM)
    page.locator(f"#job-{planned.jobs[0].id}").get_by_role("button", name="Run now").click()
    expect(page.get_by_text("“run job” is not possible")).to_be_visible()


def test_long_work_shows_its_bar(open_page: Open, planned: Planned) -> None:
    with planned.container.tasks.run("rebuild", HOSTILE[0]) as report:
        report(1, 4)
        watched = open_page(f"{planned.base}/jobs")
        expect(watched.page.get_by_role("progressbar")).to_have_attribute("value", "1")
        expect(watched.page.locator("#tasks")).to_contain_text("25 %, 1 of 4")
        assert_usable(watched.page, "a task")
    expect(watched.page.get_by_text("Long work that has ended")).to_be_visible()
    watched.sound()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_page_can_be_used_by_everybody(open_page: Open, planned: Planned, width: int) -> None:
    planned.begin(planned.jobs[0])
    planned.container.running_jobs.revoke(planned.jobs[1].id, PROGRAM)
    for address in ("/jobs", "/jobs?host=nowhere.example", "/jobs?hour=x"):
        page = open_page(f"{planned.base}{address}", viewport={"width": width, "height": 800}).page
        assert_usable(page, f"{address} {width}")
    assert page.evaluate("window.violations ?? []") == []
