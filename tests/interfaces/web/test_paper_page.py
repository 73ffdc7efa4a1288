"""The page of one paper: its timeline, copies, origins, file, picture, and how it was."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from litestar.testing import TestClient
from selectolax.lexbor import LexborHTMLParser, LexborNode

from domain.copies import Copy, CopyKind, Version
from domain.events import Event
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper_events import (
    CandidateBlocked,
    CandidateTried,
    CopiesLocated,
    Doubted,
    Downloaded,
    Failed,
    File,
    FileAttached,
    IdentifierAdded,
    IdentifierCorrected,
    Merged,
    MetadataUpdated,
    ProcessingStarted,
    Queued,
    Reopened,
)
from domain.pipeline import Status
from infrastructure.simulation.pdf import paper_pdf
from interfaces.container import Container
from interfaces.web.views.paper_timeline import FOUND, PAGE
from tests.interfaces.web.reading import one
from tests.interfaces.web.serving import application, visitor
from tests.interfaces.web.test_pages import HX, inert
from tests.interfaces.web.world import COPY, NAME, World, happen, populated

Browser = TestClient[Any]
DUE = datetime(2027, 1, 2, 3, 4, tzinfo=UTC)
STARTED = ProcessingStarted(module="download", worker="worker-0123456789ab", attempt="a")
TRIED = CandidateTried(url=COPY.url, source="unpaywall", outcome="timeout", seconds=0.5)
FAILED = Failed(cause="timeout", not_before=DUE)
ATTEMPT: tuple[Event, ...] = (Reopened(to=Status.LOCATED, why="retry"), STARTED, TRIED, FAILED)


@pytest.fixture
def filled(container: Container) -> World:
    """A library of this test's own."""
    return populated(container)


def shown(browser: Browser, address: str, **headers: Any) -> LexborHTMLParser:
    """The page at an address, inert."""
    answer = browser.get(address, **headers)
    assert answer.status_code == 200, answer.text
    return inert(answer.text)


def text(node: LexborHTMLParser | LexborNode, selector: str) -> str:
    """The text of an element, its blanks put right."""
    return " ".join(one(node, selector).text().split())


def card(page: LexborHTMLParser, title: str) -> LexborNode:
    """The card with a title's id."""
    return one(page, f'section[aria-labelledby="{title}"]')


class TestTimeline:
    """What happened, by attempts."""

    def test_an_attempt_is_told_with_everything_that_it_tried(self, browser: Browser, filled: World) -> None:
        paper = filled.papers[Status.LOCATED]
        page_that_leads = CandidateTried(url="https://x.example/a", source="crossref", outcome="page", http_status=200)
        blocked = CandidateBlocked(url=COPY.url, cause="no_pdf_link")
        happen(
            filled.container,
            paper,
            Queued(module="download", due=DUE),
            STARTED,
            page_that_leads,
            TRIED,
            blocked,
            FAILED,
        )
        attempt = one(shown(browser, f"/papers/{paper}"), ".attempt")
        assert text(attempt, "h3") == "Download by the schedule"
        head = text(attempt, ".attempt-head")
        for told in ("Not retrieved", "Begun", "planned for 2 Jan 2027, 03:04 UTC", "ended", "worker 456789ab"):
            assert told in head
        first, second = attempt.css(".try")
        assert "A page came that leads on to the file." in first.text()
        assert "HTTP 200" in first.text()
        assert "try-good" in (first.attributes["class"] or "")
        assert "500 ms" in second.text()
        assert "try-bad" in (second.attributes["class"] or "")
        more = one(attempt, "details")
        assert text(more, "summary") == "1 more"
        assert "repository.example is not tried again" in more.text()

    @pytest.mark.parametrize(
        ("started", "how"),
        [
            (ProcessingStarted(module="download", worker="w", attempt="a", by_hand=True), "Download by hand"),
            (ProcessingStarted(module="locate", worker="w", attempt="a"), "Search for copies by itself"),
        ],
    )
    def test_who_began_it_is_told(self, browser: Browser, filled: World, started: Event, how: str) -> None:
        happen(filled.container, filled.papers[Status.LOCATED], started)
        attempt = one(shown(browser, f"/papers/{filled.papers[Status.LOCATED]}"), ".attempt")
        assert text(attempt, "h3") == how
        assert "It is at work." in attempt.text()
        assert "<q>tests</q>" in attempt.text()

    def test_events_between_attempts_are_folded_where_they_are_small(self, browser: Browser, filled: World) -> None:
        news = [MetadataUpdated(source="crossref", metadata=Metadata(publisher=name)) for name in "ABC"]
        happen(filled.container, filled.papers[Status.DONE], *news)
        newest = one(shown(browser, f"/papers/{filled.done}"), ".timeline > li")
        assert text(newest, "summary") == "3 small steps"
        assert len(newest.css(".small-events > li")) == 3

    def test_only_what_failed_is_shown(self, reader: Browser, world: World) -> None:
        paper = world.papers[Status.DONE]
        everything = shown(reader, f"/papers/{paper}")
        assert len(everything.css(".timeline > li")) == 3
        address = one(everything, '.card-links a[href*="shown=failed"]').attributes["href"] or ""
        assert "Nothing failed." in card(shown(reader, address), "history-title").text()
        failed = shown(reader, f"/papers/{world.papers[Status.FAILED]}?shown=failed")
        told = [text(each, ".attempt-head .timeline-text") for each in failed.css(".timeline > li")]
        assert len(told) == 1
        assert told[0].startswith("Not retrieved: the paper is free to read, but the site does not let programs in.")
        assert "shown=failed" in (one(failed, "#paper").attributes["hx-get"] or "")

    def test_a_paper_that_was_not_tried_says_what_it_waits_for(self, reader: Browser, world: World) -> None:
        history = card(shown(reader, f"/papers/{world.papers[Status.NEW]}"), "history-title")
        assert "Nothing was tried yet. The scraper is stopped" in " ".join(history.text().split())

    def test_the_events_are_there_for_programs(self, reader: Browser, world: World) -> None:
        page = shown(reader, f"/papers/{world.done}")
        link = one(page, "a[download$='events.json']").attributes["href"] or ""
        assert len(reader.get(link).json()["events"]) == 5

    def test_a_wait_before_a_try_is_told(
        self, browser: Browser, filled: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("interfaces.web.views.paper_timeline._SHORTEST_WAIT", -60.0)
        happen(filled.container, filled.papers[Status.LOCATED], STARTED, TRIED)
        assert "waited" in text(shown(browser, f"/papers/{filled.papers[Status.LOCATED]}"), ".try-facts")


@contextmanager
def queries() -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(*arguments: Any) -> None:
        sent.append(arguments[2])

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.fixture(scope="module")
def tried_often(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, str, str]]:
    """A browser, a paper with 10,000 attempts, and one with none."""
    with application(tmp_path_factory.mktemp("often")) as container, visitor(container) as browser:
        papers = populated(container).papers
        for _ in range(100):
            happen(container, papers[Status.FAILED], *(ATTEMPT * 100))
        yield browser, papers[Status.FAILED], papers[Status.NEW]


class TestLongHistory:
    """A paper that was tried very often."""

    @pytest.mark.case("N03")
    def test_ten_thousand_attempts_are_paged(self, tried_often: tuple[Browser, str, str]) -> None:
        browser, paper, other = tried_often
        with queries() as few:
            browser.get(f"/papers/{other}")
        with queries() as many:
            answer = browser.get(f"/papers/{paper}")
        assert len(many) == len(few)
        assert len(answer.text) < 100_000
        page = inert(answer.text)
        attempts = page.css(".attempt")
        assert PAGE // 4 - 1 <= len(attempts) <= PAGE // 4
        assert all(len(each.css(".try")) == 1 for each in attempts)
        assert text(page, ".card .pages a") == "Earlier events"
        assert "repository.example" in card(page, "copies-title").text()
        assert "row 6" in card(page, "about-title").text()

    @pytest.mark.case("N03")
    def test_the_pages_hold_every_event_once(self, browser: Browser, filled: World) -> None:
        paper = filled.papers[Status.FAILED]
        happen(filled.container, paper, *(ATTEMPT * (PAGE // 2)))
        stream = [each.position for each in filled.container.log.stream(f"paper-{paper}")]
        address, seen = f"/papers/{paper}", list[int]()
        for _ in range(20):
            page = shown(browser, address)
            seen += [int((each.attributes["id"] or "").removeprefix("event-")) for each in page.css('[id^="event-"]')]
            link = page.css_first(".card .pages a")
            if link is None:
                break
            address = (link.attributes["href"] or "").partition("#")[0]
        assert sorted(seen) == stream
        assert "Back to the newest" in page.text()  # type: ignore[operator]

    @pytest.mark.case("N03")
    def test_what_failed_is_looked_for_far_back_and_shown_in_part(self, tried_often: tuple[Browser, str, str]) -> None:
        browser, paper, _ = tried_often
        page = shown(browser, f"/papers/{paper}?shown=failed")
        assert len(page.css(".attempt")) == FOUND
        older = (one(page, ".card .pages a").attributes["href"] or "").partition("#")[0]
        assert "shown=failed" in older
        assert len(shown(browser, older).css(".attempt")) == FOUND

    @pytest.mark.parametrize("before", ["1", "0", "-1", "-9" + "9" * 30, "9" * 30])
    def test_no_page_is_out_of_bounds(self, reader: Browser, world: World, before: str) -> None:
        assert reader.get(f"/papers/{world.done}?before={before}").status_code == 200

    def test_a_page_that_is_no_number_is_refused(self, reader: Browser, world: World) -> None:
        assert reader.get(f"/papers/{world.done}?before=x").status_code == 400


class TestStanding:
    """Where the paper stands, in words."""

    def test_a_paper_that_is_set_aside_says_how(self, reader: Browser, world: World) -> None:
        told = text(shown(reader, f"/papers/{world.papers[Status.EXCLUDED]}"), ".standing-text")
        assert told.endswith("Excluded: <em>not</em> wanted.")

    def test_a_merged_paper_leads_to_the_one_that_stays(self, browser: Browser, filled: World) -> None:
        happen(filled.container, filled.papers[Status.NEW], Merged(into=filled.done))
        link = one(shown(browser, f"/papers/{filled.papers[Status.NEW]}"), ".standing-action a")
        assert link.attributes["href"] == f"/papers/{filled.done}"

    def test_a_planned_paper_says_when_its_job_begins(self, reader: Browser, world: World) -> None:
        told = text(shown(reader, f"/papers/{world.papers[Status.PENDING]}"), ".standing-next")
        assert told.startswith("Next: It begins at 2 Jan 2027, 03:04 UTC.")

    def test_the_paper_is_there_for_programs_as_it_was(self, reader: Browser, world: World) -> None:
        position = world.container.log.head().position
        page = shown(reader, f"/papers/{world.done}?as_of={position}")
        link = one(page, f"a[download='{world.done}.json']").attributes["href"] or ""
        assert f"as_of={position}" in link
        assert reader.get(link).json()["status"] == "done"


class TestAsOf:
    """The paper as it was."""

    def test_it_is_shown_as_it_was_after_an_event_without_buttons(self, reader: Browser, world: World) -> None:
        now = shown(reader, f"/papers/{world.done}")
        located = next(each for each in now.css(".attempt-head a.when") if each.text())
        assert (located.attributes["href"] or "").startswith(f"/papers/{world.done}?as_of=")
        position = [each.position for each in world.container.log.stream(f"paper-{world.done}")][2]
        then = shown(reader, f"/papers/{world.done}?as_of={position}")
        assert text(then, ".standing-status") == "Located"
        assert f"after event {position} of the log" in text(then, ".then")
        assert one(then, ".then a").attributes["href"] == f"/papers/{world.done}"
        assert then.css_first("iframe") is None
        assert then.css_first(".file-card") is None
        assert [*then.css("article button"), *then.css("article form"), *then.css(".standing-buttons")] == []
        assert "Downloaded" not in card(then, "history-title").text()
        assert "hx-trigger" not in one(then, "#paper").attributes

    @pytest.mark.parametrize("status", Status)
    def test_nothing_can_be_done_with_what_was(self, reader: Browser, world: World, status: Status) -> None:
        position = world.container.log.head().position
        page = shown(reader, f"/papers/{world.papers[status]}?as_of={position}")
        assert [*page.css("article button"), *page.css("article form"), *page.css("article [hx-post]")] == []

    def test_another_page_of_it_stays_then(self, reader: Browser, world: World) -> None:
        position = world.container.log.head().position
        page = shown(reader, f"/papers/{world.done}?as_of={position}")
        assert f"as_of={position}" in (one(page, ".card-links a").attributes["href"] or "")

    def test_a_file_of_before_is_told_and_not_drawn(self, browser: Browser, filled: World) -> None:
        position = filled.container.log.head().position
        file = File(path="other.pdf", sha256="cd" * 32, size=7, pages=1)
        happen(filled.container, filled.done, FileAttached(file=file))
        then = shown(browser, f"/papers/{filled.done}?as_of={position}")
        assert NAME in card(then, "file-title").text()
        assert then.css_first(".picture") is None
        assert "cannot be opened" not in then.text()

    def test_before_the_paper_there_was_none(self, reader: Browser, world: World) -> None:
        answer = reader.get(f"/papers/{world.done}?as_of=1")
        assert answer.status_code == 404
        assert "It was added later" in answer.text

    def test_a_moment_that_is_none_is_told(self, reader: Browser, world: World) -> None:
        answer = reader.get(f"/papers/{world.done}?as_of=%3Cb%3Eyesterday")
        assert answer.status_code == 422
        inert(answer.text)

    def test_the_future_is_now(self, reader: Browser, world: World) -> None:
        page = shown(reader, f"/papers/{world.done}?as_of={'9' * 30}")
        assert text(page, ".standing-status") == "Done"


class TestCopies:
    """The copies that are known."""

    def test_each_is_told_with_its_version_its_state_and_its_last_result(self, browser: Browser, filled: World) -> None:
        page, published = CopyKind.LANDING_PAGE, Version.PUBLISHED
        other = Copy(url="https://a.example/p", source="crossref", kind=page, version=published)
        paper = filled.papers[Status.NEW]
        locate = ProcessingStarted(module="locate", worker="w", attempt="a")
        blocked = CandidateBlocked(url=other.url, cause="no_pdf_link")
        happen(filled.container, paper, locate, CopiesLocated(copies=(other, COPY)), STARTED, TRIED, blocked, FAILED)
        first, second = card(shown(browser, f"/papers/{paper}"), "copies-title").css("li")
        told = " ".join(first.text().split())
        assert "PDF · accepted manuscript · cc-by · told by unpaywall" in told
        assert "The site was too slow." in told
        told = " ".join(second.text().split())
        assert "Landing page · published version · no licence stated · told by crossref" in told
        assert "Not tried again. The article's page names no PDF." in told

    def test_the_copy_that_the_file_came_from_says_so(self, reader: Browser, world: World) -> None:
        copies = card(shown(reader, f"/papers/{world.done}"), "copies-title").text()
        assert "The file came from here." in copies
        doubtful = card(shown(reader, f"/papers/{world.papers[Status.DOUBTFUL]}"), "copies-title").text()
        assert "that a person must judge" in doubtful

    def test_copies_of_a_wrong_identifier_are_forgotten(self, browser: Browser, filled: World) -> None:
        wrong = Identifier(Scheme.DOI, "10.5555/located")
        right = Identifier(Scheme.DOI, "10.5555/corrected")
        happen(filled.container, filled.papers[Status.LOCATED], IdentifierCorrected(wrong=wrong, right=right))
        page = shown(browser, f"/papers/{filled.papers[Status.LOCATED]}")
        assert "No source named one" in card(page, "copies-title").text()
        assert "10.5555/corrected" in text(page, ".paper-ids")

    def test_where_none_is_known_it_says_why(self, reader: Browser, world: World) -> None:
        page = shown(reader, f"/papers/{world.papers[Status.NEW]}")
        assert "the sources were not asked yet" in card(page, "copies-title").text()


class TestMetadata:
    """What is known, and who told it."""

    def test_each_field_and_identifier_names_its_origin(self, browser: Browser, filled: World) -> None:
        told = MetadataUpdated(source="europepmc", metadata=Metadata(journal="<b>Better</b>", issn=("1234-5679",)))
        added = IdentifierAdded(identifier=Identifier(Scheme.PMID, "42"), source="<i>x</i>")
        happen(filled.container, filled.done, told, added)
        about = card(shown(browser, f"/papers/{filled.done}"), "about-title")
        facts = {text(each, "dt"): each for each in about.css(".facts > div")}
        assert text(about, ".origin.part-note") == "From <b>list</b>.csv, row 4, unless another source is named."
        assert one(about, ".origin.part-note a").attributes["href"] == f"/imports/{filled.import_id}"
        assert "<b>Better</b>" in facts["Journal"].text()
        assert text(facts["Journal"], ".origin") == "from Europe PMC"
        assert text(facts["PubMed id"], ".origin") == "from <i>x</i>"
        assert facts["Title"].css(".origin") == facts["DOI"].css(".origin") == [], "the main source is named once"

    @pytest.mark.parametrize(
        "known", [Metadata(title="RETRACTED: On things"), Metadata(type="Retracted Publication")], ids=["title", "type"]
    )
    def test_a_retraction_is_flagged(self, browser: Browser, filled: World, known: Metadata) -> None:
        happen(filled.container, filled.done, MetadataUpdated(source="crossref", metadata=known))
        page = shown(browser, f"/papers/{filled.done}")
        assert text(page, ".flag") == "Retracted"
        assert "read the notice" in text(page, ".standing")

    def test_a_notice_of_retraction_is_none(self, browser: Browser, filled: World) -> None:
        told = Metadata(title="Retraction: On things", type="retraction")
        happen(filled.container, filled.done, MetadataUpdated(source="crossref", metadata=told))
        assert shown(browser, f"/papers/{filled.done}").css_first(".flag") is None


def keep_file(world: World, data: bytes) -> None:
    """Put other content into the file of the world."""
    (world.container.settings.library / NAME).write_bytes(data)


class TestFile:
    """The file, and the picture of its first page."""

    def test_its_facts_are_told(self, reader: Browser, world: World) -> None:
        file = card(shown(reader, f"/papers/{world.done}"), "file-title")
        for told in ("1 page", "repository.example", "unpaywall", "Accepted manuscript", "cc-by", NAME, "ab" * 32):
            assert told in file.text()
        assert "the DOI is on <page> 1" in file.text()
        assert one(file, "iframe").attributes["loading"] == "lazy"
        assert "open" not in one(file, "#viewer-box").attributes

    def test_a_doubtful_one_is_open_to_be_judged(self, reader: Browser, world: World) -> None:
        page = shown(reader, f"/papers/{world.papers[Status.DOUBTFUL]}")
        assert "open" in one(page, "#viewer-box").attributes
        assert "It waits until a person has judged the file." in text(page, ".standing-next")

    def test_a_file_that_a_person_gave_says_so(self, browser: Browser, filled: World) -> None:
        file = File(path=NAME, sha256="cd" * 32, size=7, pages=1)
        happen(filled.container, filled.done, FileAttached(file=file))
        told = card(shown(browser, f"/papers/{filled.done}"), "file-title").text()
        assert "Given by a person" in told
        assert "the DOI is on" not in told

    def test_there_is_a_picture_of_the_first_page(self, browser: Browser, filled: World) -> None:
        keep_file(filled, paper_pdf("On things", ("Ada Berg",), "10.5555/done"))
        image = one(shown(browser, f"/papers/{filled.done}"), ".picture img")
        assert image.attributes["alt"] == "The first page of the PDF"
        answer = browser.get(image.attributes["src"] or "")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")
        assert answer.headers["etag"] == f'"{"ab" * 32}"'
        assert answer.headers["content-security-policy"].startswith("sandbox")
        assert answer.headers["x-content-type-options"] == "nosniff"
        again = browser.get(image.attributes["src"] or "", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_a_file_without_a_picture_gets_a_placeholder_and_is_asked_for_once(
        self, browser: Browser, filled: World
    ) -> None:
        keep_file(filled, b"%PDF-1.7 nothing")
        answer = browser.get(f"/papers/{filled.done}/picture")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "image/svg+xml")
        assert answer.headers["content-security-policy"].startswith("sandbox")
        page = shown(browser, f"/papers/{filled.done}")
        assert page.css_first(".picture img") is None
        assert "No picture can be made of this file." in card(page, "file-title").text()

    def test_a_paper_without_a_file_has_no_picture(self, reader: Browser, world: World) -> None:
        answer = reader.get(f"/papers/{world.papers[Status.NEW]}/picture")
        assert answer.status_code == 404
        assert answer.content.startswith(b"<svg")
        assert reader.get("/papers/unknown/picture").status_code == 404

    def test_a_missing_file_is_told_with_what_to_do(self, browser: Browser, filled: World) -> None:
        (filled.container.settings.library / NAME).unlink()
        page = shown(browser, f"/papers/{filled.done}")
        told = text(page, ".file-card .problem")
        assert "The file cannot be opened now." in told
        assert "Restore it" in told
        assert [*page.css("iframe"), *page.css(".picture img"), *page.css(".file-card .button")] == []
        assert browser.get(f"/papers/{filled.done}/picture").status_code == 404

    def test_a_library_that_is_gone_is_told_and_the_kept_picture_is_shown(
        self, browser: Browser, filled: World
    ) -> None:
        keep_file(filled, paper_pdf("On things", ("Ada Berg",), "10.5555/done"))
        address = one(shown(browser, f"/papers/{filled.done}"), ".picture img").attributes["src"] or ""
        assert browser.get(address).status_code == 200
        library = filled.container.settings.library
        library.rename(library.with_name("unmounted"))
        library.mkdir()
        page = shown(browser, f"/papers/{filled.done}")
        assert "it is not the library that it was" in text(page, ".file-card .problem")
        assert page.css_first(".picture img") is not None
        assert browser.get(address).status_code == 200


def test_the_part_asks_for_itself(browser: Browser, filled: World) -> None:
    page = shown(browser, f"/papers/{filled.done}?before=10", headers=HX)
    assert one(page, "#paper").attributes["hx-get"] == f"/papers/{filled.done}?before=10"


def test_what_strangers_wrote_stays_inert_in_every_part(browser: Browser, filled: World) -> None:
    wicked = "<script>alert(1)</script>\"'{{7*7}}"
    copy = Copy(url="javascript:alert(1)", source=wicked, licence=wicked)
    blocked = CandidateBlocked(url=f"http://{wicked}/x", cause=wicked)
    tried = CandidateTried(
        url=f"data:text/html,{wicked}", source=wicked, outcome=wicked, detail=wicked, redirects=(wicked, "javascript:x")
    )
    file = File(path=NAME, sha256="ab" * 32, size=7, pages=1)
    happen(
        filled.container,
        filled.papers[Status.NEW],
        ProcessingStarted(module=wicked, worker=wicked, attempt=wicked, by_hand=True),
        tried,
        blocked,
        MetadataUpdated(source=wicked, metadata=Metadata(url="javascript:alert(1)", type=wicked, issn=(wicked,))),
        Downloaded(file=file, copy=copy, checks=(wicked,)),
        ProcessingStarted(module="locate", worker="w", attempt="a"),
        CopiesLocated(copies=(copy, Copy(url="http://[broken", source="s"))),
        Doubted(file=file, copy=copy),
        Failed(cause=wicked),
    )
    for query in ("", "?shown=failed", f"?as_of={filled.container.log.head().position}"):
        page = shown(browser, f"/papers/{filled.papers[Status.NEW]}{query}")
        assert not page.css("main script")
        assert not [a for a in page.css("a") if re.match("(javascript|data):", a.attributes["href"] or "")]
