"""The tables of the pipeline agree with each other and with the commands."""

import pytest
from attrs.exceptions import FrozenInstanceError

from domain.paper import _DECISIONS
from domain.paper_commands import Register
from domain.pipeline import ALLOWED, DOWNLOAD, EVERY, IN_TRANSIT, MODULES, RESTING, REVERTS_FIRST, TAKEN, Module, Status
from tests.strategies import PAPER_COMMAND_TYPES

NAMES = [kind.NAME for kind in PAPER_COMMAND_TYPES if kind is not Register]


def test_a_status_is_in_transit_or_at_rest() -> None:
    assert IN_TRANSIT | RESTING == EVERY == set(Status)
    assert not IN_TRANSIT & RESTING


def test_statuses_read_as_they_are_stored() -> None:
    assert [str(status) for status in Status] == [status.value for status in Status]


@pytest.mark.parametrize("module", MODULES.values(), ids=list(MODULES))
class TestModule:
    def test_is_known_by_its_name(self, module: Module) -> None:
        assert MODULES[module.name] is module

    def test_takes_and_leaves_papers_at_rest(self, module: Module) -> None:
        assert module.takes
        assert module.leaves
        assert module.takes | module.leaves <= RESTING

    def test_moves_papers_on(self, module: Module) -> None:
        assert not module.takes & module.leaves

    def test_is_frozen(self, module: Module) -> None:
        with pytest.raises(FrozenInstanceError):
            module.name = "other"  # type: ignore[misc]


def test_a_status_is_taken_by_one_module_at_most() -> None:
    assert sum(len(module.takes) for module in MODULES.values()) == len(TAKEN)


def test_the_pipeline_leads_from_new_to_done() -> None:
    reached = {Status.NEW}
    for _ in MODULES:
        reached |= {status for module in MODULES.values() if module.takes & reached for status in module.leaves}
    assert Status.DONE in reached
    assert DOWNLOAD.leaves <= reached


def test_every_command_has_a_row_and_every_row_a_command() -> None:
    assert sorted(NAMES) == sorted(ALLOWED)
    assert len(set(NAMES)) == len(NAMES)


def test_every_command_has_a_decision_and_every_decision_a_command() -> None:
    assert set(_DECISIONS) | {Register} == set(PAPER_COMMAND_TYPES)


def test_every_command_is_possible_somewhere() -> None:
    assert all(statuses and statuses <= EVERY for statuses in ALLOWED.values())


def test_every_status_can_be_left() -> None:
    keeps = {"update metadata", "add identifier", "block copy", "request", "record try"}
    leaves = [statuses for name, statuses in ALLOWED.items() if name not in keeps]
    assert frozenset().union(*leaves) == EVERY


def test_a_paper_in_transit_can_always_be_reverted_and_deferred() -> None:
    assert ALLOWED["revert"] == ALLOWED["defer"] == IN_TRANSIT


def test_what_reverts_first_is_possible_in_transit() -> None:
    assert all(ALLOWED[name] >= IN_TRANSIT for name in REVERTS_FIRST)


def test_what_is_queued_is_what_some_module_takes() -> None:
    assert ALLOWED["queue"] == TAKEN
    assert ALLOWED["start processing"] == TAKEN | {Status.PENDING}
