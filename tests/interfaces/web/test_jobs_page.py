"""The page of the jobs: what runs, the hour, long work, the list, and what can be done with a job."""

from datetime import datetime
from typing import Any

import pytest
from attrs import evolve
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from application.handling import PROGRAM
from application.job_wording import why
from application.queries import JobFilter, JobRow, JobStatus
from domain.paper_events import ProcessingStarted, Queued, Reverted
from domain.pipeline import Status
from domain.scraper import Action
from interfaces.container import Container
from interfaces.web.asking_jobs import choice_of
from interfaces.web.views.jobs import PAGE, now_view
from tests.interfaces.planned import HOUR, plan
from tests.interfaces.web.reading import one
from tests.interfaces.web.serving import visitor
from tests.interfaces.web.world import World, happen

Browser = TestClient[Any]
HX = {"hx-request": "true", "hx-request-type": "partial"}


def read(text: str) -> LexborHTMLParser:
    return LexborHTMLParser(text)


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def jobs(browser: Browser, container: Container, monkeypatch: pytest.MonkeyPatch) -> list[JobRow]:
    """Four planned jobs; it is a quarter past the hour's start."""
    browser.post("/import", files={"text": (None, "\n".join(f"10.5555/{n}" for n in range(4)))})
    planned = plan(container)
    monkeypatch.setattr(type(container.clock), "now", lambda _: HOUR.replace(minute=15))
    return planned


def begin(container: Container, job: JobRow) -> None:
    """Let a job run."""
    happen(container, job.paper, ProcessingStarted(module="download", worker="a-worker-123456", attempt=f"x{job.id}"))


def listed(page: LexborHTMLParser) -> list[int]:
    """The jobs of the list."""
    return [int(str(row.attributes["id"]).removeprefix("job-")) for row in page.css("#rows tbody tr")]


def tabs(page: LexborHTMLParser) -> dict[str, int]:
    return {
        str(tab.attributes["id"]).removeprefix("tab-"): int(one(tab, ".count").text())
        for tab in page.css("#job-tabs a")
    }


class TestEmpty:
    """Nothing to show."""

    def test_tells_what_to_do(self, browser: Browser) -> None:
        page = read(browser.get("/jobs").text)
        assert "There was no job yet" in one(page, "#rows").text()
        assert "No hour is planned: the scraper is stopped." in words(one(page, "#now").text())
        assert not page.css("#rows form")

    def test_a_filter_without_matches_leads_back(self, browser: Browser, jobs: list[JobRow]) -> None:
        page = read(browser.get("/jobs?host=nowhere.example").text)
        assert "No job matches" in one(page, "#rows").text()
        assert page.css('a[href="/jobs"]')


class TestList:
    """What is listed."""

    def test_tells_each_job_in_words(self, browser: Browser, world: World, reader: Browser) -> None:
        page = read(reader.get("/jobs").text)
        rows = list(world.container.jobs.page(JobFilter(), limit=PAGE))
        assert listed(page) == [row.id for row in rows]
        failed = next(row for row in rows if row.status is JobStatus.FAILED)
        text = words(one(page, f"#job-{failed.id}").text())
        assert text.startswith("Failed")
        assert why(failed) in text
        assert "Ordinary title, failed" in text

    def test_what_strangers_wrote_is_text(self, reader: Browser, world: World) -> None:
        page = read(reader.get("/jobs").text)
        assert not page.css("main img")
        assert [script.text() for script in page.css("script") if script.text().strip()] == []

    @pytest.mark.parametrize(
        "address",
        ["/jobs?status=failed", "/jobs?status=planned&status=running", "/jobs?by_hand=false", "/jobs?module=locate"],
    )
    def test_is_narrowed_by_its_address(self, reader: Browser, world: World, address: str) -> None:
        fields: dict[str, list[str]] = {}
        for pair in address.partition("?")[2].split("&"):
            fields.setdefault(pair.partition("=")[0], []).append(pair.partition("=")[2])
        which = world.container.choosing.filter(choice_of(fields))
        assert set(listed(read(reader.get(address).text))) == {
            row.id for row in world.container.jobs.page(which, limit=1_000)
        }

    def test_a_collection_with_every_paper_leaves_nothing_out(self, reader: Browser, world: World) -> None:
        (collection,) = world.container.imports.collections()
        page = read(reader.get(f"/jobs?collection={collection.id}").text)
        assert listed(page) == listed(read(reader.get("/jobs").text))

    def test_counts_are_those_of_the_other_conditions(self, browser: Browser, jobs: list[JobRow]) -> None:
        found = tabs(read(browser.get("/jobs?status=planned&module=download").text))
        assert found == {"all": 4, "planned": 4, "running": 0}
        assert tabs(read(browser.get("/jobs").text)) == {"all": 8, "planned": 4, "running": 0, "finished": 4}

    def test_jobs_to_come_begin_with_what_is_due_first(self, browser: Browser, jobs: list[JobRow]) -> None:
        assert listed(read(browser.get("/jobs?status=planned").text)) == [job.id for job in jobs]

    def test_a_job_that_was_planned_anew_keeps_its_place_among_them(
        self, browser: Browser, container: Container, jobs: list[JobRow]
    ) -> None:
        first, *rest = jobs
        assert first.due is not None
        anew = Queued(module=first.module, due=first.due, hour=first.hour)
        happen(container, first.paper, Reverted(to=Status.LOCATED, why="scraper paused"), anew)
        newest = container.jobs.page(JobFilter(), limit=1)[0].id
        assert newest > first.id
        assert listed(read(browser.get("/jobs?status=planned").text)) == [newest, *(job.id for job in rest)]
        assert listed(read(browser.get("/jobs").text))[0] == newest

    @pytest.mark.parametrize(("address", "place"), [("/", ".switch .facts dd"), ("/jobs", ".hour-counts")])
    def test_the_hour_begins_with_what_is_to_come(
        self, browser: Browser, container: Container, jobs: list[JobRow], address: str, place: str
    ) -> None:
        most = f"at most {container.jobs.hours(HOUR)[0].quota} papers"
        told = words(read(browser.get(address).text).css(place)[0].text())
        assert told.lower().startswith("4 papers to come")
        assert most in told
        assert "of at most" not in told
        for job in jobs[:3]:
            container.running_jobs.revoke(job.id, PROGRAM)
        told = words(read(browser.get(address).text).css(place)[0].text())
        assert told.lower().startswith("1 paper to come")
        assert f"3 taken back so far, of {most}" in told

    def test_is_read_page_after_page(self, browser: Browser, container: Container) -> None:
        text = "\n".join(f"10.5555/{number}" for number in range(PAGE + 3))
        browser.post("/import", files={"text": (None, text)})
        plan(container)
        address, found = "/jobs?module=locate", list[int]()
        while address:
            page = read(browser.get(address).text)
            found += listed(page)
            following = page.css_first('a[rel="next"]')
            address = str(following.attributes["href"]) if following else ""
        assert found == sorted(found, reverse=True)
        assert len(found) == PAGE + 3

    @pytest.mark.parametrize(
        ("address", "status"),
        [
            ("/jobs?status=none", 422),
            ("/jobs?by_hand=maybe", 422),
            ("/jobs?after=x", 422),
            ("/jobs?after=-1", 422),
            ("/jobs?hour=yesterday", 422),
            ("/jobs?module=fly", 422),
            ("/jobs?collection=none", 404),
            ("/jobs?hour=now", 404),
            ("/jobs?paper=none", 404),
            ("/jobs?after=999999999999999999", 200),
            ("/jobs?status=&hour=&host=&collection=&by_hand=&module=", 200),
        ],
    )
    def test_an_address_is_read_strictly_where_it_says_something(
        self, browser: Browser, address: str, status: int
    ) -> None:
        assert browser.get(address).status_code == status


class TestLive:
    """What changes while the page is read."""

    def test_rows_stay_where_they_are_whatever_becomes_of_them(
        self, browser: Browser, container: Container, jobs: list[JobRow]
    ) -> None:
        page = read(browser.get("/jobs?status=planned").text)
        begin(container, jobs[1])
        container.running_jobs.revoke(jobs[2].id, PROGRAM)
        fresh = read(browser.get(str(one(page, "#rows").attributes["hx-get"]), headers=HX).text)
        assert listed(fresh) == listed(page)
        status = [words(one(row, ".job-status").text()) for row in fresh.css("#rows tbody tr")]
        assert [word.split()[0] for word in status] == ["Planned", "Running", "Revoked", "Planned"]
        assert "Load the list again" in one(fresh, ".list-head").text()
        assert tabs(fresh) == {"all": 8, "planned": 2, "running": 1, "finished": 4, "revoked": 1}
        assert one(fresh, "#job-tabs").attributes["hx-swap-oob"] == "outerMorph"

    def test_new_ones_are_told_and_do_not_push(
        self, browser: Browser, container: Container, jobs: list[JobRow]
    ) -> None:
        page = read(browser.get("/jobs").text)
        browser.post("/import", files={"text": (None, "10.5555/new")})
        paper = container.papers.find("10.5555/new")
        assert paper
        happen(container, paper.id, ProcessingStarted(module="locate", worker="w", attempt="new"))
        fresh = read(browser.get(str(one(page, "#rows").attributes["hx-get"]), headers=HX).text)
        assert listed(fresh) == listed(page)
        assert "Show 1 more" in one(fresh, ".list-head").text()
        again = read(browser.get(str(one(fresh, "#rows").attributes["hx-get"]), headers=HX).text)
        assert "Show 1 more" in one(again, ".list-head").text()

    def test_what_runs_keeps_its_place(self, container: Container, jobs: list[JobRow]) -> None:
        for job in jobs[:3]:
            begin(container, job)
        first = now_view(container, choice_of({}))
        assert [place and place.id for place in first.places[:3]] == [job.id for job in jobs[:3]]
        assert len(first.places) == container.settings.hands
        container.running_jobs.revoke(jobs[1].id, PROGRAM)
        before = [place.id if place else 0 for place in first.places]
        second = now_view(container, choice_of({}), before)
        assert [place and place.id for place in second.places[:3]] == [jobs[0].id, None, jobs[2].id]
        begin(container, jobs[3])
        third = now_view(container, choice_of({}), [place.id if place else 0 for place in second.places])
        assert [place and place.id for place in third.places[:3]] == [jobs[0].id, jobs[3].id, jobs[2].id]
        assert third.running == 3

    def test_more_than_there_are_hands_are_shown_too(self, container: Container, jobs: list[JobRow]) -> None:
        for job in jobs:
            begin(container, job)
        places = now_view(container, choice_of({}), [0]).places
        assert sum(place is not None for place in places) == 4


class TestHour:
    """The hour as a line."""

    def test_has_a_mark_for_each_job_and_the_present_moment(
        self, browser: Browser, container: Container, jobs: list[JobRow]
    ) -> None:
        begin(container, jobs[0])
        page = read(browser.get("/jobs").text)
        assert "The hour from 13:00" in words(one(page, "#hour-title").text())
        assert len(page.css(".hour-line .mark")) == 4
        assert float(str(one(page, ".now-line").attributes["d"]).split()[0].removeprefix("M")) == 300.0
        label = str(one(page, ".hour-line").attributes["aria-label"])
        assert label.startswith("The jobs of the hour along its minutes: 3 planned and 1 running.")
        link = one(page, ".hour-counts a")
        assert listed(read(browser.get(str(link.attributes["href"])).text)) == [job.id for job in jobs][::-1]

    def test_of_another_time_is_shown_for_its_filter(
        self, browser: Browser, container: Container, jobs: list[JobRow], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(type(container.clock), "now", lambda _: datetime.fromisoformat("2099-01-03T20:00+00:00"))
        assert "No hour is planned" in browser.get("/jobs").text
        page = read(browser.get("/jobs?hour=hour-2099-01-02T13:00Z").text)
        assert len(page.css(".hour-line .mark")) == 4
        assert not page.css(".now-line")
        assert one(page, "#hour option[selected]").text() == "Fri 2 Jan 2099, 13:00 UTC"


class TestTasks:
    """Long work."""

    def test_is_shown_with_its_share_while_it_runs(self, browser: Browser, container: Container) -> None:
        with container.tasks.run("rebuild", "<b>papers</b>") as report:
            report(25, 100)
            part = browser.get("/jobs/tasks").text
            page = read(part)
            assert "25 %, 25 of 100" in one(page, ".task-head").text()
            bar = one(page, "progress")
            assert (bar.attributes["value"], bar.attributes["max"]) == ("25", "100")
            assert one(page, "#tasks").attributes["hx-trigger"] == "every 2s"
            assert "<b>papers" not in part
        ended = read(browser.get("/jobs/tasks").text)
        assert "finished" in one(ended, ".ended").text()
        assert one(ended, "#tasks").attributes["hx-trigger"] == "log-moved from:#live"


class TestActions:
    """Revoke, run."""

    def test_one_is_revoked(self, browser: Browser, container: Container, jobs: list[JobRow]) -> None:
        answer = browser.post(f"/jobs/{jobs[0].id}/revoke?status=planned")
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/jobs?status=planned&told={container.log.head().position}"
        row = container.jobs.find(jobs[0].id)
        assert row
        assert row.status is JobStatus.REVOKED
        paper = container.papers.find(jobs[0].paper)
        assert paper
        assert paper.status is Status.LOCATED

    def test_what_has_ended_is_told_in_words(self, browser: Browser, container: Container, jobs: list[JobRow]) -> None:
        address = f"/jobs/{jobs[0].id}/revoke"
        assert browser.post(address, headers=HX).headers["hx-redirect"].startswith("/jobs?told=")
        again = browser.post(address)
        assert again.status_code == 409
        assert "“revoke job” is not possible" in again.text
        part = browser.post(address, headers=HX)
        assert (part.status_code, part.headers["content-type"]) == (409, "text/plain; charset=utf-8")
        assert browser.post("/jobs/999999/revoke").status_code == 404

    def test_what_matches_is_revoked_after_its_number_was_told(
        self, browser: Browser, container: Container, jobs: list[JobRow]
    ) -> None:
        begin(container, jobs[0])
        page = read(browser.get("/jobs?status=planned").text)
        button = one(page, "#rows .list-head button")
        assert button.text() == "Revoke what matches (3)"
        form = one(page, "#rows .list-head form")
        answer = browser.post(str(form.attributes["action"]))
        assert answer.headers["location"] == "/jobs?status=planned&revoked=3"
        assert "3 jobs were revoked." in browser.get(answer.headers["location"]).text
        assert [row.id for row in container.jobs.open(JobFilter())] == [jobs[0].id]

    def test_every_job_is_revoked_only_where_that_is_said(
        self, browser: Browser, container: Container, jobs: list[JobRow]
    ) -> None:
        assert browser.post("/jobs/revoke").status_code == 422
        assert len(container.jobs.open(JobFilter())) == 4
        form = one(read(browser.get("/jobs").text), "#rows .list-head form")
        assert one(form, "button").text() == "Revoke every planned and running job (4)"
        assert browser.post(str(form.attributes["action"]), data={"all": "1"}).status_code == 303
        assert not container.jobs.open(JobFilter())

    def test_one_is_run_now(self, container: Container, jobs: list[JobRow], monkeypatch: pytest.MonkeyPatch) -> None:
        asked = list[str]()
        monkeypatch.setattr(
            type(container.running_jobs), "run_now", lambda _, job, actor: asked.append(f"{job} {actor.name}")
        )
        with visitor(evolve(container, by_hand=lambda action: action())) as client:
            answer = client.post(f"/jobs/{jobs[0].id}/run?hour=hour-2099-01-02T13:00Z")
        assert answer.headers["location"] == "/jobs?hour=hour-2099-01-02T13%3A00Z"
        (run,) = asked
        assert run.startswith(f"{jobs[0].id} ")
        assert run.endswith("(browser)")

    def test_one_that_may_not_run_is_refused_in_words(
        self, browser: Browser, container: Container, jobs: list[JobRow]
    ) -> None:
        container.running_jobs.revoke(jobs[0].id, PROGRAM)
        assert browser.post(f"/jobs/{jobs[0].id}/run").status_code == 409
        container.scheduling.toggle("download", False, PROGRAM)
        answer = browser.post(f"/jobs/{jobs[1].id}/run")
        assert answer.status_code == 409
        assert "The module “download” is switched off." in answer.text
        container.controlling.use(Action.EMERGENCY_STOP, "", PROGRAM)
        answer = browser.post(f"/jobs/{jobs[1].id}/run")
        assert answer.status_code == 409
        assert "emergency stop" in answer.text
