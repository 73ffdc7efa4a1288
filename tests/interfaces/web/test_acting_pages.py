"""The buttons of one paper, the notice of what was done, the list of notices, and taking back."""

from typing import Any

import pytest
from attrs import evolve
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from application.queries import PaperFilter
from domain.acts import Action
from domain.errors import SciPaperLoaderError
from domain.pipeline import Status
from interfaces.container import Container
from interfaces.web.pages.notices import SEEN
from interfaces.web.returning import own_address, untold
from interfaces.web.views.actions import PROCESS, actions_in
from tests.interfaces.web.reading import one
from tests.interfaces.web.serving import visitor
from tests.interfaces.web.world import HOSTILE, World, populated

Browser = TestClient[Any]
HTMX = {"hx-request": "true"}


@pytest.fixture
def world_of_my_own(container: Container) -> World:
    return populated(container)


@pytest.fixture
def papers(world_of_my_own: World) -> dict[Status, str]:
    return world_of_my_own.papers


def page_of(browser: Browser, address: str) -> LexborHTMLParser:
    answer = browser.get(address)
    assert answer.status_code == 200
    return LexborHTMLParser(answer.text)


def done(browser: Browser, address: str, **sent: str) -> str:
    """Send a form; the address that it leads to."""
    answer = browser.post(address, data=sent)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def notice_on(browser: Browser, address: str) -> LexborHTMLParser:
    page = page_of(browser, address)
    return LexborHTMLParser(one(page, "#told").html or "")


def status_of(container: Container, paper: str) -> Status:
    row = container.papers.find(paper)
    assert row is not None
    return row.status


class TestButtons:
    @pytest.mark.parametrize("status", Status)
    def test_are_those_that_the_status_allows_and_all_of_them_work(
        self, browser: Browser, papers: dict[Status, str], status: Status
    ) -> None:
        page = page_of(browser, f"/papers/{papers[status]}")
        actions = [form.attributes["action"] or "" for form in page.css(".acts form")]
        assert actions == [f"/papers/{papers[status]}/{one.name}" for one in actions_in(status)]
        for address in actions:
            if not address.endswith(PROCESS):
                break
        else:
            return
        assert browser.post(address).status_code == 303

    def test_every_action_is_somewhere(self) -> None:
        names = {one.name for status in Status for one in actions_in(status)}
        assert names == {PROCESS, *Action}

    @pytest.mark.parametrize(
        ("status", "action", "field", "after"),
        [
            (Status.FAILED, "exclude", "reason", Status.EXCLUDED),
            (Status.FAILED, "unavailable", "reason", Status.UNAVAILABLE),
            (Status.FAILED, "requested", "note", Status.FAILED),
            (Status.FAILED, "retry", "", Status.LOCATED),
            (Status.EXCLUDED, "reinstate", "", Status.NEW),
            (Status.PENDING, "revert", "", Status.LOCATED),
            (Status.PROCESSING, "exclude", "reason", Status.EXCLUDED),
        ],
    )
    def test_do_what_they_say_and_the_page_tells_it(
        self, browser: Browser, container: Container, papers: dict[Status, str], status: Status, action: str,
        field: str, after: Status,
    ) -> None:  # fmt: skip
        paper = papers[status]
        where = done(browser, f"/papers/{paper}/{action}", **({field: "because"} if field else {}))
        assert where.startswith(f"/papers/{paper}?told=")
        notice = notice_on(browser, where)
        assert status_of(container, paper) is after
        assert ("because" in one(notice, "[role=status]").text()) == bool(field)

    def test_lead_back_to_the_page_they_were_on(self, browser: Browser, papers: dict[Status, str]) -> None:
        address = f"/papers/{papers[Status.NEW]}/exclude"
        assert done(browser, address, back="/papers?status=new&q=a%26b").startswith("/papers?status=new&q=a%26b&told=")
        address = f"/papers/{papers[Status.DONE]}/exclude"
        assert done(browser, address, back="https://evil.example/").startswith(f"/papers/{papers[Status.DONE]}?told=")

    def test_tell_htmx_where_to_go(self, browser: Browser, papers: dict[Status, str]) -> None:
        answer = browser.post(f"/papers/{papers[Status.NEW]}/exclude", headers=HTMX)
        assert answer.status_code == 200
        assert answer.headers["hx-redirect"].startswith(f"/papers/{papers[Status.NEW]}?told=")

    def test_processing_is_begun_outside_of_the_request(self, container: Container) -> None:
        world, begun = populated(container), list[object]()
        with visitor(evolve(container, by_hand=begun.append)) as browser:
            where = done(browser, f"/papers/{world.papers[Status.NEW]}/process")
        assert where == f"/papers/{world.papers[Status.NEW]}"
        assert len(begun) == 1

    @pytest.mark.parametrize("action", ["reinstate", "process", "retry"])
    def test_that_came_too_late_are_refused(self, browser: Browser, papers: dict[Status, str], action: str) -> None:
        answer = browser.post(f"/papers/{papers[Status.DONE]}/{action}")
        assert answer.status_code == 409
        assert "the paper is done" in answer.text
        told = browser.post(f"/papers/{papers[Status.DONE]}/{action}", headers=HTMX)
        assert told.headers["content-type"].startswith("text/plain")

    def test_that_do_not_exist_do_nothing(self, browser: Browser, papers: dict[Status, str]) -> None:
        assert browser.post(f"/papers/{papers[Status.NEW]}/delete").status_code in {404, 405}
        assert browser.post("/papers/nothing/exclude").status_code == 404
        assert browser.post(f"/papers/{papers[Status.NEW]}/exclude", data={"reason": "x" * 501}).status_code == 422


class TestNotices:
    def test_one_stands_at_the_top_and_leads_back(
        self, browser: Browser, container: Container, papers: dict[Status, str]
    ) -> None:
        paper = papers[Status.LOCATED]
        where = done(browser, f"/papers/{paper}/exclude", reason="off topic", back="/papers?q=a&sort=-year")
        notice = notice_on(browser, where)
        assert one(notice, "[role=status]").text().strip() == "Ordinary title, located: Excluded: off topic"
        assert one(notice, "form button").text() == "Reinstate it"
        assert notice.css("a.button")[-1].attributes["href"] == "/papers?q=a&sort=-year"
        form = one(notice, "form")
        back = done(browser, form.attributes["action"] or "", back=one(form, "[name=back]").attributes["value"] or "")
        assert back.startswith("/papers?q=a&sort=-year&told=")
        assert "Wanted again" in one(notice_on(browser, back), "[role=status]").text()
        assert status_of(container, paper) is Status.LOCATED

    def test_what_cannot_be_taken_back_any_more_is_refused(self, browser: Browser, papers: dict[Status, str]) -> None:
        where = done(browser, f"/papers/{papers[Status.LOCATED]}/exclude")
        undo = one(notice_on(browser, where), "form").attributes["action"] or ""
        assert done(browser, undo).startswith("/notices?told=")
        refused = browser.post(undo)
        assert refused.status_code == 409
        assert "cannot be taken back any more" in refused.text
        assert not notice_on(browser, where).css("form")

    @pytest.mark.parametrize("told", ["", "0", "-1", "999999999", "9" * 30, "x", "1;2", "१"])
    def test_there_is_none_where_the_log_has_nothing(
        self, browser: Browser, papers: dict[Status, str], told: str
    ) -> None:
        assert papers
        page = page_of(browser, f"/papers?told={told}")
        assert not page.css("#told")

    def test_what_the_address_says_is_not_told(self, browser: Browser, papers: dict[Status, str]) -> None:
        where = done(browser, f"/papers/{papers[Status.NEW]}/exclude")
        page = browser.get(f"{where}&text=<script>alert(1)</script>").text
        assert "<script>alert(1)" not in page

    def test_a_notice_that_cannot_be_read_does_not_hinder_its_page(self, container: Container) -> None:
        class Broken:
            def at(self, _: int) -> None:
                raise SciPaperLoaderError("The database is gone.")

        with visitor(evolve(container, notices=Broken())) as browser:  # type: ignore[arg-type]
            assert not page_of(browser, "/papers?told=1").css("#told")

    @pytest.mark.case("W01")
    @pytest.mark.case("W02")
    def test_what_strangers_wrote_is_inert(self, browser: Browser, world_of_my_own: World) -> None:
        for paper, title in zip(world_of_my_own.hostile, HOSTILE, strict=True):
            where = done(browser, f"/papers/{paper}/exclude", reason=title[:500])
            notice = notice_on(browser, where)
            assert title[:20].strip() in one(notice, "[role=status]").text()
        listed = page_of(browser, "/notices")
        for found in (notice, listed):
            assert not found.css("img, svg[onload], b, em, [hx-get='/papers'], [x-data='{}']")
        assert "alert(3)" not in "".join(node.text() for node in listed.css("script"))

    def test_the_list_has_what_people_did(self, browser: Browser, papers: dict[Status, str]) -> None:
        done(browser, f"/papers/{papers[Status.LOCATED]}/exclude", reason="off topic")
        done(browser, f"/papers/{papers[Status.FAILED]}/requested", note="loan 7")
        page = page_of(browser, "/notices")
        first, second, *_ = page.css(".notices li")
        assert "Asked for elsewhere: loan 7" in first.text()
        assert not first.css("form")
        assert "Excluded: off topic" in second.text()
        assert one(second, "button").text() == "Reinstate it"
        part = browser.get("/notices", headers=HTMX)
        assert part.text.lstrip().startswith('<div id="notices"')

    def test_an_empty_list_says_what_to_do(self, browser: Browser) -> None:
        assert "Nobody has done anything yet" in page_of(browser, "/notices").text()

    def test_the_list_has_pages(
        self, browser: Browser, papers: dict[Status, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(3):
            done(browser, f"/papers/{papers[Status.FAILED]}/requested", note=f"loan {number}")
        monkeypatch.setattr("application.notices.Notices.latest.__defaults__", (None, 2))
        page = page_of(browser, "/notices")
        assert len(page.css(".notices li")) == 2
        older = page_of(browser, one(page, "a[rel=next]").attributes["href"] or "")
        assert "loan 0" in older.text()

    def test_the_bell_counts_what_is_new(self, browser: Browser, papers: dict[Status, str]) -> None:
        assert browser.get("/notices/bell").text.strip() == ""  # nothing is new to somebody who never looked
        done(browser, f"/papers/{papers[Status.FAILED]}/requested", note="loan 7")
        assert ">1<" in browser.get("/notices/bell").text
        browser.get("/notices")
        assert browser.get("/notices/bell").text.strip() == ""

    @pytest.mark.parametrize("seen", ["x", "-1", "9" * 40, "999999"])
    def test_a_cookie_that_means_nothing_counts_nothing(self, browser: Browser, seen: str) -> None:
        browser.cookies.set(SEEN, seen)
        assert browser.get("/notices/bell").text.strip() == ""

    def test_one_follows_what_it_tells_of(self, browser: Browser, papers: dict[Status, str]) -> None:
        where = done(browser, f"/papers/{papers[Status.LOCATED]}/exclude")
        position = where.rpartition("=")[2]
        part = browser.get(f"/notices/{position}?back=/papers?q=a")
        assert "Excluded" in part.text
        assert browser.get("/notices/0").status_code == 404

    def test_everything_stays_as_it_is_where_nothing_was_done(self, browser: Browser, container: Container) -> None:
        assert browser.post("/notices/0/undo").status_code == 404
        assert container.papers.count(PaperFilter()) == 0


class TestAddresses:
    @pytest.mark.parametrize(
        ("told", "address"),
        [
            ("/papers", "/papers"),
            ("/papers?q=a&told=7", "/papers?q=a"),
            ("/papers?told=7&told=8", "/papers"),
            ("/settings?told=3#contact", "/settings#contact"),
            ("", "/x"),
            ("papers", "/x"),
            ("//evil.example", "/x"),
            ("/\\evil.example", "/x"),
            ("https://evil.example", "/x"),
            ("javascript:alert(1)", "/x"),
            ("/a\r\nset-cookie: b", "/x"),
            ("/" + "a" * 5_000, "/x"),
        ],
    )
    def test_only_our_own_are_gone_back_to(self, told: str, address: str) -> None:
        assert own_address(told, "/x") == address

    def test_a_page_of_no_address_is_the_first(self) -> None:
        assert untold("?told=1") == "/"
