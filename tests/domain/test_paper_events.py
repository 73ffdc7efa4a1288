"""Every event of a paper has its place in the tables."""

import pytest

from domain.events import Event
from domain.metadata import Metadata
from domain.paper import _CHANGES, DECIDER, Paper
from domain.paper_events import (
    LEADS_TO,
    CarriesStatus,
    IdentifierAdded,
    IdentifierCorrected,
    Merged,
    MetadataUpdated,
    Registered,
    Reverted,
    SourcesAsked,
    identifier_changes,
    status_after,
)
from domain.pipeline import IN_TRANSIT, Status
from domain.refusals import Refused
from tests.domain.papers import COPY, DOI, FILE, OTHER_DOI, PMID
from tests.golden.expected import NEWEST

EVENTS = {name: event for name, event in NEWEST.items() if name.startswith("paper.")}
LEAVES_THE_STATUS = {
    "paper.metadata_updated",
    "paper.identifier_added",
    "paper.identifier_corrected",
    "paper.candidate_tried",
    "paper.candidate_blocked",
    "paper.requested",
    "paper.sources_asked",
    "paper.file_renamed",
}
CHANGES_NOTHING = {"paper.sources_asked"}
"""Told for people and for what is counted: no decision looks at it."""


@pytest.mark.parametrize("name", EVENTS)
class TestEvent:
    def test_leads_to_a_status_or_leaves_it_on_purpose(self, name: str) -> None:
        assert (status_after(EVENTS[name]) is None) == (name in LEAVES_THE_STATUS)

    def test_changes_a_paper(self, name: str) -> None:
        paper = Paper(status=Status.PROCESSING, module="download", copies=(COPY,), file=FILE)
        assert (DECIDER.evolve(paper, EVENTS[name]) == paper) == (name in CHANGES_NOTHING)

    def test_leaves_no_module_behind_at_rest(self, name: str) -> None:
        paper = Paper(status=Status.PROCESSING, module="download", attempt="a", worker="w", tried=("timeout",))
        after = DECIDER.evolve(paper, EVENTS[name])
        if after.status not in IN_TRANSIT:
            assert (after.module, after.attempt, after.worker, after.tried) == (None, None, None, ())

    def test_is_listed_once_as_leading_to_a_status(self, name: str) -> None:
        assert not (type(EVENTS[name]) in LEADS_TO and isinstance(EVENTS[name], CarriesStatus))


def test_the_tables_speak_of_papers_only() -> None:
    kinds = {type(event) for event in EVENTS.values()}
    assert set(_CHANGES) | set(LEADS_TO) <= kinds
    assert kinds - set(_CHANGES) - set(LEADS_TO) == {Reverted, SourcesAsked}


def test_an_event_of_somebody_else_is_ignored() -> None:
    paper = Paper(status=Status.NEW)
    assert DECIDER.evolve(paper, Refused(command="queue", subject="paper-1", reason="no")) is paper


def test_a_field_that_happens_to_be_called_to_is_no_status() -> None:
    class Moved(Event):
        to = "another library"

    assert status_after(Moved()) is None


@pytest.mark.parametrize(
    ("event", "changes"),
    [
        (Registered(identifiers=(DOI, PMID)), ((DOI, True), (PMID, True))),
        (IdentifierAdded(identifier=PMID, source="pubmed"), ((PMID, True),)),
        (IdentifierCorrected(wrong=DOI, right=OTHER_DOI), ((DOI, False), (OTHER_DOI, True))),
        (Merged(into="another", identifiers=(DOI, PMID)), ((DOI, False), (PMID, False))),
        (MetadataUpdated(source="crossref", metadata=Metadata(title="On Things")), ()),
    ],
)
def test_events_take_identifiers_and_give_them_up(event: Event, changes: object) -> None:
    assert identifier_changes(event) == changes
