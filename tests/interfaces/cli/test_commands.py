"""Every command explains itself, and ends with a code that tells how it went."""

from collections.abc import Iterator

import click
import pytest

from domain.scraper import Action
from interfaces.cli.main import main
from tests.interfaces.cli.conftest import Terminal


def commands(group: click.Group = main, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that lead to it."""
    for name, command in group.commands.items():
        yield (*way, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*way, name))


COMMANDS = dict(commands())
PRINTING = (
    "import",
    "work",
    "status",
    "papers",
    "paper",
    "events",
    "verify",
    "rebuild",
    "backup",
    "restore",
    "config",
    "doctor",
)


def test_the_commands_of_the_contract_are_there() -> None:
    names = {" ".join(way) for way in COMMANDS}
    assert names >= {
        "run",
        "demo",
        "export",
        "db upgrade",
        "db downgrade",
        "db revision",
        "db current",
        *(f"scraper {action}" for action in Action),
        *("schedule show", "schedule set", "jobs list", "jobs revoke", "jobs run"),
        "log export",
        "log import",
        *PRINTING,
    }


@pytest.mark.parametrize("way", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_explains_itself(terminal: Terminal, way: tuple[str, ...], option: str) -> None:
    shown = terminal(*way, option).stdout
    assert f"Usage: scipaperloader {' '.join(way)}" in shown
    help_ = COMMANDS[way].help
    assert help_
    assert help_.split("\n")[0] in " ".join(shown.split())
    assert not terminal.data.exists()


@pytest.mark.parametrize("name", PRINTING)
def test_what_prints_data_prints_it_for_programs_too(name: str) -> None:
    assert "--json" in {option for one in COMMANDS[(name,)].params for option in one.opts}


@pytest.mark.parametrize("family", ["scraper", "schedule", "jobs", "modules", "sources"])
def test_so_does_every_command_of_these(family: str) -> None:
    members = [command for way, command in COMMANDS.items() if way[0] == family and len(way) > 1]
    assert members
    assert all("--json" in {option for one in command.params for option in one.opts} for command in members)


def test_the_version_is_told(terminal: Terminal) -> None:
    assert terminal("--version").stdout.startswith("scipaperloader, version ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("import",),
        ("import", "no such file.csv"),
        ("papers", "--status", "nonsense"),
        ("run", "--port", "0"),
    ],
)
def test_what_cannot_be_understood_ends_with_two(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    assert "Usage: " in terminal(*arguments, code=2).stderr
