"""The hours of local days: every minute of a day lies in one of them, whatever is done to the clocks."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.local_hours import HOUR, LocalHour, hour_at, hours_of, shares_of
from tests.domain.zones import DAY, NAMES, days_of_change, kinds_of_change, shown
from tests.strategies import MOMENTS

BERLIN, LORD_HOWE, APIA = "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"
DATES = st.dates(date(1990, 1, 1), date(2035, 12, 31))
LONG_JUMPS = frozenset({"Antarctica/Casey", "Antarctica/Davis", "Antarctica/Troll", "Antarctica/Vostok"})
"""Zones of polar stations, which change their clocks by more than an hour."""


def lengths(day: date, zone: str) -> list[tuple[int, int]]:
    """Hour on the clock and minutes of every hour."""
    return [(one.hour, round(one.length.total_seconds() / 60)) for one in hours_of(day, zone)]


def covers_the_day(day: date, zone: str) -> None:
    """See that the hours are the day: in order, none over another, and each minute in the hour that the clocks show."""
    hours = hours_of(day, zone)
    assert all(one.end <= other.start for one, other in pairwise(hours))
    assert all(timedelta() < one.length <= HOUR and one.day == day for one in hours)
    found = [
        (one.start + timedelta(minutes=minute), one.hour)
        for one in hours
        for minute in range(round(one.length.total_seconds() / 60))
    ]
    assert found == list(shown(day, zone)), (zone, day)


class TestOrdinaryDays:
    @pytest.mark.parametrize("zone", ["UTC", BERLIN, "Asia/Kathmandu", "Pacific/Kiritimati", "Etc/GMT+12"])
    @pytest.mark.case("T03")
    def test_has_24_hours_of_60_minutes(self, zone: str) -> None:
        assert lengths(date(2026, 7, 1), zone) == [(clock, 60) for clock in range(24)]

    @pytest.mark.case("T03")
    def test_hours_of_kathmandu_begin_at_a_quarter_past(self) -> None:
        first = hours_of(date(2026, 7, 1), "Asia/Kathmandu")[0]
        assert first.start == datetime(2026, 6, 30, 18, 15, tzinfo=UTC)

    @pytest.mark.case("T16")
    def test_the_29th_of_february_is_a_day_like_others(self) -> None:
        covers_the_day(date(2028, 2, 29), BERLIN)
        assert hours_of(date(2028, 2, 29), BERLIN)[-1].end == hours_of(date(2028, 3, 1), BERLIN)[0].start


class TestChangesOfTheClocks:
    @pytest.mark.case("T01")
    def test_in_spring_an_hour_is_left_out(self) -> None:
        assert lengths(date(2026, 3, 29), BERLIN) == [(clock, 60) for clock in range(24) if clock != 2]

    @pytest.mark.case("T02")
    def test_in_autumn_an_hour_comes_twice(self) -> None:
        clocks = [hour.hour for hour in hours_of(date(2026, 10, 25), BERLIN)]
        assert clocks == [0, 1, 2, 2, *range(3, 24)]

    @pytest.mark.case("T03")
    def test_lord_howe_leaves_out_and_repeats_half_an_hour(self) -> None:
        assert lengths(date(2026, 10, 4), LORD_HOWE) == [(clock, 30 if clock == 2 else 60) for clock in range(24)]
        assert lengths(date(2026, 4, 5), LORD_HOWE)[:4] == [(0, 60), (1, 60), (1, 30), (2, 60)]

    @pytest.mark.case("T03")
    def test_casablanca_changes_its_clocks_at_ramadan(self) -> None:
        assert [len(hours_of(date(2026, *day), "Africa/Casablanca")) for day in ((2, 15), (3, 22))] == [25, 23]

    @pytest.mark.case("T03")
    def test_apia_never_had_the_30th_of_december_2011(self) -> None:
        days = [date(2011, 12, day) for day in (29, 30, 31)]
        assert [len(hours_of(day, APIA)) for day in days] == [24, 0, 24]
        assert hours_of(days[0], APIA)[-1].end == hours_of(days[2], APIA)[0].start

    def test_a_change_a_minute_after_midnight_cuts_off_a_minute(self) -> None:
        assert lengths(date(2010, 11, 7), "America/St_Johns")[:2] == [(0, 1), (0, 60)]
        assert lengths(date(2010, 11, 6), "America/St_Johns")[-2:] == [(23, 60), (23, 59)]

    @pytest.mark.case("T03")
    def test_every_kind_of_change_leaves_every_minute_in_one_hour(self) -> None:
        for zone, day in kinds_of_change():
            covers_the_day(day, zone)

    @pytest.mark.slow
    @pytest.mark.timeout(1800)
    def test_every_change_leaves_every_minute_in_one_hour(self) -> None:
        for zone in NAMES:
            for day in days_of_change(zone):
                covers_the_day(day, zone)


@given(day=DATES, zone=st.sampled_from(NAMES))
def test_the_days_of_every_zone_follow_upon_each_other(day: date, zone: str) -> None:
    today, tomorrow = hours_of(day, zone), hours_of(day + DAY, zone)
    whole = sum((one.length for one in today), timedelta())
    if zone not in LONG_JUMPS and today and tomorrow:
        assert 23 * HOUR <= whole <= 25 * HOUR
        assert len(today) in {23, 24, 25, 26}
        assert max(one.end for one in today) >= min(one.start for one in tomorrow)


@given(moment=MOMENTS, zone=st.sampled_from(NAMES))
def test_the_hour_of_a_moment_is_what_the_clocks_show(moment: datetime, zone: str) -> None:
    found, local = hour_at(moment, zone), moment.astimezone(ZoneInfo(zone))
    assert found.start <= moment < found.end
    assert (found.day, found.hour) == (local.date(), local.hour)


@pytest.mark.case("T07")
@pytest.mark.parametrize("zone", ["UTC", BERLIN, "Africa/Monrovia", "Asia/Kathmandu"])
@pytest.mark.parametrize("year", [1970, 2036, 2150])
def test_a_clock_that_is_far_off_shows_an_hour_too(year: int, zone: str) -> None:
    moment = datetime(year, 1, 1, tzinfo=UTC)
    assert hour_at(moment, zone).start <= moment < hour_at(moment, zone).end


class TestShares:
    @pytest.mark.case("T02")
    def test_an_hour_that_comes_twice_shares_its_weight_among_both(self) -> None:
        shares = shares_of(date(2026, 10, 25), BERLIN)
        assert [share for hour, share in shares.items() if hour.hour == 2] == [Fraction(1, 2)] * 2
        assert sum(shares.values()) == 24

    @pytest.mark.case("T01")
    def test_an_hour_that_is_left_out_has_no_share(self) -> None:
        assert sum(shares_of(date(2026, 3, 29), BERLIN).values()) == 23

    @pytest.mark.case("T03")
    def test_half_an_hour_has_half_a_share(self) -> None:
        of_two = [share for hour, share in shares_of(date(2026, 10, 4), LORD_HOWE).items() if hour.hour == 2]
        assert of_two == [Fraction(1, 2)]
        of_one = [share for hour, share in shares_of(date(2026, 4, 5), LORD_HOWE).items() if hour.hour == 1]
        assert of_one == [Fraction(2, 3), Fraction(1, 3)]

    @given(day=DATES, zone=st.sampled_from(NAMES))
    def test_no_clock_hour_has_more_than_one(self, day: date, zone: str) -> None:
        shares = shares_of(day, zone)
        for clock in range(24):
            assert 0 <= sum(share for hour, share in shares.items() if hour.hour == clock) <= 1


class TestRest:
    HOUR_ONE = LocalHour(
        start=datetime(2026, 7, 1, 12, tzinfo=UTC),
        end=datetime(2026, 7, 1, 13, tzinfo=UTC),
        day=date(2026, 7, 1),
        hour=14,
    )

    @pytest.mark.parametrize(
        ("minutes", "left"), [(-90, 1.0), (0, 1.0), (15, 0.75), (59, 1 / 60), (60, 0.0), (61, 0.0)]
    )
    def test_is_the_share_that_is_left(self, minutes: int, left: float) -> None:
        assert self.HOUR_ONE.rest_after(self.HOUR_ONE.start + timedelta(minutes=minutes)) == pytest.approx(left)
