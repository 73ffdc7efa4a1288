"""Every benchmark still runs; what it measures is judged on a quiet machine, by `make bench`."""

from pathlib import Path

import pytest

from tests.benchmarks import finding
from tests.benchmarks.__main__ import measured

SHARE = 200


def test_every_figure_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "TIMES", 1)
    figures = measured(tmp_path, SHARE)
    assert len({one.name for one in figures}) == len(figures) > 50
    assert [one.name for one in figures if not one.ours or not one.floor] == []
