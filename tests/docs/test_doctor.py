"""The page on `doctor` has every check, and names no other."""

import re
from pathlib import Path

from interfaces.bootstrap import diagnosis
from interfaces.settings import load
from tests.docs.pages import GUIDE

PAGE = (GUIDE / "doctor.md").read_text(encoding="utf-8")


def every_check(folder: Path) -> list[tuple[str, str]]:
    """Each check's name, and what it looks at."""
    settings, origins = load({"SCIPAPERLOADER_DATA_DIR": str(folder)}, folder)
    with diagnosis(settings, origins, {}, ()) as checks:
        return [(check.name, check.tested) for check in checks]


def section(heading: str) -> str:
    """The text under a heading."""
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def test_every_check_is_described_in_order(tmp_path: Path) -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*?) \| .+ \|$", section("The checks"), re.MULTILINE)
    assert rows == every_check(tmp_path)


def test_symptoms_lead_to_checks_that_exist(tmp_path: Path) -> None:
    names = {name for name, _ in every_check(tmp_path)}
    rows = re.findall(r"^\| [^|]+ \| (`.*?) \| .+ \|$", section("By symptom"), re.MULTILINE)
    assert len(rows) > 10
    assert {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)} - {"--online"} <= names
