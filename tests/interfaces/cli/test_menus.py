"""`diagnose menu`: numbers to choose from, over a terminal or a pipe."""

import pytest

from interfaces.cli import menus
from interfaces.cli.main import main
from interfaces.cli.menus import CHOICES
from tests.interfaces.cli.conftest import Terminal


def chosen(terminal: Terminal, *said: str) -> str:
    """What is printed to what somebody says, line by line, and then no more."""
    return terminal("diagnose", "menu", answer="".join(f"{line}\n" for line in said)).output


def test_every_command_is_a_choice() -> None:
    group = main.commands["diagnose"]
    assert {choice.command for choice in CHOICES} == set(getattr(group, "commands", {})) - {"menu"}


def test_programs_are_told_the_choices(terminal: Terminal) -> None:
    assert [one["command"] for one in terminal.json("diagnose", "menu")["choices"]] == [one.command for one in CHOICES]


@pytest.mark.parametrize("said", [("q",), ("Q",), ("quit",), (" exit ",), ()])
def test_it_can_be_left(terminal: Terminal, said: tuple[str, ...]) -> None:
    shown = chosen(terminal, *said)
    assert shown.count("1  How things stand (check-state)") == 1
    assert not terminal.data.exists()


@pytest.mark.parametrize("said", ["0", "7", "-1", "x", "¹", "", "9" * 40])
def test_what_is_no_choice_is_asked_again(terminal: Terminal, said: str) -> None:
    shown = chosen(terminal, said, "q")
    assert shown.count("1  How things stand (check-state)") == 2
    assert ("There is no choice" in shown) or ("Choose a number, or q." in shown)


@pytest.mark.parametrize(("number", "words"), [("1", "Who leads"), ("3", "What is due next"), ("4", "is in transit")])
def test_a_command_runs_and_the_menu_goes_on(filled: Terminal, number: str, words: str) -> None:
    shown = chosen(filled, number, "q")
    assert words.removeprefix("is ") in shown
    assert shown.count("1  How things stand (check-state)") == 2


def test_a_command_that_finds_errors_does_not_end_the_menu(filled: Terminal) -> None:
    filled.variables["DISK_RESERVE_BYTES"] = str(10**18)
    shown = chosen(filled, "2", "1", "q")
    assert "are to stay free" in shown
    assert "Who leads" in shown


def test_neither_does_a_refusal(terminal: Terminal) -> None:
    terminal.variables["PORT"] = "many"
    shown = chosen(terminal, "1", "q")
    assert "The settings cannot be read" in shown
    assert shown.count("1  How things stand (check-state)") == 2


@pytest.mark.parametrize("number", ["5", "6"])
def test_what_changes_something_is_asked_for_twice(
    filled: Terminal, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interfaces.cli.fixing.somebody_answers", lambda: True)
    for no in ("no", "", "n"):
        chosen(filled, number, no, "q")
        assert not (filled.data / "emergency-stop").exists()
    chosen(filled, number)
    assert not (filled.data / "emergency-stop").exists()
    assert "nothing leaves this machine any more" in chosen(filled, number, "yes", "q")
    assert (filled.data / "emergency-stop").exists()
    assert menus.CHOICES[5].options == ("--yes",)
