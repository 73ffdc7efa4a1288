"""Whatever a record holds can be stored."""

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from attrs import frozen
from hypothesis import given

from domain.errors import InvalidValue
from domain.records import clean, storable
from tests.strategies import HOSTILE_TEXT, MOMENTS


@frozen(kw_only=True, field_transformer=storable)
class Record:
    """One field of each kind."""

    text: str = "x"
    note: str | None = None
    names: tuple[str, ...] = ()
    when: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    until: datetime | None = None
    seconds: float = 0.0
    count: int = 0


class TestText:
    @given(text=HOSTILE_TEXT)
    def test_is_cleaned_once_and_for_all(self, text: str) -> None:
        assert clean(clean(text)) == clean(text)
        assert "\0" not in clean(text).encode("utf-8").decode("utf-8")

    @pytest.mark.parametrize("text", ["", "plain", "Ünïcode 🧪", "a\tb\nc\x1b", "\u202e\u200f"])
    def test_that_can_be_stored_stays(self, text: str) -> None:
        assert clean(text) == text

    def test_is_cleaned_in_every_field(self) -> None:
        record = Record(text="a\0", note="b\0", names=("c\0", "\ud800"))
        assert (record.text, record.note, record.names) == ("a", "b", ("c", "?"))

    def test_of_nothing_is_none_where_none_is_possible(self) -> None:
        assert (Record(text="", note="").text, Record(note="\0").note) == ("", None)


class TestMoment:
    @given(when=MOMENTS)
    def test_is_the_same_moment_in_utc(self, when: datetime) -> None:
        record = Record(when=when, until=when)
        assert record.when == record.until == datetime.fromtimestamp(when.timestamp(), UTC)
        assert record.when.tzinfo is UTC

    def test_of_a_repeated_hour_equals_itself_elsewhere(self) -> None:
        berlin = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))
        assert Record(when=berlin) == Record(when=berlin.astimezone(UTC))

    @pytest.mark.parametrize("field", ["when", "until"])
    def test_without_zone_is_refused(self, field: str) -> None:
        with pytest.raises(InvalidValue, match=field):
            Record(**{field: datetime(2026, 1, 1)})  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -math.inf])
def test_a_number_without_end_is_refused(seconds: float) -> None:
    with pytest.raises(InvalidValue, match="seconds"):
        Record(seconds=seconds)
