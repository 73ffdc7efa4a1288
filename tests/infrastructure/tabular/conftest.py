"""A file and what the reader makes of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from application.ports.tabular import FileForm, Record
from infrastructure.tabular.reader import TabularReader

Read = Callable[[str | bytes], tuple[FileForm, list[Record]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a content into a file, inspect it and read all of it."""

    def read_all(content: str | bytes) -> tuple[FileForm, list[Record]]:
        path = tmp_path / "list"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        reader = TabularReader()
        form = reader.inspect(path)
        records = list(reader.records(path, form))
        assert len(records) == form.rows
        assert [record.row for record in records] == list(range(1, form.rows + 1))
        return form, records

    return read_all


def dois(records: list[Record]) -> list[str]:
    """The DOIs of the records, "" where there is none."""
    return [next((found.value for found in record.identifiers if found.scheme == "doi"), "") for record in records]
