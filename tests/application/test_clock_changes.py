"""Days of 23 and 25 hours are told of."""

from datetime import UTC, datetime

import pytest

from application.clock_changes import clock_changes


@pytest.mark.case("T01")
@pytest.mark.parametrize(
    ("timezone", "now", "sentences"),
    [
        ("Europe/Berlin", datetime(2027, 3, 24, 12, tzinfo=UTC), ("On Sunday 28 March", "forward", "23 hours")),
        ("Europe/Berlin", datetime(2027, 10, 31, 12, tzinfo=UTC), ("On Sunday 31 October", "back", "25 hours")),
        ("Australia/Lord_Howe", datetime(2027, 10, 1, 0, tzinfo=UTC), ("On Sunday 3 October", "forward", "23.5 hours")),
    ],
)
def test_a_day_that_is_longer_or_shorter_is_told(timezone: str, now: datetime, sentences: tuple[str, ...]) -> None:
    (found,) = clock_changes(timezone, now)
    assert all(part in found for part in (*sentences, timezone))


@pytest.mark.parametrize(
    ("timezone", "now"),
    [
        ("UTC", datetime(2027, 3, 24, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 3, 29, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 3, 18, tzinfo=UTC)),
        ("Pacific/Apia", datetime(2011, 12, 28, tzinfo=UTC)),  # the zone left out a whole day then
    ],
)
def test_other_days_are_not(timezone: str, now: datetime) -> None:
    assert clock_changes(timezone, now) == ()
