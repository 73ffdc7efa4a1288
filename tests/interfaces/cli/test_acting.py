"""`exclude`, `reinstate`, `unavailable`, `requested`, `bulk`."""

from tests.interfaces.cli.conftest import Terminal, opened


def test_a_paper_is_set_aside_and_wanted_again(filled: Terminal) -> None:
    said = filled("exclude", "10.5555/one", "--reason", "off topic").stdout
    assert said.startswith("First title: excluded.\nSet aside")
    assert filled.lines("events", "--json")[-1]["data"] == {"reason": "off topic"}
    assert "the paper is excluded" in filled.refusal("exclude", "10.5555/one")
    assert filled.json("reinstate", "10.5555/one")["status"] == "new"


def test_a_paper_is_given_up_or_asked_for_elsewhere(filled: Terminal) -> None:
    assert filled.json("unavailable", "10.5555/one", "--reason", "lost")["status"] == "unavailable"
    assert filled.json("requested", "10.5555/one", "--note", "loan 7")["status"] == "unavailable"
    assert filled.lines("events", "--json")[-1]["data"] == {"note": "loan 7"}
    assert "does not exist" in filled.refusal("requested", "10.9999/nothing")


def test_many_are_changed_by_a_filter(filled: Terminal) -> None:
    filled("exclude", "10.5555/one")
    tried = filled("bulk", "exclude", "--all", "--dry-run").stdout
    assert tried.startswith("2 papers match, 1 would change.\n1 paper left alone: 1 excluded.")
    assert filled.json("bulk", "exclude", "--q", "Second", "--dry-run")["changing"] == 1
    said = filled("bulk", "exclude", "--all", "--reason", "off topic").stdout
    assert said == "1 paper was excluded. 1 paper left alone: 1 excluded.\n"
    told = filled.json("bulk", "reinstate", "--status", "excluded", "--collection", "A review")
    assert (told["status"], told["changed"], told["skipped"]) == ("ended", 2, [])


def test_every_paper_is_meant_only_where_that_is_said(filled: Terminal) -> None:
    assert "--all" in filled("bulk", "exclude", code=2).stderr
    assert "takes no reason" in filled.refusal("bulk", "retry", "--all", "--reason", "why")
    assert filled.json("status")["papers"]["excluded"] == 0


def test_one_that_is_interrupted_says_so(filled: Terminal) -> None:
    from unittest.mock import patch

    with patch("infrastructure.clock.SystemClock.stopped", True):
        said = filled("bulk", "exclude", "--all", code=1).stdout
    assert "What was done stays done" in said or "what was done stays done" in said
    with opened(filled) as app:
        notice = app.notices.latest().notices[0]
    assert "broken off" in notice.text
