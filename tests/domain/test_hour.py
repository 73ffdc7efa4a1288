"""Planned hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.errors import AlreadyExists, InvalidValue
from domain.hour import DECIDER, Hour, Plan, Planned, stream_of
from tests.domain import spec
from tests.domain.machine import FEW_STEPS, AggregateMachine
from tests.strategies import MOMENTS, records

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 10, 25, 2, tzinfo=BERLIN)
PLAN = Plan(start=START, timezone="Europe/Berlin", quota=9, seed=42, count=7, minutes=60, begins=START)


class TestStream:
    def test_is_named_by_the_start_in_utc(self) -> None:
        assert stream_of(datetime(2026, 7, 1, 0, tzinfo=BERLIN)) == "hour-2026-06-30T22:00Z"

    def test_an_hour_that_is_repeated_is_another_hour(self) -> None:
        names = [stream_of(START.replace(fold=fold)) for fold in (0, 1)]
        assert names == ["hour-2026-10-25T00:00Z", "hour-2026-10-25T01:00Z"]

    def test_half_an_hour_that_is_repeated_is_another_one(self) -> None:
        half = datetime(2026, 4, 5, 1, 30, tzinfo=ZoneInfo("Australia/Lord_Howe"))
        assert stream_of(half) == "hour-2026-04-04T14:30Z"
        assert stream_of(half.replace(fold=1)) == "hour-2026-04-04T15:00Z"

    @pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 7, 1), 24), ((2026, 10, 25), 25)])
    def test_a_day_has_as_many_streams_as_hours(self, day: tuple[int, int, int], hours: int) -> None:
        midnight = datetime(*day, tzinfo=BERLIN).astimezone(UTC)
        starts = (midnight + timedelta(hours=hour) for hour in range(hours))
        names = {stream_of(start.astimezone(BERLIN)) for start in starts}
        assert len(names) == hours
        assert stream_of((midnight + timedelta(hours=hours)).astimezone(BERLIN)) == stream_of(
            datetime(*day, tzinfo=BERLIN) + timedelta(days=1)
        )

    @given(start=MOMENTS, zone=st.sampled_from(("Asia/Kathmandu", "America/New_York")))
    def test_does_not_depend_on_the_zone_it_is_seen_from(self, start: datetime, zone: str) -> None:
        assert stream_of(start.astimezone(UTC).astimezone(ZoneInfo(zone))) == stream_of(start)


class TestPlan:
    def test_is_made_once(self) -> None:
        hour = spec.given(DECIDER).after(PLAN)
        assert hour.state == Hour(planned=True, count=7)
        hour.when(evolve(PLAN, count=1)).refused(AlreadyExists)

    def test_keeps_what_it_was_made_with(self) -> None:
        utc = datetime(2026, 10, 25, tzinfo=UTC)
        planned = Planned(start=utc, timezone="Europe/Berlin", quota=9, seed=42, count=7, minutes=60, begins=utc)
        spec.given(DECIDER).when(PLAN).then(planned)
        assert planned.end == utc + timedelta(hours=1)

    def test_of_no_papers_is_a_plan_too(self) -> None:
        assert spec.given(DECIDER).when(evolve(PLAN, quota=0, count=0)).state == Hour(planned=True, count=0)

    @pytest.mark.parametrize(("quota", "count"), [(9, 10), (9, -1), (-1, 0), (-1, -1), (0, 1)])
    def test_takes_at_most_the_quota(self, quota: int, count: int) -> None:
        plan = evolve(PLAN, quota=quota, count=count)
        assert spec.given(DECIDER).when(plan).refused(InvalidValue).field == "count"

    @pytest.mark.parametrize("minutes", [-1, 0, 61])
    def test_lasts_no_longer_than_an_hour(self, minutes: int) -> None:
        assert spec.given(DECIDER).when(evolve(PLAN, minutes=minutes)).refused(InvalidValue).field == "minutes"

    def test_begins_at_a_moment(self) -> None:
        naive = evolve(PLAN, start=START.replace(tzinfo=None))
        assert spec.given(DECIDER).when(naive).refused(InvalidValue).field == "start"


class HourMachine(AggregateMachine):
    """One hour, planned by many."""

    decider = DECIDER

    @rule(plan=records(Plan, quota=st.integers(-2, 5), count=st.integers(-2, 5), minutes=st.integers(0, 61)))
    def is_planned(self, plan: Plan) -> None:
        before: Hour = self.state
        outcome = self.send(plan)
        if before.planned:
            assert isinstance(outcome, AlreadyExists)
        else:
            possible = 0 <= plan.count <= plan.quota and 0 < plan.minutes <= 60
            assert isinstance(outcome, InvalidValue) == (not possible)

    @invariant()
    def has_one_plan_at_most(self) -> None:
        assert len(self.events) == self.state.planned


TestHourMachine = HourMachine.TestCase
TestHourMachine.settings = FEW_STEPS
