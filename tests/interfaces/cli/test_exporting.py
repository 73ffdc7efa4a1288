"""`export --zip`: the files of papers as an archive on the disk."""

import io
import zipfile
from pathlib import Path

import pytest

from application.archiving import Archiving
from tests.interfaces.cli.conftest import Terminal


@pytest.fixture
def filled(terminal: Terminal) -> Terminal:
    """A terminal on two papers."""
    terminal("import", terminal.write("list.csv"))
    return terminal


def test_an_archive_is_written_whole(filled: Terminal, tmp_path: Path) -> None:
    told = filled("export", "--zip", "papers.zip", "--list", "ris").stderr
    assert "0 files are in the archive." in told
    assert "Anchor: " in told
    with zipfile.ZipFile(tmp_path / "papers.zip") as found:
        assert found.namelist() == ["manifest.csv", "papers.ris"]
        assert found.read("papers.ris").count(b"ER  - ") == 2
    assert not (tmp_path / "papers.zip.part").exists()


def test_an_archive_goes_to_standard_output_too(filled: Terminal) -> None:
    data = filled("export", "--format", "zip", "--status", "done").stdout_bytes
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["manifest.csv"]


def test_no_terminal_gets_an_archive(filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interfaces.cli.exporting.is_shown", lambda: True)
    assert "--zip papers.zip" in filled.refusal("export", "--format", "zip")


def test_a_place_that_cannot_be_written_is_told(filled: Terminal) -> None:
    assert "cannot be written" in filled.refusal("export", "--zip", "no/such/folder.zip")


@pytest.mark.case("X14")
def test_an_archive_that_breaks_off_leaves_the_one_before(
    filled: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "papers.zip"
    target.write_bytes(b"the one before")

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Archiving, "_with_files", broken)
    assert "No space left" in filled.refusal("export", "--zip", str(target))
    assert target.read_bytes() == b"the one before"
    assert [path.name for path in tmp_path.glob("*.part")] == []
