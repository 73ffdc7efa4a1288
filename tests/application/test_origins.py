"""Who told what is known of a paper."""

from application.origins import fields_told, identifiers_told
from domain import paper_events as paper
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from tests.application.test_activity_groups import recorded

DOI, OTHER, PMID = Identifier(Scheme.DOI, "10.1/x"), Identifier(Scheme.DOI, "10.1/y"), Identifier(Scheme.PMID, "7")
REGISTERED = paper.Registered(
    identifiers=(DOI,), metadata=Metadata(title="Of things", year=2020), import_id="i1", row=12
)


def test_each_field_is_told_by_who_told_it_last() -> None:
    told = fields_told(
        recorded(
            REGISTERED,
            paper.MetadataUpdated(source="crossref", metadata=Metadata(journal="Things", year=2021)),
            paper.MetadataUpdated(source="import i2", metadata=Metadata(journal="All Things")),
        )
    )
    assert (told["title"].import_id, told["title"].row, told["title"].by) == ("i1", 12, "")
    assert (told["year"].import_id, told["year"].by) == (None, "crossref")
    assert (told["journal"].import_id, told["journal"].row, told["journal"].by) == ("i2", None, "")
    assert set(told) == {"title", "year", "journal"}


def test_identifiers_are_told_by_an_import_a_service_or_a_person() -> None:
    correction = paper.IdentifierCorrected(wrong=DOI, right=OTHER)
    records = recorded(REGISTERED, paper.IdentifierAdded(identifier=PMID, source="europepmc"), correction)
    told = identifiers_told(records)
    assert (told[DOI].import_id, told[DOI].row) == ("i1", 12)
    assert told[PMID].by == "europepmc"
    assert (told[OTHER].by, told[OTHER].import_id) == (records[-1].actor, None)
    assert told[OTHER].moment == records[-1].recorded_at


def test_a_paper_that_no_import_brought_was_told_by_its_actor() -> None:
    (record,) = recorded(paper.Registered(identifiers=(DOI,)))
    assert identifiers_told([record])[DOI].by == record.actor
