"""What is generated from the code is in step with it."""

from pathlib import Path

import pytest

from tests.docs.causes import words
from tests.docs.generators import GENERATORS, as_it_should_be
from tests.docs.pages import GUIDE, ROOT, pages, parts_of

AGAIN = "run `python -P -m tests.docs`, and look at what it changed"


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_is_in_step(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == as_it_should_be(path), AGAIN


def test_every_part_is_on_one_page() -> None:
    parts = [part for path in pages() for part in parts_of(path.read_text(encoding="utf-8"))]
    assert sorted(parts) == sorted(GENERATORS)


@pytest.mark.parametrize("page", ["settings.md", "causes.md"])
def test_the_comparison_notices_a_difference(page: str, tmp_path: Path) -> None:
    text = (GUIDE / page).read_text(encoding="utf-8")
    stale = tmp_path / page
    stale.write_text(text.replace("| --- |", "| --- | --- |", 1), encoding="utf-8")
    assert as_it_should_be(stale) == text


def test_pauses_are_told_in_the_largest_unit_that_fits() -> None:
    from datetime import timedelta

    assert [words(timedelta(minutes=minutes)) for minutes in (1, 15, 60, 120, 1440, 43200)] == [
        "1 minute",
        "15 minutes",
        "1 hour",
        "2 hours",
        "1 day",
        "30 days",
    ]
