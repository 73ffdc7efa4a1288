"""Databases without any table."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from infrastructure.database import Database, sqlite_url
from tests.databases import KINDS, Databases


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        with closing(Database(sqlite_url(tmp_path / "empty.db"))) as database:
            yield database
        return
    databases: Databases = request.getfixturevalue("databases")
    with databases.fresh(request.param) as database:
        with database.write() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        yield database
