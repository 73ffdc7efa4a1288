"""Importing through the browser, and over the interface for programs."""

import csv
import io
from typing import Any

import pytest
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from application.handling import PROGRAM
from application.importing import Request
from interfaces.container import Container
from tests.interfaces.web.reading import one
from tests.interfaces.web.world import World

Browser = TestClient[Any]
LIST = b"DOI,Title\n10.5555/one,One\n10.5555/two,Two\nnothing,<b>Three</b>\n"
HX = {"hx-request": "true"}


def upload(content: bytes = LIST, name: str = "list.csv") -> dict[str, Any]:
    """The file of a form."""
    return {"file": (name, content)}


class TestInterface:
    """POST and GET /api/v1/imports."""

    def test_a_list_is_accepted_and_worked_through(self, browser: Browser) -> None:
        answer = browser.post("/api/v1/imports", files=upload(), data={"collection": "Sleep"})
        assert answer.status_code == 202
        found = answer.json()
        assert answer.headers["location"] == f"/api/v1/imports/{found['id']}"
        assert found["repeated"] is False
        shown = browser.get(answer.headers["location"]).json()
        assert (shown["status"], shown["collection"]["name"], shown["rows"]) == ("completed", "Sleep", 3)
        assert shown["counts"] == {"registered": 2, "known": 0, "duplicates": 0, "updated": 0, "rejected": 1}
        assert "(interface)" in shown["actor"]

    def test_the_same_list_twice_is_one_import(self, browser: Browser, container: Container) -> None:
        first = browser.post("/api/v1/imports", files=upload(), data={"collection": "Sleep"}).json()
        again = browser.post("/api/v1/imports", files=upload(), data={"collection": "Sleep"})
        assert again.status_code == 202
        assert (again.json()["id"], again.json()["repeated"]) == (first["id"], True)
        assert len(container.imports.page()) == 1

    def test_a_program_without_a_browsers_headers_may_import(self, browser: Browser) -> None:
        del browser.headers["sec-fetch-site"]
        assert browser.post("/api/v1/imports", files=upload()).status_code == 202
        assert browser.post("/import", files=upload()).status_code == 403

    def test_a_list_without_a_collection_names_one_itself(self, browser: Browser) -> None:
        found = browser.post("/api/v1/imports", files=upload(name="my review.final.csv")).json()
        assert found["collection"]["name"] == "my review.final"

    def test_imports_are_listed_newest_first_page_by_page(self, browser: Browser) -> None:
        for number in range(3):
            browser.post("/api/v1/imports", files=upload(LIST, f"{number}.csv"))
        first = browser.get("/api/v1/imports?limit=2").json()
        rest = browser.get(f"/api/v1/imports?limit=2&after={first['after']}").json()
        assert [one["filename"] for one in first["imports"] + rest["imports"]] == ["2.csv", "1.csv", "0.csv"]
        assert rest["after"] is None

    @pytest.mark.case("C25")
    def test_rejected_rows_are_streamed_and_neutralised(self, reader: Browser, world: World) -> None:
        answer = reader.get(f"/api/v1/imports/{world.import_id}/rejected.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"].startswith("attachment")
        rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
        assert [int(row["line"]) for row in rows] == [20, 21]
        assert rows[1]["raw"].startswith("'=1+1") or rows[1]["raw"].startswith('"=1+1')

    def test_an_import_that_is_none_is_not_found(self, reader: Browser) -> None:
        for address in ("/api/v1/imports/nobody", "/api/v1/imports/nobody/rejected.csv"):
            assert reader.get(address).status_code == 404

    def test_collections_are_listed_with_their_papers(self, reader: Browser) -> None:
        (found,) = reader.get("/api/v1/collections").json()["collections"]
        assert (found["name"], found["papers"]) == ("Sleep & <memory>", 18)


class TestPage:
    """The import page, with and without JavaScript."""

    def test_without_javascript_a_list_leads_to_its_page(self, browser: Browser) -> None:
        answer = browser.post("/import", files=upload(), data={"collection": "Sleep"})
        assert answer.status_code == 303
        page = browser.get(answer.headers["location"])
        assert "Every row was dealt with." in page.text
        assert "&lt;b&gt;Three&lt;/b&gt;" in page.text

    def test_with_htmx_the_browser_is_sent_there(self, browser: Browser) -> None:
        answer = browser.post("/import", files=upload(), headers=HX)
        assert answer.status_code == 200
        assert answer.headers["hx-redirect"].startswith("/imports/")

    def test_a_list_sent_twice_says_so(self, browser: Browser) -> None:
        browser.post("/import", files=upload())
        where = browser.post("/import", files=upload()).headers["location"]
        assert where.endswith("?repeated=1")
        assert "was imported into this collection before" in browser.get(where).text

    def test_pasted_identifiers_are_a_list(self, browser: Browser, container: Container) -> None:
        browser.post("/import", files={"text": (None, "10.5555/a\narXiv:1207.7214\n")})
        (row,) = container.imports.page()
        assert (row.filename, row.collection_name, row.counts.registered) == ("pasted list.txt", "Pasted list", 2)

    def test_a_check_changes_nothing_and_tells_what_would(self, browser: Browser, container: Container) -> None:
        answer = browser.post("/import/check", files=upload(), data={"collection": "Sleep"}, headers=HX)
        assert answer.status_code == 200
        verdict = LexborHTMLParser(answer.text)
        told = " ".join(one(verdict, "dl.tally").text(deep=True, separator=" ").split())
        assert told == "New papers 2 Known before 0 Repeated in the file 0 Rejected rows 1"
        assert "&lt;b&gt;Three&lt;/b&gt;" in answer.text
        assert container.log.head().position == 0

    def test_a_check_tells_what_would_be_updated(self, browser: Browser) -> None:
        browser.post("/api/v1/imports", files=upload())
        news = upload(LIST.replace(b"One", b"Another title"))
        shown = [browser.post("/import/check", files=news, data={"on_duplicate": wish}) for wish in ("skip", "update")]
        told = [" ".join(LexborHTMLParser(answer.text).text(separator=" ").split()) for answer in shown]
        assert ["Known before 2 Updated 1" in one for one in told] == [False, True]

    def test_what_was_checked_is_imported_without_sending_it_again(
        self, browser: Browser, container: Container
    ) -> None:
        page = browser.post("/import/check", files=upload(), data={"collection": "Sleep", "on_duplicate": "update"})
        fields = {
            one.attributes["name"] or "": (None, one.attributes["value"] or "")
            for one in LexborHTMLParser(page.text).css("#verdict input[type=hidden]")
        }
        assert browser.post("/import", files=fields).status_code == 303
        (row,) = container.imports.page()
        assert (row.filename, row.collection_name, row.counts.registered) == ("list.csv", "Sleep", 2)

    @pytest.mark.case("W13")
    @pytest.mark.parametrize("name", ["0" * 64, "../../../etc/passwd", "x", "A" * 64, ""])
    def test_only_what_was_checked_can_be_named(self, browser: Browser, container: Container, name: str) -> None:
        assert browser.post("/import", files={"checked": (None, name)}).status_code == 400
        assert container.log.head().position == 0

    def test_a_form_without_a_list_comes_back_with_what_is_missing(self, browser: Browser) -> None:
        whole = browser.post("/import", files={"collection": (None, "<Mine>")})
        assert whole.status_code == 400
        assert whole.text.startswith("<!doctype html>")
        assert 'value="&lt;Mine&gt;"' in whole.text
        part = browser.post("/import", files={"collection": (None, "Mine")}, headers=HX)
        assert part.text.lstrip().startswith('<div id="verdict">')
        for answer in (whole, part):
            assert "There is no list." in answer.text
            assert 'role="alert"' in answer.text

    def test_a_file_that_is_no_list_is_told(self, browser: Browser) -> None:
        answer = browser.post("/import/check", files=upload(b"\x7fELF not a list", "a.out"), headers=HX)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text

    def test_known_collections_are_offered(self, reader: Browser) -> None:
        options = LexborHTMLParser(reader.get("/import").text).css("datalist option")
        assert [option.attributes["value"] for option in options] == ["Sleep & <memory>"]

    def test_the_page_of_an_import_tells_what_became_of_it(self, reader: Browser, world: World) -> None:
        page = LexborHTMLParser(reader.get(f"/imports/{world.import_id}").text)
        assert one(page, "h1").text() == "<b>list</b>.csv"
        assert one(page, "#progress").attributes.get("hx-trigger") is None
        assert len(page.css("table tbody tr")) == 2
        assert page.css_first(f'a[href="/papers?import={world.import_id}"]') is not None

    def test_a_running_import_is_looked_at_every_second(self, browser: Browser, container: Container) -> None:
        accepted = container.importing.accept(
            container.uploads.keep([LIST]), Request(filename="a.csv", collection="c", actor=PROGRAM)
        )
        answer = browser.get(f"/imports/{accepted.import_id}")
        page = LexborHTMLParser(answer.text)
        assert one(page, "#progress").attributes["hx-trigger"] == "every 1s"
        assert one(page, "progress").attributes["max"] == "3"
        assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in answer.text
        container.importing.run(accepted.import_id)
        done = browser.get(f"/imports/{accepted.import_id}", headers=HX)
        assert "hx-trigger" not in done.text
