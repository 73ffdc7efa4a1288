"""An installation over a scratch folder, whole until a test breaks it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from infrastructure.database import Database, sqlite_url
from infrastructure.health.place import Opening, Place
from infrastructure.http.network import NetworkSettings
from tests.databases import address
from tests.fakes.clock import FakeClock
from tests.infrastructure.health.ward import Ward, ward_of

SHORT = 0.02
"""Seconds that a check waits for a lock in these tests."""

MakePlace = Callable[..., Place]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def place_of(opening: Opening, folder: Path, clock: FakeClock) -> Place:
    """An installation in a folder."""
    return Place(
        data=folder / "data",
        library=folder / "library",
        memory=folder / "data" / "library.marker",
        reserve_bytes=1_000,
        host="127.0.0.1",
        port=1,
        opening=opening,
        clock=clock,
        network=NetworkSettings,
        services=("https://api.example.org",),
    )


@pytest.fixture
def make_place(tmp_path: Path, clock: FakeClock) -> Iterator[MakePlace]:
    """Makes an installation over a URL, by default of a database that is not there."""
    with ExitStack() as stack:

        def make(url: str | Database = "", **changes: Any) -> Place:
            url = address(url) if isinstance(url, Database) else url or sqlite_url(tmp_path / "data" / "none.db")
            opening = stack.enter_context(closing(Opening(url, busy_seconds=SHORT)))
            place = place_of(opening, tmp_path, clock)
            return evolve(place, **changes)

        yield make


@pytest.fixture
def place(make_place: MakePlace, database: Database) -> Place:
    """An installation over a database of each kind."""
    return make_place(database)


@pytest.fixture
def lite(make_place: MakePlace, sqlite: Database) -> Place:
    """An installation over SQLite."""
    return make_place(sqlite)


@pytest.fixture
def ward(lite: Place, sqlite: Database, clock: FakeClock) -> Ward:
    """An installation with three located papers, over SQLite."""
    return ward_of(lite, sqlite, clock)


@pytest.fixture
def any_ward(place: Place, database: Database, clock: FakeClock) -> Ward:
    """The same over a database of each kind."""
    return ward_of(place, database, clock)
