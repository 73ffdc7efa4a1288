"""The diagnostic scripts: each one is a command of the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from interfaces.cli.main import main
from tests.docs.pages import ROOT

FOLDER = ROOT / "tools" / "diagnostics"
SCRIPTS = {
    "check_state": "check-state",
    "diagnose_scraper": "diagnose-scraper",
    "inspect_tasks": "inspect-tasks",
    "test_reversion": "test-reversion",
    "emergency_stop": "emergency-stop",
    "quick_fix": "quick-fix",
    "diagnostic_menu": "menu",
}


def run(data: Path, *command: str, said: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a program from another folder, on a data folder of its own."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    variables = {"PATH": path, "HOME": str(data), "SCIPAPERLOADER_DATA_DIR": str(data / "data")}
    return subprocess.run(command, capture_output=True, text=True, input=said, cwd=data, env=variables, check=False)


def test_there_is_a_script_for_every_command_and_a_command_for_every_script() -> None:
    assert sorted(SCRIPTS) == sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "launching")
    group = main.commands["diagnose"]
    assert sorted(SCRIPTS.values()) == sorted(getattr(group, "commands", {}))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_its_command(tmp_path: Path, script: str) -> None:
    told = run(tmp_path, sys.executable, str(FOLDER / f"{script}.py"), "--help")
    assert told.returncode == 0, told.stderr
    assert f"diagnose {SCRIPTS[script]}" in told.stdout


def test_a_script_tells_how_things_stand_and_makes_nothing(tmp_path: Path) -> None:
    told = run(tmp_path, sys.executable, str(FOLDER / "check_state.py"), "--json")
    assert isinstance(json.loads(told.stdout), dict)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("said", ["q\n", ""])
def test_the_menu_can_be_left(tmp_path: Path, said: str) -> None:
    told = run(tmp_path, "sh", str(ROOT / "tools" / "run-diagnostics.sh"), said=said)
    assert told.returncode == 0, told.stderr
    assert "emergency" in told.stdout.lower()
