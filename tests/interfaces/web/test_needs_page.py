"""The page of what needs a person: its tabs, verdicts, files one by one and many at once; without JavaScript."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser

from application.matching import Matching, NotWaiting
from application.needs import Need
from application.ports.library import CheckerUnavailable, LibraryFull
from domain.paper_events import Failed, FileRemoved, MarkedUnavailable, NotLocated, Requested
from domain.pipeline import Status
from infrastructure.simulation.pdf import paper_pdf
from interfaces.container import Container
from interfaces.web.open_url import resolver_address
from interfaces.web.pages import dropped as dropped_page
from interfaces.web.views import needs as needs_views
from tests.application.papers import paper_row
from tests.interfaces.web.reading import one as found
from tests.interfaces.web.serving import application, visitor
from tests.interfaces.web.test_files_by_hand import BETTER, RIGHT, UNRELATED, WRONG, Place
from tests.interfaces.web.test_uploading import TYPE, form, part
from tests.interfaces.web.world import HOSTILE, happen, populated

RESOLVER = "https://resolver.example/openurl?institution=7"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A library with a link resolver, and a browser without JavaScript."""
    with (
        application(tmp_path, max_file_bytes=400_000, link_resolver=RESOLVER) as container,
        visitor(container) as browser,
    ):
        world = populated(container)
        happen(container, world.papers[Status.FAILED], Failed(cause="open_but_blocked"))
        happen(container, world.papers[Status.UNAVAILABLE], NotLocated(cause="no_open_copy"))
        yield Place(world, browser)


def page(browser: TestClient[Any], address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, answer.text
    return answer.text


def post(place: Place, address: str, part_only: bool = False, **fields: str) -> Any:
    headers = {"hx-request": "true"} if part_only else {}
    return place.browser.post(address, data=fields, headers=headers, follow_redirects=False)


def send(place: Place, address: str, *parts: bytes, part_only: bool = False) -> Any:
    headers = TYPE | ({"hx-request": "true"} if part_only else {})
    return place.browser.post(address, content=form(*parts), headers=headers, follow_redirects=False)


def waiting(container: Container) -> list[str]:
    return [one.name for one in container.dropped.waiting()]


def checked(text: str) -> dict[str, str]:
    """What is chosen for each file, by its hash."""
    boxes = [box.attributes for box in LexborHTMLParser(text).css("#matches [type=radio][checked]")]
    assert len({box["name"] for box in boxes}) == len(boxes)
    return {(box["name"] or "").removeprefix("paper-"): box["value"] or "" for box in boxes}


def counts(text: str) -> dict[str, int]:
    found = re.findall(r'id="tab-([a-z-]+)".*?tab-count">(\d+)<', text, re.DOTALL)
    return {need: int(count) for need, count in found}


class TestTabs:
    def test_every_tab_tells_its_number_and_how_many_are_left(self, place: Place) -> None:
        happen(place.container, place.world.papers[Status.FAILED], Requested(note="ILL 7"))
        text = page(place.browser, "/needs")
        assert counts(text) == {"check": 1, "fetch": 1, "again": 0, "requested": 1, "not-available": 0}
        assert '<strong class="needs-number">2</strong> papers wait for you' in text
        assert counts(page(place.browser, "/needs/tabs?tab=fetch")) == counts(text)

    def test_the_first_that_has_something_is_open_unless_another_is_asked_for(self, place: Place) -> None:
        def chosen(address: str) -> str:
            return re.findall(r'id="tab-([a-z-]+)"[^>]*aria-current="page"', page(place.browser, address))[0]

        assert [chosen("/needs"), chosen("/needs?tab=requested")] == ["check", "requested"]
        post(place, f"/needs/{place.world.papers[Status.DOUBTFUL]}/accept")
        assert [chosen("/needs"), chosen("/needs?tab=check")] == ["fetch", "check"]

    def test_what_the_program_tries_again_waits_for_nobody(self, place: Place) -> None:
        moment = datetime(2099, 5, 1, tzinfo=UTC)
        happen(place.container, place.world.papers[Status.FAILED], Failed(cause="timeout", not_before=moment))
        text = page(place.browser, "/needs?tab=again")
        assert place.world.papers[Status.FAILED] in text
        assert "The program tries again after" in text
        assert counts(text) == {"check": 1, "fetch": 1, "again": 1, "requested": 0, "not-available": 0}
        assert '<strong class="needs-number">2</strong> papers wait for you' in text

    @pytest.mark.parametrize("need", Need)
    def test_an_empty_tab_says_what_to_do(self, place: Place, need: Need) -> None:
        empty = place.container.imports.collections()[0]
        for name in ("collection=" + empty.id, ""):
            text = page(place.browser, f"/needs?tab={need}&{name}")
            assert "<h1>Needs you</h1>" in text
        assert "No paper was given up" in page(place.browser, "/needs?tab=not-available")
        assert "Nothing is requested" in page(place.browser, "/needs?tab=requested")

    def test_a_library_without_papers_leads_to_the_import(self, browser: TestClient[Any]) -> None:
        for need in Need:
            assert 'href="/import"' in page(browser, f"/needs?tab={need}").partition("<main")[2]

    def test_a_collection_without_them_tells_of_the_others(self, place: Place) -> None:
        place.wanted()
        other = next(row for row in place.container.imports.collections() if row.name == "L")
        text = page(place.browser, f"/needs?tab=fetch&collection={other.id}")
        assert "None in this collection" in text
        assert counts(text) == dict.fromkeys(map(str, Need), 0)

    @pytest.mark.parametrize("address", ["/needs?tab=nothing", "/needs?collection=nothing"])
    def test_what_does_not_exist_is_told(self, place: Place, address: str) -> None:
        assert "does not exist" in page(place.browser, address, 404)

    def test_a_wrong_cursor_is_told(self, place: Place) -> None:
        page(place.browser, f"/needs?tab=fetch&after={'x' * 300}", 422)

    def test_pages_lead_through_all(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(needs_views, "PAGE", 2)
        for name in place.world.hostile:
            happen(place.container, name, Failed(cause="forbidden"))
        found: list[str] = []
        address = "/needs?tab=fetch"
        while True:
            text = page(place.browser, address)
            found += re.findall(r'<tr id="p-([^"]+)"', text)
            following = re.search(r'rel="next" href="([^"]+)"', text)
            if following is None:
                break
            address = unescape(following[1])
        assert len(found) == len(set(found)) == len(HOSTILE) + 2
        assert 'rel="prev"' in text

    @pytest.mark.case("W01")
    @pytest.mark.case("W02")
    def test_what_strangers_wrote_is_inert(self, place: Place) -> None:
        for number, name in enumerate(place.world.hostile):
            happen(place.container, name, Failed(cause="forbidden"))
            if number % 3 == 1:
                happen(place.container, name, Requested(note=HOSTILE[number]))
            if number % 3 == 2:
                happen(place.container, name, MarkedUnavailable(reason=HOSTILE[number]))
        for need in Need:
            text = page(place.browser, f"/needs?tab={need}")
            for pattern in ("<img src=x", "<svg onload", "<script>alert", '<a hx-get="/papers" data-hx'):
                assert pattern not in text
            assert 'href="javascript:' not in text


class TestFetching:
    def test_a_row_leads_to_the_publisher_and_the_library(self, place: Place) -> None:
        text = unescape(page(place.browser, "/needs?tab=fetch"))
        assert 'href="https://doi.org/10.5555/failed"' in text
        assert f'href="{RESOLVER}&url_ver=Z39.88-2004' in text
        assert "rft_id=info%3Adoi%2F10.5555%2Ffailed" in text
        assert "The paper is free to read, but the site does not let programs in." in text

    def test_a_file_is_given_in_its_row(self, place: Place) -> None:
        name = place.wanted()
        happen(place.container, name, Failed(cause="forbidden"))
        answer = send(place, f"/needs/{name}/file", part(b"fetch", "tab", None), part(RIGHT, filename="a.pdf"))
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/needs?tab=fetch&told=")
        assert place.status(name) is Status.DONE
        assert waiting(place.container) == []

    @pytest.mark.parametrize("part_only", [False, True])
    def test_what_is_no_pdf_is_told_beside_its_row(self, place: Place, part_only: bool) -> None:
        name = place.world.papers[Status.FAILED]
        tab = part(b"fetch", "tab", None)
        answer = send(place, f"/needs/{name}/file", tab, part(b"<html>", filename="<b>.pdf"), part_only=part_only)
        assert answer.status_code == 422
        assert f'id="problem-{name}" class="row-problem" role="alert">“&lt;b&gt;.pdf” was not taken' in answer.text
        assert ("<h1>" in answer.text) is not part_only
        assert (place.status(name), waiting(place.container), place.left()) == (Status.FAILED, [], [])

    def test_a_form_without_a_file_is_told(self, place: Place) -> None:
        name = place.world.papers[Status.FAILED]
        answer = send(place, f"/needs/{name}/file", part(b"fetch", "tab", None), part(b"", filename=""))
        assert answer.status_code == 400
        assert "There is no file." in answer.text

    def test_a_file_of_another_paper_waits_for_a_word(self, place: Place) -> None:
        name = place.wanted()
        answer = send(place, f"/needs/{name}/file", part(WRONG, filename="lichen.pdf"))
        (one,) = place.container.dropped.waiting()
        assert answer.headers["location"].startswith(f"/needs/files/{one.sha256}?back=")
        text = page(place.browser, "/needs/files")
        assert "You gave it to this paper. The file is another document: it names another DOI" in text
        assert place.status(name) is Status.NEW
        answer = post(place, "/needs/files/confirm", **{f"paper-{one.sha256}": f"anyway:{name}"})
        assert answer.status_code == 303
        assert (place.status(name), waiting(place.container)) == (Status.DONE, [])

    @pytest.mark.parametrize("part_only", [False, True])
    def test_a_file_that_nothing_proves_to_be_the_paper_is_asked_about(self, place: Place, part_only: bool) -> None:
        name = place.wanted()
        mark = part(b"paper", "from", None)
        answer = send(place, f"/needs/{name}/file", mark, part(UNRELATED, filename="bread.pdf"), part_only=part_only)
        where = answer.headers["hx-redirect" if part_only else "location"]
        text = unescape(page(place.browser, where))
        assert place.status(name) is Status.NEW
        assert "This file does not seem to be the paper" in text
        assert "The check could neither prove nor disprove that it is the paper" in text
        assert "Sourdough for beginners" in text
        (one,) = place.container.dropped.waiting()
        picture = place.browser.get(f"/needs/files/{one.sha256}/picture")
        assert (picture.status_code, picture.content[:4]) == (200, b"\x89PNG")
        assert place.browser.get(f"/needs/files/{one.sha256}/file").content == UNRELATED
        fields = dict(re.findall(r'name="(back|paper-[0-9a-f]+)" value="([^"]*)"', text))
        answer = post(place, "/needs/files/confirm", **fields)
        assert answer.headers["location"].startswith(f"/papers/{name}?told=")
        told = page(place.browser, answer.headers["location"])
        assert "Take the file back" in told
        assert "A person said that it is the paper all the same." in told
        assert place.status(name) is Status.DONE

    def test_another_file_is_chosen_instead(self, place: Place) -> None:
        name = place.wanted()
        send(place, f"/needs/{name}/file", part(b"paper", "from", None), part(UNRELATED, filename="bread.pdf"))
        (one,) = place.container.dropped.waiting()
        answer = post(place, "/needs/files/discard", discard=one.sha256, back=f"/papers/{name}")
        assert answer.headers["location"] == f"/papers/{name}"
        assert place.left() == []
        for path in ("", "/file", "/picture"):
            answer = place.browser.get(f"/needs/files/{one.sha256}{path}", follow_redirects=False)
            assert answer.status_code == (404 if path else 302)

    def test_a_file_that_was_given_is_taken_back_on_the_papers_page(self, place: Place) -> None:
        name = place.wanted()
        send(place, f"/needs/{name}/file", part(RIGHT, filename="a.pdf"))
        text = page(place.browser, f"/papers/{name}")
        assert f'action="/needs/{name}/file/remove"' in text
        assert post(place, f"/needs/{name}/file/remove", sha256="0" * 64).status_code == 409
        answer = post(place, f"/needs/{name}/file/remove")
        assert answer.headers["location"].startswith(f"/papers/{name}?told=")
        assert place.status(name) is Status.NEW
        assert isinstance(place.container.log.stream(f"paper-{name}")[-1].event, FileRemoved)
        assert f'action="/needs/{name}/file/remove"' not in page(place.browser, f"/papers/{name}")

    @pytest.mark.parametrize("failure", [None, LibraryFull("No space.")])
    def test_a_file_that_waits_already_waits_on_where_it_is_refused(
        self, place: Place, monkeypatch: pytest.MonkeyPatch, failure: Exception | None
    ) -> None:
        name = place.wanted()
        send(place, f"/needs/{name}/file", part(WRONG, filename="lichen.pdf"))
        before = place.container.dropped.waiting()
        assert [(one.meant, one.looked) for one in before] == [(name, True)]

        def fail(*_: object, **__: object) -> None:
            raise failure or AssertionError

        if failure:
            monkeypatch.setattr(Matching, "give", fail)
        for paper in (place.world.papers[Status.EXCLUDED], "nobody"):
            assert send(place, f"/needs/{paper}/file", part(WRONG, filename="again.pdf")).status_code >= 400
            assert place.container.dropped.waiting() == before
        assert before[0].sha256 in place.left()

    def test_a_file_that_was_given_meanwhile_leaves_nothing(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        send(place, "/needs/files", part(WRONG, filename="lichen.pdf"))

        def gone(matching: Matching, sha256: str, *_: object) -> None:
            matching.dropped.forget(sha256)
            raise NotWaiting

        monkeypatch.setattr(Matching, "give", gone)
        name = place.world.papers[Status.FAILED]
        assert send(place, f"/needs/{name}/file", part(WRONG, filename="again.pdf")).status_code == 404
        assert place.left() == []

    def test_from_its_own_page_it_leads_back_there(self, place: Place) -> None:
        name = place.wanted()
        mark = part(b"paper", "from", None)
        assert send(place, f"/needs/{name}/file", mark, part(b"MZ", filename="a.pdf")).status_code == 422
        answer = send(place, f"/needs/{name}/file", mark, part(RIGHT, filename="a.pdf"))
        assert answer.headers["location"].startswith(f"/papers/{name}?told=")

    def test_the_list_for_the_loan_desk_is_a_table(self, place: Place) -> None:
        happen(place.container, place.world.papers[Status.FAILED], Requested(note="ILL 7"))
        answer = place.browser.get("/needs/requested.csv")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.text.splitlines()[1].startswith('10.5555/failed,"Ordinary title, failed"')
        assert "ILL 7" in answer.text
        of_one = place.browser.get("/needs/requested.csv", params={"collection": "Sleep & <memory>"})
        assert len(of_one.text.splitlines()) == 2


class TestMarking:
    """The forms of a row, which go to the paper's own address and lead back here."""

    def sent(self, place: Place, tab: str, name: str, action: str, **fields: str) -> Any:
        """Send a form of a row with what it holds."""
        text = page(place.browser, f"/needs?tab={tab}")
        found = re.search(rf'action="/papers/{name}/{action}".*?name="back" value="([^"]+)"', text, re.DOTALL)
        assert found
        return post(place, f"/papers/{name}/{action}", back=unescape(found[1]), **fields)

    def test_a_paper_goes_from_tab_to_tab(self, place: Place) -> None:
        name = place.world.papers[Status.FAILED]
        answer = self.sent(place, "fetch", name, "requested", note="ILL 7")
        assert answer.headers["location"].startswith("/needs?tab=fetch&told=")
        text = page(place.browser, "/needs?tab=requested")
        assert "ILL 7" in text
        answer = self.sent(place, "requested", name, "unavailable", reason="The <b>library</b> has none.")
        assert answer.headers["location"].startswith("/needs?tab=requested&told=")
        text = page(place.browser, "/needs?tab=not-available")
        assert "The &lt;b&gt;library&lt;/b&gt; has none." in text
        answer = self.sent(place, "not-available", name, "retry")
        assert answer.headers["location"].startswith("/needs?tab=not-available&told=")
        assert place.status(name) is Status.NEW
        assert f'id="p-{name}"' in page(place.browser, "/needs?tab=requested")


class TestJudging:
    def test_the_next_file_is_shown_after_a_verdict(self, place: Place) -> None:
        name = place.world.papers[Status.DOUBTFUL]
        text = page(place.browser, "/needs")
        assert f'src="/papers/{name}/file?inline=1' in text
        assert f'action="/needs/{name}/accept"' in text
        answer = post(place, f"/needs/{name}/accept", sha256="ab" * 32, tab="check")
        assert answer.headers["location"].startswith(f"/needs?tab=check&after={name}&told=")
        assert "No file waits for a verdict" in page(place.browser, answer.headers["location"])
        assert place.status(name) is Status.DONE

    def test_htmx_is_sent_there(self, place: Place) -> None:
        name = place.world.papers[Status.DOUBTFUL]
        answer = post(place, f"/needs/{name}/reject", part_only=True)
        assert (answer.status_code, answer.text) == (200, "")
        assert answer.headers["hx-redirect"].startswith("/needs?tab=check&after=")
        assert place.status(name) is Status.LOCATED

    def test_a_verdict_of_the_papers_page_leads_back_there(self, place: Place) -> None:
        name = place.world.papers[Status.DOUBTFUL]
        text = page(place.browser, f"/papers/{name}")
        assert f'formaction="/needs/{name}/reject"' in text
        answer = post(place, f"/needs/{name}/accept", **{"from": "paper"})
        assert answer.headers["location"].startswith(f"/papers/{name}?told=")
        assert f'formaction="/needs/{name}/reject"' not in page(place.browser, f"/papers/{name}")

    def test_a_verdict_twice_and_on_another_file_is_refused(self, place: Place) -> None:
        name = place.world.papers[Status.DOUBTFUL]
        assert post(place, f"/needs/{name}/accept", sha256="0" * 64).status_code == 409
        assert post(place, f"/needs/{name}/accept").status_code == 303
        assert post(place, f"/needs/{name}/accept").status_code == 409
        assert post(place, f"/needs/{name}/burn").status_code == 404
        assert post(place, "/needs/nobody/accept").status_code == 404

    def test_a_certain_file_is_shown_where_it_is_asked_for(self, place: Place) -> None:
        name = place.world.papers[Status.DOUBTFUL]
        assert name in page(place.browser, f"/needs?paper={name}")
        done = place.world.papers[Status.DONE]
        assert f"/needs/{done}/accept" not in page(place.browser, f"/needs?paper={done}")


class TestManyFiles:
    def test_files_are_matched_shown_and_given_when_confirmed(self, place: Place) -> None:
        name = place.wanted()
        unknown = paper_pdf("Something entirely different", ("X Y",), "10.9999/x")
        parts = [part(RIGHT, filename="1.pdf"), part(unknown, filename="2.pdf"), part(b"<html>", filename="3.pdf")]
        assert send(place, "/needs/files", *parts).headers["location"] == "/needs/files"
        assert place.status(name) is Status.NEW
        text = page(place.browser, "/needs/files")
        first, second, third = place.container.dropped.waiting()
        assert re.search(rf'name="paper-{first.sha256}" value="{name}" checked', text)
        assert "Right:</strong> the DOI is on the first page" in text
        assert "None of your papers was recognised." in text
        assert "A web page came instead of the PDF. It cannot be given to a paper." in text
        assert "3 files wait" in page(place.browser, "/needs?tab=fetch")

        other = place.world.papers[Status.FAILED]
        fields = {f"paper-{second.sha256}": "named", f"name-{second.sha256}": "10.5555/failed"}
        answer = post(place, "/needs/files/confirm", **fields, **{f"paper-{first.sha256}": name})
        assert answer.status_code == 422
        assert (place.status(name), place.status(other)) == (Status.DONE, Status.FAILED)
        assert "“2.pdf” was not taken. The file is another document" in answer.text
        assert f'value="anyway:{other}"' in answer.text
        answer = post(place, "/needs/files/confirm", **{f"paper-{second.sha256}": f"anyway:{other}"})
        assert answer.status_code == 303
        assert place.status(other) is Status.DONE
        assert waiting(place.container) == ["3.pdf"]

        assert post(place, "/needs/files/discard", discard=third.sha256).status_code == 303
        assert "No file waits" in page(place.browser, "/needs/files")
        assert place.left() == []

    def test_all_files_are_discarded_at_once(self, place: Place) -> None:
        send(place, "/needs/files", part(RIGHT, filename="1.pdf"), part(WRONG, filename="2.pdf"))
        post(place, "/needs/files/discard", discard="all")
        assert (waiting(place.container), place.left()) == ([], [])

    def test_a_name_that_is_no_paper_is_told_and_what_was_typed_is_kept(self, place: Place) -> None:
        send(place, "/needs/files", part(RIGHT, filename="1.pdf"))
        (one,) = place.container.dropped.waiting()
        fields = {f"paper-{one.sha256}": "named", f"name-{one.sha256}": "10.9999/<b>"}
        answer = post(place, "/needs/files/confirm", **fields)
        assert answer.status_code == 422
        assert "does not exist" in answer.text
        assert 'value="10.9999/&lt;b&gt;"' in answer.text

    def test_after_a_fault_every_choice_stands_as_it_was(self, place: Place) -> None:
        name, other = place.wanted(), place.world.papers[Status.FAILED]
        unknown = paper_pdf("Something entirely different", ("X Y",), "10.9999/x")
        bodies = (RIGHT, WRONG, unknown, BETTER)
        send(place, "/needs/files", *(part(body, filename=f"{at}.pdf") for at, body in enumerate(bodies)))
        left, named, wrong, proposed = (one.sha256 for one in place.container.dropped.waiting())
        choices = {left: "", named: "", wrong: "named", proposed: name}
        fields = {f"paper-{sha256}": choice for sha256, choice in choices.items()}
        typed = {f"name-{named}": "10.9999/later", f"name-{wrong}": "10.9999/none", f"name-{left}": ""}
        answer = post(place, "/needs/files/confirm", **fields, **typed)
        assert answer.status_code == 422
        assert checked(answer.text) == {left: "", named: "", wrong: "named"}
        assert found(LexborHTMLParser(answer.text), f'[name="name-{named}"]').attributes["value"] == "10.9999/later"
        assert (place.status(name), place.status(other)) == (Status.DONE, Status.FAILED)

    def test_a_name_that_was_typed_is_not_meant_where_another_paper_is_chosen(self, place: Place) -> None:
        name = place.world.papers[Status.FAILED]
        send(place, "/needs/files", part(WRONG, filename="1.pdf"))
        (one,) = place.container.dropped.waiting()
        post(place, "/needs/files/confirm", **{f"paper-{one.sha256}": name})
        typed = {f"paper-{one.sha256}": "10.9999/none", f"name-{one.sha256}": "10.9999/x"}
        answer = post(place, "/needs/files/confirm", **typed)
        assert answer.status_code == 422
        assert checked(answer.text) == {one.sha256: ""}
        assert 'value="10.9999/x"' in answer.text

    @pytest.mark.parametrize("error", [CheckerUnavailable("No checker."), LibraryFull("No space.")])
    def test_what_fails_in_the_midst_is_told_beside_its_file(
        self, place: Place, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        name = place.wanted()
        send(place, "/needs/files", part(RIGHT, filename="1.pdf"), part(WRONG, filename="2.pdf"))
        first, second = (one.sha256 for one in place.container.dropped.waiting())

        def fail(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(Matching, "give", fail)
        typed = {f"paper-{second}": "", f"name-{second}": "10.9999/later"}
        answer = post(place, "/needs/files/confirm", **{f"paper-{first}": name}, **typed)
        assert answer.status_code >= 422
        told = found(LexborHTMLParser(answer.text), f"#f-{first[:16]} [role=alert]").text()
        assert told == str(error)
        assert checked(answer.text) == {first: name, second: ""}
        assert 'value="10.9999/later"' in answer.text

    def test_enter_in_a_field_gives_the_files_and_discards_none(self, place: Place) -> None:
        send(place, "/needs/files", part(RIGHT, filename="1.pdf"))
        matches = LexborHTMLParser(page(place.browser, "/needs/files"))
        default = matches.css("#matches [type=submit]")[0].attributes
        assert "name" not in default
        assert "formaction" not in default
        assert found(matches, "#matches").attributes["action"] == "/needs/files/confirm"

    def test_two_files_of_one_paper_are_not_both_chosen(self, place: Place) -> None:
        name = place.wanted()
        send(place, "/needs/files", part(RIGHT, filename="1.pdf"), part(BETTER, filename="2.pdf"))
        text = page(place.browser, "/needs/files")
        assert len(re.findall(rf'value="{name}" checked', text)) == 1
        assert len(re.findall(rf'value="{name}"', text)) == 2

    def test_a_paper_that_has_a_file_is_not_chosen_by_itself(self, place: Place) -> None:
        name = place.wanted()
        place.put(name, RIGHT)
        send(place, "/needs/files", part(BETTER, filename="2.pdf"))
        text = page(place.browser, "/needs/files")
        assert "It has a file already, which would go." in text
        assert f'value="{name}" checked' not in text

    def test_a_confirmation_sent_twice_is_done_once(self, place: Place) -> None:
        name = place.wanted()
        send(place, "/needs/files", part(RIGHT, filename="1.pdf"))
        (one,) = place.container.dropped.waiting()
        for _ in range(2):
            assert post(place, "/needs/files/confirm", **{f"paper-{one.sha256}": name}).status_code == 303
        history = place.browser.get(f"/api/v1/papers/{name}/events").json()["events"]
        assert [event["type"] for event in history].count("paper.file_attached") == 1

    def test_what_time_did_not_allow_is_looked_into_when_asked_for(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place.wanted()
        monkeypatch.setattr(dropped_page, "LOOKING_SECONDS", -1.0)
        send(place, "/needs/files", part(RIGHT, filename="1.pdf"), part(WRONG, filename="2.pdf"))
        assert [one.looked for one in place.container.dropped.waiting()] == [True, False]
        text = page(place.browser, "/needs/files")
        assert "1 file was not looked into yet." in text
        assert "Not looked into yet." in text
        post(place, "/needs/files/look")
        assert all(one.looked for one in place.container.dropped.waiting())

    @pytest.mark.parametrize("part_only", [False, True])
    def test_no_file_and_too_many_are_told(
        self, place: Place, monkeypatch: pytest.MonkeyPatch, part_only: bool
    ) -> None:
        monkeypatch.setattr(dropped_page, "MOST_FILES", 2)
        answer = send(place, "/needs/files", part(b"", filename=""), part_only=part_only)
        assert (answer.status_code, "There is no file." in answer.text) == (400, True)
        files = [part(b"%PDF-1.7", filename=f"{number}.pdf") for number in range(3)]
        answer = send(place, "/needs/files", *files, part_only=part_only)
        assert (answer.status_code, "There are more than 2 files." in answer.text) == (400, True)
        assert waiting(place.container) == []

    def test_too_much_is_told(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dropped_page, "MOST_BYTES", 1_000)
        monkeypatch.setattr("interfaces.web.uploading.AROUND", 1_000)
        assert send(place, "/needs/files", part(b"x" * 5_000, filename="1.pdf")).status_code == 413

    def test_hostile_names_and_titles_are_inert(self, place: Place) -> None:
        names = [f"{number} {title[:60]}.pdf".replace('"', "'") for number, title in enumerate(HOSTILE)]
        bodies = [paper_pdf(title[:200], ()) for title in HOSTILE]
        files = [part(body, filename=name) for body, name in zip(bodies, names, strict=True)]
        send(place, "/needs/files", *files)
        text = page(place.browser, "/needs/files")
        assert len(waiting(place.container)) == len(HOSTILE)
        for pattern in ("<img src=x", "<svg onload", "<script>alert", '<a hx-get="/papers" data-hx'):
            assert pattern not in text


class TestOpenUrl:
    def test_a_paper_becomes_the_fields_of_an_open_url(self) -> None:
        paper = paper_row(
            doi="10.1234/a&b",
            title="Über “x” & y",
            journal="Acta",
            issn="1234-5679 2049-3630",
            year=2020,
            authors="Berg, A.; Lind",
        )
        address = resolver_address("https://r.example/x", paper)
        assert address is not None
        assert address.startswith("https://r.example/x?url_ver=Z39.88-2004&")
        pieces = ("rft_id=info%3Adoi%2F10.1234%2Fa%26b", "rft.issn=1234-5679&", "rft.date=2020", "rft.au=Berg%2C+A.")
        assert all(piece in address for piece in pieces)

    @pytest.mark.parametrize(
        ("prefix", "start"),
        [
            ("https://r.example/x?", "https://r.example/x?url_ver"),
            ("https://r.example/x?a=1", "https://r.example/x?a=1&url_ver"),
            ("https://r.example/x?a=1&", "https://r.example/x?a=1&url_ver"),
        ],
    )
    def test_a_prefix_may_have_fields(self, prefix: str, start: str) -> None:
        assert (resolver_address(prefix, paper_row(doi="10.1/x")) or "").startswith(start)

    def test_without_a_resolver_there_is_no_link(self, reader: TestClient[Any]) -> None:
        assert resolver_address("", paper_row()) is None
        text = page(reader, "/needs?tab=again")
        assert "LINK_RESOLVER" in text
        assert "rft_id" not in text
