"""The page of the publishers, and what other pages say of them."""

from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser, LexborNode

from application.handling import PROGRAM
from application.importing import Request
from application.ports.fetcher import FetchFailed
from domain.copies import Copy
from domain.paper_events import CandidateTried, CopiesLocated, Failed, ProcessingStarted
from domain.pipeline import Status
from infrastructure.http.fetcher import HttpFetcher
from interfaces.container import Container
from tests.interfaces.web.reading import one
from tests.interfaces.web.world import World, happen

Browser = TestClient[Any]
JSTOR = Copy(url="https://www.jstor.org/stable/1", source="unpaywall")
SPRINGER = Copy(url="https://link.springer.com/content/pdf/10.1007/a.pdf", source="unpaywall")
STARTED = ProcessingStarted(module="locate", worker="w", attempt="a")


def tried(copy: Copy, outcome: str) -> CandidateTried:
    return CandidateTried(url=copy.url, source=copy.source, outcome=outcome)


def words(text: str) -> str:
    return " ".join(text.split())


def told_in(node: LexborNode) -> str:
    return words(node.text(separator=" "))


@pytest.fixture
def paper(container: Container) -> str:
    """A paper of Springer's that is on a site of theirs and on one that is left alone; another without a publisher."""
    upload = container.uploads.keep([b"10.1007/a\n10.5555/b\n"])
    accepted = container.importing.accept(upload, Request(filename="list.txt", collection="Mine", actor=PROGRAM))
    container.importing.run(accepted.import_id)
    row = container.papers.find("10.1007/a")
    assert row
    known = (STARTED, CopiesLocated(copies=(SPRINGER, JSTOR)), STARTED)
    tries = (tried(SPRINGER, "page"), tried(SPRINGER, "forbidden"), tried(JSTOR, "policy_skip"))
    happen(container, row.id, *known, *tries, Failed(cause="forbidden"))
    return row.id


def page(browser: Browser, address: str = "/publishers") -> LexborHTMLParser:
    answer = browser.get(address)
    assert answer.status_code == 200
    return LexborHTMLParser(answer.text)


def test_those_that_papers_have_to_do_with_come_first(browser: Browser, paper: str) -> None:
    shown = page(browser)
    met = one(shown, "section[aria-labelledby=met-title] tbody")
    assert [row.attributes["id"] for row in met.css("tr")] == ["publisher-springer", "publisher-others"]
    told = told_in(one(met, "#publisher-springer"))
    assert "10.1007" in told
    assert "proved The page's address, a marked link" in told
    assert "50 % of 2 good" in told
    assert "0 files, 1 page led on" in told
    numbers = [told_in(cell) for cell in one(met, "#publisher-others").css("td.number")]
    assert numbers == ["1", "0"]


def test_the_others_are_told_with_what_proves_them(browser: Browser, paper: str) -> None:
    known = one(page(browser), "#known")
    assert "unproved The page's address" in told_in(one(known, "#publisher-acs"))
    jstor = told_in(one(known, "#publisher-jstor"))
    assert "left alone Its terms forbid programs to fetch papers." in jstor
    assert "not asked so far" in jstor


def test_those_that_are_left_alone_are_not_asked_by_the_application(container: Container, tmp_path: Path) -> None:
    fetcher = container.politeness
    assert isinstance(fetcher, HttpFetcher)
    with pytest.raises(FetchFailed) as caught:
        fetcher.download(JSTOR.url, tmp_path / "file")
    assert (caught.value.cause, caught.value.detail) == (
        "policy_skip",
        "JSTOR: Its terms forbid programs to fetch papers.",
    )


def test_without_papers_the_page_says_what_to_do(browser: Browser) -> None:
    shown = page(browser)
    assert "No paper so far. Import a list" in told_in(one(shown, "#publishers .note"))
    assert one(shown, "#publisher-springer")


def test_only_the_part_that_changes_is_swapped(browser: Browser, paper: str) -> None:
    part = browser.get("/publishers", headers={"hx-request": "true"}).text
    assert part.lstrip().startswith('<div id="publishers"')


def test_a_paper_and_its_copies_tell_whose_they_are(browser: Browser, paper: str) -> None:
    shown = page(browser, f"/papers/{paper}")
    platform = next(row for row in shown.css("dl.facts > div") if row.text().strip().startswith("Platform"))
    assert told_in(platform) == "Platform Springer by the DOI"
    copies = [told_in(copy) for copy in shown.css(".copies > li")]
    assert any("On Springer" in told for told in copies)
    assert any("On JSTOR . Left alone. Its terms forbid programs to fetch papers." in told for told in copies)
    history = told_in(one(shown, "main"))
    assert "This site is left alone" in history


def test_a_paper_of_an_unknown_publisher_has_no_platform(reader: Browser, world: World) -> None:
    shown = page(reader, f"/papers/{world.papers[Status.DONE]}")
    assert not [row for row in shown.css("dl.facts > div") if row.text().strip().startswith("Platform")]


def test_sites_tell_whose_they_are_and_lead_to_the_publishers(browser: Browser, paper: str) -> None:
    shown = page(browser, "/scraper")
    assert "Springer" in one(shown, 'tr[id="site-link.springer.com"]').text()
    assert one(shown, "#to-publishers").attributes["href"] == "/publishers"


def test_programs_are_told_the_same(browser: Browser, paper: str) -> None:
    told = browser.get("/api/v1/publishers").json()["publishers"]
    springer = told[0]
    assert springer["name"] == "Springer"
    assert (springer["proof"], springer["papers"], springer["copies"], springer["share"]) == ("proved", 1, 1, 0.5)
    jstor = next(row for row in told if row["name"] == "JSTOR")
    assert (jstor["proof"], jstor["left_alone"]) == (None, "Its terms forbid programs to fetch papers.")
    assert (told[-1]["name"], told[-1]["papers"]) == (None, 1)
