"""What has been counted, of sources, ends of attempts and sites: the records, and who is asked for them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from attrs import frozen

from domain.outcomes import GOOD_ANSWERS, Answer

WINDOW = timedelta(days=30)
"""How far back shares look."""
DEFERRED = "deferred"
"""The end of an attempt that was put off."""
SKIPPED = ("budget_exhausted", "host_resting", "missing_credential")
"""Why a source is not asked although its turn has come: no request leaves the machine then."""
BY_HAND = "by hand"
"""The outcome of a file that a person gave."""


class Kind(StrEnum):
    """What is counted."""

    ASKED = "asked"
    """Questions to sources, by what each said."""
    COPIES = "copies"
    """Copies that a source told of."""
    TRIED = "tried"
    """Addresses that a source told of, by the outcome of the try."""
    GOT = "got"
    """Files that were kept, by the source of their copy."""
    ENDED = "ended"
    """Ends of attempts, by the status that they left the paper in and the cause."""


@frozen(kw_only=True)
class Last:
    """The last time that something happened, by the position of its event, and what it was."""

    at: datetime
    outcome: str
    position: int


@frozen(kw_only=True)
class SourceTally:
    """What one source said, and what became of the copies that it told of."""

    name: str
    asked: int = 0
    answered: int = 0
    milliseconds: int = 0
    """How long the answers took, all together."""
    knew: int = 0
    """Answers that named copies."""
    copies: int = 0
    tried: int = 0
    """Addresses that were tried to the end: pages that led on do not count, nor what was not asked in truth."""
    files: int = 0
    papers: int = 0
    """Papers whose file came by it."""
    doubtful: int = 0
    size: int = 0
    last_answer: Last | None = None
    last_silence: Last | None = None
    """The last time that it could not be asked, and why."""
    last_file: Last | None = None
    last_failure: Last | None = None

    @property
    def seconds(self) -> float | None:
        """How long an answer took on average; None where there was none."""
        return self.milliseconds / self.answered / 1000 if self.answered else None

    @property
    def share(self) -> float | None:
        """How many of the addresses gave a file, from 0 to 1; None where none was tried."""
        return self.files / self.tried if self.tried else None


@frozen(kw_only=True)
class CauseTally:
    """How often attempts ended without a file for one cause."""

    cause: str
    count: int
    last_at: datetime


@frozen(kw_only=True)
class DayTally:
    """How the attempts of one stretch of time ended, by the status that they left the paper in."""

    start: datetime
    end: datetime
    ended: Mapping[str, int]
    by_hand: int
    """Files that a person gave: they are among those of `done`."""
    size: int

    @property
    def downloaded(self) -> int:
        """Files that came by themselves."""
        return self.ended.get("done", 0) - self.by_hand


@frozen(kw_only=True)
class SiteTally:
    """How one site has answered. `recent` are its last answers, newest first."""

    site: str
    answers: Mapping[Answer, int]
    no_link: int
    """Pages on which no way to the file was found."""
    size: int
    milliseconds: int
    misses: int
    """Answers without use in a row, up to now."""
    recent: tuple[Answer, ...]
    last_outcome: str
    last_at: datetime
    good_at: datetime | None
    led_at: datetime | None

    @property
    def tried(self) -> int:
        """How often it was asked."""
        return sum(self.answers.values())

    @property
    def good(self) -> int:
        """How often a file came, or a page that led on."""
        return self.answers[Answer.FILE] + self.answers[Answer.PAGE]

    @property
    def share(self) -> float:
        """How often that was, from 0 to 1."""
        return self.good / self.tried

    @property
    def wrong(self) -> int:
        """How many of its last answers were of no use."""
        return sum(answer not in GOOD_ANSWERS for answer in self.recent)


@frozen(kw_only=True)
class SiteAnswers:
    """How one site has answered, in short."""

    site: str
    tried: int
    """How often it was asked."""
    files: int
    led: int
    """Pages that led on."""
    no_link: int
    """Pages on which no way to a file was found."""
    good_at: datetime | None


class Tallies(Protocol):
    """Questions about what has been counted."""

    def sources(self, since: datetime) -> Mapping[str, SourceTally]:
        """What became of every source's copies since the day of a moment, by name; unknown ones are left out."""
        ...

    def asked(self, moment: datetime) -> Mapping[str, int]:
        """How often each source was asked on the day, in UTC, of a moment; what was skipped does not count."""
        ...

    def causes(self, since: datetime, limit: int = 8) -> Sequence[CauseTally]:
        """Why attempts ended without a file since a moment, most frequent first."""
        ...

    def ends(self, bounds: Sequence[datetime]) -> Sequence[DayTally]:
        """How attempts ended in each stretch between two bounds that follow each other, to the quarter of an hour."""
        ...

    def sites(self, text: str = "", limit: int = 50) -> Sequence[SiteTally]:
        """Sites whose name holds a text, those with most wrong answers lately first, then those asked most."""
        ...

    def site(self, names: Sequence[str]) -> Mapping[str, SiteTally]:
        """The tallies of some sites by name; unknown ones are left out."""
        ...

    def answers(self) -> Sequence[SiteAnswers]:
        """Every site that was asked, in short, by name."""
        ...


def midnights(now: datetime, timezone: str, days: int) -> tuple[datetime, ...]:
    """The bounds of the last local days, today's end as the last one: one more than there are days."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    dates = [today + timedelta(days=back) for back in range(1 - days, 2)]
    return tuple(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) for day in dates)
