"""Answers about what has been counted, from the tables `tallies` and `site_tallies`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from attrs import define, field

from application.tallies import (
    BY_HAND,
    DEFERRED,
    SKIPPED,
    CauseTally,
    DayTally,
    Kind,
    Last,
    SiteAnswers,
    SiteTally,
    SourceTally,
)
from domain.outcomes import GOOD_ANSWERS, Answer, answer_of
from domain.paper_events import KNEW
from domain.records import clean
from infrastructure.database import Database
from infrastructure.log.codec import moment
from infrastructure.read_models.tallies import LETTERS, period, site_tallies, tallies

MAX_LIMIT = 500
MANY_SITES = 10_000
"""Sites that are told in short."""
_BY_LETTER = {letter: answer for answer, letter in LETTERS.items()}
_WITHOUT_FILE = ("unavailable", "failed", DEFERRED)
_TRIED = sum((site_tallies.c[answer.value] for answer in Answer), start=sa.literal(0))
_RECENT: sa.ColumnElement[str] = site_tallies.c.recent
for _letter in sorted(LETTERS[answer] for answer in GOOD_ANSWERS):
    _RECENT = sa.func.replace(_RECENT, _letter, "")
_WRONG = sa.func.length(_RECENT)
"""How many of the last answers were of no use: those that remain without the good ones."""
_GROUPS = (tallies.c.kind, tallies.c.name, tallies.c.outcome)
_SUMS = (
    sa.func.sum(tallies.c.count).label("number"),
    sa.func.sum(tallies.c.size).label("size"),
    sa.func.sum(tallies.c.milliseconds).label("milliseconds"),
    sa.func.max(tallies.c.last_at).label("last_at"),
    sa.func.max(tallies.c.position).label("position"),
)


class SqlTallies:
    """Adapter of application.tallies.Tallies."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sources(self, since: datetime) -> Mapping[str, SourceTally]:
        """See the port."""
        kinds = (Kind.ASKED, Kind.COPIES, Kind.TRIED, Kind.GOT)
        query = sa.select(*_GROUPS, *_SUMS).where(
            tallies.c.kind.in_([kind.value for kind in kinds]), tallies.c.period >= period(Kind.TRIED, since)
        )
        sources: dict[str, _Source] = defaultdict(_Source)
        for row in self._rows(query.group_by(*_GROUPS)):
            sources[row.name].take(row)
        return {name: source.tally(name) for name, source in sorted(sources.items())}

    def asked(self, moment: datetime) -> Mapping[str, int]:
        """See the port."""
        query = (
            sa.select(tallies.c.name, sa.func.sum(tallies.c.count).label("number"))
            .where(
                tallies.c.kind == Kind.ASKED.value,
                tallies.c.period == period(Kind.ASKED, moment),
                tallies.c.outcome.not_in(SKIPPED),
            )
            .group_by(tallies.c.name)
        )
        return {row.name: int(row.number) for row in self._rows(query)}

    def causes(self, since: datetime, limit: int = 8) -> Sequence[CauseTally]:
        """See the port."""
        count = sa.func.sum(tallies.c.count)
        query = (
            sa.select(tallies.c.outcome, count.label("number"), sa.func.max(tallies.c.last_at).label("last_at"))
            .where(
                tallies.c.kind == Kind.ENDED.value,
                tallies.c.period >= period(Kind.ENDED, since),
                tallies.c.name.in_(_WITHOUT_FILE),
            )
            .group_by(tallies.c.outcome)
            .order_by(count.desc(), tallies.c.outcome)
            .limit(_limited(limit))
        )
        return [
            CauseTally(cause=row.outcome, count=int(row.number), last_at=moment(row.last_at))
            for row in self._rows(query)
        ]

    def ends(self, bounds: Sequence[datetime]) -> Sequence[DayTally]:
        """See the port."""
        if len(bounds) < 2:
            return ()
        stretches = [(period(Kind.ENDED, start), period(Kind.ENDED, end)) for start, end in pairwise(bounds)]
        query = sa.select(
            tallies.c.period, tallies.c.name, tallies.c.outcome, tallies.c.count.label("number"), tallies.c.size
        ).where(
            tallies.c.kind == Kind.ENDED.value,
            tallies.c.period >= stretches[0][0],
            tallies.c.period < stretches[-1][1],
        )
        rows = self._rows(query)
        return [
            _stretch(start, end, [row for row in rows if first <= row.period < last])
            for (start, end), (first, last) in zip(pairwise(bounds), stretches, strict=True)
        ]

    def sites(self, text: str = "", limit: int = 50) -> Sequence[SiteTally]:
        """See the port."""
        query = sa.select(site_tallies).order_by(_WRONG.desc(), _TRIED.desc(), site_tallies.c.site)
        if wanted := clean(text).strip().lower():
            query = query.where(site_tallies.c.site.contains(wanted, autoescape=True))
        return [_site(row) for row in self._rows(query.limit(_limited(limit)))]

    def site(self, names: Sequence[str]) -> Mapping[str, SiteTally]:
        """See the port."""
        query = sa.select(site_tallies).where(site_tallies.c.site.in_([clean(name) for name in names[:MAX_LIMIT]]))
        return {row.site: _site(row) for row in self._rows(query)}

    def answers(self) -> Sequence[SiteAnswers]:
        """See the port."""
        columns = [
            site_tallies.c[name] for name in ("site", Answer.FILE.value, Answer.PAGE.value, "no_link", "good_at")
        ]
        query = sa.select(*columns, _TRIED.label("tried")).order_by(site_tallies.c.site).limit(MANY_SITES)
        return [
            SiteAnswers(
                site=row.site,
                tried=row.tried,
                files=row.file,
                led=row.page,
                no_link=row.no_link,
                good_at=moment(row.good_at) if row.good_at else None,
            )
            for row in self._rows(query)
        ]

    def _rows(self, query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        with self._database.read() as connection:
            return connection.execute(query).all()


def _limited(limit: int) -> int:
    return min(max(limit, 1), MAX_LIMIT)


@define
class _Source:
    """A source as its rows are added up."""

    asked: int = 0
    answered: int = 0
    milliseconds: int = 0
    knew: int = 0
    copies: int = 0
    tried: int = 0
    files: int = 0
    papers: int = 0
    doubtful: int = 0
    size: int = 0
    lasts: dict[str, Last] = field(factory=dict)

    def take(self, row: sa.Row[Any]) -> None:
        count = int(row.number)
        match Kind(row.kind):
            case Kind.ASKED:
                self._asked(row, count)
            case Kind.COPIES:
                self.copies += count
            case Kind.GOT:
                self.papers += count if row.outcome == "done" else 0
                self.doubtful += count if row.outcome == "doubtful" else 0
                self.size += int(row.size)
            case _:
                self._tried(row, count)

    def _asked(self, row: sa.Row[Any], count: int) -> None:
        answered = row.outcome in KNEW
        self.asked += count
        self.answered += count if answered else 0
        self.milliseconds += int(row.milliseconds) if answered else 0
        self.knew += count if row.outcome == "copies" else 0
        self._last("last_answer" if answered else "last_silence", row)

    def _tried(self, row: sa.Row[Any], count: int) -> None:
        answer = answer_of(row.outcome)
        if answer is None or answer is Answer.PAGE:
            return
        good = answer is Answer.FILE
        self.tried += count
        self.files += count if good else 0
        self._last("last_file" if good else "last_failure", row)

    def _last(self, name: str, row: sa.Row[Any]) -> None:
        known = self.lasts.get(name)
        if known is None or row.position > known.position:
            self.lasts[name] = Last(at=moment(row.last_at), outcome=row.outcome, position=row.position)

    def tally(self, name: str) -> SourceTally:
        return SourceTally(
            name=name,
            asked=self.asked,
            answered=self.answered,
            milliseconds=self.milliseconds,
            knew=self.knew,
            copies=self.copies,
            tried=self.tried,
            files=self.files,
            papers=self.papers,
            doubtful=self.doubtful,
            size=self.size,
            **self.lasts,
        )


def _stretch(start: datetime, end: datetime, rows: Iterable[sa.Row[Any]]) -> DayTally:
    ended: dict[str, int] = defaultdict(int)
    by_hand = size = 0
    for row in rows:
        ended[row.name] += row.number
        by_hand += row.number if row.outcome == BY_HAND else 0
        size += row.size
    return DayTally(start=start, end=end, ended=dict(ended), by_hand=by_hand, size=size)


def _site(row: sa.Row[Any]) -> SiteTally:
    values = dict(row._mapping)  # noqa: SLF001 (the documented way to a mapping)
    del values["position"]
    answers = {answer: values.pop(answer.value) for answer in Answer}
    values["recent"] = tuple(_BY_LETTER[letter] for letter in values["recent"])
    for name in ("last_at", "good_at", "led_at"):
        values[name] = moment(values[name]) if values[name] else None
    return SiteTally(answers=answers, **values)
