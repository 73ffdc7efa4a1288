"""Names of settings that mean nothing."""

from pathlib import Path

import pytest

from interfaces.names import FORMER, SUCCESSORS, former, former_in_words, in_use, unknown
from interfaces.settings import PREFIX


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("FLASK_SQLALCHEMY_DATABASE_URI", "SCIPAPERLOADER_DATABASE_URL"),
        ("FLASK_SECRET_KEY", "SCIPAPERLOADER_SECRET_KEY"),
        ("FLASK_RUN_HOST", "SCIPAPERLOADER_HOST"),
        ("FLASK_RUN_PORT", "SCIPAPERLOADER_PORT"),
    ],
)
def test_an_old_name_has_a_successor(old: str, new: str) -> None:
    assert former([old, "PATH", new]) == {old: new}
    assert former_in_words([old]) == f"Settings of the former application have no effect: {old} (now {new})."


def test_one_without_a_successor_is_told_too() -> None:
    said = former_in_words(["FLASK_SCHEDULER_API_ENABLED", "FLASK_SECRET_KEY"])
    assert "FLASK_SCHEDULER_API_ENABLED (no successor), FLASK_SECRET_KEY (now" in said
    assert "\n" not in said


def test_without_old_names_nothing_is_said() -> None:
    assert former_in_words(["PATH", "SCIPAPERLOADER_PORT"]) == ""


@pytest.mark.parametrize("old", SUCCESSORS)
def test_every_successor_exists(old: str) -> None:
    assert old.startswith(FORMER)
    new = SUCCESSORS[old]
    assert new.startswith((PREFIX, "scipaperloader "))
    assert not new.startswith(PREFIX) or unknown([new]) == {}


def test_names_are_found_in_the_environment_and_in_the_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("export FLASK_SECRET_KEY='x'\n# FLASK_RUN_HOST=y\n")
    (tmp_path / ".flaskenv").write_text("FLASK_APP=scipaperloader\n")
    assert in_use({"FLASK_RUN_PORT": "1"}, tmp_path) == {"FLASK_RUN_PORT", "FLASK_SECRET_KEY", "FLASK_APP"}
    assert in_use({}, tmp_path / "nowhere") == frozenset()


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("SCIPAPERLOADER_CONTACT_MAIL", "SCIPAPERLOADER_CONTACT_EMAIL"),
        ("SCIPAPERLOADER_DATABASE_URI", "SCIPAPERLOADER_DATABASE_URL"),
        ("SCIPAPERLOADER_PROT", "SCIPAPERLOADER_PORT"),
        ("scipaperloader_port", "SCIPAPERLOADER_PORT"),
        ("SCIPAPERLOADER_PORT_FILE", "SCIPAPERLOADER_PORT"),
    ],
)
def test_a_slip_of_the_pen_is_told_with_the_nearest_name(written: str, nearest: str) -> None:
    assert unknown([written, "PATH", "SCIPAPERLOADER_PORT"]) == {written: nearest}


@pytest.mark.parametrize(
    "known", ["SCIPAPERLOADER_PORT", "SCIPAPERLOADER_SECRET_KEY_FILE", "SCIPAPERLOADER_TEST_SIZE", "PORT"]
)
def test_what_means_something_is_not_told(known: str) -> None:
    assert unknown([known]) == {}
