"""Commands in the documentation exist, and every command is in the documentation."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from interfaces.cli.main import main
from tests.docs.commands import NAME, every_command, faults, made, mentioned, options, targets
from tests.docs.pages import GUIDE, README, ROOT, pages

COMMANDS = every_command()
PAGE = (GUIDE / "command-line.md").read_text(encoding="utf-8")


def section(command: str) -> str:
    """What the page says under the heading of a command's family."""
    family = command.split(maxsplit=1)[0]
    found = re.search(rf"^## {NAME} {re.escape(family)}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found, f"the page has no section on {family}"
    return found[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(main, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output
    assert COMMANDS[command].help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_described_with_its_options(command: str) -> None:
    text = section(command)
    assert isinstance(COMMANDS[command], click.Group) or " " not in command or f"{NAME} {command}" in text
    assert [option for option in options(COMMANDS[command]) if option not in text] == []


def test_every_section_is_about_a_command() -> None:
    assert set(re.findall(rf"^## {NAME} (\S+)", PAGE, re.MULTILINE)) <= set(COMMANDS)


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_on_a_page_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [f"{words}: {fault}" for words in mentioned(text) for fault in faults(words)] == []
    assert made(text) <= targets()


def test_the_readme_shows_how_to_begin() -> None:
    text = README.read_text(encoding="utf-8")
    assert {"demo", "run"} <= made(text)
    assert "make demo" in text


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("fly", "there is no command fly"),
        ("db fly", "there is no command fly"),
        ("work --fast", "--fast is no option of work"),
        ("scraper reset --reason x", "--reason is no option of reset"),
    ],
)
def test_a_command_that_does_not_exist_is_noticed(line: str, fault: str) -> None:
    text = f"```bash\nNAME=value .venv/bin/{NAME} {line} > file\n```\n"
    assert [fault for words in mentioned(text) for fault in faults(words)] == [fault]
