"""Sorting out: every row becomes one thing, and nothing depends on where batches end."""

from collections.abc import Collection, Mapping, Sequence
from itertools import count

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.ports.tabular import Record
from application.sorting_out import Acquaintance, Newcomer, Sorted, sort_out
from domain.identifiers import Identifier
from domain.metadata import Metadata
from tests.application.lists import doi, pmid, rejected, row

_DOIS = st.sampled_from([doi(letter) for letter in "abcd"])
_PMIDS = st.sampled_from([pmid(number) for number in range(4)])
NAMED = st.one_of(_DOIS.map(lambda one: (one,)), _PMIDS.map(lambda one: (one,)), st.tuples(_DOIS, _PMIDS))
ROWS = st.lists(st.one_of(NAMED.map(lambda named: row(*named)), st.just(rejected())), max_size=12)
KNOWN = st.dictionaries(st.one_of(_DOIS, _PMIDS), st.sampled_from(("known 1", "known 2")), max_size=3)

Taken = Mapping[Identifier, str]


def sorted_out(records: Sequence[Record], taken: Taken, members: Collection[str] = (), first: int = 1) -> Sorted:
    numbers = count(first)
    numbered = [evolve(record, row=number, line=number) for number, record in enumerate(records, 1)]
    return sort_out(numbered, taken, members, lambda: f"new {next(numbers)}")


def told(found: Sorted) -> list[Newcomer | Acquaintance]:
    """Every paper of which something is told."""
    return [*found.newcomers, *found.acquaintances]


def owners(taken: Taken, found: Sorted) -> dict[Identifier, str]:
    """Who has which identifier once the batch is recorded."""
    return dict(taken) | {identifier: one.paper for one in told(found) for identifier in one.identifiers}


@given(ROWS, KNOWN)
def test_every_row_is_counted_once(records: list[Record], taken: Taken) -> None:
    found = sorted_out(records, taken)
    assert found.counts.rows == len(records)
    assert found.counts.registered == len(found.newcomers)
    assert found.counts.rejected == len(found.rejected) == sum(record.reason is not None for record in records)
    assert found.counts.consistent


@given(ROWS, KNOWN)
def test_members_are_the_papers_that_the_rows_name_each_once(records: list[Record], taken: Taken) -> None:
    found = sorted_out(records, taken)
    assert len(found.members) == len(set(found.members)) == found.counts.registered + found.counts.known
    named = {owners(taken, found)[record.identifiers[0]] for record in records if record.identifiers}
    assert named <= set(found.members)


@given(ROWS, KNOWN)
def test_no_identifier_goes_to_two_papers(records: list[Record], taken: Taken) -> None:
    found = sorted_out(records, taken)
    given_out = [identifier for one in told(found) for identifier in one.identifiers]
    assert len(given_out) == len(set(given_out))
    assert not set(given_out) & taken.keys()


@given(ROWS, KNOWN)
def test_the_same_rows_again_bring_nothing(records: list[Record], taken: Taken) -> None:
    first = sorted_out(records, taken)
    again = sorted_out(records, owners(taken, first), first.members)
    assert (again.counts.registered, again.counts.known, again.members) == (0, 0, ())
    assert again.counts.duplicates + again.counts.rejected == len(records)
    assert not any(known.identifiers or known.metadata.known() for known in again.acquaintances)


@given(ROWS, KNOWN, st.integers(0, 12))
def test_it_does_not_matter_where_a_batch_ends(records: list[Record], taken: Taken, end: int) -> None:
    whole = sorted_out(records, taken)
    one = sorted_out(records[:end], taken)
    between = owners(taken, one)
    other = sorted_out(records[end:], between, one.members, first=one.counts.registered + 1)
    assert one.counts.plus(other.counts) == whole.counts
    assert (*one.members, *other.members) == whole.members
    assert owners(between, other) == owners(taken, whole)


@pytest.mark.case("C22")
def test_five_hundred_rows_of_one_doi_are_one_paper() -> None:
    found = sorted_out([row(doi("a"))] * 500, {})
    assert (found.counts.registered, found.counts.duplicates) == (1, 499)


def test_a_stronger_identifier_decides_where_two_papers_are_named() -> None:
    found = sorted_out([row(pmid(1), doi("a"))], {doi("a"): "by DOI", pmid(1): "by PMID"})
    assert found.members == ("by DOI",)


def test_rows_of_one_new_paper_complete_each_other() -> None:
    first = row(doi("a"), title="The first title")
    second = evolve(row(doi("a"), pmid(1), title="Another title"), metadata=Metadata(title="Other", year=1999))
    (newcomer,) = sorted_out([first, second], {}).newcomers
    assert newcomer.identifiers == (doi("a"), pmid(1))
    assert newcomer.metadata == Metadata(title="The first title", year=1999)


def test_the_first_row_tells_the_metadata_of_a_known_paper() -> None:
    rows = [row(doi("a"), title="First"), row(doi("a"), title="Second")]
    (known,) = sorted_out(rows, {doi("a"): "known"}).acquaintances
    assert known.metadata.title == "First"
    (known,) = sorted_out(rows, {doi("a"): "known"}, members=("known",)).acquaintances
    assert known.metadata == Metadata()


def test_a_row_without_identifier_and_without_reason_is_rejected() -> None:
    (refusal,) = sorted_out([row()], {}).rejected
    assert refusal.reason == "no identifier"
