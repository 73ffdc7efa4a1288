"""Memory does not grow with the file, and a million rows are read."""

import time
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from application.ports.tabular import FileRefused
from infrastructure.tabular.reader import TabularReader

case = pytest.mark.case


ABSTRACT = "All of it. " * 200
FORMS = {
    "csv": ("Title,DOI,Abstract\n", "Größe {n},10.1000/{n},{text}\n"),
    "list": ("", "https://doi.org/10.1000/{n}{n:0900}\n"),
    "ris": ("", "TY  - JOUR\nTI  - Größe {n}\nDO  - 10.1000/{n}\nAB  - {text}\nER  -\n\n"),
    "bibtex": ("", "@article{{k{n},\n title = {{Größe {n}}},\n doi = {{10.1000/{n}}},\n abstract = {{{text}}},\n}}\n"),
}


def _write(path: Path, form: str, rows: int, text: str = ABSTRACT) -> None:
    head, row = FORMS[form]
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        file.writelines(row.format(n=n, text=text) for n in range(rows))


@case("C21")
@pytest.mark.parametrize("form", FORMS)
def test_memory_is_flat(tmp_path: Path, form: str) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    _write(small, form, 420)
    _write(large, form, 1000)
    _peak(small)
    assert _peak(large) - _peak(small) < 0.4 * (large.stat().st_size - small.stat().st_size)


HOSTILE = {
    "blanks in a cell": "DOI,Authors\n" + f'10.1000/a,"a{" " * 130_000}b"\n' * 5,
    "lines without a tag": "TY  - JOUR\nDO  - 10.1000/a\nAB  - a\n" + "b\n" * 400_000 + "ER  -\n",
    "blank lines": (" " * 1200 + "\n") * 2000 + "DOI\n10.1000/a\n",
    "columns": "DOI" + ",x" * 400_000 + "\n10.1000/a" + ",10" * 400_000 + "\n",
    "quotes": "DOI,x\n10.1000/a," + '"' * 100_000 + "\n",
    "open quotes": "DOI\tx\n" + '10.1000/a\t"\n' * 20_000,
    "identifiers on a line": "10.1000/a " * 50_000,
    "extra": "DOI,Extra\n" + f"10.1000/b,{'see 10.1000/a ' * 9_000}\n" * 20,
    "braces": "@misc{a, doi={10.1000/a}, title={" + "{" * 200_000 + "}" * 200_000 + "}}",
    "strings": '@string{a = "b"}\n' * 5_000 + "@misc{a, doi={10.1000/a}}\n",
}


@case("D13")
@case("C28")
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_take_time_linear_in_their_length(tmp_path: Path, content: str) -> None:
    path = tmp_path / "list"
    path.write_text(content)
    begin = time.process_time()
    reader = TabularReader()
    with suppress(FileRefused):
        for _ in reader.records(path, reader.inspect(path)):
            pass
    assert time.process_time() - begin < 5  # a quadratic step takes minutes here


def _peak(path: Path) -> int:
    """Bytes at the worst moment while a file is inspected and read."""
    reader = TabularReader()
    tracemalloc.start()
    form = reader.inspect(path)
    assert sum(bool(record.identifiers) for record in reader.records(path, form)) == form.rows
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@case("C20")
@case("C21")
@pytest.mark.slow
def test_a_million_rows_are_read_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "million.csv"
    _write(path, "csv", 1_000_000, "short")
    reader = TabularReader()
    form = reader.inspect(path)
    assert form.rows == 1_000_000
    tracemalloc.start()
    for count, _ in enumerate(reader.records(path, form), 1):
        if count == 50_000:
            break
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
    assert sum(1 for _ in reader.records(path, form)) == 1_000_000
