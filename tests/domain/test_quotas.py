"""How many papers each hour takes, and at which moments."""

import math
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from domain.local_hours import HOUR, LocalHour, hour_at, hours_of
from domain.quotas import PUNCTUAL, Turn, moments, quotas_of, room, turn_at
from domain.schedule import DECIDER, MAX_VOLUME, MAX_WEIGHT, ChangeWeights, Schedule
from tests.domain.spread import distance, is_even
from tests.domain.zones import NAMES

BERLIN, LORD_HOWE, KATHMANDU, APIA = "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"
MINUTE = timedelta(minutes=1)
SPRING, SUMMER, AUTUMN = date(2026, 3, 29), date(2026, 7, 1), date(2026, 10, 25)
"""In Berlin: a day of 23 hours, one of 24, one of 25."""
WEIGHT = st.one_of(
    st.just(0.0),
    st.floats(0, MAX_WEIGHT),
    st.floats(0, 10),
    st.sampled_from((5e-324, 1e-300, float(MAX_WEIGHT), 1 / 3)),
)
WEIGHTS = st.sampled_from((24, 168)).flatmap(lambda count: st.tuples(*[WEIGHT] * count))
DATES = st.dates(date(1990, 1, 1), date(2035, 12, 31))


def only(clock: int, weight: float = 1.0, others: float = 0.0) -> tuple[float, ...]:
    """Weights of which one is another."""
    return tuple(weight if one == clock else others for one in range(24))


def by_clock(day: date, schedule: Schedule) -> list[tuple[int, int]]:
    """Hour on the clock and quota of every hour that has one."""
    return [(hour.hour, quota) for hour, quota in quotas_of(day, schedule).items() if quota]


class TestSum:
    @pytest.mark.case("T01")
    @pytest.mark.case("T02")
    @pytest.mark.case("T03")
    @pytest.mark.case("T12")
    @given(day=DATES, zone=st.sampled_from(NAMES), weights=WEIGHTS, volume=st.integers(0, MAX_VOLUME))
    def test_is_the_volume_whatever_the_weights(
        self, day: date, zone: str, weights: tuple[float, ...], volume: int
    ) -> None:
        schedule = Schedule(volume=volume, weights=weights, timezone=zone)
        quotas = quotas_of(day, schedule)
        today = weights if len(weights) == 24 else weights[24 * day.weekday() :][:24]
        assert sum(quotas.values()) == (volume if any(today) and quotas else 0)
        assert all(quota >= 0 for quota in quotas.values())
        assert list(quotas) == list(hours_of(day, zone))

    @pytest.mark.parametrize("day", [SUMMER, AUTUMN])
    @given(weights=WEIGHTS, volume=st.integers(0, 1000))
    def test_nothing_is_taken_in_an_hour_of_no_weight(self, day: date, weights: tuple[float, ...], volume: int) -> None:
        today = weights if len(weights) == 24 else weights[24 * day.weekday() :][:24]
        for hour, quota in quotas_of(day, Schedule(volume=volume, weights=weights, timezone=BERLIN)).items():
            assert today[hour.hour] or not quota

    @given(weights=st.tuples(*[WEIGHT] * 24), volume=st.integers(0, MAX_VOLUME))
    def test_no_quota_is_a_whole_paper_off_its_share(self, weights: tuple[float, ...], volume: int) -> None:
        whole = math.fsum(weights)
        for hour, quota in quotas_of(SUMMER, Schedule(volume=volume, weights=weights, timezone=BERLIN)).items():
            share = volume * (weights[hour.hour] / whole) if whole else 0
            assert abs(quota - share) < 1 + 1e-6

    @pytest.mark.case("T12")
    @given(weights=st.tuples(*[st.integers(0, 9)] * 24), volume=st.integers(0, 500), times=st.integers(2, 50))
    def test_weights_are_shares_whatever_their_sum(self, weights: tuple[int, ...], volume: int, times: int) -> None:
        one, many = (
            quotas_of(SUMMER, Schedule(volume=volume, weights=tuple(float(weight * by) for weight in weights)))
            for by in (1, times)
        )
        assert one == many

    @pytest.mark.case("T09")
    @pytest.mark.parametrize("day", [SPRING, SUMMER, AUTUMN])
    def test_without_any_weight_nothing_is_taken(self, day: date) -> None:
        assert by_clock(day, Schedule(weights=(0.0,) * 24, timezone=BERLIN)) == []

    @pytest.mark.case("T10")
    @pytest.mark.parametrize("zone", [BERLIN, LORD_HOWE, KATHMANDU])
    def test_one_weight_takes_everything(self, zone: str) -> None:
        assert by_clock(SUMMER, Schedule(volume=7, weights=only(9), timezone=zone)) == [(9, 7)]

    @pytest.mark.case("T13")
    @pytest.mark.parametrize("volume", [0, 1, 7, 23, 24, 25])
    @pytest.mark.parametrize("day", [SPRING, SUMMER, AUTUMN])
    def test_small_volumes_are_spread_one_by_one(self, volume: int, day: date) -> None:
        quotas = quotas_of(day, Schedule(volume=volume, timezone=BERLIN)).values()
        assert sum(quotas) == volume
        assert max(quotas) <= 2 if volume > 23 else max(quotas) == min(volume, 1)

    def test_of_equal_remainders_the_earlier_hour_is_first(self) -> None:
        assert by_clock(SUMMER, Schedule(volume=3)) == [(0, 1), (1, 1), (2, 1)]

    def test_a_week_has_a_weight_for_each_of_its_hours(self) -> None:
        wednesday = tuple(1.0 if place == 24 * 2 + 5 else 0.0 for place in range(168))
        schedule = Schedule(volume=9, weights=wednesday)
        assert by_clock(date(2026, 7, 1), schedule) == [(5, 9)]
        assert by_clock(date(2026, 7, 2), schedule) == []


class TestChangesOfTheClocks:
    @pytest.mark.case("T01")
    def test_in_spring_the_others_take_what_the_missing_hour_would(self) -> None:
        quotas = quotas_of(SPRING, Schedule(volume=230, timezone=BERLIN))
        assert set(quotas.values()) == {10}
        assert sum(quotas.values()) == 230

    @pytest.mark.case("T01")
    @pytest.mark.case("T10")
    def test_where_only_the_missing_hour_has_a_weight_the_next_one_gets_it(self) -> None:
        assert by_clock(SPRING, Schedule(volume=7, weights=only(2), timezone=BERLIN)) == [(3, 7)]

    @pytest.mark.case("T01")
    def test_a_missing_last_hour_gives_its_weight_to_the_one_before(self) -> None:
        nuuk, day = "America/Nuuk", date(2026, 3, 28)
        assert [hour.hour for hour in hours_of(day, nuuk)][-1] == 22
        assert by_clock(day, Schedule(volume=7, weights=only(23), timezone=nuuk)) == [(22, 7)]

    @pytest.mark.case("T02")
    def test_in_autumn_both_hours_share_one_weight(self) -> None:
        quotas = quotas_of(AUTUMN, Schedule(volume=240, timezone=BERLIN))
        assert {hour.hour: quota for hour, quota in quotas.items() if hour.hour != 2} == dict.fromkeys(
            (clock for clock in range(24) if clock != 2), 10
        )
        assert [quota for hour, quota in quotas.items() if hour.hour == 2] == [5, 5]

    @pytest.mark.case("T02")
    @pytest.mark.case("T10")
    def test_where_only_the_repeated_hour_has_a_weight_each_takes_half(self) -> None:
        assert by_clock(AUTUMN, Schedule(volume=7, weights=only(2), timezone=BERLIN)) == [(2, 4), (2, 3)]

    @pytest.mark.case("T03")
    def test_half_an_hour_takes_half(self) -> None:
        spring = dict(by_clock(date(2026, 10, 4), Schedule(volume=235, timezone=LORD_HOWE)))
        assert (spring[2], spring[3]) == (5, 10)
        autumn = by_clock(date(2026, 4, 5), Schedule(volume=720, timezone=LORD_HOWE))
        assert autumn[:4] == [(0, 30), (1, 20), (1, 10), (2, 30)]

    @pytest.mark.case("T03")
    def test_a_day_that_was_left_out_takes_nothing(self) -> None:
        assert quotas_of(date(2011, 12, 30), Schedule(timezone=APIA)) == {}

    @pytest.mark.case("T16")
    def test_the_29th_of_february_takes_the_volume(self) -> None:
        assert sum(quotas_of(date(2028, 2, 29), Schedule(volume=77, timezone=BERLIN)).values()) == 77


NOON = hour_at(datetime(2026, 7, 1, 12, tzinfo=UTC), "UTC")
AN_HOUR_OF_TEN = Schedule(volume=240)


class TestTurn:
    @pytest.mark.case("T14")
    @pytest.mark.parametrize("late", [timedelta(), MINUTE, 90 * timedelta(seconds=1), PUNCTUAL])
    def test_planned_at_its_start_or_soon_after_an_hour_takes_its_quota(self, late: timedelta) -> None:
        turn = turn_at(NOON, AN_HOUR_OF_TEN, NOON.start + late)
        assert turn == Turn(hour=NOON, begins=NOON.start + late, quota=10)

    @pytest.mark.parametrize(
        ("minutes", "quota"), [(3, 10), (15, 8), (30, 5), (45, 3), (57, 1), (58, 0), (60, 0), (90, 0)]
    )
    @pytest.mark.case("T18")
    def test_begun_within_the_hour_it_takes_the_share_of_the_rest(self, minutes: int, quota: int) -> None:
        turn = turn_at(NOON, AN_HOUR_OF_TEN, NOON.start + minutes * MINUTE)
        assert turn.quota == quota
        assert turn.begins == min(NOON.start + minutes * MINUTE, NOON.end)

    def test_looked_at_before_it_begins_it_takes_its_quota(self) -> None:
        assert turn_at(NOON, AN_HOUR_OF_TEN, NOON.start - HOUR) == Turn(hour=NOON, begins=NOON.start, quota=10)

    @pytest.mark.case("T06")
    def test_after_a_change_of_the_zone_it_begins_where_the_plan_before_ended(self) -> None:
        kathmandu = evolve(AN_HOUR_OF_TEN, timezone=KATHMANDU)
        hour = hour_at(datetime(2026, 7, 1, 12, 20, tzinfo=UTC), KATHMANDU)
        assert (hour.start, hour.end) == (NOON.start + 15 * MINUTE, NOON.end + 15 * MINUTE)
        turn = turn_at(hour, kathmandu, NOON.start + 20 * MINUTE, taken_until=NOON.end)
        assert turn == Turn(hour=hour, begins=NOON.end, quota=3)
        assert turn_at(hour, kathmandu, NOON.end + MINUTE, taken_until=NOON.end).quota == 2

    @pytest.mark.case("T06")
    @pytest.mark.parametrize("hours", [-5, -1, 0])
    def test_a_plan_that_ended_before_it_began_leaves_it_whole(self, hours: int) -> None:
        turn = turn_at(NOON, AN_HOUR_OF_TEN, NOON.start, taken_until=NOON.start + hours * HOUR)
        assert turn == Turn(hour=NOON, begins=NOON.start, quota=10)

    @pytest.mark.case("T06")
    def test_a_plan_that_lasts_longer_leaves_nothing(self) -> None:
        turn = turn_at(NOON, AN_HOUR_OF_TEN, NOON.start, taken_until=NOON.end + HOUR)
        assert turn == Turn(hour=NOON, begins=NOON.end, quota=0)

    @given(seconds=st.floats(-3600, 7200), volume=st.integers(0, MAX_VOLUME), taken=st.none() | st.floats(-3600, 7200))
    def test_never_takes_more_than_the_quota(self, seconds: float, volume: int, taken: float | None) -> None:
        until = None if taken is None else NOON.start + timedelta(seconds=taken)
        schedule = Schedule(volume=volume)
        turn = turn_at(NOON, schedule, NOON.start + timedelta(seconds=seconds), until)
        assert 0 <= turn.quota <= quotas_of(NOON.day, schedule)[NOON]
        assert NOON.start <= turn.begins <= NOON.end


class TestRoom:
    """What a planned hour of ten takes on."""

    @pytest.mark.parametrize(
        ("minutes", "queued", "pending", "more"),
        [
            (-5, 0, 0, 10),
            (0, 10, 10, 0),
            (0, 4, 4, 6),
            (30, 4, 0, 5),
            (30, 4, 2, 3),
            (30, 8, 0, 2),
            (30, 10, 0, 0),
            (30, 12, 0, 0),
            (30, 6, 6, 0),
            (57, 0, 0, 1),
            (60, 0, 0, 0),
            (90, 0, 0, 0),
        ],
    )
    def test_is_what_its_rest_takes_and_never_more_than_its_quota(
        self, minutes: int, queued: int, pending: int, more: int
    ) -> None:
        now = NOON.start + minutes * MINUTE
        assert room(10, NOON.start, NOON.end, now, queued=queued, pending=pending) == more

    def test_of_a_plan_that_begins_late_is_that_of_its_own_time(self) -> None:
        begins = NOON.start + 30 * MINUTE
        assert room(6, begins, NOON.end, NOON.start, queued=0, pending=0) == 6
        assert room(6, begins, NOON.end, begins + 15 * MINUTE, queued=0, pending=0) == 3

    @given(quota=st.integers(0, 500), seconds=st.integers(-60, 4000), queued=st.integers(0, 500), share=st.floats(0, 1))
    def test_keeps_the_quota(self, quota: int, seconds: int, queued: int, share: float) -> None:
        pending = math.floor(queued * share)
        now = NOON.start + timedelta(seconds=seconds)
        more = room(quota, NOON.start, NOON.end, now, queued=queued, pending=pending)
        assert more >= 0
        assert not more or queued + more <= quota


HALF = hour_at(datetime(2026, 10, 3, 15, 45, tzinfo=UTC), LORD_HOWE)


class TestMoments:
    @given(
        hour=st.sampled_from((NOON, HALF)),
        after=st.floats(0, 1),
        count=st.integers(0, 60),
        seed=st.integers(0, 2**53 - 1),
    )
    def test_lie_within_the_turn_in_order_and_are_the_same_for_one_seed(
        self, hour: LocalHour, after: float, count: int, seed: int
    ) -> None:
        turn = Turn(hour=hour, begins=hour.start + after * hour.length, quota=count)
        found = moments(turn, count, seed)
        assert len(found) == count
        assert all(one <= other for one, other in pairwise(found))
        assert all(min(turn.begins, hour.end - timedelta(microseconds=1)) <= one < hour.end for one in found)
        assert found == moments(turn, count, seed)

    def test_another_seed_gives_others(self) -> None:
        turn = Turn(hour=NOON, begins=NOON.start, quota=10)
        assert moments(turn, 10, 1) != moments(turn, 10, 2)

    def test_half_an_hour_is_half_an_hour(self) -> None:
        assert HALF.length == HOUR / 2
        assert HALF.start <= min(moments(Turn(hour=HALF, begins=HALF.start, quota=9), 900, 1))
        assert max(moments(Turn(hour=HALF, begins=HALF.start, quota=9), 900, 1)) < HALF.end

    @pytest.mark.parametrize("seed", range(20))
    @pytest.mark.parametrize("begins", [NOON.start, NOON.start + 40 * MINUTE])
    def test_are_spread_evenly(self, seed: int, begins: datetime) -> None:
        turn = Turn(hour=NOON, begins=begins, quota=400)
        assert is_even((one - begins) / (NOON.end - begins) for one in moments(turn, 400, seed))

    def test_of_many_small_hours_are_spread_evenly_too(self) -> None:
        turn = Turn(hour=NOON, begins=NOON.start, quota=8)
        assert is_even((one - NOON.start) / HOUR for seed in range(500) for one in moments(turn, 8, seed))


class TestSpread:
    """The statistic tells what is not even."""

    def test_knows_a_regular_grid_and_a_heap(self) -> None:
        assert distance((place + 0.5) / 100 for place in range(100)) == pytest.approx(0.005)
        assert distance([0.5] * 100) == pytest.approx(0.5)

    def test_tells_a_slight_tilt_from_chance(self) -> None:
        random = Random(1)
        even = [random.random() for _ in range(1000)]
        assert is_even(even)
        assert not is_even(one**1.2 for one in even)


class TestLawfulWeights:
    @pytest.mark.case("T11")
    @given(weights=WEIGHTS)
    def test_every_weight_that_the_schedule_takes_can_be_planned_with(self, weights: tuple[float, ...]) -> None:
        painted = DECIDER.fold(DECIDER.decide(ChangeWeights(weights=weights), Schedule()))
        assert sum(quotas_of(SUMMER, painted).values()) in {0, painted.volume}
