"""Text that no database takes: whatever is asked for, it is answered or refused, on SQLite and PostgreSQL alike."""

import base64
import json

import pytest
from attrs import evolve

from application.queries import PaperFilter, PaperSort
from domain.errors import InvalidValue
from infrastructure.database import Database
from infrastructure.read_models.import_queries import SqlImports
from infrastructure.read_models.paper_queries import SqlPapers
from tests.infrastructure.read_models.keeping import keep, story

hostile = pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800"])


@hostile
@pytest.mark.parametrize("field", ["text", "cause", "import_id", "collection"])
def test_a_filter(database: Database, text: str, field: str) -> None:
    keep(database, story())
    page = SqlPapers(database).page(evolve(PaperFilter(), **{field: text}))
    assert len(page.papers) == SqlPapers(database).count(evolve(PaperFilter(), **{field: text}))


@hostile
def test_a_name(database: Database, text: str) -> None:
    keep(database, story())
    assert SqlPapers(database).find(text) is None
    assert SqlImports(database).find(text) is None
    SqlImports(database).page(after=text)


@hostile
@pytest.mark.parametrize("place", [1, 2])
def test_a_cursor(database: Database, text: str, place: int) -> None:
    values = ["title", "a title", "an id"]
    values[place] = text
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    with pytest.raises(InvalidValue, match="after"):
        SqlPapers(database).page(PaperFilter(), PaperSort.TITLE, after=cursor)
