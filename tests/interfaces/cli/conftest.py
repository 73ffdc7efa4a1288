"""The command line in this process, with a data folder of its own."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from attrs import define, field
from click.testing import CliRunner, Result

from interfaces import bootstrap
from interfaces.cli.main import main
from interfaces.container import Container
from interfaces.settings import PREFIX, load
from tests.interfaces.planned import plan

LIST = "DOI,Title,Year\n10.5555/one,First title,1999\n10.5555/two,Second title,2001\nnot a doi,Third title,2002\n"


@define
class Terminal:
    """Runs commands; `data` is the data folder, `variables` are the settings by name."""

    folder: Path
    data: Path
    variables: dict[str, str] = field(factory=dict)

    def __call__(self, *arguments: str, code: int = 0, answer: str | None = None) -> Result:
        """Run a command that ends with this exit code, and never with a traceback."""
        variables = {f"{PREFIX}{name}": value for name, value in {"DATA_DIR": str(self.data), **self.variables}.items()}
        result = CliRunner().invoke(main, list(arguments), env=variables, input=answer, prog_name="scipaperloader")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        assert result.exit_code == code, (result.stdout, result.stderr)
        return result

    def json(self, *arguments: str, code: int = 0) -> Any:
        """The document that a command prints."""
        return json.loads(self(*arguments, "--json", code=code).stdout)

    def lines(self, *arguments: str) -> list[Any]:
        """The documents that a command prints, one a line."""
        return [json.loads(line) for line in self(*arguments).stdout.splitlines()]

    def refusal(self, *arguments: str) -> str:
        """What a command that is refused says on standard error; it says nothing else."""
        result = self(*arguments, code=1)
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        assert result.stderr.startswith("Error: ")
        assert len(result.stderr.splitlines()) <= 2
        return result.stderr

    def write(self, name: str, text: str = LIST) -> str:
        """A file with this text; returns its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8", newline="")
        return str(path)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A terminal in an empty folder, without settings from elsewhere; what a command sets does not outlive it."""
    monkeypatch.chdir(tmp_path)
    with patch.dict(os.environ):
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            del os.environ[name]
        yield Terminal(tmp_path, tmp_path / "data")


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture
def filled(terminal: Terminal) -> Terminal:
    """The same, after a list was imported."""
    terminal("import", terminal.write("list.csv"), "--collection", "A review")
    return terminal


@contextmanager
def opened(terminal: Terminal) -> Iterator[Container]:
    """The application over the terminal's data folder, beside its commands."""
    settings, origins = load({f"{PREFIX}DATA_DIR": str(terminal.data)}, terminal.folder)
    with bootstrap.container(settings, origins, {}) as container:
        yield container


@pytest.fixture
def planned(filled: Terminal) -> Terminal:
    """The same, with a job planned for each of the two papers."""
    with opened(filled) as container:
        plan(container)
    return filled
