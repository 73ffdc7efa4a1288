"""DOIs that lead to no article, or to nothing at all."""

from datetime import timedelta

import pytest

from application.locating import Locating
from application.ports.event_log import Origin, Write
from application.ports.sources import Source
from domain import paper
from domain.identifiers import Identifier
from domain.paper import Paper
from domain.paper_events import Registered
from domain.pipeline import Status
from infrastructure.log.memory import MemoryEventLog
from infrastructure.sources.crossref import Crossref
from tests.fakes.clock import START, FakeClock
from tests.infrastructure.sources.fakes import Answering, Failing, StandingClock, doi

PAPER = "a"
DOI = doi("10.5555/a")


def located(source: Source) -> Paper:
    """A paper after its only source was asked."""
    clock = FakeClock()
    log = MemoryEventLog(clock)
    registered = Registered(identifiers=(DOI,))
    write = Write(stream=paper.stream_of(PAPER), expected=0, events=(registered,))
    log.append((write,), Origin(command="try out", actor="the tests", correlation="one run"))
    Locating(log=log, sources=(source,), clock=clock, worker="w").locate(PAPER)
    return paper.DECIDER.fold(record.event for record in log.stream(paper.stream_of(PAPER)))


def crossref(work: dict[str, object]) -> Crossref:
    """Crossref, knowing one work."""
    return Crossref(Answering({"status": "ok", "message": {"DOI": DOI.value, **work}}), StandingClock())


@pytest.mark.case("D16")
@pytest.mark.parametrize("kind", ["dataset", "component", "journal", "peer-review"])
def test_a_work_that_is_no_article_is_told_by_its_kind_and_is_no_failure(kind: str) -> None:
    found = located(crossref({"type": kind, "title": ["Something else"]}))
    assert found.metadata.type == kind
    assert found.status is Status.EXCLUDED
    assert found.cause is None


@pytest.mark.case("D16")
def test_a_book_may_be_wanted() -> None:
    found = located(crossref({"type": "book", "title": ["A book"]}))
    assert (found.status, found.cause, found.metadata.type) == (Status.UNAVAILABLE, "no_open_copy", "book")


@pytest.mark.case("D17")
def test_a_doi_that_nobody_knows_is_asked_for_again_in_a_month_and_not_before() -> None:
    network = Failing("not_found", status=404)
    found = located(Crossref(network, StandingClock()))
    assert (found.status, found.cause) == (Status.UNAVAILABLE, "unknown_doi")
    assert found.not_before == START + timedelta(days=30)
    assert len(network.asked) == 1


def test_what_is_told_of_another_doi_is_not_taken_for_this_one() -> None:
    other = Answering({"message": {"DOI": "10.5555/other", "title": ["Another title"], "type": "journal-article"}})
    found = located(Crossref(other, StandingClock()))
    assert found.identifiers == (DOI,)
    assert found.metadata.title is None
    assert found.cause == "no_open_copy"


def test_the_paper_of_these_tests_is_located_where_there_is_a_copy() -> None:
    licence = {"URL": "https://creativecommons.org/licenses/by/4.0/", "content-version": "vor"}
    link = {
        "URL": "https://journal.example/a.pdf",
        "content-type": "application/pdf",
        "content-version": "vor",
        "intended-application": "text-mining",
    }
    found = located(crossref({"license": [licence], "link": [link]}))
    assert found.status is Status.LOCATED
    assert isinstance(found.identifiers[0], Identifier)
