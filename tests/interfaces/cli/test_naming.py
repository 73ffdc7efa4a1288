"""`library rename`."""

import pytest

from interfaces import bootstrap
from interfaces.settings import load
from tests.interfaces.cli.conftest import Terminal
from tests.interfaces.stored import stored


@pytest.fixture
def filled(terminal: Terminal) -> Terminal:
    """A terminal on papers with files, whose pattern is another one since."""
    variables = {"SCIPAPERLOADER_DATA_DIR": str(terminal.data)}
    with bootstrap.container(*load(variables, terminal.folder), variables) as container:
        stored(container, "Done")
        stored(container, "Other")
    terminal.variables["NAME_PATTERN"] = "{year}/{doi}"
    return terminal


def test_a_rehearsal_tells_how_many_and_changes_nothing(filled: Terminal) -> None:
    told = filled.json("library", "rename", "--dry-run")
    assert told["renaming"] == told["files"] == 2
    assert told["examples"][0]["new"].startswith("2020/10.5555-")
    assert filled.json("library", "rename", "--dry-run") == told
    assert "would get another name" in filled("library", "rename", "--dry-run").stdout


def test_files_are_renamed_and_found(filled: Terminal) -> None:
    told = filled.json("library", "rename", "--yes")
    assert (told["renamed"], told["left"]) == (told["renaming"], 0)
    paper = filled.json("papers", "--status", "done")["papers"][0]
    assert paper["file"]["path"].startswith("2020/10.5555-done_")
    assert (filled.data / "library" / paper["file"]["path"]).is_file()
    assert "0 of" in filled("library", "rename").stdout
    filled("verify")


def test_what_is_done_is_told(filled: Terminal) -> None:
    assert "2 files were renamed." in filled("library", "rename").stdout
