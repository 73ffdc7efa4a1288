"""Kinds of events, for people."""

import pytest
from hypothesis import given

from application.kinds import GROUP_WORDS, KINDS, RAISED, Group, Level, kinds, level_of, reasons_for, types_at
from domain.catalogue import REGISTRY
from domain.causes import CAUSES
from domain.events import Event
from tests.strategies import EVENTS

NEWEST = {name: cls for (name, _), cls in sorted(REGISTRY.items())}


@pytest.mark.parametrize("name", NEWEST)
def test_every_event_has_words_a_group_and_a_level(name: str) -> None:
    kind = KINDS[name]
    assert kind.type == name
    assert kind.one
    assert kind.many != kind.one
    assert kind.words[0].isupper()
    assert isinstance(kind.group, Group)
    assert isinstance(kind.level, Level)


def test_there_are_no_other_kinds() -> None:
    assert set(KINDS) == set(NEWEST)
    assert len({kind.one for kind in KINDS.values()}) == len(KINDS)


def test_every_group_has_words_and_kinds() -> None:
    assert set(GROUP_WORDS) == set(kinds()) == set(Group)
    assert {kind for some in kinds().values() for kind in some} == set(KINDS.values())


def test_a_field_that_raises_the_level_is_there() -> None:
    assert all(hasattr(NEWEST[name], field) for name, field in RAISED.items())
    assert set(reasons_for(Level.ERROR)) <= set(reasons_for(Level.WARNING)) <= {*CAUSES, "crash"}


@given(EVENTS)
def test_a_level_is_never_below_the_usual_one(event: Event) -> None:
    level = level_of(event)
    assert level.is_at_least(KINDS[event.TYPE].level)
    assert event.TYPE in types_at(level) or getattr(event, RAISED[event.TYPE]) in reasons_for(level)
