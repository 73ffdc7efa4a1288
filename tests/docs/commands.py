"""The command line as a tree, and commands as they stand in the documentation."""

import re
import shlex
from collections.abc import Iterator

import click

from interfaces.cli.main import main
from tests.docs.pages import ROOT, code

NAME = "scipaperloader"
OUTPUT = re.compile(r"\s[|>].*$")


def every_command() -> dict[str, click.Command]:
    """Every command by its words without the program's name, groups included."""
    return dict(_below(main, ()))


def _below(group: click.Group, words: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield " ".join((*words, name)), command
        if isinstance(command, click.Group):
            yield from _below(command, (*words, name))


def options(command: click.Command) -> set[str]:
    """The long options of a command, --help excepted."""
    return {name for option in command.params for name in option.opts if name.startswith("--")}


def mentioned(text: str) -> Iterator[list[str]]:
    """The words of every command of ours on a page, without the program's name."""
    for piece in code(text):
        words = _words(OUTPUT.sub("", piece))
        while words and "=" in words[0]:  # variables in front
            words = words[1:]
        if words and words[0].rpartition("/")[2] == NAME:
            yield words[1:]


def _words(piece: str) -> list[str]:
    try:
        return shlex.split(piece, comments=True)
    except ValueError:
        return []


def faults(words: list[str]) -> list[str]:
    """What is wrong with a command as it is mentioned."""
    command: click.Command = main
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        name = rest.pop(0)
        if "|" in name or name not in command.commands:
            return [] if "|" in name else [f"there is no command {name}"]
        command = command.commands[name]
    known = {name for option in command.params for name in option.opts} | {"--help", "-h"}
    return [f"{word} is no option of {command.name}" for word in rest if word.startswith("-") and word not in known]


def targets() -> set[str]:
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def made(text: str) -> set[str]:
    """The targets that a page mentions."""
    return {found[1] for piece in code(text) if (found := re.match(r"make ([a-z-]+)\b", piece))}
