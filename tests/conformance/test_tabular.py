"""Real exports of databases and libraries' spreadsheets: each is read, or refused in words."""

import csv
import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from application.ports.tabular import FileRefused
from infrastructure.tabular.reader import TabularReader
from tests.conformance.known_misses import settle

RECORDINGS = Path(os.environ.get("SCIPAPERLOADER_RECORDINGS") or Path(__file__).parents[2] / "../shared/recordings")
EXPORTS = RECORDINGS / "csvs"
if not EXPORTS.is_dir():
    pytest.skip("the recordings are not here", allow_module_level=True)

FILES = sorted(str(path.relative_to(EXPORTS)) for path in EXPORTS.rglob("*") if path.is_file())


def _expected() -> Iterator[tuple[str, int, int]]:
    """File, rows of data, distinct DOIs: counted by others."""
    with (EXPORTS / "expected.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            yield row["file"], int(row["data_rows"]), int(row["distinct_dois"])


@pytest.mark.parametrize("name", FILES)
def test_an_export_is_read_or_refused_in_words(name: str) -> None:
    reader = TabularReader()
    try:
        form = reader.inspect(EXPORTS / name)
    except FileRefused as refused:
        settle("exports", name, None if refused.message and refused.remedy else "refused without a word")
        return
    records = list(reader.records(EXPORTS / name, form))
    assert [record.row for record in records] == list(range(1, form.rows + 1))
    assert all(bool(record.identifiers) == (record.reason is None) for record in records)
    assert all(before.line <= after.line for before, after in pairwise(records))


@pytest.mark.parametrize(("name", "rows", "dois"), list(_expected()))
def test_rows_and_dois_are_as_many_as_others_counted(name: str, rows: int, dois: int) -> None:
    reader = TabularReader()
    form = reader.inspect(EXPORTS / name)
    found = {
        identifier.value
        for record in reader.records(EXPORTS / name, form)
        for identifier in record.identifiers
        if identifier.scheme == "doi"
    }
    counted = (form.rows, len(found))
    settle("counts", name, None if counted == (rows, dois) else f"{counted} instead of {(rows, dois)}")
