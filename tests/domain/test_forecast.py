"""The forecast: it says what a simulation, hour by hour, would come to."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.forecast import EXACT_DAYS, HORIZON, Expected, Present, ends_at, expected_hours, next_hour
from domain.local_hours import DAY, HOUR, LocalHour, hour_at, hours_of
from domain.quotas import turn_at
from domain.schedule import Schedule
from tests.strategies import ZONES

BERLIN, KATHMANDU = "Europe/Berlin", "Asia/Kathmandu"
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TEN_AN_HOUR = Schedule(volume=240)
WEIGHTS = st.one_of(
    st.just((1.0,) * 24),
    st.tuples(*[st.sampled_from((0.0, 0.0, 1.0, 2.5))] * 24),
    st.tuples(*[st.sampled_from((0.0, 1.0))] * 24).flatmap(
        lambda day: st.tuples(*[st.sampled_from((day, (0.0,) * 24))] * 7).map(lambda week: sum(week, ()))
    ),
)
SCHEDULES = st.builds(
    Schedule, volume=st.integers(0, 400), weights=WEIGHTS, timezone=st.sampled_from((*ZONES, "Africa/Casablanca"))
)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001 (made aware)
    lambda naive: naive.replace(tzinfo=UTC, second=0, microsecond=0)
)
PRESENT = st.none() | st.tuples(st.integers(-30, 90), st.integers(0, 9))
"""Minutes until the running plan ends, and how many of its jobs are left."""


def simulated(
    schedule: Schedule, now: datetime, queue: int, present: Present | None
) -> Iterator[tuple[LocalHour, int]]:
    """Plan the hour that the clock shows, then go on to its end: each hour and how many papers it takes of the queue.

    Hours that are over before the running plan is cannot be planned, and are left out.
    """
    until = present.end if present else None
    while True:
        hour = hour_at(now, schedule.timezone)
        if until is None or hour.end > until:
            taken = min(queue, turn_at(hour, schedule, now, until).quota)
            queue -= taken
            yield hour, taken
        now = hour.end


def present_of(now: datetime, told: tuple[int, int] | None) -> Present | None:
    """The running plan."""
    return Present(end=now + told[0] * MINUTE, quota=9, left=told[1]) if told else None


@given(schedule=SCHEDULES, now=MOMENTS, queue=st.integers(0, 900), told=PRESENT)
def test_the_hours_are_those_of_a_simulation(
    schedule: Schedule, now: datetime, queue: int, told: tuple[int, int] | None
) -> None:
    present = present_of(now, told)
    expected = (one for one in expected_hours(schedule, now, queue, present) if not one.planned)
    for one, (hour, taken) in islice(zip(expected, simulated(schedule, now, queue, present), strict=False), 80):
        assert (one.hour, one.papers) == (hour, taken)
        assert one.papers <= one.quota


@settings(max_examples=25)
@given(schedule=SCHEDULES, now=MOMENTS, days=st.floats(0, 150), told=PRESENT)
@pytest.mark.case("T01")
@pytest.mark.case("T02")
def test_the_end_is_that_of_a_simulation(
    schedule: Schedule, now: datetime, days: float, told: tuple[int, int] | None
) -> None:
    queue, present = round(schedule.volume * days), present_of(now, told)
    assume(queue)
    assume(any(schedule.weights))
    left, end = queue, None
    for hour, taken in simulated(schedule, now, queue, present):
        left -= taken
        if not left or hour.start > now + timedelta(days=1200):
            end = hour.end
            break
    assert left == 0
    assert ends_at(schedule, now, queue, present) == end


class TestPresent:
    """The plan of the hour that runs."""

    PRESENT_ONE = Present(end=NOW + HOUR, quota=10, left=4)

    def test_is_told_with_what_is_left_of_it(self) -> None:
        first, second = islice(expected_hours(TEN_AN_HOUR, NOW + 20 * MINUTE, 100, self.PRESENT_ONE), 2)
        noon = hour_at(NOW, "UTC")
        assert first == Expected(hour=noon, quota=10, papers=4, planned=True)
        assert second == Expected(hour=hour_at(NOW + HOUR, "UTC"), quota=10, papers=10)

    def test_does_not_use_up_the_queue(self) -> None:
        papers = [one.papers for one in islice(expected_hours(TEN_AN_HOUR, NOW, 15, self.PRESENT_ONE), 4)]
        assert papers == [4, 10, 5, 0]

    def test_takes_on_what_it_has_room_for_from_the_queue(self) -> None:
        present = Present(end=NOW + HOUR, quota=10, left=4, room=6)
        hours = list(islice(expected_hours(TEN_AN_HOUR, NOW, 20, present), 4))
        assert [(one.papers, one.more) for one in hours] == [(4, 6), (10, 0), (4, 0), (0, 0)]
        assert next(expected_hours(TEN_AN_HOUR, NOW, 2, present)).more == 2
        assert ends_at(TEN_AN_HOUR, NOW, 6, present) == NOW + HOUR
        assert ends_at(TEN_AN_HOUR, NOW, 7, present) == NOW + 2 * HOUR

    @pytest.mark.case("T06")
    def test_reaches_into_an_hour_of_another_zone(self) -> None:
        schedule = Schedule(volume=240, timezone=KATHMANDU)
        hours = list(islice(expected_hours(schedule, NOW + 20 * MINUTE, 100, self.PRESENT_ONE), 2))
        assert [(one.hour.start, one.papers, one.planned) for one in hours] == [
            (NOW + 15 * MINUTE, 3, False),
            (NOW + 75 * MINUTE, 10, False),
        ]

    @pytest.mark.case("T06")
    def test_covers_an_hour_of_another_zone_that_ends_before_it(self) -> None:
        schedule = Schedule(volume=240, timezone=KATHMANDU)
        first = next(expected_hours(schedule, NOW + 10 * MINUTE, 100, self.PRESENT_ONE))
        assert (first.hour.end, first.papers, first.planned) == (NOW + 15 * MINUTE, 0, True)

    def test_that_is_over_is_forgotten(self) -> None:
        over = Present(end=NOW, quota=10, left=4)
        assert next(expected_hours(TEN_AN_HOUR, NOW, 100, over)) == next(expected_hours(TEN_AN_HOUR, NOW, 100, None))

    def test_is_the_end_where_nothing_else_waits(self) -> None:
        assert ends_at(TEN_AN_HOUR, NOW, 0, self.PRESENT_ONE) == NOW + HOUR
        assert ends_at(TEN_AN_HOUR, NOW, 0, Present(end=NOW + HOUR, quota=10, left=0)) is None
        assert ends_at(TEN_AN_HOUR, NOW, 0, None) is None


class TestNextHour:
    def test_is_the_first_that_is_to_come(self) -> None:
        found = next_hour(TEN_AN_HOUR, NOW + MINUTE, None)
        assert found is not None
        assert found.hour.start == NOW + HOUR

    def test_is_never_one_of_the_plan_that_is_made(self) -> None:
        found = next_hour(TEN_AN_HOUR, NOW - MINUTE, Present(end=NOW + HOUR, quota=10, left=4))
        assert found is not None
        assert found.hour.start == NOW + HOUR

    def test_may_be_a_week_away(self) -> None:
        tuesday = (0.0,) * 24 + (1.0,) + (0.0,) * 143
        after = datetime(2026, 7, 7, 0, 1, tzinfo=UTC)
        found = next_hour(Schedule(volume=1, weights=tuesday), after, None)
        assert found is not None
        assert found.hour.start == datetime(2026, 7, 14, tzinfo=UTC)

    @pytest.mark.case("T01")
    def test_is_the_one_after_an_hour_that_the_clocks_leave_out(self) -> None:
        at_two = Schedule(volume=5, weights=(0.0, 0.0, 1.0) + (0.0,) * 21, timezone=BERLIN)
        found = next_hour(at_two, datetime(2026, 3, 28, 12, tzinfo=UTC), None)
        assert found is not None
        assert (found.hour.hour, found.quota) == (3, 5)

    @pytest.mark.case("T09")
    def test_of_a_schedule_that_takes_nothing_there_is_none(self) -> None:
        assert next_hour(Schedule(volume=0), NOW, None) is None


class TestEnd:
    @pytest.mark.case("T09")
    @pytest.mark.parametrize(
        "schedule", [Schedule(volume=0), Schedule(weights=(0.0,) * 24), Schedule(weights=(0.0,) * 168)]
    )
    def test_of_a_schedule_that_takes_nothing_is_never(self, schedule: Schedule) -> None:
        assert ends_at(schedule, NOW, 1, None) is None
        assert not any(one.papers for one in islice(expected_hours(schedule, NOW, 1, None), 48))

    def test_beyond_the_horizon_is_not_told(self) -> None:
        days = HORIZON // DAY
        assert ends_at(Schedule(volume=1), NOW, days + 2, None) is None
        assert ends_at(Schedule(volume=1), NOW, days - 2, None) is not None

    def test_of_a_share_of_an_hour_that_runs_is_its_end(self) -> None:
        assert ends_at(TEN_AN_HOUR, NOW + 30 * MINUTE, 5, None) == NOW + HOUR

    def test_around_the_last_day_that_is_counted_by_hours_leaves_out_none(self) -> None:
        at_its_end = EXACT_DAYS * 240
        ends = [ends_at(TEN_AN_HOUR, NOW + 7 * HOUR, at_its_end + by, None) for by in range(-300, 300, 5)]
        known = [end for end in ends if end]
        assert known == sorted(known)
        assert len(known) == len(ends)
        assert all(later - earlier <= HOUR for earlier, later in pairwise(known))

    def test_of_weekdays_only_waits_for_monday(self) -> None:
        weekdays = (1.0,) * 24 * 5 + (0.0,) * 24 * 2
        friday = datetime(2026, 7, 3, 23, 30, tzinfo=UTC)
        end = ends_at(Schedule(volume=24, weights=weekdays), friday, 2, None)
        assert end == datetime(2026, 7, 6, 1, tzinfo=UTC)
        assert hours_of(date(2026, 7, 6), "UTC")[0].end == end
