"""Names of programs as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.plain_names import LONGEST, command_name, reason_in_words, setting_name
from application.wording import describe
from domain.errors import InvalidValue, InvalidValues, NotAllowed
from domain.refusals import Refused


@pytest.mark.parametrize(
    ("command", "reason", "sentence"),
    [
        (
            "set schedule",
            InvalidValue("timezone", "Köln", "a time zone").message,
            "Changing the schedule was refused: the time zone cannot be “Köln”.",
        ),
        (
            "set schedule",
            InvalidValues((InvalidValue("volume", -1, "x"), InvalidValue("weights[7]", "x", "x"))).message,
            "Changing the schedule was refused: the daily volume cannot be “-1”. The weight of an hour cannot be “x”.",
        ),
        (
            "revoke job",
            NotAllowed("revoke job", "job 12", "finished").message,
            "Revoking a job was refused: job 12 is finished.",
        ),
        (
            "exclude",
            NotAllowed("exclude", "the paper", "excluded").message,
            "“Exclude” was refused: the paper is excluded.",
        ),
        ("bulk retry", "This bulk exists already.", "“Try again” was refused: This bulk exists already."),
        ("scraper start", "x is 'y'.", "Starting the scraper was refused: x is 'y'."),
        ("of a later version", "No.", "“of a later version” was refused: No."),
    ],
)
def test_a_refusal_is_told_as_people_say_it(command: str, reason: str, sentence: str) -> None:
    assert describe(Refused(command=command, subject="it", reason=reason)) == sentence


def test_a_long_value_is_cut() -> None:
    told = reason_in_words(InvalidValue("timezone", "x" * 500, "a time zone").message)
    assert len(told) < LONGEST + 40
    assert told.endswith("x…”.")


@given(st.text())
def test_whatever_was_refused_has_words(text: str) -> None:
    assert reason_in_words(InvalidValue("timezone", text, "a time zone").message).startswith(
        "the time zone cannot be “"
    )
    assert isinstance(reason_in_words(text), str)
    assert command_name(text)
    assert setting_name(text) == text.replace("_", " ") or text
