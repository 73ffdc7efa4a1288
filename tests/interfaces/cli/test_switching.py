"""`scraper`: the emergency stop, and its end."""

from tests.interfaces.cli.conftest import Terminal


def test_an_emergency_stop_holds_until_it_is_lifted(filled: Terminal) -> None:
    assert "The scraper is emergency-stopped." in filled("scraper", "emergency-stop", "--reason", "too fast").stdout
    assert filled.json("status")["scraper"] == "emergency-stopped"
    said = filled.refusal("work")
    assert "emergency stop" in said
    assert "scipaperloader scraper reset" in said
    assert "The scraper is stopped." in filled("scraper", "reset").stdout
    assert filled.json("status")["scraper"] == "stopped"
    types = [event["type"] for event in filled.lines("events", "--json", "--after", "6")]
    assert types == ["scraper.emergency_stopped", "command.refused", "scraper.reset"]


def test_the_reason_and_the_person_are_on_record(filled: Terminal) -> None:
    filled("scraper", "emergency-stop", "--reason", "a complaint")
    (event,) = filled.lines("events", "--json", "--after", "6")
    assert event["data"] == {"reason": "a complaint"}
    assert event["actor"].endswith("(terminal)")
    assert "Emergency stop: a complaint" in filled("events").stdout


def test_what_is_refused_is_on_record(filled: Terminal) -> None:
    said = filled.refusal("scraper", "reset")
    assert "not possible" in said
    (event,) = filled.lines("events", "--json", "--after", "6")
    assert (event["type"], event["data"]["command"]) == ("command.refused", "scraper reset")
