"""The list of papers: filters, columns, places, saved views, the panel, and the way from a paper to its neighbours."""

import io
import zipfile
from typing import Any
from urllib.parse import urlencode

import pytest
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from application.exporting import FORMATS
from domain.errors import InvalidValue
from domain.pipeline import Status
from interfaces.container import Container
from interfaces.web.filtering import years_of
from interfaces.web.listing import USUAL, columns_of, listing_in
from tests.interfaces.web.reading import one
from tests.interfaces.web.test_pages import inert
from tests.interfaces.web.world import HOSTILE, World

Browser = TestClient[Any]
HX = {"hx-request": "true", "hx-request-type": "partial"}


def shown(browser: Browser, address: str, **headers: str) -> LexborHTMLParser:
    answer = browser.get(address, headers=headers)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def rows(page: LexborHTMLParser) -> list[str]:
    return [(row.attributes["id"] or "").removeprefix("p-") for row in page.css("#results tbody tr")]


def links(page: LexborHTMLParser, selector: str) -> dict[str, str]:
    return {node.text(strip=True): node.attributes["href"] or "" for node in page.css(selector)}


@pytest.fixture
def long(browser: Browser) -> Browser:
    """A browser on a library of 120 papers."""
    listing = "\n".join(f"10.5555/{number:03},Paper {number:03},{1990 + number % 30}" for number in range(120))
    browser.post("/import", files={"text": (None, f"DOI,Title,Year\n{listing}")})
    return browser


class TestExports:
    """The menu that takes the list along."""

    def test_every_form_is_offered_for_what_is_shown_with_its_number(self, reader: Browser) -> None:
        page = shown(reader, "/papers?status=done&status=doubtful&sort=-title")
        assert "2 papers, as the list is filtered" in one(page, "#export .hint").text()
        found = links(page, "#export .exports a")
        assert found == {
            form.title: f"/api/v1/export?status=done&status=doubtful&sort=-title&format={name}"
            for name, form in FORMATS.items()
        }
        for address in found.values():
            assert reader.get(address).status_code == 200

    def test_the_files_come_as_one_archive(self, reader: Browser) -> None:
        page = shown(reader, "/papers?status=done&q=10.5555")
        form = one(page, "#export form")
        fields = [(node.attributes["name"], node.attributes["value"]) for node in form.css("input[type=hidden]")]
        wanted = urlencode([*fields, ("lists", "bibtex"), ("lists", "csv")])
        for address in (f"{form.attributes['action']}?{wanted}", f"/api/v1/export?format=zip&{wanted}"):
            answer = reader.get(address)
            assert answer.headers["content-type"] == "application/zip"
            assert 'filename="papers.zip"' in answer.headers["content-disposition"]
            with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
                assert found.testzip() is None
                assert {"manifest.csv", "papers.bib", "papers.csv"} < set(found.namelist())
                assert answer.headers["x-log-anchor"].encode() in found.read("manifest.csv")
        assert reader.get("/papers/export.zip?lists=xls").status_code == 422

    def test_it_follows_the_filters(self, reader: Browser) -> None:
        part = shown(reader, "/papers?year=2020", **HX)
        assert "year=2020" in links(part, "#export .exports a")["BibTeX"]


class TestFilters:
    """What narrows the list, and how it is taken off."""

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("cause=no_open_copy", 1), ("host=repository.example", 6), ("host=REPOSITORY.example&status=done", 1),
            ("journal=journal+of+examples", 18), ("year=2020", 18), ("year=2010-2019", 0), ("year=2019-", 18),
            ("year=-2020", 18), ("source=unpaywall", 2), ("version=acceptedVersion", 2), ("requested=yes", 0),
            ("requested=no", 18), ("collection=sleep+%26+%3Cmemory%3E", 18),
        ],
    )  # fmt: skip
    def test_each_of_them_narrows_page_and_interface_alike(self, reader: Browser, query: str, found: int) -> None:
        assert len(rows(shown(reader, f"/papers?{query}"))) == found
        assert reader.get(f"/api/v1/papers?{query}").json()["count"] == found

    @pytest.mark.parametrize("query", ["year=soon", "year=-", "year=20202021", "requested=perhaps", "sort=colour"])
    def test_what_is_none_is_refused(self, reader: Browser, query: str) -> None:
        answer = reader.get(f"/api/v1/papers?{query}")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == query.partition("=")[0]

    def test_years_are_read(self) -> None:
        assert years_of("") is None
        read = {text: years_of(text) for text in ("2019", "2010-2019", "2010-", "-1999")}
        assert {text: (years.first, years.last) for text, years in read.items() if years} == {
            "2019": (2019, 2019), "2010-2019": (2010, 2019), "2010-": (2010, None), "-1999": (None, 1999),
        }  # fmt: skip

    def test_filters_that_are_on_can_be_taken_off_one_by_one(self, reader: Browser) -> None:
        page = shown(reader, "/papers?q=ordinary&status=done&year=2020&host=repository.example&sort=-title")
        taken = {node.attributes["href"] for node in page.css(".taken a")}
        assert taken == {
            "/papers?status=done&host=repository.example&year=2020&sort=-title",
            "/papers?q=ordinary&status=done&year=2020&sort=-title",
            "/papers?q=ordinary&status=done&host=repository.example&sort=-title",
        }
        assert one(page, ".narrowed > a").attributes["href"] == "/papers"

    def test_an_empty_list_tells_of_how_many_and_leads_out(self, reader: Browser) -> None:
        page = shown(reader, "/papers?host=nowhere.example")
        assert one(page, ".empty h2").text() == "0 of 18 papers match"
        assert one(page, ".empty a").attributes["href"] == "/papers"

    def test_a_menu_counts_what_each_choice_leaves(self, reader: Browser) -> None:
        part = shown(reader, "/facets/cause?status=failed&status=unavailable", **HX)
        assert links(part, ".choices-list a") == {
            "No source knows a copy that is free to read.1": (
                "/papers?status=failed&status=unavailable&cause=no_open_copy"
            ),
            "The paper is free to read, but the site does not let programs in.1": (
                "/papers?status=failed&status=unavailable&cause=open_but_blocked"
            ),
        }

    def test_years_come_by_decade_then_one_by_one(self, reader: Browser) -> None:
        assert links(shown(reader, "/facets/year"), ".choices-list a") == {"2020 to 202918": "/papers?year=2020-2029"}
        within = shown(reader, "/facets/year?year=2020-2029")
        assert links(within, ".choices-list a") == {"202018": "/papers?year=2020"}
        assert one(within, "input[name=year]").attributes["value"] == "2020-2029"

    def test_a_chosen_one_is_marked_and_leads_off(self, reader: Browser) -> None:
        part = shown(reader, "/facets/host?host=repository.example&sort=title")
        chosen = one(part, ".choices-list a[aria-current]")
        assert chosen.attributes["href"] == "/papers?sort=title"

    @pytest.mark.parametrize("facet", ["collection", "import"])
    def test_names_are_told_instead_of_ids(self, reader: Browser, facet: str) -> None:
        (text,) = links(shown(reader, f"/facets/{facet}"), ".choices-list a")
        assert text == {"collection": "Sleep & <memory>18", "import": "<b>list</b>.csv18"}[facet]

    def test_a_menu_is_open_without_javascript_too(self, reader: Browser) -> None:
        page = shown(reader, "/papers?facet=host&status=done")
        assert [node.attributes["id"] for node in page.css(".facets details[open]")] == ["menu-host"]
        assert "repository.example1" in links(page, "#facet-host a")
        assert reader.get("/papers?facet=colour").status_code == 404
        assert reader.get("/facets/colour").status_code == 404


class TestColumns:
    """Which columns the list has."""

    def test_the_usual_ones_are_not_in_the_address(self, reader: Browser) -> None:
        page = shown(reader, "/papers")
        heads = [head.text(strip=True).rstrip("↕↑↓") for head in page.css("#results th")]
        assert [head for head in heads if head not in {"", "Beside the list", "Select"}] == [
            "Status", "Paper", "Year", "Changed", "File",
        ]  # fmt: skip
        assert columns_of([]) == USUAL

    def test_chosen_ones_stay_through_every_link(self, reader: Browser) -> None:
        page = shown(reader, "/papers?columns=title&columns=host&columns=attempts&columns=colour&sort=-attempts")
        assert one(page, "th[aria-sort]").text(strip=True).startswith("Attempts")
        for node in page.css(".chips a, th a"):
            assert "columns=title%2Chost%2Cattempts" in (node.attributes["href"] or "")
        boxes = page.css(".boxes input[name=columns][checked]")
        assert [box.attributes["value"] for box in boxes] == ["host", "attempts"]

    def test_every_column_can_be_shown(self, reader: Browser) -> None:
        page = shown(reader, "/papers")
        names = [box.attributes["value"] or "" for box in page.css(".boxes input[name=columns]")]
        wide = inert(reader.get(f"/papers?columns={','.join(names)}").text)
        assert len(wide.css("#results th")) >= len(names) + 2
        assert "repository.example" in (one(wide, "#results tbody").text())

    @pytest.mark.parametrize("sort", ["journal", "-size", "-attempts", "-changed", "added"])
    def test_each_order_is_told(self, reader: Browser, sort: str) -> None:
        page = shown(reader, f"/papers?sort={sort}&columns=title,journal,attempts,added,changed,file")
        assert one(page, "th[aria-sort]").attributes["aria-sort"] == (
            "descending" if sort.startswith("-") else "ascending"
        )
        assert one(page, "#sort option[selected]").attributes["value"] == sort


class TestPlaces:
    """Where in the list one is."""

    def test_the_numbers_of_the_rows_are_told_on_the_way_on_and_back(self, long: Browser) -> None:
        page, told = shown(long, "/papers"), []
        while following := page.css_first('a[rel="next"]'):
            told.append(one(page, ".pages .num").text())
            page = shown(long, following.attributes["href"] or "")
        told.append(one(page, ".pages .num").text())
        assert told == ["1–50 of 120", "51–100 of 120", "101–120 of 120"]
        back = shown(long, one(page, 'a[rel="prev"]').attributes["href"] or "")
        assert one(back, ".pages .num").text() == "51–100 of 120"

    @pytest.mark.parametrize("at", ["", "&at=0", "&at=-5", "&at=9999"])
    def test_a_number_that_cannot_be_is_not_told(self, long: Browser, at: str) -> None:
        address = one(shown(long, "/papers"), 'a[rel="next"]').attributes["href"] or ""
        page = shown(long, address.replace("&at=51", at))
        assert one(page, ".pages .num").text() == "50 of 120 on this page"

    @pytest.mark.parametrize("number", [3, 60, 119])
    def test_the_list_opens_around_a_paper(self, long: Browser, container: Container, number: int) -> None:
        paper = container.papers.find(f"10.5555/{number:03}")
        assert paper is not None
        assert paper.id in rows(shown(long, f"/papers?around={paper.id}&sort=-year"))
        assert paper.id in rows(shown(long, f"/papers?around={paper.id}"))

    def test_a_paper_that_is_none_opens_the_list_from_its_start(self, reader: Browser) -> None:
        assert rows(shown(reader, "/papers?around=nowhere")) == rows(shown(reader, "/papers"))


class TestNeighbours:
    """From one paper to the next within the list."""

    def test_the_list_is_walked_through_from_paper_to_paper(self, reader: Browser) -> None:
        address = "/papers?sort=-title&q=ordinary"
        order = rows(shown(reader, address))
        first = one(shown(reader, address), ".paper-title").attributes["href"] or ""
        seen, page = [first.split("?")[0].rpartition("/")[2]], shown(reader, first)
        assert page.css_first('.neighbours a[rel="prev"]') is None
        while following := page.css_first('.neighbours a[rel="next"]'):
            address = following.attributes["href"] or ""
            seen.append(address.split("?")[0].rpartition("/")[2])
            page = shown(reader, address)
        assert seen == order
        back = one(page, ".neighbours-back").attributes["href"] or ""
        assert back.endswith(f"#p-{order[-1]}")
        assert rows(shown(reader, back)) == order

    @pytest.mark.parametrize("within", ["status=colour", "&".join("q=a" for _ in range(200)), "collection=none"])
    def test_a_list_that_cannot_be_read_gives_none(self, reader: Browser, world: World, within: str) -> None:
        page = shown(reader, f"/papers/{world.done}?{urlencode({'in': within})}")
        assert page.css_first(".neighbours") is None

    def test_a_paper_that_was_not_opened_from_a_list_has_none(self, reader: Browser, world: World) -> None:
        assert shown(reader, f"/papers/{world.done}").css_first(".neighbours") is None

    def test_a_query_of_too_many_fields_is_none(self) -> None:
        with pytest.raises(InvalidValue, match="the query of a list of papers"):
            listing_in("&".join("q=a" for _ in range(200)))

    def test_columns_and_view_come_back_too(self, reader: Browser, world: World) -> None:
        within = urlencode({"in": "columns=title%2Chost&view=v"})
        back = one(shown(reader, f"/papers/{world.done}?{within}"), ".neighbours-back").attributes["href"]
        assert back == f"/papers?columns=title%2Chost&view=v&around={world.done}#p-{world.done}"


class TestPanel:
    """A paper beside the list."""

    def test_it_is_there_without_javascript(self, reader: Browser, world: World) -> None:
        paper = world.papers[Status.FAILED]
        page = shown(reader, f"/papers?status=failed&panel={paper}")
        assert one(page, "#panel").attributes["data-paper"] == paper
        assert "Not retrieved" in one(page, "#panel").text()
        assert one(page, "#panel [data-close-panel]").attributes["href"] == "/papers?status=failed"
        assert "is-open" in (one(page, f"#p-{paper}").attributes["class"] or "")

    def test_htmx_gets_only_the_panel_and_its_address(self, reader: Browser, world: World) -> None:
        answer = reader.get(f"/panel?sort=title&panel={world.done}", headers=HX)
        assert answer.headers["hx-replace-url"] == f"/papers?sort=title&panel={world.done}"
        assert one(LexborHTMLParser(answer.text), "aside").attributes["id"] == "panel"
        empty = reader.get("/panel?sort=title", headers=HX)
        assert empty.headers["hx-replace-url"] == "/papers?sort=title"
        assert one(LexborHTMLParser(empty.text), "aside").text(strip=True) == ""

    def test_a_paper_that_is_none_leaves_it_empty(self, reader: Browser) -> None:
        assert "data-paper" not in one(shown(reader, "/papers?panel=nowhere"), "#panel").attributes

    @pytest.mark.case("W01")
    def test_hostile_titles_are_inert_in_it(self, reader: Browser, world: World) -> None:
        for paper, title in zip(world.hostile, HOSTILE, strict=True):
            page = inert(reader.get(f"/panel?panel={paper}", headers=HX).text)
            assert one(page, ".panel-name").text().strip()[:20] == title.strip()[:20]


class TestSavedViews:
    """Lists under a name."""

    def test_a_list_is_saved_shown_renamed_and_deleted(self, long: Browser, container: Container) -> None:
        query = "q=paper+01&sort=-year&columns=title%2Chost"
        answer = long.post("/views", data={"name": "Tens", "query": query})
        assert answer.status_code == 303
        (view,) = container.saved_views.all()
        assert answer.headers["location"] == f"/papers?{query}&view={view.id}&note=saved"
        page = shown(long, answer.headers["location"])
        assert "The view was saved." in one(page, ".told").text()
        assert one(page, ".view[aria-current]").text(strip=True) == "Tens"
        assert LexborHTMLParser(long.get(f"/views/{view.id}/count").text).text().strip() == ": 12"
        renamed = long.post(f"/views/{view.id}/rename", data={"name": "Teens", "query": query})
        assert "The view has another name." in shown(long, renamed.headers["location"]).html  # type: ignore[operator]
        gone = long.post(f"/views/{view.id}/delete", data={"query": query})
        assert gone.headers["location"] == f"/papers?{query}&note=deleted"
        assert "The view was deleted" in one(shown(long, gone.headers["location"]), ".told").text()
        assert container.saved_views.all() == []
        assert long.get(f"/views/{view.id}/count").status_code == 404

    def test_a_list_that_went_on_from_a_view_is_told_and_may_replace_it(
        self, browser: Browser, container: Container
    ) -> None:
        browser.post("/views", data={"name": "Done", "query": "status=done"})
        (view,) = container.saved_views.all()
        page = shown(browser, f"/papers?status=done&sort=-year&view={view.id}")
        assert one(page, ".view-changed").text() == "changed"
        form = next(form for form in page.css(".menu-form") if "Save the changes" in form.text())
        fields = {node.attributes["name"]: node.attributes["value"] for node in form.css("input")}
        assert fields == {"name": "Done", "query": "status=done&sort=-year"}
        browser.post("/views", data=fields)
        assert [one.query for one in container.saved_views.all()] == ["status=done&sort=-year"]

    def test_a_name_that_is_none_comes_back_with_what_is_wrong(self, browser: Browser, container: Container) -> None:
        answer = browser.post("/views", data={"name": "x" * 200, "query": "status=done"})
        assert answer.status_code == 422
        page = LexborHTMLParser(answer.text)
        assert one(page, "#view-name").attributes["value"] == "x" * 200
        assert "a name of 1 to 80 characters" in one(page, '[role="alert"]').text()
        assert one(page, "#chip-done").attributes.get("aria-current") == "true"
        assert container.saved_views.all() == []

    def test_a_name_that_is_taken_is_told(self, browser: Browser, container: Container) -> None:
        for name in ("One", "Two"):
            browser.post("/views", data={"name": name, "query": ""})
        first = container.saved_views.all()[0]
        answer = browser.post(f"/views/{first.id}/rename", data={"name": "two", "query": ""})
        assert answer.status_code == 409
        assert "exists already" in answer.text

    @pytest.mark.case("W02")
    def test_hostile_names_are_inert(self, browser: Browser, container: Container) -> None:
        for title in HOSTILE:
            browser.post("/views", data={"name": title[:80], "query": urlencode({"q": title[:500]})})
        page = inert(browser.get("/papers").text)
        assert len(page.css(".view")) == len(container.saved_views.all()) + 1
        for view in container.saved_views.all():
            inert(browser.get(f"/papers?{view.query}&view={view.id}").text)

    def test_a_view_of_a_collection_that_is_gone_has_no_count(self, browser: Browser, container: Container) -> None:
        view = container.saved_views.save("Old", "collection=gone", "anna")
        assert browser.get(f"/views/{view.id}/count").text.strip() == ""
