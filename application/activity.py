"""The activity log: the events of the log that somebody asks for, in words and page by page."""

import string
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

import msgspec
from attrs import frozen

from application.exporting import event_record
from application.kinds import KINDS, RAISED, Level, level_of, types_at, types_named
from application.moments import last_position, last_position_before
from application.ports.event_log import EventLog, Recorded
from application.wording import sentence
from domain.records import storable

WORDS = 10
"""Words of a text that are looked for."""
_LOWER = {ord(letter): letter.lower() for letter in string.ascii_uppercase}


def lowered(text: str) -> str:
    """The text with the letters of ASCII in lower case, as databases do it."""
    return text.translate(_LOWER)


@frozen(kw_only=True, field_transformer=storable)
class ActivityFilter:
    """Which events: every given condition holds.

    `kinds` and `without` are types and groups of application.kinds, `level` is the least one. `paper`, `import_id` and
    `collection` are ids; an import has its own events and those of the papers that it names, a collection those of its
    imports too. `actor` is a name with or without the way in brackets. `since` and `until` are within. Each word of
    `text` is looked for in the stored data, letters of ASCII in either case. `by_people` leaves out what the program
    did by itself, `besides` the events of these correlations.
    """

    kinds: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    level: Level = Level.DETAIL
    paper: str | None = None
    import_id: str | None = None
    collection: str | None = None
    actor: str | None = None
    correlation: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    by_people: bool = False
    besides: tuple[str, ...] = ()

    @property
    def types(self) -> frozenset[str]:
        """The types that are wanted and can be of the level. Raises InvalidValue for a kind that does not exist."""
        wanted = types_named(self.kinds) if self.kinds else frozenset(KINDS)
        return (wanted & (types_at(self.level) | RAISED.keys())) - types_named(self.without)

    def checked(self) -> "ActivityFilter":
        """The filter itself. Raises InvalidValue for a kind that does not exist."""
        _ = self.types
        return self

    @property
    def stored_words(self) -> tuple[str, ...]:
        """The words that are looked for as they stand in stored JSON, letters of ASCII in lower case."""
        return tuple(lowered(msgspec.json.encode(word).decode()[1:-1]) for word in self.text.split()[:WORDS])


@frozen(kw_only=True)
class ActivityPage:
    """Events in the order that was asked for. `reached` is the last position that was looked at, matching or not.

    The next page begins there. `more` is False when there is nothing beyond; where it is True a page can still be
    short, or empty: a search ends when it took its time, and goes on with the next page.
    """

    events: tuple[Recorded, ...]
    reached: int
    more: bool


class Activity(Protocol):
    """Questions about what happened."""

    def page(
        self,
        which: ActivityFilter,
        *,
        limit: int = 100,
        after: int = 0,
        before: int | None = None,
        descending: bool = False,
        patience: float | None = None,
    ) -> ActivityPage:
        """Events between two positions, both left out, at most `limit` (1 to 1,000), oldest or newest first.

        A page that took about so many seconds of `patience` ends with what was found.

        The next page is the one after `reached`, or before it where the order is descending. The time that a page
        takes does not grow with the log. Raises InvalidValue for a kind that does not exist.
        """
        ...


def span(which: ActivityFilter, log: EventLog, after: int, before: int | None) -> tuple[int, int]:
    """The positions that come into question: above the first number, up to the second."""
    head = log.head().position
    low, high = max(after, 0), head if before is None else min(max(before - 1, 0), head)
    if which.since is not None:
        low = max(low, last_position_before(log, which.since))
    if which.until is not None:
        high = min(high, last_position(log, which.until))
    return low, high


def all_events(
    activity: Activity, which: ActivityFilter, *, after: int = 0, before: int | None = None
) -> Iterator[Recorded]:
    """Every event that matches, oldest first, page by page."""
    more = True
    while more:
        page = activity.page(which, limit=1_000, after=after, before=before)
        yield from page.events
        after, more = page.reached, page.more


def told(recorded: Recorded) -> dict[str, object]:
    """An event as programs see it, with its level, what it is about, and its sentence."""
    return {
        **event_record(recorded),
        "group": KINDS[recorded.event.TYPE].group.value,
        "level": level_of(recorded.event).value,
        "text": sentence(recorded),
    }
