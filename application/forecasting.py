"""The preview: what the next hours take, when the list is done, and on what that is based."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from attrs import frozen

from application.controlling import Controlling, modules
from application.formats import local, number, plural
from application.planning import current
from application.ports.clock import Clock
from application.ports.event_log import EventLog
from application.queries import Jobs, JobStatus, PaperFilter, Papers
from domain import forecast
from domain.forecast import Expected, Present
from domain.pipeline import DOWNLOAD, LOCATE, Status
from domain.schedule import Schedule
from domain.scraper import ScraperStatus

DAY = timedelta(hours=24)
FEW = 20
"""With fewer papers asked for than this, every new paper is taken to have a copy."""
_FOUND = (Status.LOCATED, Status.DONE, Status.DOUBTFUL, Status.FAILED, Status.PENDING, Status.PROCESSING)
_BASES: Mapping[ScraperStatus, str] = {
    ScraperStatus.STOPPED: "The scraper is stopped: this is what would happen from now on if it were started.",
    ScraperStatus.PAUSED: "The scraper is paused: this is what would happen if it were resumed now.",
    ScraperStatus.EMERGENCY_STOPPED: "There is an emergency stop: this is what would happen without it.",
}


class End(StrEnum):
    """What can be said of the end of the queue."""

    NONE = "none"
    """No paper waits."""
    UNKNOWN = "unknown"
    """Nothing answers, neither sources nor sites: nobody can tell."""
    NEVER = "never"
    GUESSED = "guessed"
    """There is a moment, if every paper has a copy: too few were looked for to know better."""
    EXPECTED = "expected"


@frozen(kw_only=True)
class Preview:
    """The next 24 hours, and the whole queue.

    `queue` are the papers that are expected to be downloaded, those planned already among them; `ends_at` is the end
    of the hour that takes the last one, None for never; `next_hour` is the first one to come that takes papers, None
    for never; `basis` are sentences that say what that rests on. `located` papers have a copy that is known, `new` ones
    were not looked for yet; `guessed` tells that nobody knows how many of those have one. `rests_until` is when sources
    and sites are asked again, where none of them answers.
    """

    hours: tuple[Expected, ...]
    queue: int
    ends_at: datetime | None
    next_hour: Expected | None
    basis: tuple[str, ...]
    located: int = 0
    new: int = 0
    guessed: bool = False
    rests_until: datetime | None = None

    @property
    def end(self) -> End:
        """What can be said of the end of the queue."""
        if not self.queue:
            return End.NONE
        if self.rests_until:
            return End.UNKNOWN
        if self.ends_at is None:
            return End.NEVER
        return End.GUESSED if self.guessed else End.EXPECTED


@frozen(kw_only=True)
class Forecasting:
    """The query behind every preview."""

    log: EventLog
    papers: Papers
    jobs: Jobs
    controlling: Controlling
    clock: Clock
    rests: Callable[[], datetime | None] = lambda: None
    """When something out there is asked again, where nothing answers at present."""

    def schedule(self) -> Schedule:
        """The schedule as it is."""
        return current(self.log)

    def preview(self, schedule: Schedule | None = None, counts: Mapping[Status, int] | None = None) -> Preview:
        """What would happen with the schedule, by default the present one; `counts` where they are known already."""
        painted, now = schedule or self.schedule(), self.clock.now()
        if counts is None:
            counts = self.papers.by_status(PaperFilter())
        new, located = counts.get(Status.NEW, 0), counts.get(Status.LOCATED, 0)
        share, rests_until = _share(counts), self.rests()
        queue, present = located + round(new * share), self._present(now)
        hours = forecast.expected_hours(painted, now, queue, present)
        return Preview(
            hours=tuple(takewhile(lambda one: one.hour.start < now + DAY, hours)),
            queue=queue + (present.left if present else 0),
            ends_at=forecast.ends_at(painted, now, queue, present),
            next_hour=forecast.next_hour(painted, now, present),
            basis=(*_silence(rests_until), *self._basis(painted, present.left if present else 0, located, new, share)),
            located=located,
            new=new,
            guessed=bool(new) and not _is_known(counts),
            rests_until=rests_until,
        )

    def _present(self, now: datetime) -> Present | None:
        """The plan of the hour that runs now."""
        planned = [hour for hour in self.jobs.hours(now - timedelta(hours=2)) if hour.start <= now < hour.end]
        if not planned:
            return None
        hour = planned[-1]
        left = hour.pending + hour.jobs.get(JobStatus.RUNNING, 0)
        return Present(end=hour.end, quota=hour.quota, left=left, room=hour.room(now))

    def _basis(self, schedule: Schedule, planned: int, located: int, new: int, share: float) -> list[str]:
        waiting = plural(located, "paper waits", "papers wait")
        sentences = [f"{waiting} with a known copy; the schedule takes {number(schedule.volume)} a day."]
        if planned:
            sentences.insert(0, f"{plural(planned, 'job is', 'jobs are')} to come in this hour.")
        if new:
            expected = "every one is taken to have a copy" if share == 1 else f"a copy is expected for {share:.0%}"
            sentences.append(f"{plural(new, 'paper was', 'papers were')} not looked for yet; {expected}.")
        if schedule.pauses:
            sentences.append("Paused by the schedule: its volume, or every weight, is 0.")
        if (status := self.controlling.status()) in _BASES:
            sentences.append(_BASES[status])
        off = [name for name in (LOCATE.name, DOWNLOAD.name) if not modules(self.log).runs(name)]
        sentences += [f"The module “{name}” is switched off." for name in off]
        sentences.append("Papers that fail and are tried again later are not counted.")
        return sentences


def _silence(until: datetime | None) -> list[str]:
    return ["Nothing answers at present, neither sources nor sites: all this begins when they do."] if until else []


def _looked_for(counts: Mapping[Status, int]) -> tuple[int, int]:
    """How many papers were looked for and had a copy, and how many had none."""
    return sum(counts.get(status, 0) for status in _FOUND), counts.get(Status.UNAVAILABLE, 0)


def _is_known(counts: Mapping[Status, int]) -> bool:
    """Whether enough papers were looked for to say how many of the others have a copy."""
    return sum(_looked_for(counts)) >= FEW


def _share(counts: Mapping[Status, int]) -> float:
    """Which share of the papers that were looked for had a copy."""
    found, without = _looked_for(counts)
    return found / (found + without) if _is_known(counts) else 1.0


def done_at(found: Preview, timezone: str) -> str:
    """When the list will be done, in a sentence."""
    waiting = plural(found.queue, "paper waits", "papers wait")
    if not found.queue:
        return "No paper waits for the schedule."
    if found.rests_until:
        return f"{waiting}; nothing answers at present, so nobody can tell until when."
    if found.ends_at is None:
        return f"{waiting}, and the list will never be done so."
    provided = ", if every one has a copy" if found.guessed else ""
    return f"{plural(found.queue, 'paper')} will be done by {local(found.ends_at, timezone)} ({timezone}){provided}."
