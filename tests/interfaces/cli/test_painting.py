"""`schedule` and `modules`."""

from pathlib import Path

import pytest

from tests.interfaces.cli.conftest import Terminal

DAY = ",".join(["1"] * 23 + ["2"])


def test_the_first_schedule_is_shown(terminal: Terminal) -> None:
    shown = terminal("schedule", "show").stdout
    assert shown.startswith("200 papers a day, in the hours of UTC, drawn at random (version 0).\n")
    assert "Modules: locate on, download on." in shown
    assert "It was never changed." in shown
    told = terminal.json("schedule", "show")
    assert (told["volume"], told["weights"], told["version"]) == (200, [1.0] * 24, 0)
    assert told["modules"] == {"locate": True, "download": True}
    assert 24 <= len(told["preview"]["hours"]) <= 25
    assert told["history"] == []


def test_every_part_is_set_at_once_and_who_did_it_is_kept(filled: Terminal) -> None:
    said = filled(
        "schedule", "set", "--volume", "50", "--weights", DAY, "--timezone", "Europe/Berlin", "--order", "newest"
    ).stdout
    assert said == "50 papers a day, in the hours of Europe/Berlin, drawn newest first (version 4).\n"
    told = filled.json("schedule", "show")
    assert (told["weights"][-1], told["shares"][-1]) == (2.0, 8.0)
    assert [one["text"] for one in told["history"]][-1] == "The daily volume is now 50 papers."
    assert all(one["by"].endswith("(terminal)") for one in told["history"])
    shown = filled("schedule", "show").stdout
    assert "23:00  2       8.0 %" in shown
    assert "version 1" in shown
    assert "It was so already." in filled("schedule", "set", "--volume", "50").stdout


@pytest.mark.case("T11")
def test_everything_that_is_wrong_is_told_in_one_sentence(filled: Terminal) -> None:
    said = filled.refusal(
        "schedule", "set", "--volume", "١٢", "--weights", f"-1,nan,1e308,١٢,,{DAY[10:]}", "--timezone", "x"
    )
    for part in ("volume is '١٢'", "weights[0] is -1.0", "weights[1] is 'nan'", "weights[2] is 1e+308",
                 "weights[3] is '١٢'", "weights[4] is ''", "timezone is 'x'"):  # fmt: skip
        assert part in said
    assert "Expected: 0 to 100000 papers a day; numbers from 0 to 1,000,000;" in said
    assert filled.json("schedule", "show")["version"] == 0
    assert filled.lines("events", "--json")[-1]["type"] == "command.refused"


@pytest.mark.case("T17")
def test_a_version_is_expected(filled: Terminal) -> None:
    assert filled.json("schedule", "set", "--volume", "50", "--expect", "0")["version"] == 1
    said = filled.refusal("schedule", "set", "--volume", "60", "--expect", "0")
    assert "The daily volume is now 50 papers." in said
    assert "(terminal)" in said


def test_weights_come_from_a_file(filled: Terminal) -> None:
    week = "# Monday first\n" + "\n".join(" ".join(["1"] * 24) for _ in range(6)) + "\n" + ", ".join(["0"] * 24) + "\n"
    assert len(filled.json("schedule", "set", "--weights-file", filled.write("week.txt", week))["weights"]) == 168
    shown = filled("schedule", "show").stdout
    assert "Mon  Tue  Wed  Thu  Fri  Sat  Sun" in shown
    assert "23:00   1    1    1    1    1    1    0" in shown
    (filled.folder / "binary").write_bytes(b"\xff\xfe\0")
    assert "weights is '1 numbers'" in filled.refusal(
        "schedule", "set", "--weights-file", str(filled.folder / "binary")
    )


@pytest.mark.parametrize(
    "options", [(), ("--weights", DAY, "--weights-file", __file__), ("--expect", "first", "--volume", "1")]
)
def test_what_makes_no_sense_ends_with_two(terminal: Terminal, options: tuple[str, ...]) -> None:
    terminal("schedule", "set", *options, code=2)


@pytest.mark.case("T09")
def test_a_schedule_that_takes_nothing_says_so(filled: Terminal) -> None:
    said = filled("schedule", "set", "--weights", ",".join(["0"] * 24)).stdout
    assert "Paused by the schedule" in said
    assert "Next run: never." in said
    assert "Next hour that takes papers: never." in filled("schedule", "show").stdout
    assert "the list will never be done so" in filled("schedule", "preview").stdout
    assert "Next run: never." in filled("status").stdout
    assert filled.json("status")["schedule"]["paused_by_schedule"] is True


def test_another_schedule_is_previewed_without_a_change(filled: Terminal, tmp_path: Path) -> None:
    told = filled.json("schedule", "preview", "--volume", "24", "--timezone", "Asia/Kathmandu")
    assert {one["quota"] for one in told["hours"][1:]} == {1}
    assert told["queue"] == 2
    shown = filled("schedule", "preview", "--volume", "24", "--timezone", "Asia/Kathmandu").stdout
    assert "The next 24 hours:" in shown
    assert "2 papers will be done by" in shown
    assert "(Asia/Kathmandu)" in shown
    assert filled.json("schedule", "show")["version"] == 0
    assert "volume is -1." in filled.refusal("schedule", "preview", "--volume", "-1")


def test_modules_are_switched(filled: Terminal) -> None:
    assert filled.json("modules", "off", "download") == {"locate": True, "download": False}
    assert filled("modules", "list").stdout.split() == ["locate", "on", "download", "off"]
    assert "The module “download” is switched off." in filled.refusal("process", "10.5555/one")
    assert filled("modules", "on", "download").stdout == "The module “download” is on.\n"
    filled("modules", "off", "fly", code=2)
    history = filled.json("schedule", "show")["history"]
    assert [one["text"] for one in history] == [
        "The module “download” was switched on.",
        "The module “download” was switched off.",
    ]
