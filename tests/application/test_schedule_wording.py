"""A schedule in words."""

import pytest

from application.schedule_wording import FIELDS, part_in_words, weights_in_words
from domain.schedule import Order, Schedule

OFFICE = (0.0,) * 8 + (100.0,) * 10 + (0.0,) * 6


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ((1.0,) * 24, "even"),
        ((100.0,) * 24, "even"),
        (OFFICE, "0 until 08:00, 100 until 18:00, 0"),
        ((0.5,) * 12 + (1.25,) * 12, "0.5 until 12:00, 1.25"),
        ((0.0,) * 24, "0"),
        (OFFICE * 5 + (0.0,) * 48, "Mon to Fri: 0 until 08:00, 100 until 18:00, 0; Sat and Sun: 0"),
        ((1.0,) * 24 + (0.0,) * 24 + (1.0,) * 24 + (0.0,) * 96, "Mon and Wed: 1; Tue, Thu, Fri, Sat and Sun: 0"),
    ],
)
def test_weights_are_told_by_what_is_alike(weights: tuple[float, ...], words: str) -> None:
    assert weights_in_words(weights) == words


def test_every_part_has_words() -> None:
    schedule = Schedule(volume=1, timezone="Asia/Kathmandu", order=Order.OLDEST)
    assert [part_in_words(schedule, part) for part in FIELDS] == [
        "1 paper a day",
        "even",
        "Asia/Kathmandu",
        "oldest first",
    ]
