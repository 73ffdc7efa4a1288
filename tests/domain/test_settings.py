"""Which modules are on."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from domain.errors import InvalidValue
from domain.pipeline import MODULES
from domain.settings import DECIDER, ModuleToggled, Settings, ToggleModule
from tests.domain.machine import FEW_STEPS, AggregateMachine
from tests.domain.spec import given
from tests.strategies import HOSTILE_TEXT

FIRST = given(DECIDER)
OFF, ON = (ToggleModule(module="locate", enabled=enabled) for enabled in (False, True))


def test_at_first_every_module_is_on() -> None:
    assert all(FIRST.state.runs(name) for name in MODULES)


def test_a_module_is_switched_off_and_on() -> None:
    FIRST.when(OFF).then(ModuleToggled(module="locate", enabled=False))
    off = FIRST.after(OFF)
    assert not off.state.runs("locate")
    assert off.state.runs("download")
    off.when(ON).then(ModuleToggled(module="locate", enabled=True))
    assert off.after(ON).state == Settings()


def test_what_is_so_already_changes_nothing() -> None:
    FIRST.when(ON).then()
    FIRST.after(OFF).when(OFF).then()


@pytest.mark.parametrize("module", ["", "LOCATE", "print", "locate\0"])
def test_a_module_that_is_not_known_is_refused(module: str) -> None:
    refusal = FIRST.when(ToggleModule(module=module, enabled=False)).refused(InvalidValue)
    assert refusal.field == "module"
    assert refusal.remedy == "Expected: one of locate, download."


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


TestSettingsMachine = SettingsMachine.TestCase
TestSettingsMachine.settings = FEW_STEPS
