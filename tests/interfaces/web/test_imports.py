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
        page = LexborHTMLParser(browser.get(where).text)
        assert "was imported into this collection before" in one(page, "#progress").text()
        assert one(page, "#progress").attributes["hx-get"] == where, "it is told on, too"

    def test_pasted_identifiers_are_a_list(self, browser: Browser, container: Container) -> None:
        browser.post("/import", files={"text": (None, "10.5555/a\narXiv:1207.7214\n")})
        (row,) = container.imports.page()
        assert (row.filename, row.collection_name, row.counts.registered) == ("pasted list.txt", "Pasted list", 2)

    def test_a_long_pasted_list_is_put_back_whole_and_imported_whole(
        self, browser: Browser, container: Container
    ) -> None:
        text = "\n" + "".join(f"10.5555/one-of-a-list-that-is-long.{number:04}\n" for number in range(700))
        page = LexborHTMLParser(browser.post("/import/check", files={"text": (None, text)}).text)
        assert len(text) > 20_000
        assert one(page, "#text").text() == text
        assert len(page.css('[name="collection"]:not([type="hidden"])')) == 1
        assert [one.text(strip=True) for one in page.css(".form-end .button")] == [
            "Check this one",
            "Import 700 new papers",
            "Check again",
        ]
        browser.post("/import", files={"text": (None, one(page, "#text").text())})
        (row,) = container.imports.page()
        assert row.counts.registered == 700

    def test_columns_that_nobody_knows_are_told(self, browser: Browser, container: Container) -> None:
        rows = "Nr;Ref;Wer;Wann\n1;10.5555/a;Berg;2020\n2;10.5555/b;Lind;2021\n"
        answer = browser.post("/import/check", files={"file": ("l.csv", rows.encode())}, headers=HX)
        page = LexborHTMLParser(answer.text)
        assert one(page, ".note.warn").text() == (
            "No column was found for the title, the authors, the journal and the year. Choose it below and check "
            "again, or the list shows the papers by their identifiers only."
        )
        assert one(page, "#upload").attributes["hx-swap-oob"] == "true"
        assert page.css("#columns-title ~ details[open]")

    def test_a_pasted_list_that_is_too_long_is_refused_and_never_cut(
        self, browser: Browser, container: Container, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("interfaces.web.uploading.MAX_FIELD", 30)
        answer = browser.post("/import/check", files={"text": (None, "10.5555/one\n10.5555/two\n10.5555/three\n")})
        assert (answer.status_code, "Upload it as a file." in answer.text) == (400, True)
        assert one(LexborHTMLParser(answer.text), "#text").text() == ""
        assert container.log.head().position == 0

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
            for one in LexborHTMLParser(page.text).css("#verdict input")
            if one.attributes.get("type") != "radio" or "checked" in one.attributes
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
        assert one(page, "#progress").attributes["hx-trigger"] == "log-moved from:#live"
        assert one(page, "#live").attributes["hx-sse:connect"].startswith("/live?after=")
        assert len(page.css("table tbody tr")) == 2
        assert page.css_first(f'a[href="/papers?import={world.import_id}"]') is not None

    def test_a_running_import_is_followed(self, browser: Browser, container: Container) -> None:
        accepted = container.importing.accept(
            container.uploads.keep([LIST]), Request(filename="a.csv", collection="c", actor=PROGRAM)
        )
        answer = browser.get(f"/imports/{accepted.import_id}")
        page = LexborHTMLParser(answer.text)
        assert one(page, "#progress").attributes["hx-trigger"] == "log-moved from:#live"
        assert one(page, "progress").attributes["max"] == "3"
        assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in answer.text
        container.importing.run(accepted.import_id)
        done = browser.get(f"/imports/{accepted.import_id}", headers=HX)
        assert done.text.lstrip().startswith('<div id="progress"')
        assert "<progress" not in done.text


WIDE = (
    b'Ref,Name,"<img src=x onerror=alert(1)>",When\n'
    b'17375194,First,"=HYPERLINK(""http://x.example"")",1999\n17375195,Second,@x,2000\n'
)


def fields_of(page: str) -> dict[str, tuple[None, str]]:
    """What the form of a check sends, as it stands."""
    tree, sent = LexborHTMLParser(page), dict[str, tuple[None, str]]()
    for box in tree.css("#verdict input"):
        if box.attributes.get("type") != "radio" or "checked" in box.attributes:
            sent[box.attributes["name"] or ""] = (None, box.attributes["value"] or "")
    for select in tree.css("#verdict select"):
        chosen = select.css_first("option[selected]")
        assert chosen is not None
        sent[select.attributes["name"] or ""] = (None, chosen.attributes["value"] or "")
    return sent


class TestColumns:
    """What the columns of a table are taken for, and how that is corrected."""

    def test_a_list_without_identifiers_is_mended_by_saying_where_they_are(
        self, browser: Browser, container: Container
    ) -> None:
        refused = browser.post("/import/check", files=upload(WIDE), data={"collection": "Sleep"})
        assert refused.status_code == 422
        assert "No column has DOIs" in refused.text
        sent = fields_of(refused.text)
        assert [sent[f"field-{number}"][1] for number in range(4)] == ["ignore"] * 4
        sent |= {"field-0": (None, "pmid"), "field-1": (None, "title")}
        checked = browser.post("/import/check", files=sent)
        assert checked.status_code == 200
        assert "2 rows in “list.csv”" in LexborHTMLParser(checked.text).text()
        assert "Corrected; found as: Not used" in checked.text
        assert browser.post("/import", files=fields_of(checked.text)).status_code == 303
        (row,) = container.imports.page()
        assert (row.collection_name, row.counts.registered) == ("Sleep", 2)
        found = container.papers.find("PMID:17375194")
        assert found is not None
        assert found.title == "First"
        shown = LexborHTMLParser(browser.get(f"/imports/{row.id}").text).text()
        assert "Ref → PubMed id" in shown

    def test_what_cannot_be_is_told_beside_the_column(self, browser: Browser) -> None:
        sent = fields_of(browser.post("/import/check", files=upload()).text)
        answer = browser.post("/import/check", files=sent | {"field-1": (None, "abstract")}, headers=HX)
        assert answer.status_code == 422
        page = LexborHTMLParser(answer.text)
        assert one(page, 'select[name="field-1"]').attributes["aria-invalid"] == "true"
        assert "mapping of “Title” is 'abstract'" in one(page, "#wrong-1").text()
        assert one(page, 'input[name="checked"]').attributes["value"]

    @pytest.mark.parametrize("columns", ["[", "{}", "[1]", '"DOI"'])
    def test_columns_that_are_none_are_refused(self, browser: Browser, columns: str) -> None:
        answer = browser.post("/import/check", files={**upload(), "columns": (None, columns)})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text

    @pytest.mark.case("W01")
    def test_headings_and_cells_are_inert(self, browser: Browser) -> None:
        page = browser.post("/import/check", files=upload(WIDE, "<svg onload=alert(1)>.csv")).text
        assert "<img src=x" not in page
        assert "<svg onload" not in page
        names = one(LexborHTMLParser(page), 'input[name="columns"]').attributes["value"]
        assert names == '["Ref", "Name", "<img src=x onerror=alert(1)>", "When"]'

    def test_a_table_with_very_many_columns_shows_some(self, browser: Browser) -> None:
        wide = ",".join(["DOI", *(f"More {n}" for n in range(250))]) + "\n10.5555/one" + ",x" * 250 + "\n"
        page = browser.post("/import/check", files=upload(wide.encode())).text
        assert len(LexborHTMLParser(page).css("#verdict select")) == 200
        assert "51 further columns" in page
        assert browser.post("/import/check", files=fields_of(page)).status_code == 200

    def test_formats_without_columns_show_their_records_only(self, browser: Browser) -> None:
        page = browser.post(
            "/import/check", files=upload(b"TY  - JOUR\nDO  - 10.5555/one\nTI  - One\nER  - \n", "a.ris")
        )
        assert not LexborHTMLParser(page.text).css("#verdict select")
        assert "10.5555/one" in page.text

    def test_programs_say_what_columns_are(self, browser: Browser, container: Container) -> None:
        sent = {"mapping": '{"Ref": "pmid", "Name": "title"}'}
        found = browser.post("/api/v1/imports", files=upload(WIDE), data=sent).json()
        assert container.imports.page()[0].counts.registered == 2
        assert browser.post("/api/v1/imports", files=upload(WIDE), data=sent).json()["id"] == found["id"]
        other = browser.post("/api/v1/imports", files=upload(WIDE), data={"mapping": '{"Ref": "pmid"}'}).json()
        assert other["id"] != found["id"]

    @pytest.mark.parametrize("mapping", ["[]", "{", '{"Ref": 1}', '{"Nowhere": "doi"}', '{"Ref": "abstract"}'])
    def test_a_programs_mapping_that_is_none_is_refused(self, browser: Browser, mapping: str) -> None:
        answer = browser.post("/api/v1/imports", files=upload(WIDE), data={"mapping": mapping})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"].startswith("mapping")

    def test_there_is_a_template_to_fill_in(self, browser: Browser) -> None:
        answer = browser.get("/import/template.csv")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.text == "DOI,PMID,PMCID,arXiv,Title,Authors,Journal,Year\r\n"


class TestVerdict:
    """What a check tells of each row, and its exports."""

    CONTENT = (
        b"DOI,Title\n10.5555/one,One\n10.5555/two,=2+2\n10.5555/two,Again\nnothing,<b>Three</b>\n10.5555/three,Three\n"
    )

    @pytest.fixture
    def checked(self, browser: Browser) -> str:
        """The page of a check of a list of which one paper is known."""
        browser.post("/api/v1/imports", files=upload(b"DOI,Title\n10.5555/one,One\n", "before.csv"))
        return browser.post("/import/check", files=upload(self.CONTENT)).text

    def test_each_outcome_shows_its_first_rows(self, browser: Browser, container: Container, checked: str) -> None:
        page = LexborHTMLParser(checked)
        assert [count.text() for count in page.css(".outcome .count")] == ["2", "1", "1", "1"]
        known = container.papers.find("10.5555/one")
        assert known is not None
        assert one(page, f'.o-known a[href="/papers/{known.id}"]').text() == "One"
        assert "“nothing” is no DOI." in one(page, ".o-invalid tbody").text()
        assert [cell.text() for cell in page.css(".o-new td:first-child")] == ["3", "6"]

    @pytest.mark.case("C25")
    def test_each_outcome_is_exported_for_spreadsheets(self, browser: Browser, checked: str) -> None:
        found = {}
        for link in LexborHTMLParser(checked).css(".outcome-head a"):
            answer = browser.get(link.attributes["href"] or "")
            assert answer.status_code == 200
            assert "attachment" in answer.headers["content-disposition"]
            rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
            found[rows[0]["outcome"]] = rows
        assert {name: len(rows) for name, rows in found.items()} == {"new": 2, "known": 1, "duplicate": 1, "invalid": 1}
        assert found["new"][0]["title"] == "'=2+2"
        assert found["known"][0]["paper"]
        assert found["new"][0]["paper"] == ""
        assert found["invalid"][0]["reason"] == "“nothing” is no DOI."

    def test_an_export_reads_the_columns_as_they_were_corrected(self, browser: Browser) -> None:
        sent = fields_of(browser.post("/import/check", files=upload(WIDE)).text) | {"field-0": (None, "pmid")}
        page = LexborHTMLParser(browser.post("/import/check", files=sent).text)
        answer = browser.get(one(page, ".o-new .outcome-head a").attributes["href"] or "")
        assert [row["pmid"] for row in csv.DictReader(io.StringIO(answer.text, newline=""))] == ["17375194", "17375195"]

    def test_what_was_not_checked_is_not_exported(self, browser: Browser, checked: str) -> None:
        link = LexborHTMLParser(checked).css_first(".outcome-head a")
        assert link is not None
        address = link.attributes["href"] or ""
        for wrong in (
            address.replace("new.csv", "old.csv"),
            f"/import/checked/{'0' * 64}/new.csv",
            "/import/checked/x/y",
        ):
            assert browser.get(wrong).status_code == 404
        assert browser.get(f"{address}&mapping=[").status_code == 422

    def test_papers_that_come_back_are_told(self, browser: Browser, container: Container) -> None:
        browser.post("/api/v1/imports", files=upload())
        browser.post(f"/api/v1/imports/{container.imports.page()[0].id}/undo")
        told = " ".join(LexborHTMLParser(browser.post("/import/check", files=upload()).text).text().split())
        assert "2 papers come back that were set aside when an import was undone." in told


class TestUndo:
    """Taking an import back, and stopping one."""

    @pytest.fixture
    def imported(self, browser: Browser) -> str:
        """The id of an import of two papers, of which another list names one too."""
        browser.post("/api/v1/imports", files=upload(b"DOI\n10.5555/two\n", "other.csv"))
        name: str = browser.post("/api/v1/imports", files=upload()).json()["id"]
        return name

    @pytest.mark.parametrize("headers", [{}, HX])
    def test_it_is_told_what_happens_and_then_it_does(
        self, browser: Browser, container: Container, imported: str, headers: dict[str, str]
    ) -> None:
        position = container.log.head().position
        shown = LexborHTMLParser(browser.get(f"/imports/{imported}/undo").text).text()
        assert "1 paper is set aside." in shown
        assert "1 paper stays, because other lists name them too." in shown
        assert container.log.head().position == position
        answer = browser.post(f"/imports/{imported}/undo", headers=headers)
        where = answer.headers["hx-redirect"] if headers else answer.headers["location"]
        assert where.startswith(f"/imports/{imported}?told=")
        page = browser.get(where).text
        assert "The import was undone" in page
        assert "/undo" not in page
        found = container.papers.find("10.5555/one")
        assert found is not None
        assert found.status == "excluded"

    def test_an_import_that_is_undone_is_not_undone_again(self, browser: Browser, imported: str) -> None:
        browser.post(f"/imports/{imported}/undo")
        assert browser.post(f"/imports/{imported}/undo").status_code == 409
        assert "The import is undone already." in browser.get(f"/imports/{imported}/undo").text

    def test_programs_ask_first_and_undo(self, browser: Browser, imported: str) -> None:
        stakes = browser.get(f"/api/v1/imports/{imported}/stakes").json()
        assert (stakes["leaving"], stakes["shared"], stakes["by_status"]) == (1, 1, {"new": 1})
        answer = browser.post(f"/api/v1/imports/{imported}/undo")
        assert (answer.status_code, answer.json()["status"]) == (202, "undone")
        assert browser.post(f"/api/v1/imports/{imported}/undo").status_code == 409

    def test_a_running_one_is_cancelled(self, browser: Browser, container: Container) -> None:
        upload_ = container.uploads.keep([LIST])
        name = container.importing.accept(upload_, Request(filename="a.csv", collection="c", actor=PROGRAM)).import_id
        assert "Cancel it first" in browser.get(f"/imports/{name}/undo").text
        assert one(LexborHTMLParser(browser.get("/imports").text), f"#cancel-{name}").tag == "button"
        assert browser.post(f"/imports/{name}/cancel").headers["location"].startswith(f"/imports/{name}?told=")
        assert browser.post(f"/imports/{name}/cancel").status_code == 409
        assert browser.post(f"/api/v1/imports/{name}/cancel").status_code == 409
        assert "It ended after 0 rows." in browser.get(f"/imports/{name}").text

    def test_programs_cancel(self, browser: Browser, container: Container) -> None:
        upload_ = container.uploads.keep([LIST])
        name = container.importing.accept(upload_, Request(filename="a.csv", collection="c", actor=PROGRAM)).import_id
        assert browser.post(f"/api/v1/imports/{name}/cancel").json()["status"] == "cancelled"

    def test_one_that_was_broken_off_is_gone_on_with(
        self, browser: Browser, container: Container, imported: str
    ) -> None:
        container.undoing_imports.begin(imported, PROGRAM)
        page = LexborHTMLParser(browser.get(f"/imports/{imported}").text)
        assert one(page, "#go-on").text() == "Go on undoing it"
        browser.post(f"/imports/{imported}/undo")
        (row,) = [row for row in container.imports.page() if row.id == imported]
        assert row.status == "undone"

    def test_one_that_is_none_is_not_found(self, browser: Browser) -> None:
        for action in ("undo", "cancel"):
            assert browser.post(f"/imports/nobody/{action}").status_code == 404
            assert browser.post(f"/api/v1/imports/nobody/{action}").status_code == 404
        assert browser.get("/imports/nobody/undo").status_code == 404


def test_rejected_rows_are_paged(browser: Browser) -> None:
    lines = "\n".join(["DOI", "10.5555/one", *(f"none {number}" for number in range(150))])
    name = browser.post("/api/v1/imports", files=upload(lines.encode())).json()["id"]
    first = LexborHTMLParser(browser.get(f"/imports/{name}").text)
    assert len(first.css("#rejected tbody tr")) == 100
    rest = LexborHTMLParser(browser.get(one(first, "#rejected a[rel=next]").attributes["href"] or "").text)
    assert len(rest.css("#rejected tbody tr")) == 50
    assert "none 149" in one(rest, "#rejected").text()


class TestCollections:
    """How far collections are."""

    def test_each_is_shown_with_what_is_done(self, reader: Browser) -> None:
        page = LexborHTMLParser(reader.get("/collections").text)
        (line,) = page.css("tbody tr")
        cells = {cell.attributes["data-label"]: cell.text() for cell in line.css("td[data-label]")}
        assert cells == {"Papers": "18", "Done": "1", "Waiting": "13", "Not retrieved": "3", "Set aside": "1"}
        assert one(line, "svg").attributes["aria-label"] == "1 of 17 papers done"

    def test_without_any_it_is_said_what_they_are(self, browser: Browser) -> None:
        assert "There is no collection yet" in browser.get("/collections").text
        assert browser.get("/collections", headers=HX).text.lstrip().startswith('<div id="collection-list"')
