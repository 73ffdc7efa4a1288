"""The scripts with any Python: they find the environment of their checkout, or say what to do."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.tools.test_diagnostics import FOLDER, SCRIPTS

WITHOUT_PACKAGES = ("-S", "-E")
"""Options with which Python finds none of the program's packages."""


def run(*command: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in a folder, with hardly any environment."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), **variables}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environ, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the tools and the layers, and no environment."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for layer in ("domain", "application", "infrastructure", "interfaces", "migrations"):
        (root / layer).symlink_to(ROOT / layer)
    return root


def script(root: Path, name: str = "check_state") -> str:
    return str(root / "tools" / "diagnostics" / f"{name}.py")


def fake_environment(root: Path, python: str) -> Path:
    """An environment whose Python is a shell script."""
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "pyvenv.cfg").touch()
    path = root / ".venv" / "bin" / "python"
    path.write_text(f"#!/bin/sh\n{python}\n")
    path.chmod(0o755)
    return path


def test_another_python_gives_way_to_that_of_the_environment(checkout: Path, tmp_path: Path) -> None:
    fake_environment(checkout, 'echo "the environment runs $@"')
    told = run(sys.executable, *WITHOUT_PACKAGES, script(checkout), "--json", folder=tmp_path)
    assert told.stdout == f"the environment runs {script(checkout)} --json\n"
    assert told.returncode == 0


def test_an_environment_that_is_half_made_is_not_used(checkout: Path, tmp_path: Path) -> None:
    fake_environment(checkout, "echo never").parent.parent.joinpath("pyvenv.cfg").unlink()
    told = run(sys.executable, *WITHOUT_PACKAGES, script(checkout), folder=tmp_path)
    assert "never" not in told.stdout
    assert told.returncode == 1


@pytest.mark.parametrize("name", SCRIPTS)
def test_without_the_packages_it_says_what_to_do(checkout: Path, tmp_path: Path, name: str) -> None:
    told = run(sys.executable, *WITHOUT_PACKAGES, script(checkout, name), folder=tmp_path)
    assert told.returncode == 1
    assert told.stdout == ""
    assert "cannot run the program: No module named" in told.stderr
    assert f"`make venv` in {checkout}" in told.stderr
    assert f"touch {checkout}/data/emergency-stop" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_python_that_is_too_old_is_told(checkout: Path, tmp_path: Path) -> None:
    launching = checkout / "tools" / "diagnostics" / "launching.py"
    launching.write_text(launching.read_text().replace("NEEDED = (3, 11)", "NEEDED = (9, 9)"))
    told = run(sys.executable, script(checkout), folder=tmp_path)
    assert "it is older than Python 9.9" in told.stderr
    assert told.returncode == 1


class TestDataFolder:
    """Which installation the scripts look at."""

    def looked_at(self, checkout: Path, folder: Path, **variables: str) -> str:
        told = run(sys.executable, script(checkout), "--json", folder=folder, **variables)
        return str(json.loads(told.stdout)["data_dir"])

    def test_that_of_make_run(self, checkout: Path, tmp_path: Path) -> None:
        assert self.looked_at(checkout, tmp_path) == str(checkout / "data")

    def test_that_of_the_environment(self, checkout: Path, tmp_path: Path) -> None:
        assert self.looked_at(checkout, tmp_path, SCIPAPERLOADER_DATA_DIR="/somewhere") == "/somewhere"

    def test_that_of_the_working_folder(self, checkout: Path, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("export SCIPAPERLOADER_DATA_DIR=mine\n")
        assert self.looked_at(checkout, tmp_path) == str(tmp_path / "mine")
        assert self.looked_at(checkout, checkout) == str(checkout / "data")


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A data folder with a list."""
    (tmp_path / "list.csv").write_text("DOI\n10.5555/one\n")
    command = [sys.executable, "-P", "-c", "from interfaces.cli.main import main; main()", "import", "list.csv"]
    told = run(*command, folder=tmp_path, SCIPAPERLOADER_DATA_DIR="data", PYTHONPATH=str(ROOT))
    assert told.returncode == 0, told.stderr
    return tmp_path / "data"


def on(installation: Path, name: str) -> "subprocess.CompletedProcess[str]":
    """What a script says about an installation."""
    path = str(FOLDER / f"{name}.py")
    return run(sys.executable, path, folder=installation, SCIPAPERLOADER_DATA_DIR=str(installation))


def test_on_a_locked_database(installation: Path) -> None:
    with closing(sqlite3.connect(installation / "scipaperloader.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for name in ("check_state", "emergency_stop"):
            told = run(
                sys.executable,
                str(FOLDER / f"{name}.py"),
                folder=installation,
                SCIPAPERLOADER_DATA_DIR=str(installation),
            )
            assert told.stdout.startswith("The database is locked by process"), (name, told.stdout, told.stderr)
            assert "Traceback" not in told.stderr
    assert (installation / "emergency-stop").is_file()


def test_on_a_damaged_database(installation: Path) -> None:
    path = installation / "scipaperloader.db"
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(byte ^ 0x5A for byte in content[4096:]))
    for name in ("diagnose_scraper", "quick_fix"):
        told = on(installation, name)
        assert told.stdout.startswith("The database is damaged."), (name, told.stdout, told.stderr)
        assert "Traceback" not in told.stderr


@pytest.mark.skipif(shutil.which("fish") is None, reason="needs fish")
def test_the_fish_script_opens_the_menu(tmp_path: Path) -> None:
    told = run("fish", str(ROOT / "tools" / "run-diagnostics.fish"), "--json", folder=tmp_path)
    assert json.loads(told.stdout)["choices"]


@pytest.mark.parametrize("name", ["run-diagnostics.sh", "run-diagnostics.fish"])
def test_the_starters_can_be_run_from_anywhere(checkout: Path, tmp_path: Path, name: str) -> None:
    path = ROOT / "tools" / name
    assert os.access(path, os.X_OK)
    assert path.read_text().startswith(("#!/bin/sh\n", "#!/usr/bin/env fish\n"))
    if name.endswith(".sh"):
        fake_environment(checkout, 'echo "$@"')
        told = run(str(checkout / "tools" / name), "--json", folder=tmp_path)
        assert told.stdout.split()[0].endswith("diagnostics/diagnostic_menu.py")
        assert told.stdout.split()[1:] == ["--json"]


def test_no_tool_is_taken_for_a_test() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert settings["testpaths"] == ["tests"]
    assert "tools" in settings["norecursedirs"]


def test_make_opens_the_menu_without_needing_anything_else() -> None:
    (rule,) = [line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith("diagnostics:")]
    assert "$(READY)" not in rule, "it must work where nothing can be installed"
