"""Acting on many papers from the list: the page that asks, the notice, the progress."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from attrs import evolve
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from application.handling import PROGRAM
from application.importing import Request
from application.queries import PaperFilter
from domain.acts import Action, allowed
from domain.pipeline import Status
from interfaces.container import Container
from interfaces.web.views import bulk as views
from interfaces.web.views.bulk import bulk_actions, is_number
from tests.interfaces.planned import locate_all
from tests.interfaces.web.reading import one
from tests.interfaces.web.serving import visitor

Browser = TestClient[Any]
ACTIONS = "/papers/actions"
PLAIN = {"content-type": "application/x-www-form-urlencoded"}
HTMX = {"hx-request": "true"}
DOIS = [f"10.5555/{name}" for name in "abcde"]


@pytest.fixture
def later() -> list[Callable[[], object]]:
    return []


@pytest.fixture
def filled(container: Container, later: list[Callable[[], object]]) -> Container:
    """Five papers with copies."""
    upload = container.uploads.keep(["\n".join(DOIS).encode()])
    accepted = container.importing.accept(upload, Request(filename="list.txt", collection="Mine", actor=PROGRAM))
    container.importing.run(accepted.import_id)
    locate_all(container)
    return evolve(container, in_bulk=later.append)


@pytest.fixture
def browser(filled: Container) -> Iterator[Browser]:
    with visitor(filled) as client:
        yield client


def send(browser: Browser, address: str, fields: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    """Send a form; a field may have several values."""
    return browser.post(address, content=urlencode(fields, doseq=True), headers={**PLAIN, **(headers or {})})


def asked(browser: Browser, **fields: Any) -> LexborHTMLParser:
    """The page that asks."""
    answer = send(browser, f"{ACTIONS}/confirm", fields)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def form_of(page: LexborHTMLParser) -> dict[str, Any]:
    """The fields of the form that the page has."""
    found: dict[str, Any] = {}
    for field in one(page, "form.confirm").css("input[name]"):
        found.setdefault(field.attributes["name"] or "", []).append(field.attributes.get("value") or "")
    return found


def counts(container: Container) -> dict[str, int]:
    return {status.value: count for status, count in container.papers.by_status(PaperFilter()).items()}


def ids(container: Container) -> list[str]:
    return [row.id for row in container.papers.all(PaperFilter())]


class TestAsking:
    @pytest.mark.case("N04")
    def test_what_will_happen_is_told_and_nothing_is_changed(self, browser: Browser, filled: Container) -> None:
        send(browser, f"/papers/{ids(filled)[0]}/exclude", {})
        head = filled.log.head()
        page = asked(browser, action="exclude", everything="1", which="")
        numbers = {row.css_first("dt").text(): row.css_first("dd").text() for row in page.css(".tally > div")}  # type: ignore[union-attr]
        assert numbers == {"Match the filter": "5", "Will change": "4", "Left alone: excluded": "1"}
        assert one(page, "form.confirm button").text() == "Exclude: 4 papers"
        assert [name.text() for name in page.css(".named li")] == [
            row.doi for row in filled.papers.all(PaperFilter()) if row.status is not Status.EXCLUDED
        ]
        assert page.css_first("[name=number]") is None
        assert filled.log.head() == head

    def test_of_many_papers_the_first_are_named(
        self, browser: Browser, filled: Container, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(views, "NAMED", 2)
        for fields in ({"everything": "1"}, {"paper": ids(filled)}):
            page = asked(browser, action="exclude", which="", **fields)
            names = [name.text() for name in page.css(".named li")]
            assert len(names) == 3
            assert names[-1] == "and 3 more"

    def test_selected_papers_are_told(self, browser: Browser, filled: Container) -> None:
        page = asked(browser, action="requested", paper=ids(filled)[:2], which="q=10.5555")
        assert one(page, ".tally dt").text() == "Selected"
        assert form_of(page)["paper"] == ids(filled)[:2]
        assert one(page, "label[for=words]").text().startswith("Note")
        assert one(page, ".crumbs a").attributes["href"] == "/papers?q=10.5555"

    def test_one_comes_back_to_the_page_of_the_list(self, browser: Browser, filled: Container) -> None:
        back = "/papers?q=10.5555&columns=title&after=abc"
        page = asked(browser, action="requested", paper=ids(filled)[:2], which="q=10.5555", back=back)
        assert one(page, ".crumbs a").attributes["href"] == back
        assert form_of(page)["back"] == [back]
        page = asked(browser, action="requested", paper=ids(filled)[:2], which="q=10.5555", back="//evil.example")
        assert one(page, ".crumbs a").attributes["href"] == "/papers?q=10.5555"

    def test_all_that_match_stand_above_those_that_are_ticked(self, browser: Browser, filled: Container) -> None:
        page = asked(browser, action="exclude", paper=ids(filled)[:2], everything="1", which="q=10.5555%2Fa")
        assert one(page, ".tally dd").text() == "1"
        assert "paper" not in form_of(page)

    def test_where_nothing_is_selected_it_says_so(self, browser: Browser) -> None:
        answer = send(browser, f"{ACTIONS}/confirm", {"action": "exclude", "which": "q=a"})
        assert answer.status_code == 422
        assert "No paper is selected" in answer.text
        assert 'href="/papers?q=a"' in answer.text

    def test_where_nothing_would_change_there_is_no_button(self, browser: Browser) -> None:
        page = asked(browser, action="reinstate", everything="1", which="")
        assert "None of them takes this" in page.text()
        assert page.css_first("form.confirm") is None

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"action": "delete", "everything": "1"}, 422),
            ({"everything": "1"}, 422),
            ({"action": "exclude", "everything": "1", "which": "status=lost"}, 422),
            ({"action": "exclude", "everything": "1", "which": "collection=nothing"}, 404),
            ({"action": "exclude", "paper": [str(number) for number in range(1_001)]}, 422),
        ],
    )
    def test_what_is_not_understood_is_refused(self, browser: Browser, fields: dict[str, Any], status: int) -> None:
        assert send(browser, f"{ACTIONS}/confirm", fields).status_code == status
        assert send(browser, ACTIONS, {**fields, "id": str(uuid4())}).status_code == status


class TestDoing:
    @pytest.mark.case("N04")
    def test_it_leads_back_to_the_list_which_tells_what_was_done(self, browser: Browser, filled: Container) -> None:
        form = form_of(asked(browser, action="exclude", everything="1", which="q=10.5555&sort=-year"))
        answer = send(browser, ACTIONS, {**form, "words": "off topic"})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/papers?q=10.5555&sort=-year&told=")
        page = LexborHTMLParser(browser.get(answer.headers["location"]).text)
        assert one(page, "#told [role=status]").text() == "5 papers were excluded: off topic."
        assert one(page, "#told a").attributes["href"] == f"{ACTIONS}/{form['id'][0]}"
        assert counts(filled) == {"excluded": 5}

    def test_a_form_that_is_sent_twice_does_it_once(self, browser: Browser, filled: Container) -> None:
        form = form_of(asked(browser, action="requested", paper=ids(filled), which=""))
        first, again = (send(browser, ACTIONS, form).headers["location"] for _ in range(2))
        assert first == again
        assert len(filled.log.stream(f"paper-{ids(filled)[0]}")) == 4

    def test_it_asks_again_where_other_papers_match_by_now(self, browser: Browser, filled: Container) -> None:
        form = form_of(asked(browser, action="exclude", everything="1", which=""))
        send(browser, f"/papers/{ids(filled)[0]}/exclude", {})
        answer = send(browser, ACTIONS, {**form, "words": "off topic"})
        assert answer.status_code == 409
        page = LexborHTMLParser(answer.text)
        assert "It would change 4 papers now" in one(page, "[role=alert]").text()
        assert counts(filled) == {"excluded": 1, "located": 4}
        again = form_of(page)
        assert (again["shown"], again["words"], again["id"]) == (["4"], ["off topic"], form["id"])
        first, repeated = (send(browser, ACTIONS, again) for _ in range(2))
        assert first.status_code == 303
        assert first.headers["location"] == repeated.headers["location"]
        assert counts(filled) == {"excluded": 5}

    def test_words_that_are_too_long_are_kept_and_told(self, browser: Browser, filled: Container) -> None:
        form = form_of(asked(browser, action="exclude", everything="1", which=""))
        answer = send(browser, ACTIONS, {**form, "words": "x" * 501})
        assert answer.status_code == 422
        page = LexborHTMLParser(answer.text)
        assert one(page, "#words").attributes["value"] == "x" * 501
        assert "at most 500 characters" in one(page, "[role=alert]").text()
        assert form_of(page)["id"] == form["id"]
        assert counts(filled) == {"located": 5}

    def test_a_large_number_is_typed(
        self, browser: Browser, filled: Container, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(views, "TYPED_ABOVE", 4)
        form = form_of(asked(browser, action="exclude", everything="1", which=""))
        assert form["number"] == [""]
        for typed in ("", "4", "five"):
            refused = send(browser, ACTIONS, {**form, "number": typed, "words": "off topic"})
            assert refused.status_code == 422
            assert "That is not the number" in refused.text
            assert 'value="off topic"' in refused.text
        assert counts(filled) == {"located": 5}
        assert send(browser, ACTIONS, {**form, "number": "5"}).status_code == 303
        assert counts(filled) == {"excluded": 5}

    def test_a_form_that_is_not_ours_does_nothing(
        self, browser: Browser, filled: Container, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(views, "TYPED_ABOVE", 4)
        fields = {"action": "exclude", "everything": "1", "which": "", "number": "5"}
        assert send(browser, ACTIONS, fields).status_code == 409
        assert send(browser, ACTIONS, {**fields, "shown": "5", "id": "mine"}).status_code == 422
        assert counts(filled) == {"located": 5}

    def test_htmx_is_told_where_to_go(self, browser: Browser) -> None:
        form = form_of(asked(browser, action="exclude", everything="1", which=""))
        answer = send(browser, ACTIONS, form, HTMX)
        assert answer.headers["hx-redirect"].startswith("/papers?told=")

    @pytest.mark.parametrize("action", Action)
    def test_actions_are_offered_where_some_paper_takes_them(self, action: Action) -> None:
        for status in Status:
            assert (action in [one.name for one in bulk_actions([status])]) == (status in allowed(action))

    @pytest.mark.parametrize("typed", ["8412", "8 412", "8,412", "8\u202f412", "8.412", " 8412 "])
    def test_a_number_may_be_typed_with_what_groups_its_digits(self, typed: str) -> None:
        assert is_number(typed, 8_412)
        assert not is_number(typed, 8_411)


class TestProgress:
    def test_it_is_followed_and_taken_back(
        self,
        browser: Browser,
        filled: Container,
        later: list[Callable[[], object]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("application.bulk.BATCH", 2)
        form = form_of(asked(browser, action="exclude", everything="1", which="q=10.5555"))
        where = send(browser, ACTIONS, form).headers["location"]
        assert "goes on in the background" in browser.get(where).text
        address = f"{ACTIONS}/{form['id'][0]}"
        page = LexborHTMLParser(browser.get(address).text)
        assert one(page, "h1").text() == "Exclude: 5 papers"
        assert one(page, "#bulk-progress").attributes["hx-get"] == address
        assert page.css_first("#undo-bulk") is None
        later.pop()()
        part = browser.get(address, headers=HTMX).text
        assert part.lstrip().startswith('<div id="bulk-progress">')
        page = LexborHTMLParser(part)
        assert one(page, "[role=status]").text() == "5 papers were excluded."
        undo = one(page, "#undo-bulk")
        back = send(browser, undo.attributes["action"] or "", {"back": address}).headers["location"]
        assert back.startswith(f"{address}?told=")
        later.pop()()
        assert counts(filled) == {"located": 5}
        page = LexborHTMLParser(browser.get(back).text)
        assert "5 papers were reinstated." in one(page, "#told").text()
        assert "How it was undone" in page.text()

    def test_one_that_is_not_there_is_not_found(self, browser: Browser) -> None:
        assert browser.get(f"{ACTIONS}/{uuid4()}").status_code == 404
        assert browser.get(f"{ACTIONS}/mine").status_code == 404
