"""What a person can do with papers."""

import pytest

from domain.acts import ASKS, MAX_WORDS, REVERSE, Action, act, action_named, allowed
from domain.errors import InvalidValue
from domain.pipeline import EVERY, IN_TRANSIT, RESTING, Status


@pytest.mark.parametrize("action", Action)
def test_every_action_is_a_command_that_some_status_takes_and_some_does_not(action: Action) -> None:
    assert act(action).command.NAME
    assert frozenset() < allowed(action) < EVERY


@pytest.mark.parametrize("action", list(ASKS))
def test_what_takes_words_keeps_them_without_the_space_around(action: Action) -> None:
    command = act(action, "  off topic ").command
    assert "off topic" in (getattr(command, "reason", None), getattr(command, "note", None))


@pytest.mark.parametrize("action", [one for one in Action if one not in ASKS])
def test_what_takes_no_words_refuses_them(action: Action) -> None:
    with pytest.raises(InvalidValue, match="reason"):
        act(action, "because")


def test_words_have_a_length() -> None:
    assert act(Action.EXCLUDE, "x" * MAX_WORDS).words == "x" * MAX_WORDS
    with pytest.raises(InvalidValue, match="reason"):
        act(Action.EXCLUDE, "x" * (MAX_WORDS + 1))


def test_actions_have_names() -> None:
    assert [action_named(one.value) for one in Action] == list(Action)
    with pytest.raises(InvalidValue, match="action"):
        action_named("delete")


def test_what_is_taken_back_leads_to_where_the_reverse_is_allowed() -> None:
    leads_to = {
        Action.EXCLUDE: Status.EXCLUDED,
        Action.REINSTATE: Status.LOCATED,
        Action.UNAVAILABLE: Status.UNAVAILABLE,
    }
    assert leads_to.keys() == REVERSE.keys()
    assert all(status in allowed(REVERSE[action]) for action, status in leads_to.items())


def test_only_what_is_in_transit_can_be_taken_out_of_it() -> None:
    assert allowed(Action.REVERT) == IN_TRANSIT
    assert allowed(Action.REINSTATE) < RESTING
