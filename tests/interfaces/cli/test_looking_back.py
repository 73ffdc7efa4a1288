"""`as-of`: how things stood at a moment."""

import pytest

from tests.interfaces.cli.conftest import Terminal


def test_counts_switch_and_schedule_as_they_were(filled: Terminal) -> None:
    counts = [filled.json("as-of", str(position))["papers"]["new"] for position in range(8)]
    assert counts == [0, 0, 0, 1, 2, 2, 2, 2]
    filled("scraper", "emergency-stop")
    now = filled.json("as-of", "2099-01-01")
    assert (now["position"], now["scraper"]) == (7, "emergency-stopped")
    before = filled.json("as-of", "6")
    assert (before["scraper"], before["schedule"]["volume"]) == ("stopped", 200)
    assert filled.json("as-of", before["recorded_at"])["papers"]["new"] == 2


def test_it_is_told_in_words(filled: Terminal) -> None:
    shown = filled("as-of", "4").stdout
    assert "As of position 4, recorded at 20" in shown
    assert "new         2" in shown
    assert "The scraper is stopped; the schedule: 200 papers a day, random, time zone UTC." in shown
    assert filled("as-of", "2001-01-01").stdout.startswith("Before anything happened:\n")


def test_a_paper_as_it_was(filled: Terminal) -> None:
    told = filled.json("as-of", "3", "--paper", "10.5555/ONE")
    assert (told["status"], told["title"], told["position"]) == ("new", "First title", 3)
    now = filled.json("paper", "10.5555/one")
    assert told == {name: value for name, value in now.items() if name != "events"}
    shown = filled("as-of", "5", "--paper", told["id"]).stdout
    assert "First title\n10.5555/one: new\nWaiting for the sources" in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("last week",), "Expected: 2026-03-01T12:00+01:00"),
        (("2026-02-30",), "a position of the log as a number"),
        (("2", "--paper", "10.5555/one"), "It was added later"),
        (("2", "--paper", "10.5555/none"), "The paper “10.5555/none” does not exist."),
    ],
)
def test_what_cannot_be_seen_is_told(filled: Terminal, arguments: tuple[str, ...], told: str) -> None:
    assert told in filled.refusal("as-of", *arguments)
