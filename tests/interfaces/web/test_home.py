"""The dashboard: what works, when it is done, what needs a person; and the first steps."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from application.checkup import Checkup
from application.health import Result, State
from application.proving import Proof
from application.queries import PaperFilter
from domain.causes import CAUSES
from domain.paper_events import Failed, NotLocated, ProcessingStarted
from domain.pipeline import Status
from interfaces.container import Container
from interfaces.web.views.home_health import health
from tests.fakes.clock import FakeClock
from tests.interfaces.web.reading import one
from tests.interfaces.web.serving import application, visitor
from tests.interfaces.web.world import World, happen, populated

Browser = TestClient[Any]
HX = {"hx-request": "true"}


def words(text: str) -> str:
    return " ".join(text.split())


def home(browser: Browser) -> LexborHTMLParser:
    answer = browser.get("/")
    assert answer.status_code == 200
    return LexborHTMLParser(answer.text)


class TestNumbers:
    """The four numbers."""

    def test_each_is_a_link_and_tells_what_came_lately(self, reader: Browser) -> None:
        page = home(reader)
        found = {
            one(figure, ".figure-label").text(strip=True): (
                one(figure, ".figure-number").text(),
                words(one(figure, ".figure-news").text()),
                figure.attributes["href"],
            )
            for figure in page.css(".figures.four .figure")
        }
        assert found == {
            "Retrieved": ("1", "+1 came in 24 hours", "/papers?status=done"),
            "In progress": (
                "13",
                "+7 looked for in 24 hours",
                "/papers?status=new&status=located&status=pending&status=processing",
            ),
            "Not retrieved": (
                "3",
                "+3 came in 24 hours",
                "/papers?status=doubtful&status=failed&status=unavailable",
            ),
            "Needs you": ("1", "1 to judge, 0 to fetch by hand", "/needs"),
        }

    def test_what_needs_a_person_is_told_as_a_part_of_what_was_not_retrieved(self, reader: Browser) -> None:
        page = home(reader)
        told = {
            one(figure, ".figure-label").text(strip=True): one(figure, ".figure-text").text()
            for figure in page.css(".figures.four .figure")
        }
        assert told["Not retrieved"] == "1 need you, 2 the program tries again"
        assert told["Needs you"] == "of the 3 not retrieved"

    def test_the_first_three_and_the_excluded_papers_are_all_papers_once(self, reader: Browser, world: World) -> None:
        *parts, _ = (int(figure.text()) for figure in home(reader).css(".figures.four .figure-number"))
        counts = world.container.papers.by_status(PaperFilter())
        assert sum(parts) + counts[Status.EXCLUDED] == sum(counts.values())

    def test_each_link_leads_to_as_many_papers(self, reader: Browser) -> None:
        for figure in home(reader).css('.figure[href^="/papers"]'):
            linked = LexborHTMLParser(reader.get(figure.attributes["href"] or "").text)
            assert len(linked.css("tbody tr")) == int(one(figure, ".figure-number").text())

    def test_the_end_is_told_with_what_it_is_based_on(self, reader: Browser) -> None:
        page = home(reader)
        assert "If the scraper ran from now on, what can be fetched would be here by" in words(
            one(page, ".share-text").text()
        )
        assert "The scraper is stopped" in one(page, ".basis").text()


class TestHours:
    """Planned against done."""

    def test_the_chart_is_a_table_too(self, reader: Browser) -> None:
        page = home(reader)
        picture = one(page, ".chart svg")
        assert picture.attributes["role"] == "img"
        assert re.match(
            r"In the last 12 hours \d+ papers? w(as|ere) done and \d+ failed", picture.attributes["aria-label"] or ""
        )
        rows = page.css("[id^='hour-']")
        assert len(rows) == 36
        (present,) = page.css(".is-now")
        assert "(now)" in one(present, "th").text()
        done = sum(int(one(row, 'td[data-label="Done"]').text()) for row in rows)
        assert done == 1

    def test_days_add_up(self, reader: Browser) -> None:
        days = [int(one(day, ".num").text()) for day in home(reader).css(".days li")]
        assert len(days) == 7
        assert sum(days) == 1


class TestReasons:
    """Why papers are not here."""

    def test_each_leads_to_its_papers(self, reader: Browser) -> None:
        lines = home(reader).css("[id^='reason-']")
        assert len(lines) == 2
        for line in lines:
            link = one(line, "a.bar-line")
            linked = LexborHTMLParser(reader.get(link.attributes["href"] or "").text)
            assert len(linked.css("tbody tr")) == int(one(link, ".num").text())
            assert one(line, ".bar-text").text(strip=True)

    def test_what_may_pass_by_itself_can_be_tried_again(self, browser: Browser, container: Container) -> None:
        populated(container)
        papers = [row.id for row in container.papers.page(_which(Status.NEW)).papers[:2]]
        for paper in papers:
            happen(container, paper, _attempt(), NotLocated(cause="timeout"))
        page = home(browser)
        button = one(page, "#reason-unavailable-timeout button")
        form = one(page, f"#{button.attributes['form']}")
        answer = browser.post(form.attributes["action"] or "")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/?told=")
        assert {container.papers.find(paper).status for paper in papers} == {Status.NEW}  # type: ignore[union-attr]
        assert page.css("#reason-failed-open_but_blocked button") == []

    def test_only_those_of_the_line_are_tried_again(self, browser: Browser, container: Container) -> None:
        populated(container)
        given_up, without = [row.id for row in container.papers.page(_which(Status.NEW)).papers[:2]]
        happen(container, given_up, _attempt(), Failed(cause="timeout"))
        happen(container, without, _attempt(), NotLocated(cause="timeout"))
        page = home(browser)
        names = [form.attributes["id"] for form in page.css("form[id^='again-']")]
        assert len(names) == len(set(names)) == 2
        button = one(page, "#reason-failed-timeout button")
        browser.post(one(page, f"#{button.attributes['form']}").attributes["action"] or "")
        assert container.papers.find(given_up).status is not Status.FAILED  # type: ignore[union-attr]
        assert container.papers.find(without).status is Status.UNAVAILABLE  # type: ignore[union-attr]
        assert browser.post("/causes/timeout/retry?status=done").status_code == 404

    def test_a_reason_that_there_is_not_is_told(self, browser: Browser) -> None:
        assert browser.post("/causes/bad-luck/retry").status_code == 404

    def test_at_most_eight_are_told(self, browser: Browser, container: Container) -> None:
        browser.post("/import", files={"text": (None, "\n".join(f"10.5555/{n:02}" for n in range(12)))})
        causes = sorted(CAUSES)[:12]
        for paper, cause in zip(container.papers.page(_which(Status.NEW)).papers, causes, strict=True):
            happen(container, paper.id, _attempt(), NotLocated(cause=cause))
        assert len(home(browser).css("[id^='reason-']")) == 8

    def test_the_bar_has_a_legend(self, reader: Browser) -> None:
        legend = {words(item.text()) for item in home(reader).css(".share-legend li")}
        assert {"Done 1", "Doubtful 1"} <= legend
        assert not any(item.endswith(" 0") for item in legend)


class TestState:
    """What the scraper does."""

    def test_a_pause_of_the_schedule_has_its_end(self, browser: Browser, container: Container) -> None:
        browser.post("/import", files={"text": (None, "10.5555/a\n")})
        now = container.clock.now()
        hours = [0] * 24
        hours[(now.hour + 5) % 24] = 1
        browser.put("/api/v1/schedule", json={"weights": hours})
        browser.post("/scraper/start")
        note = one(home(browser), ".switch .note")
        assert words(note.text()).startswith("Paused by the schedule until")
        expected = (now + timedelta(hours=5)).replace(minute=0, second=0, microsecond=0)
        assert one(note, "time").attributes["datetime"] == expected.isoformat().replace("+00:00", "Z")

    def test_a_pause_of_a_person_is_one(self, browser: Browser, container: Container) -> None:
        populated(container)
        browser.post("/scraper/start")
        browser.post("/scraper/pause")
        assert "Paused by a person" in one(home(browser), ".switch .note").text()

    def test_what_is_in_the_way_is_told_with_its_remedy(self, tmp_path: Any) -> None:
        full = Result(
            name="library-disk",
            state=State.ERROR,
            tested="Free space for the library",
            value="2 kB",
            remedy="Make room.",
        )
        until = datetime(2027, 1, 1, tzinfo=UTC)
        with application(tmp_path) as container:
            changed = evolve(container, glance=_found(full), rests=lambda: until)
            with visitor(changed) as browser:
                browser.post("/import", files={"text": (None, "10.5555/a\n")})
                page = home(browser)
        told = [words(line.text()) for line in page.css(".in-the-way li")]
        assert told[0] == "Free space for the library: 2 kB Make room. Diagnostics"
        assert told[1].startswith("Nothing answers, neither sources nor sites.")
        assert one(page, ".way-warn time").attributes["datetime"] == "2027-01-01T00:00:00Z"
        assert "Make room." in one(page, "#health-library-disk").text()

    def test_what_was_mended_is_not_told_any_more(self, tmp_path: Any) -> None:
        """What a look at everything found is told for a while: not beyond the click that has mended it."""
        with application(tmp_path, contact_email="") as container, visitor(container) as browser:
            browser.post("/import", files={"text": (None, "10.5555/a\n")})
            mends: dict[str, Callable[[], object]] = {
                "contact": lambda: container.book.change({"contact_email": "jo@example.org"}),
                "plan": lambda: browser.post("/scraper/start"),
                "backups": lambda: container.proving.run(Proof.BACKUP),
            }
            for name, mend in mends.items():
                container.checkup.begin(60)
                assert home(browser).css(f"#health-{name}"), name
                mend()
                assert home(browser).css(f"#health-{name}") == [], name

    def test_the_card_tells_what_to_press(self, tmp_path: Any) -> None:
        with application(tmp_path, contact_email="") as container, visitor(container) as browser:
            browser.post("/import", files={"text": (None, "10.5555/a\n")})
            container.checkup.begin(60)
            page = home(browser)
            links = {name: one(page, f"#health-{name} a").attributes["href"] for name in ("contact", "plan", "backups")}
            assert links == {
                "contact": "/settings#contact_email",
                "plan": "/scraper",
                "backups": "/diagnostics#proofs",
            }
            assert all("scipaperloader " not in one(page, f"#health-{name}").text() for name in links)

    def test_the_moment_is_that_of_the_oldest_look(self) -> None:
        clock = FakeClock()
        fine = Result(name="backups", state=State.OK, tested="Backups", value="One.", remedy="")
        checkup, seen = _found(fine, clock=clock), clock.now()
        clock.advance(timedelta(minutes=20))
        found = health(_found(evolve(fine, name="disk"), clock=clock), checkup, clock.now())
        assert (found.at, len(found.results)) == (seen, 2)

    def test_nothing_is_in_the_way_of_a_sound_installation(self, reader: Browser) -> None:
        assert home(reader).css(".in-the-way") == []


class TestFirstSteps:
    """The first-run checklist."""

    def done(self, page: LexborHTMLParser) -> list[str]:
        return [(item.attributes["id"] or "").removeprefix("step-") for item in page.css(".checklist .is-done")]

    def test_they_are_ticked_off_as_they_are_done(self, tmp_path: Any) -> None:
        with application(tmp_path, contact_email="") as container, visitor(container) as browser:
            page = home(browser)
            assert "Turn a list of papers into a library" in one(page, "h1").text()
            assert self.done(page) == []
            assert one(page, ".is-next").attributes["id"] == "step-contact"
            assert one(page, "#step-contact a").attributes["href"] == "/settings#contact_email"
            container.book.change({"contact_email": "jo@example.org"})
            assert self.done(home(browser)) == ["contact"]
            browser.post("/import", files={"text": (None, "10.5555/a\n")})
            assert self.done(home(browser)) == ["contact", "list"]
            browser.put("/api/v1/schedule", json={"volume": 50})
            assert self.done(home(browser)) == ["contact", "list", "schedule"]
            assert browser.post("/scraper/start").status_code == 303
            assert home(browser).css("#first-steps") == []
            browser.post("/scraper/stop")
            assert home(browser).css("#first-steps") == [], "it was started once"

    def test_the_schedule_may_stay_as_it_is(self, browser: Browser) -> None:
        answer = browser.post("/steps/schedule")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert self.done(home(browser)) == ["contact", "schedule"]

    def test_they_can_be_hidden(self, browser: Browser) -> None:
        browser.post("/steps/schedule")
        answer = browser.post("/steps/hide")
        assert "HttpOnly" in answer.headers["set-cookie"]
        assert home(browser).css("#first-steps") == []
        assert "Import your first list" in browser.get("/").text

    def test_what_is_no_step_is_told(self, browser: Browser) -> None:
        assert browser.post("/steps/dance").status_code == 404

    def test_a_cookie_of_somebody_else_says_nothing(self, browser: Browser) -> None:
        browser.cookies.set("steps", "<b>.hidden; x")
        assert browser.get("/").status_code == 200


class TestFeed:
    """What happened last."""

    def test_papers_are_named_and_bursts_folded(self, browser: Browser, container: Container) -> None:
        populated(container)
        lines = [words(line.text()) for line in home(browser).css(".feed li")]
        assert len(lines) <= 10
        assert any("Import of “<b>list</b>.csv”" in line for line in lines)

    def test_it_asks_for_all_names_at_once(
        self, browser: Browser, container: Container, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        populated(container)
        asked: list[Sequence[str]] = []
        of = type(container.names).of
        monkeypatch.setattr(
            type(container.names),
            "of",
            lambda self, papers: asked.append(papers) or of(self, papers),  # type: ignore[func-returns-value]
        )
        monkeypatch.setattr(type(container.papers), "find", _never)
        assert browser.get("/").status_code == 200
        assert len(asked) == 1

    def test_each_line_leads_to_its_event(self, reader: Browser) -> None:
        for link in home(reader).css(".feed .when"):
            assert reader.get(link.attributes["href"] or "").status_code == 200


def test_the_part_is_what_htmx_gets(reader: Browser) -> None:
    answer = reader.get("/", headers=HX)
    assert answer.text.lstrip().startswith('<div id="state"')
    assert "<html" not in answer.text


def test_collections_tell_how_far_they_are(reader: Browser) -> None:
    (row,) = home(reader).css("[id^='collection-']")
    assert [one(row, "a span").text(), one(row, ".num").text()] == ["Sleep & <memory>", "1 of 18"]


def _found(*results: Result, clock: FakeClock | None = None) -> Checkup:
    checkup = Checkup(lambda: results, clock or FakeClock())
    checkup.begin(5.0)
    return checkup


def _never(*_: object) -> None:
    raise AssertionError("a query for each paper")


def _attempt() -> ProcessingStarted:
    return ProcessingStarted(module="locate", worker="w", attempt="x")


def _which(status: Status) -> PaperFilter:
    return PaperFilter(statuses=(status,))
