"""Tallies: what sources told, what their copies came to, how attempts ended, and how sites answer.

`tallies` counts by period, so that a window of days is summed quickly: sources by the day, the ends of attempts by the
quarter of an hour, because the local days of every zone are made of quarters of an hour. `site_tallies` has one row a
site, whatever time passes: there are thousands of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from attrs import define, field
from sqlalchemy.dialects import postgresql, sqlite

from application.ports.event_log import Recorded
from application.tallies import BY_HAND, DEFERRED, Kind
from domain import paper_events as happened
from domain.copies import site_of
from domain.events import Event
from domain.outcomes import GOOD_ANSWERS, NO_LINK, Answer, answer_of
from infrastructure.database import metadata as schema
from infrastructure.log.codec import stamp
from infrastructure.log.tables import Position
from infrastructure.read_models.model import STATEMENTS, Tables

RECENT = 20
"""Answers of a site that are remembered one by one."""
QUARTER = 15
"""Minutes."""
LONGEST_NAME = 300
"""Characters of a name that are kept: PostgreSQL's indexes take no long ones."""
_LARGEST = 10**12
"""Bytes or milliseconds of one event at most, so that no sum becomes too large for a database."""

tallies = sa.Table(
    "tallies",
    schema,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("outcome", sa.Text, primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("milliseconds", sa.BigInteger, nullable=False),
    sa.Column("last_at", sa.Text, nullable=False),
    sa.Column("position", Position, nullable=False),
)
"""`period` is a day, or the beginning of a quarter of an hour, in UTC; `position` that of the last event counted."""

site_tallies = sa.Table(
    "site_tallies",
    schema,
    sa.Column("site", sa.Text, primary_key=True),
    *(sa.Column(answer.value, sa.BigInteger, nullable=False) for answer in Answer),
    sa.Column("no_link", sa.BigInteger, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("milliseconds", sa.BigInteger, nullable=False),
    sa.Column("misses", sa.BigInteger, nullable=False),
    sa.Column("recent", sa.Text, nullable=False),
    sa.Column("last_outcome", sa.Text, nullable=False),
    sa.Column("last_at", sa.Text, nullable=False),
    sa.Column("good_at", sa.Text),
    sa.Column("led_at", sa.Text),
    sa.Column("position", Position, nullable=False),
    sa.Index(None, "misses"),
)
"""One column for each kind of answer. `no_link` counts pages that led nowhere, `led_at` is the last that led on.

`misses` are answers without use in a row, `recent` the last answers, newest first, a letter each."""

LETTERS: Mapping[Answer, str] = {
    Answer.FILE: "f",
    Answer.PAGE: "p",
    Answer.WALL: "w",
    Answer.LATER: "l",
    Answer.USELESS: "u",
}

Row = dict[str, Any]


@define
class _Sum:
    """What one row grows by."""

    count: int = 0
    size: int = 0
    milliseconds: int = 0
    last_at: str = ""
    position: int = 0


@define
class _Site:
    """What the row of one site grows by."""

    answers: dict[Answer, int] = field(factory=lambda: dict.fromkeys(Answer, 0))
    no_link: int = 0
    size: int = 0
    milliseconds: int = 0
    misses: int = 0
    reset: bool = False
    """Whether a good answer ended the misses before."""
    recent: str = ""
    last_outcome: str = ""
    last_at: str = ""
    good_at: str | None = None
    led_at: str | None = None
    position: int = 0

    def take(self, answer: Answer, event: happened.CandidateTried, position: int, at: str) -> None:
        self.answers[answer] += 1
        self.no_link += event.outcome in NO_LINK
        self.size += _bounded(event.size)
        self.milliseconds += _bounded(event.seconds * 1000)
        self.recent = (LETTERS[answer] + self.recent)[:RECENT]
        self.last_outcome, self.last_at, self.position = event.outcome, at, position
        if answer in GOOD_ANSWERS:
            self.misses, self.reset, self.good_at = 0, True, at
            self.led_at = at if answer is Answer.PAGE else self.led_at
        else:
            self.misses += 1


def _bounded(number: float) -> int:
    return round(min(max(number, 0), _LARGEST))


Line = tuple[Kind, str, str, int, float, float]
"""Kind, name, outcome, and what the row grows by: count, bytes, milliseconds."""


def _ended(name: str, outcome: str = "", size: int = 0) -> Line:
    return (Kind.ENDED, name, outcome, 1, size, 0)


def _tried(event: happened.CandidateTried) -> Iterator[Line]:
    yield (Kind.TRIED, event.source, event.outcome, 1, event.size, event.seconds * 1000)


def _asked(event: happened.SourcesAsked) -> Iterator[Line]:
    for answer in event.answers:
        yield (Kind.ASKED, answer.source, answer.said, 1, 0, answer.seconds * 1000)


def _located(event: happened.CopiesLocated) -> Iterator[Line]:
    yield _ended("located")
    for copy in event.copies:
        yield (Kind.COPIES, copy.source, "found", 1, 0, 0)


def _stored(name: str) -> Callable[[Any], Iterator[Line]]:
    def lines(event: happened.Downloaded | happened.Doubted) -> Iterator[Line]:
        yield _ended(name, size=event.file.size)
        yield (Kind.GOT, event.copy.source, name, 1, event.file.size, 0)

    return lines


_LINES: Mapping[type[Event], Callable[[Any], Iterator[Line]]] = {
    happened.CandidateTried: _tried,
    happened.SourcesAsked: _asked,
    happened.CopiesLocated: _located,
    happened.NotLocated: lambda e: iter((_ended("unavailable", e.cause),)),
    happened.Downloaded: _stored("done"),
    happened.Doubted: _stored("doubtful"),
    happened.Failed: lambda e: iter((_ended("failed", e.cause),)),
    happened.Deferred: lambda e: iter((_ended(DEFERRED, e.cause),)),
    happened.FileAttached: lambda e: iter((_ended("done", BY_HAND, e.file.size),)),
}
"""What an event adds to which rows of `tallies`."""


class Tallies:
    """The model of the tables `tallies` and `site_tallies`."""

    name = "tallies"
    tables = (tallies, site_tallies)

    def apply(self, connection: sa.Connection, events: Sequence[Recorded], tables: Tables) -> None:
        """Add what the events count."""
        concerned = [recorded for recorded in events if type(recorded.event) in _LINES]
        if not concerned:
            return
        sums, sites = dict[tuple[str, ...], _Sum](), dict[str, _Site]()
        for recorded in concerned:
            at = stamp(recorded.recorded_at)
            _count(sums, recorded, at)
            if isinstance(recorded.event, happened.CandidateTried):
                _see(sites, recorded.event, recorded.position, at)
        _add(connection, tables(tallies), sums)
        _add_sites(connection, tables(site_tallies), sites)


def _count(sums: dict[tuple[str, ...], _Sum], recorded: Recorded, at: str) -> None:
    for kind, name, outcome, count, size, milliseconds in _LINES[type(recorded.event)](recorded.event):
        key = (kind.value, period(kind, recorded.recorded_at), name[:LONGEST_NAME], outcome[:LONGEST_NAME])
        row = sums.setdefault(key, _Sum())
        row.count += count
        row.size += _bounded(size)
        row.milliseconds += _bounded(milliseconds)
        row.last_at, row.position = at, recorded.position


def _see(sites: dict[str, _Site], event: happened.CandidateTried, position: int, at: str) -> None:
    """Count the try for the site that answered: the one where its redirects ended."""
    answer, site = answer_of(event.outcome), site_of((event.url, *event.redirects)[-1])[:LONGEST_NAME]
    if answer is not None and site:
        sites.setdefault(site, _Site()).take(answer, event, position, at)


def period(kind: Kind, moment: datetime) -> str:
    """The period of a kind's rows that a moment falls into."""
    utc = moment.astimezone(UTC)
    if kind is not Kind.ENDED:
        return utc.date().isoformat()
    return utc.replace(minute=utc.minute - utc.minute % QUARTER).strftime("%Y-%m-%dT%H:%M")


def _insert(table: sa.Table, dialect: str) -> Any:
    """An insert that can say what becomes of a row that is there; both dialects say it alike."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


_KEYS = ("kind", "period", "name", "outcome")
_SUMMED = ("count", "size", "milliseconds")
_LATEST = ("last_at", "position")


def _add(connection: sa.Connection, table: sa.Table, sums: Mapping[tuple[str, ...], _Sum]) -> None:
    rows = [
        dict(zip(_KEYS, key, strict=True)) | {name: getattr(row, name) for name in (*_SUMMED, *_LATEST)}
        for key, row in sorted(sums.items())
    ]
    connection.execute(_summing(table, connection.dialect.name), rows)


@lru_cache(maxsize=STATEMENTS)
def _summing(table: sa.Table, dialect: str) -> Any:
    insert = _insert(table, dialect)
    grown = {name: table.c[name] + insert.excluded[name] for name in _SUMMED}
    latest = {name: insert.excluded[name] for name in _LATEST}
    return insert.on_conflict_do_update(index_elements=list(_KEYS), set_=grown | latest)


_COUNTED = (*(answer.value for answer in Answer), "no_link", "size", "milliseconds")
_KEPT = ("good_at", "led_at")


def _add_sites(connection: sa.Connection, table: sa.Table, sites: Mapping[str, _Site]) -> None:
    """Two statements: where a good answer came the misses begin anew, else they go on."""
    for reset in (True, False):
        rows = [_site_row(name, site) for name, site in sorted(sites.items()) if site.reset is reset]
        if rows:
            connection.execute(_growing(table, connection.dialect.name, reset=reset), rows)


@lru_cache(maxsize=STATEMENTS)
def _growing(table: sa.Table, dialect: str, *, reset: bool) -> Any:
    insert = _insert(table, dialect)
    changes: Row = {name: table.c[name] + insert.excluded[name] for name in _COUNTED}
    changes |= {name: insert.excluded[name] for name in ("last_outcome", "last_at", "position")}
    changes |= {name: sa.func.coalesce(insert.excluded[name], table.c[name]) for name in _KEPT}
    changes["misses"] = insert.excluded.misses + (0 if reset else table.c.misses)
    changes["recent"] = sa.func.substr(insert.excluded.recent.concat(table.c.recent), 1, RECENT)
    return insert.on_conflict_do_update(index_elements=["site"], set_=changes)


def _site_row(name: str, site: _Site) -> Row:
    counted = {answer.value: count for answer, count in site.answers.items()}
    names = ("no_link", "size", "milliseconds", "misses", "recent", "last_outcome", "last_at", "position", *_KEPT)
    return {"site": name} | counted | {column: getattr(site, column) for column in names}
