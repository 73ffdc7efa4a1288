"""docs/cases.md accounts for every case: by tests that carry its mark, or by a reason."""

from pathlib import Path

import pytest

from tests.docs import cases
from tests.docs.cases import NOT_SHOWN, Row

ROWS = cases.rows(cases.PAGE.read_text(encoding="utf-8"))


def test_every_case_is_there_once_and_in_order() -> None:
    assert [row.case for row in ROWS] == cases.every_case()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.case)
def test_a_case_is_shown_by_tests_or_there_is_a_reason(row: Row) -> None:
    tests = cases.marked_tests().get(row.case, [])
    if tests:
        assert row.shown == "<br>".join(f"`{name}`" for name in tests), "run `python -P -m tests.docs`"
    else:
        assert len(row.shown) > len(NOT_SHOWN), f"{row.case} needs a test, or a reason after “{NOT_SHOWN}”"
        assert row.shown.startswith(NOT_SHOWN)


MARKED = '''
import pytest

case = pytest.mark.case
pytestmark = [pytest.mark.slow, pytest.mark.case("Z01")]


@case("Z02")
@pytest.mark.case("Z03", "Z04")
def test_function():
    """pytest.mark.case("Z99") in a text is none."""


class TestClass:
    pytestmark = pytest.mark.case("Z05")

    @pytest.mark.parametrize("one", [pytest.param(1, marks=pytest.mark.case("Z06"))])
    def test_method(self, one):
        other.mark.case("Z98")
'''


def test_marks_are_found_however_they_are_written(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_some.py").write_text(MARKED)
    place = "tests/test_some.py"
    assert cases.marked_tests(folder) == {
        "Z01": [place],
        "Z02": [f"{place}::test_function"],
        "Z03": [f"{place}::test_function"],
        "Z04": [f"{place}::test_function"],
        "Z05": [f"{place}::TestClass"],
        "Z06": [f"{place}::TestClass::test_method"],
    }


def test_a_page_keeps_its_reasons_and_takes_over_tests() -> None:
    page = f"| Z01 | a | {NOT_SHOWN}because |\n| Z02 | b | `tests/old.py` |\n| Z03 | c | {NOT_SHOWN}x |\n"
    assert cases.written_anew(page, {"Z03": ["tests/a.py", "tests/b.py"]}) == (
        f"| Z01 | a | {NOT_SHOWN}because |\n| Z02 | b | {NOT_SHOWN} |\n| Z03 | c | `tests/a.py`<br>`tests/b.py` |\n"
    )
