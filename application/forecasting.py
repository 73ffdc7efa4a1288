"""The preview: what the next hours take, when the list is done, and on what that is based."""

from collections.abc import Mapping
from datetime import datetime, timedelta
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


@frozen(kw_only=True)
class Preview:
    """The next 24 hours, and the whole queue.

    `queue` are the papers that are expected to be downloaded, those planned already among them; `ends_at` is the end
    of the hour that takes the last one, None for never; `next_hour` is the first one to come that takes papers, None
    for never; `basis` are sentences that say what that rests on.
    """

    hours: tuple[Expected, ...]
    queue: int
    ends_at: datetime | None
    next_hour: Expected | None
    basis: tuple[str, ...]


@frozen(kw_only=True)
class Forecasting:
    """The query behind every preview."""

    log: EventLog
    papers: Papers
    jobs: Jobs
    controlling: Controlling
    clock: Clock

    def schedule(self) -> Schedule:
        """The schedule as it is."""
        return current(self.log)

    def preview(self, schedule: Schedule | None = None, counts: Mapping[Status, int] | None = None) -> Preview:
        """What would happen with the schedule, by default the present one; `counts` where they are known already."""
        painted, now = schedule or self.schedule(), self.clock.now()
        if counts is None:
            counts = self.papers.by_status(PaperFilter())
        new, located = counts.get(Status.NEW, 0), counts.get(Status.LOCATED, 0)
        share = _share(counts)
        queue, present = located + round(new * share), self._present(now)
        hours = forecast.expected_hours(painted, now, queue, present)
        return Preview(
            hours=tuple(takewhile(lambda one: one.hour.start < now + DAY, hours)),
            queue=queue + (present.left if present else 0),
            ends_at=forecast.ends_at(painted, now, queue, present),
            next_hour=forecast.next_hour(painted, now, present),
            basis=tuple(self._basis(painted, present.left if present else 0, located, new, share)),
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


def _share(counts: Mapping[Status, int]) -> float:
    """Which share of the papers that were looked for had a copy."""
    found, without = sum(counts.get(status, 0) for status in _FOUND), counts.get(Status.UNAVAILABLE, 0)
    return found / (found + without) if found + without >= FEW else 1.0


def done_at(found: Preview, timezone: str) -> str:
    """When the list will be done, in a sentence."""
    if not found.queue:
        return "No paper waits for the schedule."
    if found.ends_at is None:
        return f"{plural(found.queue, 'paper waits', 'papers wait')}, and the list will never be done so."
    return f"{plural(found.queue, 'paper')} will be done by {local(found.ends_at, timezone)} ({timezone})."
