"""Events as they are stored: what was ever written is read for ever."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import attrs
import msgspec
import pytest
from hypothesis import given

from domain import paper_events as paper
from domain.catalogue import REGISTRY
from domain.events import Event
from infrastructure.log import codec
from infrastructure.log.codec import UnknownEvent, decode, encode, moment, stamp
from tests.golden.expected import EXPECTED, FOLDER, NEWEST, Form, path_of
from tests.strategies import EVENTS, MOMENTS

FORMS = sorted(EXPECTED)
NAMES = [f"{name}.v{version}" for name, version in FORMS]


def stored(form: Form) -> str:
    """The text in the golden file of the form."""
    return path_of(form).read_text(encoding="utf-8").removesuffix("\n")


class TestGoldenFiles:
    def test_there_is_one_for_each_form_and_none_beside(self) -> None:
        assert {path.name for path in FOLDER.iterdir()} == {path_of(form).name for form in EXPECTED}

    def test_every_form_of_the_program_has_one(self) -> None:
        assert set(REGISTRY) <= set(EXPECTED), "see tests/golden/expected.py"

    @pytest.mark.parametrize("form", FORMS, ids=NAMES)
    def test_is_decoded_to_its_event(self, form: Form) -> None:
        assert decode(*form, stored(form)) == EXPECTED[form]

    @pytest.mark.parametrize("name", NEWEST)
    def test_is_what_is_written_today(self, name: str) -> None:
        event = NEWEST[name]
        assert encode(event) == stored((event.TYPE, event.VERSION))

    @pytest.mark.parametrize("name", NEWEST)
    def test_is_filled_in_every_field(self, name: str) -> None:
        assert sorted(left_at_default(NEWEST[name])) == []


def left_at_default(record: Any, path: str = "") -> Iterator[str]:
    """Fields of the record, and of the records in it, that only have their default."""
    for field in attrs.fields(type(record)):
        value, where = getattr(record, field.name), f"{path}.{field.name}"
        if value == field.default:
            yield where
        for inner in value[:1] if isinstance(value, tuple) else (value,):
            if attrs.has(type(inner)):
                yield from left_at_default(inner, where)


class TestRoundTrip:
    @given(event=EVENTS)
    def test_every_event_comes_back_as_it_was(self, event: Event) -> None:
        text = encode(event)
        assert decode(event.TYPE, event.VERSION, text) == event
        assert encode(decode(event.TYPE, event.VERSION, text)) == text

    @given(event=EVENTS)
    def test_what_is_stored_is_plain_json_of_the_fields(self, event: Any) -> None:
        assert set(msgspec.json.decode(encode(event))) == {field.name for field in attrs.fields(type(event))}

    def test_a_field_of_a_newer_version_is_ignored(self) -> None:
        assert decode("paper.excluded", 1, '{"reason":"old","by":"x"}') == paper.Excluded(reason="old")

    def test_a_field_with_a_default_may_be_missing(self) -> None:
        assert decode("paper.requested", 1, "{}") == paper.Requested()


class TestUnreadable:
    def test_an_event_of_a_newer_program(self) -> None:
        with pytest.raises(UnknownEvent) as error:
            decode("paper.teleported", 1, "{}")
        assert (error.value.name, error.value.version) == ("paper.teleported", 1)
        assert "install that version" in str(error.value)

    def test_a_newer_form_of_a_known_event(self) -> None:
        with pytest.raises(UnknownEvent, match=r"paper\.excluded v2"):
            decode("paper.excluded", 2, '{"reason":"x"}')

    @pytest.mark.parametrize("data", ["", "{", "[]", "null", "{}", '{"reason":5}', '{"reason":null}', "\ufeff{}"])
    def test_data_that_are_no_such_event(self, data: str) -> None:
        with pytest.raises(UnknownEvent, match=r"paper\.excluded v1"):
            decode("paper.excluded", 1, data)


@attrs.frozen(kw_only=True)
class Shelved(Event):
    """A form that is the third of its name: it was {"place"}, then {"shelf"}, and is {"shelf", "floor"}."""

    TYPE = "book.shelved"
    VERSION = 3
    shelf: str
    floor: int


def _to_second(fields: dict[str, Any]) -> dict[str, Any]:
    return {"shelf": fields["place"]}


def _to_third(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "floor": 0}


class TestUpcasts:
    @pytest.fixture(autouse=True)
    def three_forms(self, monkeypatch: pytest.MonkeyPatch) -> None:
        registry: Mapping[Form, type[Event]] = {**REGISTRY, ("book.shelved", 3): Shelved}
        monkeypatch.setattr(codec, "REGISTRY", registry)
        monkeypatch.setattr(codec, "UPCASTS", {("book.shelved", 1): _to_second, ("book.shelved", 2): _to_third})

    @pytest.mark.parametrize(
        ("version", "data"), [(1, '{"place":"A 7"}'), (2, '{"shelf":"A 7"}'), (3, '{"shelf":"A 7","floor":0}')]
    )
    def test_every_form_is_lifted_to_the_newest(self, version: int, data: str) -> None:
        assert decode("book.shelved", version, data) == Shelved(shelf="A 7", floor=0)

    def test_a_lifted_form_is_checked_too(self) -> None:
        with pytest.raises(UnknownEvent, match="shelf"):
            decode("book.shelved", 2, '{"shelf":7}')

    def test_a_form_beyond_the_newest_is_unknown(self) -> None:
        with pytest.raises(UnknownEvent):
            decode("book.shelved", 4, "{}")

    def test_other_events_are_read_as_before(self) -> None:
        assert decode("paper.excluded", 1, '{"reason":"x"}') == paper.Excluded(reason="x")


def test_every_upcast_leads_to_a_form_that_is_read() -> None:
    assert all((name, version + 1) in {*REGISTRY, *codec.UPCASTS} for name, version in codec.UPCASTS)


class TestMoments:
    @given(first=MOMENTS, second=MOMENTS)
    def test_order_of_text_is_order_of_time(self, first: datetime, second: datetime) -> None:
        earlier, later = sorted((first.astimezone(UTC), second.astimezone(UTC)))
        assert stamp(earlier) <= stamp(later)
        assert (stamp(first) == stamp(second)) == (first.astimezone(UTC) == second.astimezone(UTC))

    @given(when=MOMENTS)
    def test_a_moment_comes_back(self, when: datetime) -> None:
        assert moment(stamp(when)) == when.astimezone(UTC)

    def test_a_moment_is_stored_in_utc_with_microseconds(self) -> None:
        assert stamp(datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))) == "2026-01-01T00:00:00.000000+00:00"


def test_golden_files_end_as_text_files_do() -> None:
    assert all(Path(path).read_bytes().endswith(b"}\n") for path in FOLDER.iterdir())
