"""The page of the scraper: its switch, modules, sources and sites."""

from typing import Any

import pytest
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from application.formats import number
from application.handling import PROGRAM
from application.importing import Request
from application.outlook import switched_now
from domain import refusals, settings
from domain.pipeline import MODULES, Status
from domain.sources import SOURCES
from interfaces.container import Container
from tests.interfaces.planned import plan
from tests.interfaces.web.reading import one
from tests.interfaces.web.serving import visitor
from tests.interfaces.web.world import HOSTILE, World

Browser = TestClient[Any]
HX = {"hx-request": "true"}


@pytest.fixture
def filled(container: Container) -> Container:
    """Two papers, planned."""
    upload = container.uploads.keep([b"10.5555/a\n10.5555/b\n"])
    accepted = container.importing.accept(upload, Request(filename="list.txt", collection="Mine", actor=PROGRAM))
    container.importing.run(accepted.import_id)
    plan(container)
    return container


def page(browser: Browser, address: str = "/scraper") -> LexborHTMLParser:
    answer = browser.get(address)
    assert answer.status_code == 200
    return LexborHTMLParser(answer.text)


def words(text: str) -> str:
    return " ".join(text.split())


class TestSwitch:
    def test_each_button_tells_what_it_does(self, browser: Browser, filled: Container) -> None:
        shown = page(browser)
        assert "The scraper is running" in words(one(shown, "#switch-title").text())
        assert one(shown, "#effect-stop").text() == "Puts 2 planned papers and 0 in work back."
        assert [button.attributes["formaction"] for button in shown.css(".switch-action button")] == [
            "/scraper/pause",
            "/scraper/stop",
            "/scraper/emergency-stop",
        ]

    def test_after_a_use_the_page_comes_again_with_a_notice(self, browser: Browser, filled: Container) -> None:
        answer = browser.post("/scraper/pause", data={"page": "/scraper", "reason": "moving <b>house</b>"})
        position = filled.log.head().position
        assert (answer.status_code, answer.headers["location"]) == (303, f"/scraper?told={position}")
        shown = page(browser, answer.headers["location"])
        now = words(one(shown, ".switch-now").text())
        assert "paused" in now
        assert "moving <b>house</b>" in now
        assert switched_now(filled.controlling).reason == "moving <b>house</b>"

    def test_htmx_is_sent_there(self, browser: Browser, filled: Container) -> None:
        answer = browser.post("/scraper/stop", data={"page": "/scraper"}, headers=HX)
        assert answer.headers["hx-redirect"].startswith("/scraper?told=")

    def test_pressed_on_the_dashboard_it_goes_back_to_the_dashboard(self, browser: Browser, filled: Container) -> None:
        assert browser.post("/scraper/stop").headers["location"] == "/"
        assert browser.post("/scraper/start", data={"page": "//evil.example"}).headers["location"] == "/"

    def test_a_reason_that_is_too_long_is_refused(self, browser: Browser, filled: Container) -> None:
        answer = browser.post("/scraper/stop", data={"page": "/scraper", "reason": "x" * 501})
        assert answer.status_code == 422
        assert switched_now(filled.controlling).status == "running"

    def test_where_no_action_takes_a_reason_none_is_asked_for(self, browser: Browser, filled: Container) -> None:
        browser.post("/scraper/emergency-stop", data={"page": "/scraper"})
        shown = page(browser)
        assert not shown.css("#reason")
        assert [button.text() for button in shown.css(".switch-action button")] == ["Reset"]

    def test_what_is_not_possible_now_is_told(self, browser: Browser, filled: Container) -> None:
        assert browser.post("/scraper/start", data={"page": "/scraper"}).status_code == 409


class TestPipeline:
    def test_every_status_and_module_of_the_table_is_drawn_and_told(self, reader: Browser, world: World) -> None:
        shown = page(reader)
        counts = {status.value: 1 for status in Status}
        for drawing in shown.css("svg.pipe"):
            links = {str(link.attributes["href"]) for link in drawing.css("a")}
            drawn = {status for module in MODULES.values() for status in module.takes | module.leaves}
            assert links == {f"/papers?status={status}" for status in drawn} | {f"#module-{name}" for name in MODULES}
            assert len(drawing.css(".pipe-line")) == sum(
                len(module.takes) + len(module.leaves) for module in MODULES.values()
            )
        rows = {str(row.attributes["id"]): words(row.text()) for row in shown.css("tr[id^=status-]")}
        assert set(rows) == {f"status-{status}" for status in drawn | {Status.EXCLUDED}}
        assert "download" in rows["status-located"]
        assert counts

    def test_a_module_is_switched_off_and_on(self, browser: Browser, container: Container) -> None:
        answer = browser.post("/scraper/modules/locate", data={"do": "off"})
        assert answer.headers["location"] == f"/scraper?told={container.log.head().position}#modules"
        assert not container.scheduling.modules().runs("locate")
        shown = page(browser)
        assert "off" in words(one(shown, "#module-locate .module-what").text())
        assert one(shown, "#switch-locate").attributes["value"] == "on"
        assert one(shown, "svg .pipe-off").attributes["href"] == "#module-locate"
        browser.post("/scraper/modules/locate", data={"do": "on"})
        assert container.scheduling.modules().runs("locate")

    def test_switching_to_what_it_is_already_changes_nothing(self, browser: Browser, container: Container) -> None:
        browser.post("/scraper/modules/locate", data={"do": "off"})
        before = container.log.head()
        assert browser.post("/scraper/modules/locate", data={"do": "off"}).status_code == 303
        assert container.log.head() == before

    @pytest.mark.parametrize(
        ("address", "do", "status"),
        [
            ("/scraper/modules/print", "off", 404),
            ("/scraper/modules/locate", "", 422),
            ("/scraper/sources/sci", "off", 404),
            ("/scraper/sources/arxiv", "sideways", 422),
        ],
    )
    def test_what_is_no_switch_is_refused(
        self, browser: Browser, container: Container, address: str, do: str, status: int
    ) -> None:
        assert browser.post(address, data={"do": do}).status_code == status
        assert container.log.stream(settings.STREAM) == []


class TestSources:
    def test_they_are_shown_in_the_order_of_asking_with_what_came_of_them(self, reader: Browser) -> None:
        rows = page(reader).css("tr[id^=source-]")
        assert [row.attributes["id"] for row in rows] == [f"source-{name}" for name in SOURCES]
        told = words(rows[0].text())
        assert "Unpaywall" in told
        assert "The site refused the request." in told

    def test_one_is_moved_and_switched(self, browser: Browser, container: Container) -> None:
        answer = browser.post("/scraper/sources/arxiv", data={"do": "up"})
        assert answer.headers["location"] == f"/scraper?told={container.log.head().position}#sources"
        browser.post("/scraper/sources/crossref", data={"do": "off"})
        rows = page(browser).css("tr[id^=source-]")
        assert [str(row.attributes["id"]) for row in rows][2:4] == ["source-arxiv", "source-datacite"]
        offers = [one(row, "button[id^=switch-]").attributes["value"] for row in rows]
        assert offers == ["off", "on", *["off"] * (len(SOURCES) - 2)]

    def test_at_the_ends_the_arrows_are_dead(self, reader: Browser) -> None:
        shown = page(reader)
        dead = [button.attributes["id"] for button in shown.css(".tool[disabled]")]
        assert dead == [f"up-{next(iter(SOURCES))}", f"down-{list(SOURCES)[-1]}"]

    def test_the_last_one_stays_on_and_the_refusal_is_on_record(self, browser: Browser, container: Container) -> None:
        names = list(SOURCES)
        for name in names[1:]:
            browser.post(f"/scraper/sources/{name}", data={"do": "off"})
        answer = browser.post(f"/scraper/sources/{names[0]}", data={"do": "off"})
        assert answer.status_code == 409
        assert "Switch the module “locate” off instead" in answer.text
        assert len(container.log.stream(refusals.STREAM)) == 1

    def test_one_that_the_user_described_is_there_at_once_like_all_others(self, container: Container) -> None:
        described = '[{"name": "library", "url": "https://repository.example/{doi}", "path": "files[*].url"}]'
        container.book.change({"resolvers": described})
        with visitor(container) as browser:
            told = one(page(browser), "#source-resolver-library").text()
            assert "Your own: repository.example." in told
            answer = browser.post("/scraper/sources/resolver-library", data={"do": "off"}, follow_redirects=False)
            assert answer.status_code == 303
            assert browser.get("/api/v1/sources").json()["sources"][-1]["on"] is False
            assert browser.post("/scraper/sources/resolver-other", data={"do": "off"}).status_code == 404

    def test_one_that_wants_a_contact_address_says_so(self, container: Container) -> None:
        container.book.change({"contact_email": ""})
        with visitor(container) as browser:
            shown = page(browser)
        assert "contact email not set" in one(shown, "#source-unpaywall").text()
        assert "not set" not in one(shown, "#source-arxiv").text()

    def test_the_budget_of_the_day_and_the_time_of_answers_are_told(self, reader: Browser) -> None:
        shown = page(reader)
        assert f"of {number(100_000)} today" in one(shown, "#source-unpaywall").text()
        assert "today" not in one(shown, "#source-crossref").text()
        assert "Tested with prepared answers only." in one(shown, "#source-wiley").text()
        assert "prepared answers" not in one(shown, "#source-arxiv").text()


class TestSites:
    def test_sites_are_told_with_their_last_answers(self, reader: Browser) -> None:
        row = one(page(reader), 'tr[id="site-b.example"]')
        told = words(row.text())
        assert "The site refused the request." in told
        assert "0 % of 1 good" in told
        assert one(row, "svg.recent").attributes["aria-label"] == "Last 1: 1 refused"

    def test_they_are_looked_for_by_a_part_of_the_name(self, reader: Browser) -> None:
        assert page(reader, "/scraper?site=B.EXAMPLE").css(".sites tbody tr")
        shown = page(reader, "/scraper?site=%3Cscript%3E")
        assert not shown.css(".sites tbody tr")
        assert "No site has “<script>” in its name." in words(one(shown, "#sites .note").text())

    def test_publishers_are_a_link_away(self, reader: Browser) -> None:
        assert one(page(reader), "#to-publishers")


class TestNext:
    def test_copies_are_told_in_the_order_of_trying_and_hostile_ones_are_no_links(
        self, reader: Browser, world: World
    ) -> None:
        shown = page(reader)
        copies = shown.css(".next-copies li")
        assert copies
        assert all(str(link.attributes["href"]).startswith("https://") for link in shown.css(".next-copies a"))

    def test_where_nothing_waits_it_says_so(self, browser: Browser) -> None:
        assert "No paper waits for download." in browser.get("/scraper").text


def test_the_user_agent_is_the_one_that_is_sent(browser: Browser, container: Container) -> None:
    container.book.change({"contact_email": "other@example.org"})
    agent = container.politeness.manners().user_agent
    assert "other@example.org" in agent
    assert one(page(browser), ".manners code").text() == agent


def test_htmx_gets_the_part(reader: Browser) -> None:
    answer = reader.get("/scraper?site=b", headers=HX)
    assert "<html" not in answer.text
    assert 'id="scraper"' in answer.text


@pytest.mark.case("W01")
def test_nothing_that_strangers_wrote_gets_out(reader: Browser, world: World) -> None:
    shown = page(reader)
    assert not shown.css("main script, main img, main [onload], main [onerror]")
    assert all(hostile not in reader.get("/scraper").text for hostile in HOSTILE if "<" in hostile)


class TestApi:
    def test_the_sources_are_listed(self, reader: Browser) -> None:
        found = reader.get("/api/v1/sources").json()["sources"]
        assert [one["name"] for one in found] == list(SOURCES)
        assert found[0] == {
            "name": "unpaywall",
            "title": "Unpaywall",
            "on": True,
            "serves": ["doi"],
            "needs": ["contact_email"],
            "ready": True,
        }

    def test_order_and_switches_are_changed_at_once(self, browser: Browser, container: Container) -> None:
        answer = browser.put("/api/v1/sources", json={"order": ["arxiv"], "on": {"crossref": False}})
        found = answer.json()["sources"]
        others = [(name, name != "crossref") for name in SOURCES if name != "arxiv"]
        assert [(one["name"], one["on"]) for one in found] == [("arxiv", True), *others]
        assert browser.get("/api/v1/sources").json() == answer.json()

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"order": "arxiv"}, 422),
            ({"order": [1]}, 422),
            ({"order": ["sci"]}, 422),
            ({"order": ["arxiv", "arxiv"]}, 422),
            ({"on": ["arxiv"]}, 422),
            ({"on": {"arxiv": "no"}}, 422),
            ({"on": {"sci": False}}, 422),
            ({"off": True}, 422),
            ({"on": dict.fromkeys(SOURCES, False)}, 409),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, browser: Browser, container: Container, body: dict[str, Any], status: int
    ) -> None:
        assert browser.put("/api/v1/sources", json=body).status_code == status
        assert container.log.stream(settings.STREAM) == []
