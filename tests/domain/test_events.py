"""Declaring events."""

from pathlib import Path
from types import MappingProxyType

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError

import domain
from domain import catalogue, events
from domain.events import REGISTRY, Event, event
from domain.paper_events import Excluded

FORMS = sorted(REGISTRY)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, int], type[Event]]:
    """A registry of its own, so that the program's stays as it is."""
    empty: dict[tuple[str, int], type[Event]] = {}
    monkeypatch.setattr(events, "_registry", empty)
    return empty


class TestDeclaring:
    def test_an_event_is_registered_by_name_and_version(self, registry: dict[tuple[str, int], type[Event]]) -> None:
        @event("book.shelved", 2)
        class Shelved(Event):
            shelf: str

        assert registry == {("book.shelved", 2): Shelved}
        assert (Shelved.TYPE, Shelved.VERSION) == ("book.shelved", 2)
        assert ("book.shelved", 2) not in REGISTRY

    @pytest.mark.usefixtures("registry")
    def test_a_form_is_declared_once(self) -> None:
        event("book.shelved")(type("Shelved", (Event,), {}))
        with pytest.raises(TypeError, match=r"book\.shelved v1"):
            event("book.shelved")(type("Again", (Event,), {}))
        event("book.shelved", 2)(type("Next", (Event,), {}))

    def test_events_are_frozen_and_named_field_by_field(self) -> None:
        excluded = Excluded(reason="off topic")
        with pytest.raises(FrozenInstanceError):
            excluded.reason = "other"  # type: ignore[misc]
        with pytest.raises(TypeError):
            Excluded("off topic")  # type: ignore[call-arg]


@pytest.mark.parametrize(("name", "version"), FORMS)
class TestRegistered:
    def test_is_stored_under_two_dotted_words_or_more(self, name: str, version: int) -> None:
        aggregate, _, what = name.partition(".")
        assert aggregate.isalpha()
        assert what.replace("_", "").isalpha()
        assert name == name.lower()
        assert version >= 1

    def test_is_described(self, name: str, version: int) -> None:
        assert (REGISTRY[name, version].__doc__ or "").rstrip().endswith(".")

    def test_holds_nothing_that_can_change(self, name: str, version: int) -> None:
        kind = REGISTRY[name, version]
        assert attrs.has(kind)
        assert not any("list" in str(field.type) or "dict" in str(field.type) for field in attrs.fields(kind))


def test_the_registry_cannot_be_written() -> None:
    assert isinstance(REGISTRY, MappingProxyType)


def test_every_module_that_declares_events_is_in_the_catalogue() -> None:
    declaring = {path.stem for path in Path(domain.__path__[0]).glob("*.py") if '\n@event("' in path.read_text()}
    assert declaring - {"paper_events"} <= set(catalogue.__all__)
