"""Locating: what the sources tell becomes copies, a pause, or the knowledge that there is none."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

import pytest
from attrs import evolve

from application.locating import ASK_AGAIN
from application.ports.event_log import Appended, IdentifierTaken, Origin, Write
from application.ports.sources import Finding
from application.reach import Reach
from application.sourcing import Sourcing
from domain.causes import CAUSES, next_try
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper_commands import AddIdentifier, Exclude, Reinstate, UpdateMetadata, Withdraw
from domain.paper_events import (
    CopiesLocated,
    Deferred,
    Excluded,
    IdentifierAdded,
    MetadataUpdated,
    NotLocated,
    Reverted,
    SourcesAsked,
)
from domain.pipeline import Status
from domain.sources import SOURCES
from infrastructure.log.memory import MemoryEventLog
from tests.application.desk import Desk, copy
from tests.application.lists import PERSON, doi, pmid
from tests.fakes.clock import FakeClock
from tests.fakes.sources import FakeSource, silent

A, B = copy("https://a.example/1.pdf", source="one"), copy("https://b.example/1.pdf", source="two")


def test_copies_of_every_source_are_taken_over_in_order(desk: Desk) -> None:
    name = desk.register()
    sources = (
        FakeSource("one", Finding(known=True, copies=(A,))),
        FakeSource("two", Finding(known=True, copies=(B, A))),
    )
    assert desk.locating(*sources).locate(name) is Status.LOCATED
    assert desk.events(name)[-1] == CopiesLocated(copies=(A, B))


def test_a_source_is_asked_only_for_identifiers_that_it_serves(desk: Desk) -> None:
    name = desk.register(doi(1))
    source = FakeSource("europepmc", schemes=frozenset({Scheme.PMID}))
    desk.locating(source).locate(name)
    assert not source.asked


def test_an_identifier_that_one_source_tells_helps_to_ask_the_next(desk: Desk) -> None:
    name = desk.register(doi(1))
    teller = FakeSource("one", Finding(known=True, identifiers=(pmid(7),)))
    asked = FakeSource("two", Finding(known=True, copies=(A,)), schemes=frozenset({Scheme.PMID}))
    assert desk.locating(teller, asked).locate(name) is Status.LOCATED
    assert asked.asked == [(doi(1), pmid(7))]
    assert desk.events(name, IdentifierAdded) == [IdentifierAdded(identifier=pmid(7), source="one")]


def test_sources_before_the_one_that_tells_an_identifier_are_asked_with_it(desk: Desk) -> None:
    name = desk.register(pmid(7))
    by_doi = FakeSource("one", Finding(known=True, copies=(A,)), schemes=frozenset({Scheme.DOI}))
    teller = FakeSource("two", Finding(known=True, identifiers=(doi(1),)), schemes=frozenset({Scheme.PMID}))
    assert desk.locating(by_doi, teller).locate(name) is Status.LOCATED
    assert [len(asked) for asked in (by_doi.asked, teller.asked)] == [1, 1]
    assert desk.paper(name).identifiers == (pmid(7), doi(1))


@pytest.mark.parametrize(("kind", "words"), [("component", "a part of another work"), ("Dataset", "a data set")])
def test_what_is_no_article_is_set_aside(desk: Desk, kind: str, words: str) -> None:
    name = desk.register()
    source = FakeSource("one", Finding(known=True, metadata=Metadata(type=kind, year=1999)))
    assert desk.locating(source).locate(name) is Status.EXCLUDED
    excluded = desk.events(name)[-1]
    assert isinstance(excluded, Excluded)
    assert words in excluded.reason
    assert desk.paper(name).metadata.year == 1999


def test_what_a_person_wants_back_is_not_set_aside_again(desk: Desk) -> None:
    name = desk.register()
    source = FakeSource("one", Finding(known=True, metadata=Metadata(type="dataset")))
    desk.locating(source).locate(name)
    desk.do(name, Reinstate())
    assert desk.paper(name).status is Status.NEW
    assert desk.locating(source).locate(name) is Status.UNAVAILABLE


def test_what_is_no_article_and_open_is_fetched_all_the_same(desk: Desk) -> None:
    name = desk.register()
    source = FakeSource("one", Finding(known=True, copies=(A,), metadata=Metadata(type="component")))
    assert desk.locating(source).locate(name) is Status.LOCATED


def test_what_came_back_with_another_import_may_be_set_aside(desk: Desk) -> None:
    name = desk.register()
    source = FakeSource("one", Finding(known=True, metadata=Metadata(type="dataset")))
    desk.do(name, Withdraw(reason="undone"), Reinstate())
    assert desk.locating(source).locate(name) is Status.EXCLUDED


def test_metadata_fill_gaps_and_replace_nothing(desk: Desk) -> None:
    name = desk.register(title="The title of the list")
    first = FakeSource("one", Finding(known=True, metadata=Metadata(title="Another", year=1999)))
    second = FakeSource("two", Finding(known=True, metadata=Metadata(year=2000, journal="A journal")))
    desk.locating(first, second).locate(name)
    told = [(event.source, event.metadata) for event in desk.events(name, MetadataUpdated)]
    assert told == [("one", Metadata(year=1999)), ("two", Metadata(journal="A journal"))]
    assert desk.paper(name).metadata == Metadata(title="The title of the list", year=1999, journal="A journal")


def test_identifiers_of_a_scheme_that_the_paper_has_are_not_taken_over(desk: Desk) -> None:
    name = desk.register(doi(1))
    desk.locating(FakeSource("one", Finding(known=True, identifiers=(doi(2), pmid(7), pmid(8))))).locate(name)
    assert desk.paper(name).identifiers == (doi(1), pmid(7))


def test_an_identifier_of_another_paper_stays_there_and_the_copies_are_kept(desk: Desk) -> None:
    desk.register(doi(9), pmid(7))
    name = desk.register(doi(1), title="Title")
    arxiv = Identifier(Scheme.ARXIV, "2601.00001")
    told = Finding(known=True, copies=(A,), identifiers=(pmid(7), arxiv), metadata=Metadata(year=1999))
    assert desk.locating(FakeSource("one", told)).locate(name) is Status.LOCATED
    assert desk.paper(name).identifiers == (doi(1),)
    assert desk.paper(name).copies == (A,)
    assert desk.paper(name).metadata.year == 1999


def test_a_known_paper_without_copies_is_unavailable_for_a_while(desk: Desk) -> None:
    name = desk.register()
    assert desk.locating(FakeSource("one", Finding(known=True))).locate(name) is Status.UNAVAILABLE
    expected = NotLocated(cause="no_open_copy", not_before=desk.clock.now() + CAUSES["no_open_copy"].waits[0])
    assert desk.events(name)[-1] == expected


def test_a_paper_that_nobody_knows_has_an_unknown_doi(desk: Desk) -> None:
    name = desk.register()
    assert desk.locating(FakeSource("one"), FakeSource("two")).locate(name) is Status.UNAVAILABLE
    assert desk.paper(name).cause == "unknown_doi"


def test_a_paper_under_embargo_is_asked_for_when_that_ends(desk: Desk) -> None:
    name = desk.register()
    sooner, later = (desk.clock.now() + timedelta(days=days) for days in (40, 400))
    sources = (FakeSource("one", Finding(known=True, open_from=later)), FakeSource("two", Finding(open_from=sooner)))
    assert desk.locating(*sources).locate(name) is Status.UNAVAILABLE
    assert desk.events(name)[-1] == NotLocated(cause="embargoed", not_before=sooner)


def test_a_copy_that_is_free_already_is_taken_before_the_embargo_of_another_ends(desk: Desk) -> None:
    name = desk.register()
    source = FakeSource("one", Finding(known=True, copies=(B,), open_from=desk.clock.now() + timedelta(days=9)))
    assert desk.locating(source).locate(name) is Status.LOCATED


def test_without_sources_nothing_is_known(desk: Desk) -> None:
    name = desk.register()
    assert desk.locating().locate(name) is Status.UNAVAILABLE


def test_a_source_that_cannot_be_asked_puts_the_paper_off(desk: Desk) -> None:
    name = desk.register()
    sources = (FakeSource("one", silent("one")), FakeSource("two", Finding(known=True)))
    assert desk.locating(*sources).locate(name) is Status.NEW
    assert desk.events(name)[-1] == Deferred(
        to=Status.NEW, until=desk.clock.now() + ASK_AGAIN, cause="source_unreachable"
    )
    assert desk.paper(name).attempts == 0


def test_the_pause_is_the_longest_that_a_source_asks_for(desk: Desk) -> None:
    name = desk.register()
    tomorrow = desk.clock.now() + timedelta(days=1)
    desk.locating(FakeSource("one", silent("one")), FakeSource("two", silent("two", until=tomorrow))).locate(name)
    assert desk.paper(name).not_before == tomorrow


def test_copies_of_one_source_are_enough_where_another_is_silent(desk: Desk) -> None:
    name = desk.register()
    sources = (FakeSource("one", silent("one")), FakeSource("two", Finding(known=True, copies=(B,))))
    assert desk.locating(*sources).locate(name) is Status.LOCATED


def test_a_missing_credential_does_not_keep_the_paper_from_its_end(desk: Desk) -> None:
    name = desk.register()
    sources = (FakeSource("one", silent("one", "missing_credential")), FakeSource("two", Finding(known=True)))
    assert desk.locating(*sources).locate(name) is Status.UNAVAILABLE
    assert desk.paper(name).cause == "missing_credential"
    assert desk.paper(name).not_before == next_try("missing_credential", 0, desk.clock.now())


def test_what_the_silent_ones_left_is_learnt_all_the_same(desk: Desk) -> None:
    name = desk.register()
    sources = (FakeSource("one", Finding(known=True, identifiers=(pmid(7),))), FakeSource("two", silent("two")))
    desk.locating(*sources).locate(name)
    assert desk.paper(name).identifiers == (doi(1), pmid(7))


def test_what_an_import_tells_of_the_paper_meanwhile_does_not_end_the_attempt(desk: Desk) -> None:
    name = desk.register(doi(1))
    news = UpdateMetadata(source="import 1", metadata=Metadata(year=2000))

    def tell() -> None:
        desk.do(name, news, AddIdentifier(identifier=pmid(7), source="import 1"))

    told = Finding(known=True, copies=(A,), metadata=Metadata(year=1999, title="Title"), identifiers=(pmid(8),))
    assert desk.locating(FakeSource("one", told, before=tell)).locate(name) is Status.LOCATED
    assert desk.paper(name).metadata == Metadata(year=2000, title="Title")
    assert desk.paper(name).identifiers == (doi(1), pmid(7))


def test_a_result_that_comes_after_the_paper_was_taken_back_is_refused(desk: Desk) -> None:
    name = desk.register()
    source = FakeSource("one", Finding(known=True, copies=(A,)), before=lambda: desk.revert(name)(None))
    assert desk.locating(source).locate(name) is None
    assert isinstance(desk.events(name)[-1], Reverted)
    assert desk.paper(name).status is Status.NEW


class Refusing(MemoryEventLog):
    """A log in which something happens after a refusal."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.afterwards: Callable[[], object] = lambda: None

    def append(self, writes: Sequence[Write], origin: Origin) -> Appended:
        """Append; what follows a refusal comes before the next append."""
        try:
            return super().append(writes, origin)
        except IdentifierTaken:
            self.afterwards()
            raise


def test_a_late_result_is_refused_after_another_refusal_too(desk: Desk) -> None:
    desk.log = log = Refusing(desk.clock)
    desk.register(pmid(7))
    name = desk.register(doi(1))
    log.afterwards = lambda: desk.revert(name)(None)
    told = Finding(known=True, copies=(A,), identifiers=(pmid(7),))
    assert desk.locating(FakeSource("one", told)).locate(name) is None
    assert desk.paper(name).status is Status.NEW


@pytest.mark.case("I05")
def test_a_paper_that_somebody_has_is_left_alone(desk: Desk) -> None:
    name = desk.register()
    outcomes: list[Status | None] = []
    rival = desk.locating(FakeSource("other"))
    source = FakeSource("one", Finding(known=True, copies=(A,)), before=lambda: outcomes.append(rival.locate(name)))
    assert desk.locating(source).locate(name) is Status.LOCATED
    assert outcomes == [None]


def test_an_excluded_paper_is_not_located(desk: Desk) -> None:
    name = desk.register()
    desk.do(name, Exclude(reason="not in scope"))
    source = FakeSource("one")
    assert desk.locating(source).locate(name) is None
    assert not source.asked


def test_when_the_application_stops_the_paper_goes_back(desk: Desk) -> None:
    name = desk.register()

    def stop() -> None:
        desk.stopped = True

    second = FakeSource("two")
    assert desk.locating(FakeSource("one", silent("one"), before=stop), second).locate(name) is Status.NEW
    assert desk.events(name)[-1] == Reverted(to=Status.NEW, why="stop")
    assert not second.asked


def test_a_mistake_of_the_program_puts_the_paper_off_and_is_told(desk: Desk) -> None:
    name = desk.register()
    with pytest.raises(ZeroDivisionError):
        desk.locating(FakeSource("one", ZeroDivisionError())).locate(name)
    pause = CAUSES["crashed"].waits[0]
    assert desk.events(name)[-1] == Deferred(to=Status.NEW, until=desk.clock.now() + pause, cause="crashed")


def test_who_asked_is_in_the_log(desk: Desk) -> None:
    name = desk.register()
    desk.locating(FakeSource("one")).locate(name, by_hand=True, actor=PERSON)
    claim = desk.log.stream(f"paper-{name}")[1]
    assert (claim.actor, claim.event.by_hand) == (PERSON.name, True)  # type: ignore[attr-defined]


class TestChosenSources:
    def test_those_that_are_off_are_not_asked_and_the_others_in_the_chosen_order(self, desk: Desk) -> None:
        name, told = desk.register(doi(1)), list[str]()
        sources = [FakeSource(one, before=lambda one=one: told.append(one)) for one in SOURCES]  # type: ignore[misc]
        Sourcing(log=desk.log).change(["europepmc", "crossref"], {"unpaywall": False}, PERSON)
        desk.locating(*sources).locate(name)
        assert told[:3] == ["europepmc", "crossref", "datacite"]
        assert set(told) == set(SOURCES) - {"unpaywall"}

    def test_what_is_switched_at_run_time_counts_from_the_next_paper_on(self, desk: Desk) -> None:
        source, other = FakeSource("arxiv"), FakeSource("crossref")
        locating = desk.locating(source, other)
        locating.locate(desk.register(doi(1)))
        Sourcing(log=desk.log).toggle("arxiv", False, PERSON)
        locating.locate(desk.register(doi(2)))
        assert (len(source.asked), len(other.asked)) == (1, 2)

    def test_a_paper_that_only_sources_that_are_off_serve_is_no_unknown_one(self, desk: Desk) -> None:
        name = desk.register(doi(1))
        Sourcing(log=desk.log).toggle("arxiv", False, PERSON)
        assert desk.locating(FakeSource("arxiv")).locate(name) is Status.UNAVAILABLE
        assert desk.paper(name).cause == "source_off"
        assert desk.events(name, SourcesAsked) == []

    def test_how_long_each_took_is_told(self, desk: Desk) -> None:
        name = desk.register(doi(1))
        slow = FakeSource("slow", before=lambda: desk.clock.advance(timedelta(seconds=2.5)))
        dead = FakeSource("dead", silent("dead"), before=lambda: desk.clock.advance(timedelta(seconds=60)))
        desk.locating(slow, dead).locate(name)
        (event,) = desk.events(name, SourcesAsked)
        assert [(one.source, one.seconds) for one in event.answers] == [("slow", 2.5), ("dead", 60.0)]

    def test_what_each_said_is_told(self, desk: Desk) -> None:
        name = desk.register(doi(1))
        sources = (
            FakeSource("one", Finding(known=True, copies=(A,))),
            FakeSource("two", Finding(known=True)),
            FakeSource("three"),
            FakeSource("four", silent("four", "rate_limited")),
            FakeSource("five", schemes=frozenset({Scheme.PMID})),
        )
        desk.locating(*sources).locate(name)
        (event,) = desk.events(name, SourcesAsked)
        assert [(one.source, one.said) for one in event.answers] == [
            ("one", "copies"),
            ("two", "known"),
            ("three", "unknown"),
            ("four", "rate_limited"),
        ]


class TestBudget:
    UNPAYWALL = SOURCES["unpaywall"].daily

    @pytest.mark.parametrize("used", [UNPAYWALL, UNPAYWALL + 1])
    def test_a_source_is_not_asked_more_often_a_day_than_it_allows(self, desk: Desk, used: int) -> None:
        name, source = desk.register(doi(1)), FakeSource("unpaywall", Finding(known=True, copies=(A,)))
        locating = evolve(desk.locating(source), asked_today=lambda _: {"unpaywall": used})
        assert locating.locate(name) is Status.NEW
        assert not source.asked
        (event,) = desk.events(name, SourcesAsked)
        assert [one.said for one in event.answers] == ["budget_exhausted"]
        (put_off,) = desk.events(name, Deferred)
        assert put_off.until.time() == time()
        assert timedelta(0) < put_off.until - desk.clock.now() <= timedelta(days=1)

    def test_below_it_is_asked_and_where_others_know_a_copy_the_paper_does_not_wait(self, desk: Desk) -> None:
        days: list[datetime] = []

        def asked(moment: datetime) -> dict[str, int]:
            days.append(moment)
            return {"unpaywall": (self.UNPAYWALL or 0) - 1 if len(days) == 1 else self.UNPAYWALL or 0}

        unpaywall, other = FakeSource("unpaywall"), FakeSource("arxiv", Finding(known=True, copies=(A,)))
        locating = evolve(desk.locating(unpaywall, other), asked_today=asked)
        assert locating.locate(desk.register(doi(1))) is Status.LOCATED
        assert locating.locate(desk.register(doi(2))) is Status.LOCATED
        assert len(unpaywall.asked) == 1
        assert days == [desk.clock.now()] * 2

    def test_a_source_that_nobody_waits_for_holds_no_paper_up(self, desk: Desk) -> None:
        error = silent("semanticscholar", "rate_limited")
        error.is_awaited = False
        name = desk.register(doi(1))
        known = FakeSource("crossref", Finding(known=True))
        assert desk.locating(known, FakeSource("semanticscholar", error)).locate(name) is Status.UNAVAILABLE
        assert desk.paper(name).cause == "no_open_copy"


def test_what_was_found_by_rule_says_nothing_of_the_line(desk: Desk) -> None:
    class Counting(Reach):
        answers = 0

        def answered(self) -> None:
            Counting.answers += 1

    wiley = FakeSource("wiley", Finding(copies=(A,), by_rule=True))
    locating = evolve(desk.locating(wiley, FakeSource("crossref")), reach=Counting(desk.clock))
    assert locating.locate(desk.register(doi(1))) is Status.LOCATED
    assert Counting.answers == 1
