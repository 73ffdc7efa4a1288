"""Pages: whole and in part, in every state, and with everything that strangers wrote kept inert."""

import re
from typing import Any

import pytest
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser, LexborNode

from application.handling import Actor, order
from application.standing import LABELS
from domain import scraper
from domain.pipeline import Status
from interfaces.container import Container
from interfaces.web.app import create_app
from interfaces.web.assets import FOLDER as STATIC
from tests.interfaces.web.reading import one
from tests.interfaces.web.routes import looked_at
from tests.interfaces.web.world import HOSTILE, World, put_off

Browser = TestClient[Any]
HX = {"hx-request": "true", "hx-request-type": "partial"}
RESTORED = {"hx-history-restore-request": "true", "hx-request-type": "full"}

OUR_SCRIPTS = re.compile(r"/static/[\w./-]+\.js\?v=[0-9a-f]{16}")
OUR_COMPONENTS = {
    name for file in STATIC.glob("*.js") for name in re.findall(r"Alpine\.data\(\"(\w+)\"", file.read_text())
}


def inert(html: str) -> LexborHTMLParser:
    """The page, after a look for anything that would run and is not ours."""
    page = LexborHTMLParser(html)
    for node in page.css("*"):
        _look_at(node)
    return page


def _look_at(node: LexborNode) -> None:
    attributes = node.attributes
    assert not [name for name in attributes if name.startswith("on") or name == "style"], node.html
    if node.tag == "script":
        assert OUR_SCRIPTS.fullmatch(attributes.get("src") or ""), node.html
        assert attributes.get("integrity", "").startswith("sha384-")  # type: ignore[union-attr]
        assert not node.text()
    assert node.tag not in {"style", "object", "embed", "base"}
    assert attributes.get("x-data") in {None, *OUR_COMPONENTS}
    for name, value in attributes.items():
        if name in {"href", "src", "action", "formaction"}:
            assert re.match(r"(/|https?://|#)", value or ""), node.html
        if name.startswith(("hx-", "data-hx-")):
            assert name.startswith("hx-"), node.html
            assert not (value or "").startswith("js:")


def addresses(world: World) -> list[str]:
    """Every page there is."""
    papers = [*world.papers.values(), *world.hostile]
    return [
        "/", "/papers", "/import", "/imports", f"/imports/{world.import_id}", f"/papers?import={world.import_id}",
        "/papers?q=%3Cscript%3Ealert(1)%3C/script%3E&cause=%22%3E%3Cb%3E", "/papers?sort=-year&status=failed",
        "/facets/host", "/facets/journal?q=%3Cb%3E", "/papers?facet=import", "/panel", f"/papers?panel={papers[0]}",
        "/papers?journal=%3Cb%3E&host=%22%3E%3Cb%3E&source=%3Cb%3E&version=%3Cb%3E&columns=%3Cb%3E&view=%3Cb%3E",
        "/papers?collection=sleep+%26+%3Cmemory%3E", "/import?collection=%22%3E%3Csvg%3E", "/nothing/%3Cb%3E",
        "/activity", "/activity?level=detail", "/activity?text=%3Cscript%3E&actor=%22%3E%3Cb%3E", "/activity/1",
        "/activity?since=%22%3E%3Cb%3E", "/activity?paper=%3Cb%3E&kind=%3Cb%3E", "/activity/more?before=30",
        "/activity/news?seen=1", *(f"/activity/{position}" for position in range(2, 70, 7)),
        "/papers/%3Cimg%20src=x%3E", "/papers?status=%3Cb%3E", "/papers?collection=%3Cb%3E",
        *(f"/papers/{paper}" for paper in papers), *looked_at(create_app(world.container), world),
    ]  # fmt: skip


@pytest.mark.case("W01")
@pytest.mark.case("W02")
def test_nothing_that_strangers_wrote_runs(reader: Browser, world: World) -> None:
    for address in addresses(world):
        answer = reader.get(address)
        assert answer.status_code < 500, address
        inert(answer.text)


@pytest.mark.case("W01")
def test_nothing_runs_in_a_part_either(reader: Browser, world: World) -> None:
    for address in [*addresses(world), "/news?q=%3Cb%3E"]:
        answer = reader.get(address, headers=HX)
        if not answer.headers["content-type"].startswith("text/plain"):
            inert(answer.text)


def test_what_strangers_wrote_is_shown_as_it_is(reader: Browser, world: World) -> None:
    for paper, title in zip(world.hostile, HOSTILE, strict=True):
        page = LexborHTMLParser(reader.get(f"/papers/{paper}").text)
        shown = one(page, "h1").text()
        assert shown == title.strip() or (len(title) > 1_000 and shown.endswith("…"))
        assert one(page, "h1").attributes["dir"] == "auto"


def test_an_address_that_is_no_web_address_is_no_link(reader: Browser, world: World) -> None:
    page = LexborHTMLParser(reader.get(f"/papers/{world.papers[Status.FAILED]}").text)
    assert not [node for node in page.css("a") if "javascript" in (node.attributes["href"] or "")]


PARTS = ("/", "/papers", "/papers?q=ordinary", "/papers/{paper}", "/imports/{import_id}")


@pytest.mark.parametrize("address", PARTS)
class TestParts:
    """What htmx asks for, and what everybody else does."""

    def test_htmx_gets_the_part(self, reader: Browser, world: World, address: str) -> None:
        answer = reader.get(address.format(paper=world.done, import_id=world.import_id), headers=HX)
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert "HX-Request" in answer.headers["vary"]
        part = LexborHTMLParser(answer.text)
        roots = [node for node in part.body.iter() if node.tag != "title"]  # type: ignore[union-attr]
        assert [node.tag for node in roots if node.attributes.get("id")] != []

    @pytest.mark.parametrize("headers", [{}, RESTORED])
    def test_everybody_else_gets_the_page(
        self, reader: Browser, world: World, address: str, headers: dict[str, str]
    ) -> None:
        answer = reader.get(address.format(paper=world.done, import_id=world.import_id), headers=headers)
        page = LexborHTMLParser(answer.text)
        assert answer.text.startswith("<!doctype html>")
        assert len(page.css("h1")) == 1
        assert one(page, "title").text().endswith("SciPaperLoader")
        assert page.html
        assert one(page, "html").attributes["lang"] == "en"

    def test_no_id_is_there_twice(self, reader: Browser, world: World, address: str) -> None:
        page = LexborHTMLParser(reader.get(address.format(paper=world.done, import_id=world.import_id)).text)
        ids = [node.attributes["id"] for node in page.css("[id]")]
        assert len(ids) == len(set(ids))

    def test_every_target_is_there(self, reader: Browser, world: World, address: str) -> None:
        page = LexborHTMLParser(reader.get(address.format(paper=world.done, import_id=world.import_id)).text)
        for node in page.css("[hx-target], [hx-indicator]"):
            for name in ("hx-target", "hx-indicator"):
                if target := node.attributes.get(name):
                    assert page.css_first(target) is not None, target


class TestList:
    """The list of papers."""

    def test_statuses_are_counted_and_chosen(self, reader: Browser) -> None:
        page = LexborHTMLParser(reader.get("/papers?status=failed").text)
        chips = {chip.attributes["id"]: chip for chip in page.css(".chip")}
        assert one(chips["chip-all"], ".count").text() == "18"
        assert one(chips["chip-new"], ".count").text() == "10"
        assert [name for name, chip in chips.items() if "aria-current" in chip.attributes] == ["chip-failed"]
        assert [one(row, ".status").text(strip=True) for row in page.css("tbody tr")] == [LABELS[Status.FAILED]]

    def test_htmx_keeps_the_address_short(self, reader: Browser) -> None:
        answer = reader.get("/papers?q=ordinary&collection=&cause=&sort=added", headers=HX)
        assert answer.headers["hx-replace-url"] == "/papers?q=ordinary"
        assert "<title>ordinary · Papers · SciPaperLoader</title>" in answer.text

    def test_columns_sort_both_ways(self, reader: Browser) -> None:
        page = LexborHTMLParser(reader.get("/papers?sort=title&status=new").text)
        (sorted_by,) = page.css("th[aria-sort]")
        assert sorted_by.attributes["aria-sort"] == "ascending"
        assert one(sorted_by, "a").attributes["href"] == "/papers?status=new&sort=-title"
        titles = [node.text() for node in page.css(".paper-title")]
        other_way = LexborHTMLParser(reader.get("/papers?status=new&sort=-title").text)
        assert [node.text() for node in other_way.css(".paper-title")] == titles[::-1]

    def test_an_empty_list_says_what_to_do(self, reader: Browser, browser: Browser) -> None:
        assert "0 of 18 papers match" in reader.get("/papers?q=zzz").text
        assert "There are no papers yet" in browser.get("/papers").text
        assert "Import your first list" in browser.get("/").text
        assert "Nothing was imported yet" in browser.get("/imports").text

    def test_pages_lead_on_and_back(self, browser: Browser) -> None:
        rows = "\n".join(f"10.5555/{number:03}" for number in range(120))
        browser.post("/import", files={"text": (None, rows)})
        seen, address = [], "/papers?q=10.5555"
        for _ in range(3):
            page = LexborHTMLParser(browser.get(address).text)
            seen.append([row.attributes["id"] for row in page.css("tbody tr")])
            following = page.css_first('a[rel="next"]')
            address = following.attributes["href"] if following else ""  # type: ignore[assignment]
        assert not address
        assert [len(page) for page in seen] == [50, 50, 20]
        assert len({row for page in seen for row in page}) == 120
        back = LexborHTMLParser(browser.get(one(page, 'a[rel="prev"]').attributes["href"] or "").text)
        assert [row.attributes["id"] for row in back.css("tbody tr")] == seen[1]

    def test_news_count_what_changed_since_the_list_was_loaded(self, browser: Browser, container: Container) -> None:
        browser.post("/import", files={"text": (None, "10.5555/a\n10.5555/b\n")})
        page = LexborHTMLParser(browser.get("/papers").text)
        address = one(page, "#news").attributes["hx-get"] or ""
        assert "changed" not in browser.get(address, headers=HX).text
        paper = container.papers.find("10.5555/a")
        assert paper is not None
        put_off(container, paper.id)
        news = LexborHTMLParser(browser.get(address, headers=HX).text)
        assert one(news, "#news").text(strip=True).startswith("1 paper changed.")
        assert one(news, "#statuses").attributes["hx-swap-oob"] == "outerMorph"


def test_the_home_page_speaks_of_the_switch_only_when_it_stops_everything(
    browser: Browser, container: Container
) -> None:
    browser.post("/import", files={"text": (None, "10.5555/a\n")})
    assert "Emergency stop" not in one(LexborHTMLParser(browser.get("/").text), ".page-sub").text()
    stop = scraper.Command(action=scraper.Action.EMERGENCY_STOP)
    order(container.log, scraper.DECIDER, scraper.STREAM, (stop,), Actor(name="Jo", is_person=True), "stop")
    assert "Emergency stop" in one(LexborHTMLParser(browser.get("/").text), ".page-sub").text()


class TestPaper:
    """The page of one paper."""

    def test_it_tells_where_the_paper_stands(self, reader: Browser, world: World) -> None:
        page = LexborHTMLParser(reader.get(f"/papers/{world.papers[Status.FAILED]}").text)
        assert "does not let programs in" in one(page, ".standing-text").text()
        assert "No copy is left to try." not in one(page, ".standing-text").text()
        assert "save the PDF" in one(page, ".standing-action").text()
        following = one(page, ".standing-next")
        assert one(following, "time").attributes["datetime"] == "2027-01-02T03:04:00Z"
        assert "The scraper is stopped" in following.text()

    def test_it_tells_each_address_that_was_tried(self, reader: Browser, world: World) -> None:
        page = LexborHTMLParser(reader.get(f"/papers/{world.papers[Status.FAILED]}").text)
        tried = one(page, ".try").text()
        for told in ("The site refused the request.", "HTTP 403", "512 bytes", "400 ms", "2 redirects", "<i>no</i>"):
            assert told in tried

    def test_it_tells_the_whole_history_newest_first(self, reader: Browser, world: World) -> None:
        page = LexborHTMLParser(reader.get(f"/papers/{world.done}").text)
        told = [node.text() for node in page.css(".timeline-text")]
        assert len(told) == 3
        assert told[0].startswith("Downloaded from repository.example")
        assert told[1].startswith("2 copies found")
        assert told[-1].startswith("Added from row 4 of an import")

    def test_it_shows_the_file_in_a_plain_frame(self, reader: Browser, world: World) -> None:
        frame = one(LexborHTMLParser(reader.get(f"/papers/{world.done}").text), "iframe")
        assert "sandbox" not in frame.attributes  # the answer's own policy is the sandbox
        assert reader.get(frame.attributes["src"] or "").headers["content-type"] == "application/pdf"

    def test_it_names_the_imports(self, reader: Browser, world: World) -> None:
        assert f'href="/imports/{world.import_id}"' in reader.get(f"/papers/{world.done}").text

    def test_times_have_their_zone(self, reader: Browser, world: World) -> None:
        for node in LexborHTMLParser(reader.get(f"/papers/{world.done}").text).css("time"):
            assert (node.attributes["datetime"] or "").endswith("Z")
            assert node.text().endswith("UTC")


def test_a_missing_contact_address_is_told(tmp_path: Any) -> None:
    from tests.interfaces.web.serving import application, visitor

    with application(tmp_path, contact_email="") as container, visitor(container) as browser:
        assert "No contact address is set." in browser.get("/papers").text


def test_a_wrong_filter_gets_a_page_that_says_so(reader: Browser) -> None:
    answer = reader.get("/papers?status=lost")
    assert answer.status_code == 422
    assert "Expected: new, located" in answer.text
    assert reader.get("/papers?sort=x", headers=HX).headers["content-type"].startswith("text/plain")
