"""The page of everything that happened, and that of one event."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from attrs import define, evolve
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from application.activity import ActivityFilter, ActivityPage
from domain.paper_events import Excluded
from domain.pipeline import Status
from interfaces.container import Container
from interfaces.web.views.activity import LONGER, PATIENCE
from tests.interfaces.web.reading import one
from tests.interfaces.web.serving import visitor
from tests.interfaces.web.world import World, happen, populated, put_off

Browser = TestClient[Any]
HX = {"hx-request": "true"}
IMPORTED = {"import.started", "import.completed", "collection.created"}


def page_of(browser: Browser, address: str = "/activity") -> LexborHTMLParser:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def shown(page: LexborHTMLParser) -> list[int]:
    """The positions of the events of a page, in its order."""
    links = page.css("#events .event-line a.when")
    return [int((link.attributes["href"] or "").rpartition("/")[2]) for link in links]


class TestList:
    """What is shown."""

    def test_details_are_hidden_and_counted(self, reader: Browser, world: World) -> None:
        page = page_of(reader)
        hidden = one(page, ".hidden-details")
        head = world.container.log.head().position
        assert hidden.text().startswith(f"{head - len(shown(page))} details in between are not shown.")
        everything = page_of(reader, one(hidden, "a").attributes["href"] or "")
        assert sorted(shown(everything)) == list(range(1, head + 1))
        assert everything.css(".hidden-details") == []

    def test_what_belongs_together_is_one_entry(self, reader: Browser) -> None:
        page = page_of(reader)
        lines = [node.text(strip=True) for node in page.css(".event > details > summary .event-text")]
        assert "Import of “<b>list</b>.csv” into “Sleep & <memory>”: 20 rows." in lines

    def test_papers_are_named_at_once(
        self, browser: Browser, container: Container, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        populated(container)
        asked: list[Sequence[str]] = []
        of = type(container.names).of

        def counted(self: Any, papers: Sequence[str]) -> Any:
            asked.append(papers)
            return of(self, papers)

        monkeypatch.setattr(type(container.names), "of", counted)
        page = page_of(browser, "/activity?kind=paper.failed")
        assert len(asked) == 1
        paper = one(page, ".event-paper")
        assert paper.text() == "Ordinary title, failed"
        then = [link.attributes["href"] for link in page.css(".event-meta a")][-1] or ""
        assert then.startswith(f"{paper.attributes['href']}?as_of=")
        assert browser.get(then).status_code == 200

    def test_pages_lead_on_and_back(self, browser: Browser, container: Container) -> None:
        browser.post("/import", files={"text": (None, "\n".join(f"10.5555/{n:03}" for n in range(250)))})
        head, pages, address = container.log.head().position, [], "/activity?level=detail"
        while address:
            page = page_of(browser, address)
            pages.append(sorted(shown(page), reverse=True))
            older = page.css_first('a[rel="next"]')
            address = (older.attributes["href"] or "") if older else ""
        assert [position for some in pages for position in some] == list(range(head, 0, -1))
        newer = page_of(browser, one(page, 'a[rel="prev"]').attributes["href"] or "")
        assert sorted(shown(newer), reverse=True) == list(range(pages[-1][0] + 100, pages[-1][0], -1)), (
            "the page above the last"
        )
        newest = page_of(browser, one(newer, 'a[rel="prev"]').attributes["href"] or "")
        assert head in shown(newest)

    def test_an_empty_page_says_what_to_do(self, browser: Browser, reader: Browser) -> None:
        assert "Nothing happened yet" in browser.get("/activity").text
        assert "Nothing matches" in reader.get("/activity?text=zzzz").text

    def test_faults_are_marked_in_words(self, reader: Browser) -> None:
        page = page_of(reader, "/activity?kind=paper.failed")
        assert one(page, ".v-warning .mark").text() == "Look at it"


class TestFilters:
    """The form."""

    @pytest.mark.parametrize(
        ("query", "types"),
        [
            (
                "kind=import&level=detail",
                {"import.started", "import.rows_recorded", "import.completed", "collection.created"},
            ),
            ("kind=paper.failed&kind=paper.downloaded", {"paper.failed", "paper.downloaded"}),
            ("kind=paper.failed,paper.downloaded&without=paper.failed", {"paper.downloaded"}),
            ("text=open_but_blocked", {"paper.failed"}),
            ("actor=nobody", set()),
            ("until=1999-01-01", set()),
        ],
    )
    def test_what_does_not_match_is_left_out(self, reader: Browser, world: World, query: str, types: set[str]) -> None:
        page = page_of(reader, f"/activity?{query}")
        found = {world.container.log.read(position - 1, 1)[0].event.TYPE for position in shown(page)}
        assert found == types

    def test_what_was_chosen_stays_chosen(self, reader: Browser, world: World) -> None:
        address = f"/activity?kind=job&kind=paper.failed&text=a&level=warning&import={world.import_id}&since=2026-01-01"
        page = page_of(reader, address)
        chosen = [box.attributes["value"] for box in page.css('input[name="kind"]') if "checked" in box.attributes]
        assert chosen == ["paper.failed", "job"]
        assert one(page, "#text").attributes["value"] == "a"
        selected = [one(page, f"#{name} option[selected]").attributes["value"] for name in ("level", "import")]
        assert selected == ["warning", world.import_id]
        assert one(page, "#since").attributes["value"] == "2026-01-01"
        assert "open" in one(page, "#more-filters").attributes

    def test_the_group_of_an_event_leads_to_all_of_it(self, reader: Browser, world: World) -> None:
        page = page_of(reader)
        link = one(page, ".event details .hint a").attributes["href"] or ""
        every = page_of(reader, link)
        assert "Only what one upload, hour or click caused." in every.text()
        assert one(every, 'input[name="correlation"]').attributes["value"]

    def test_what_makes_no_sense_is_told_beside_its_field(self, reader: Browser) -> None:
        answer = reader.get("/activity?since=yesterday&text=kept")
        assert answer.status_code == 422
        page = LexborHTMLParser(answer.text)
        assert one(page, "#since").attributes["aria-describedby"] == "wrong-since"
        assert one(page, "#wrong-since").text().startswith("Expected: 2026-03-01T12:00+01:00")
        assert [one(page, f"#{name}").attributes["value"] for name in ("since", "text")] == ["yesterday", "kept"]
        assert page.css("#events") == []

    @pytest.mark.parametrize("query", ["paper=10.1/none", "collection=none", "import=none", "kind=luck", "level=high"])
    def test_what_there_is_not_is_told(self, reader: Browser, query: str) -> None:
        answer = reader.get(f"/activity?{query}")
        assert answer.status_code == 422
        assert LexborHTMLParser(answer.text).css(".wrong-text")

    def test_the_export_has_the_same_filter(self, reader: Browser, world: World) -> None:
        page = page_of(reader, "/activity?kind=download&text=example")
        csv, lines = [link.attributes["href"] or "" for link in page.css(".page-actions a")]
        assert reader.get(csv).text.startswith("position,")
        positions = [json.loads(line)["position"] for line in reader.get(lines).text.splitlines()]
        assert positions == sorted(shown(page))


@define
class Slow:
    """An activity log whose searches are broken off before anything was found."""

    patiences: list[float | None]
    reached: int = 40

    def page(self, which: ActivityFilter, **asked: Any) -> ActivityPage:
        self.patiences.append(asked["patience"])
        return ActivityPage(events=(), reached=self.reached, more=True)


class TestSearch:
    """A search that takes long."""

    def test_it_says_how_far_it_came_and_goes_on(self, browser: Browser, container: Container) -> None:
        populated(container)
        slow = Slow([])
        with visitor(evolve(container, activity=slow)) as slowly:
            page = page_of(slowly, "/activity?text=zzz")
            box = one(page, "#events-end .note")
            assert "Looked through" in box.text()
            assert "of the log so far" in box.text()
            assert box.attributes["hx-get"] == "/activity/more?text=zzz&before=40"
            link = one(box, "a").attributes["href"]
            assert link == "/activity?text=zzz&before=40&longer=1"
            page_of(slowly, link)
            part = slowly.get(box.attributes["hx-get"] or "", headers=HX).text
        assert part.startswith('<div id="events-end">')
        assert slow.patiences == [PATIENCE, LONGER, PATIENCE]

    def test_what_it_finds_is_added_at_the_end(self, reader: Browser) -> None:
        part = LexborHTMLParser(reader.get("/activity/more?kind=paper.failed&before=9999", headers=HX).text)
        partial = one(part, "hx-partial")
        assert partial.attributes["hx-target"] == "#events"
        assert len(partial.css("li.event")) == 1


class TestNews:
    """What comes while somebody reads."""

    def test_new_events_are_counted_and_the_page_stays(self, browser: Browser, container: Container) -> None:
        world = populated(container)
        news = one(page_of(browser, "/activity?level=detail&text=rate_limited"), "#news").attributes["hx-get"] or ""
        assert "new." not in browser.get(news, headers=HX).text
        put_off(container, world.papers[Status.NEW])
        part = LexborHTMLParser(browser.get(news, headers=HX).text)
        assert one(part, "#news").text(strip=True).startswith("1 new.")
        again = one(part, "#show-news")
        assert again.attributes["hx-get"] == again.attributes["href"] == "/activity?level=detail&text=rate_limited"
        fresh = LexborHTMLParser(browser.get(again.attributes["href"] or "", headers=HX).text)
        assert one(fresh, "#activity .event-paper").text() == "Ordinary title, new"

    def test_older_pages_are_not_told_of(self, reader: Browser) -> None:
        assert page_of(reader, "/activity?before=30").css("#news") == []


class TestEvent:
    """One event."""

    @pytest.mark.case("N12")
    def test_a_message_of_megabytes_makes_no_page_of_megabytes(self, browser: Browser, container: Container) -> None:
        world = populated(container)
        happen(container, world.papers[Status.NEW], Excluded(reason="<b>" + "x" * 10_000_000))
        position = container.log.head().position
        for address in ("/", "/activity", f"/activity/{position}"):
            answer = browser.get(address)
            assert answer.status_code == 200
            assert len(answer.text) < 100_000
            assert "<b>xxx" not in answer.text

    def test_it_tells_everything_that_is_stored(self, reader: Browser, world: World) -> None:
        position = max(shown(page_of(reader, "/activity?kind=paper.failed")))
        page = page_of(reader, f"/activity/{position}")
        assert one(page, ".event-sentence").text().startswith("Not retrieved: the paper is free to read")
        assert "Ordinary title, failed" in page.text()
        raw = json.loads(one(page, ".raw-event").text())
        assert (raw["position"], raw["type"], raw["data"]["cause"]) == (position, "paper.failed", "open_but_blocked")
        (stored,) = reader.get(f"/api/v1/events?after={position - 1}&limit=1").json()["events"]
        assert raw == stored

    def test_it_leads_to_its_neighbours(self, reader: Browser, world: World) -> None:
        head = world.container.log.head().position
        assert page_of(reader, "/activity/1").css('a[rel="prev"]') == []
        assert one(page_of(reader, "/activity/1"), 'a[rel="next"]').attributes["href"] == "/activity/2"
        assert page_of(reader, f"/activity/{head}").css('a[rel="next"]') == []

    @pytest.mark.parametrize("position", ["0", "999999", str(2**70)])
    def test_an_event_that_there_is_not_is_told(self, reader: Browser, position: str) -> None:
        answer = reader.get(f"/activity/{position}")
        assert answer.status_code == 404
        assert "The log has the events 1 to" in answer.text


@pytest.mark.parametrize("place", ["before=-1", "after=x", f"before={2**64}"])
def test_a_place_that_there_is_not_is_told(reader: Browser, place: str) -> None:
    assert 400 <= reader.get(f"/activity?{place}").status_code < 500
