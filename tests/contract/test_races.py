"""Lost races are refused, never merged: over the version of a stream, and over the identifiers of papers."""

import pytest

from application.ports.event_log import Appended, EventLog, IdentifierTaken, Write, WrongVersion
from domain.identifiers import Identifier, Scheme
from domain.paper_events import IdentifierAdded, IdentifierCorrected
from tests.contract.making import at_once, doi, everything, only, origin, registration, write


def corrected(paper: str, wrong: Identifier, right: Identifier, expected: int | None = None) -> Write:
    return Write(stream=f"paper-{paper}", expected=expected, events=(IdentifierCorrected(wrong=wrong, right=right),))


def added(paper: str, identifier: Identifier) -> Write:
    return Write(stream=f"paper-{paper}", expected=None, events=(IdentifierAdded(identifier=identifier, source="s"),))


def test_of_two_decisions_on_one_version_one_is_refused(log: EventLog) -> None:
    log.append([write("a", 2)], origin())
    outcomes = at_once(
        lambda: log.append([write("a", 1, expected=2)], origin()),
        lambda: log.append([write("a", 3, expected=2)], origin()),
    )
    done, refused = only(outcomes, Appended), only(outcomes, WrongVersion)
    assert (refused.stream, refused.expected, refused.actual) == ("a", 2, done.last)
    assert "Nothing was changed" in refused.remedy
    assert log.head().position == done.last


def test_a_new_stream_is_created_once(log: EventLog) -> None:
    outcomes = at_once(*[lambda: log.append([write("hour-1", 2, expected=0)], origin())] * 2)
    refused = only(outcomes, WrongVersion)
    assert (refused.stream, refused.expected, refused.actual) == ("hour-1", 0, 2)
    assert len(everything(log)) == 2


@pytest.mark.parametrize("expected", [0, 1, 3, 7])
def test_a_stale_or_invented_version_is_refused(log: EventLog, expected: int) -> None:
    log.append([write("a", 2)], origin())
    with pytest.raises(WrongVersion) as caught:
        log.append([write("b", 1, expected=0), write("a", 1, expected=expected)], origin())
    assert (caught.value.stream, caught.value.expected, caught.value.actual) == ("a", expected, 2)
    assert log.head().position == 2


def test_the_version_speaks_before_the_identifiers(log: EventLog) -> None:
    log.append([registration("1", doi(1))], origin())
    with pytest.raises(WrongVersion):
        log.append([registration("1", doi(1))], origin())


def test_of_two_imports_of_one_work_at_once_one_is_refused(log: EventLog) -> None:
    pmid = Identifier(Scheme.PMID, "5")
    outcomes = at_once(
        lambda: log.append([registration("1", doi(1), doi(7)), registration("2", doi(2))], origin()),
        lambda: log.append([registration("3", doi(3)), registration("4", pmid, doi(7))], origin()),
    )
    done, refused = only(outcomes, Appended), only(outcomes, IdentifierTaken)
    assert refused.identifiers == (doi(7),)
    assert refused.remedy
    winner = "1" if outcomes[0] is done else "4"
    assert log.papers_of([doi(7)]) == {doi(7): winner}
    assert len(everything(log)) == 2
    assert set(log.papers_of([doi(1), doi(2), doi(3), pmid])) == ({doi(1), doi(2)} if winner == "1" else {doi(3), pmid})


def test_one_identifier_cannot_be_taken_twice_in_one_append(log: EventLog) -> None:
    with pytest.raises(IdentifierTaken) as caught:
        log.append([registration("1", doi(1)), registration("2", doi(2), doi(1))], origin())
    assert caught.value.identifiers == (doi(1),)
    assert list(log.read()) == []


def test_the_same_value_in_another_scheme_is_another_identifier(log: EventLog) -> None:
    pmid, pmcid = Identifier(Scheme.PMID, "1"), Identifier(Scheme.PMCID, "1")
    log.append([registration("1", pmid), registration("2", pmcid)], origin())
    assert log.papers_of([pmid, pmcid]) == {pmid: "1", pmcid: "2"}


def test_a_taken_identifier_can_neither_be_added_nor_corrected_to(log: EventLog) -> None:
    log.append([registration("1", doi(1)), registration("2", doi(2))], origin())
    for refused in (added("2", doi(1)), corrected("2", doi(2), doi(1))):
        with pytest.raises(IdentifierTaken) as caught:
            log.append([refused], origin())
        assert caught.value.identifiers == (doi(1),)
    assert log.papers_of([doi(1), doi(2)]) == {doi(1): "1", doi(2): "2"}


def test_an_identifier_released_by_correction_can_be_taken(log: EventLog) -> None:
    log.append([registration("1", doi(1))], origin())
    log.append([corrected("1", doi(1), doi(9), expected=1)], origin())
    log.append([registration("2", doi(1))], origin())
    assert log.papers_of([doi(1), doi(9)]) == {doi(1): "2", doi(9): "1"}


def test_an_identifier_can_go_over_within_one_append(log: EventLog) -> None:
    log.append([registration("1", doi(1))], origin())
    log.append([corrected("1", doi(1), doi(9)), registration("2", doi(1)), corrected("2", doi(1), doi(5))], origin())
    log.append([added("1", doi(1))], origin())
    assert log.papers_of([doi(1), doi(5), doi(9)]) == {doi(1): "1", doi(5): "2", doi(9): "1"}


def test_an_identifier_is_not_released_before_its_correction(log: EventLog) -> None:
    log.append([registration("1", doi(1))], origin())
    with pytest.raises(IdentifierTaken):
        log.append([registration("2", doi(1)), corrected("1", doi(1), doi(9))], origin())
    assert log.papers_of([doi(1), doi(9)]) == {doi(1): "1"}
