"""A populated library that tests only look at, and an empty one for each test that changes something."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from interfaces.container import Container
from tests.interfaces.web.serving import application, visitor
from tests.interfaces.web.world import World, populated


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A populated library. Do not change it."""
    with application(tmp_path_factory.mktemp("world")) as container:
        yield populated(container)


@pytest.fixture(scope="package")
def reader(world: World) -> Iterator[TestClient[Any]]:
    """A browser on our own pages of the populated library."""
    with visitor(world.container) as client:
        yield client


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    """An empty library."""
    with application(tmp_path) as empty:
        yield empty


@pytest.fixture
def browser(container: Container) -> Iterator[TestClient[Any]]:
    """A browser on our own pages of the empty library."""
    with visitor(container) as client:
        yield client
