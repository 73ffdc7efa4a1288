"""Which modules and sources are on, and in which order sources are asked."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.errors import InvalidValue
from domain.pipeline import MODULES
from domain.settings import (
    DECIDER,
    LastSource,
    ModuleToggled,
    ReorderSources,
    Settings,
    SourcesReordered,
    SourceToggled,
    ToggleModule,
    ToggleSource,
)
from domain.sources import SOURCES, in_order
from tests.domain.machine import FEW_STEPS, AggregateMachine
from tests.domain.spec import given
from tests.strategies import HOSTILE_TEXT

FIRST = given(DECIDER)
OFF, ON = (ToggleModule(module="locate", enabled=enabled) for enabled in (False, True))
ARXIV_OFF, ARXIV_ON = (ToggleSource(source="arxiv", enabled=enabled) for enabled in (False, True))
ORDER = ("europepmc", "unpaywall", "crossref", "arxiv")
OTHERS = tuple(name for name in SOURCES if name not in ORDER)


def test_at_first_every_module_and_every_source_is_on() -> None:
    assert all(FIRST.state.runs(name) for name in MODULES)
    assert all(FIRST.state.asks(name) for name in SOURCES)
    assert FIRST.state.ordered(tuple(SOURCES)) == tuple(SOURCES)


def test_a_module_is_switched_off_and_on() -> None:
    FIRST.when(OFF).then(ModuleToggled(module="locate", enabled=False))
    off = FIRST.after(OFF)
    assert not off.state.runs("locate")
    assert off.state.runs("download")
    off.when(ON).then(ModuleToggled(module="locate", enabled=True))
    assert off.after(ON).state == Settings()


def test_a_source_is_switched_off_and_on() -> None:
    FIRST.when(ARXIV_OFF).then(SourceToggled(source="arxiv", enabled=False))
    off = FIRST.after(ARXIV_OFF)
    assert not off.state.asks("arxiv")
    assert off.state.asks("crossref")
    off.when(ARXIV_ON).then(SourceToggled(source="arxiv", enabled=True))
    assert off.after(ARXIV_ON).state == Settings()


def test_what_is_so_already_changes_nothing() -> None:
    FIRST.when(ON).then()
    FIRST.after(OFF).when(OFF).then()
    FIRST.when(ARXIV_ON).then()
    FIRST.after(ARXIV_OFF).when(ARXIV_OFF).then()
    FIRST.when(ReorderSources(order=tuple(SOURCES)[:2])).then()


@pytest.mark.parametrize("module", ["", "LOCATE", "print", "locate\0"])
def test_a_module_that_is_not_known_is_refused(module: str) -> None:
    refusal = FIRST.when(ToggleModule(module=module, enabled=False)).refused(InvalidValue)
    assert refusal.field == "module"
    assert refusal.remedy == "Expected: one of locate, download."


@pytest.mark.parametrize("command", [ToggleSource(source="sci", enabled=True), ReorderSources(order=("arxiv", "sci"))])
def test_a_source_that_is_not_known_is_refused(command: object) -> None:
    refusal = FIRST.when(command).refused(InvalidValue)
    assert refusal.field == "source"
    assert refusal.remedy == f"Expected: one of {', '.join(SOURCES)}."


def test_the_last_source_stays_on() -> None:
    others = [ToggleSource(source=name, enabled=False) for name in SOURCES if name != "arxiv"]
    alone = FIRST.after(*others)
    assert "locate" in str(alone.when(ARXIV_OFF).refused(LastSource).remedy)


def test_sources_are_asked_in_the_order_that_was_chosen() -> None:
    FIRST.when(ReorderSources(order=ORDER)).then(SourcesReordered(order=(*ORDER, *OTHERS)))
    assert FIRST.after(ReorderSources(order=ORDER)).state.ordered(tuple(SOURCES)) == (*ORDER, *OTHERS)


def test_those_that_are_left_out_follow_as_they_were() -> None:
    then = FIRST.after(ReorderSources(order=ORDER))
    then.when(ReorderSources(order=("arxiv",))).then(
        SourcesReordered(order=("arxiv", "europepmc", "unpaywall", "crossref", *OTHERS))
    )


def test_no_source_comes_twice() -> None:
    assert FIRST.when(ReorderSources(order=("arxiv", "arxiv"))).refused(InvalidValue).field == "order"


def test_a_source_of_a_later_version_comes_last() -> None:
    assert in_order(("new", "b", "a"), ("a", "gone", "b")) == ("a", "b", "new")


class SettingsMachine(AggregateMachine):
    """Switches in many hands."""

    decider = DECIDER

    @rule(module=st.sampled_from((*MODULES, "print")) | HOSTILE_TEXT, enabled=st.booleans())
    def is_toggled(self, module: str, enabled: bool) -> None:
        before: Settings = self.state
        outcome = self.send(ToggleModule(module=module, enabled=enabled))
        if module not in MODULES:
            assert isinstance(outcome, InvalidValue)
        else:
            assert bool(outcome) == (before.runs(module) != enabled)
            assert self.state.runs(module) == enabled

    @rule(source=st.sampled_from((*SOURCES, "print")) | HOSTILE_TEXT, enabled=st.booleans())
    def a_source_is_toggled(self, source: str, enabled: bool) -> None:
        before: Settings = self.state
        outcome = self.send(ToggleSource(source=source, enabled=enabled))
        if source not in SOURCES:
            assert isinstance(outcome, InvalidValue)
        elif isinstance(outcome, LastSource):
            assert [name for name in SOURCES if before.asks(name)] == [source]
        else:
            assert self.state.asks(source) == enabled

    @rule(order=st.lists(st.sampled_from((*SOURCES, "print")), max_size=5))
    def sources_are_ordered(self, order: list[str]) -> None:
        outcome = self.send(ReorderSources(order=tuple(order)))
        if not isinstance(outcome, InvalidValue):
            assert self.state.ordered(tuple(SOURCES))[: len(order)] == tuple(order)

    @invariant()
    def each_source_has_a_place_and_one_is_on(self) -> None:
        assert sorted(self.state.ordered(tuple(SOURCES))) == sorted(SOURCES)
        assert any(self.state.asks(name) for name in SOURCES)


TestSettingsMachine = SettingsMachine.TestCase
TestSettingsMachine.settings = FEW_STEPS
