"""One web for the tests of this folder: a paper of every scenario."""

from collections.abc import Iterator

import pytest
from attrs import evolve

from infrastructure.simulation.scenarios import SCENARIOS
from infrastructure.simulation.server import ScholarlyWeb
from infrastructure.simulation.world import World

ONE_OF_EACH = [evolve(scenario, share=1) for scenario in SCENARIOS]


@pytest.fixture(scope="session")
def running() -> Iterator[ScholarlyWeb]:
    world = World(seed=3, papers=len(ONE_OF_EACH), scenarios=ONE_OF_EACH)
    with ScholarlyWeb(world, pause=5.0) as web:
        yield web


@pytest.fixture
def web(running: ScholarlyWeb) -> ScholarlyWeb:
    running.reset()
    return running
