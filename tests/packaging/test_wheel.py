"""The wheel: what is in it, and that it works without the checkout."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-P", "-c", "from interfaces.cli.main import main; main()"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, freshly built."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, unpacked as an installer does."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def surroundings(installed: Path, folder: Path) -> dict[str, str]:
    """An environment in which the delivered program is found before the checkout."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(installed),
        "PYTHONUNBUFFERED": "1",
        "SCIPAPERLOADER_DATA_DIR": str(folder / "data"),
    }


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the delivered program in an empty folder."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=surroundings(installed, folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(url: str, process: subprocess.Popen[bytes]) -> tuple[int, bytes]:
    """What a server that is still starting answers in the end."""
    for _ in range(300):
        assert process.poll() is None, "the server ended"
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as answered:
            return answered.status, answered.read()
        time.sleep(0.1)
    raise AssertionError("the server did not answer")


def test_the_wheel_holds_the_layers_and_the_migrations_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    information = {top for top in tops if top.endswith(".dist-info")}
    assert len(information) == 1
    assert tops - information == {"domain", "application", "infrastructure", "interfaces", "migrations"}


def test_the_wheel_holds_what_is_no_code(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    static = ROOT / "interfaces/web/static"
    templates = ROOT / "interfaces/web/templates"
    wanted = [path for folder in (static, templates) for path in folder.rglob("*") if path.is_file()]
    wanted += [*(ROOT / "migrations/versions").glob("*.py"), ROOT / "migrations/script.py.mako"]
    missing = [
        path for path in wanted if path.relative_to(ROOT).as_posix() not in names and "__pycache__" not in path.parts
    ]
    assert missing == []
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_names_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        entry = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "scipaperloader = interfaces.cli.main:main" in archive.read(entry).decode()


def test_the_delivered_program_works_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    """It migrates a new database, takes a list, and tells where it stands."""
    (tmp_path / "list.txt").write_text("10.5555/12345678\n", encoding="utf-8")
    taken = run(installed, tmp_path, "import", "list.txt", "--json")
    assert taken.returncode == 0, taken.stderr
    assert json.loads(taken.stdout)["registered"] == 1
    status = run(installed, tmp_path, "status", "--json")
    assert json.loads(status.stdout)["papers"]["new"] == 1


def test_the_delivered_program_serves_its_pages(installed: Path, tmp_path: Path) -> None:
    """Templates and static files are found where the wheel put them."""
    port = free_port()
    command = [*COMMAND, "run", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, env=surroundings(installed, tmp_path)) as process:
        try:
            status, page = answer(f"http://127.0.0.1:{port}/import", process)
            assert status == 200
            names = re.findall(rb'(?:href|src)="(/static/[^"]+)"', page)
            assert names
            for name in names:
                assert answer(f"http://127.0.0.1:{port}{name.decode()}", process)[0] == 200
        finally:
            process.terminate()
    assert process.returncode in {0, -15}
