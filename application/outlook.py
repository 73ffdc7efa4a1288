"""What the scraper does now, what comes next, when the list is done, and what each use of the switch would do."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from application.controlling import Controlling
from application.forecasting import Forecasting, Preview
from application.formats import number, plural
from application.ports.event_log import Recorded
from application.queries import HourRow, JobFilter, Jobs, JobStatus
from domain import scraper
from domain.pipeline import Status
from domain.scraper import ALLOWED, Action, ScraperStatus

RECENT = timedelta(hours=2)
"""An hour that runs began no longer ago than this."""

SWITCH_LABELS: Mapping[ScraperStatus, str] = {
    ScraperStatus.STOPPED: "stopped",
    ScraperStatus.RUNNING: "running",
    ScraperStatus.PAUSED: "paused",
    ScraperStatus.EMERGENCY_STOPPED: "under emergency stop",
}
ACTION_LABELS: Mapping[Action, str] = {
    Action.START: "Start",
    Action.PAUSE: "Pause",
    Action.RESUME: "Resume",
    Action.STOP: "Stop",
    Action.EMERGENCY_STOP: "Emergency stop",
    Action.RESET: "Reset",
}


@frozen(kw_only=True)
class Switched:
    """The position of the switch, and who put it there, when and why; None where nobody did so far."""

    status: ScraperStatus
    at: datetime | None = None
    by: str | None = None
    reason: str = ""


@frozen(kw_only=True)
class Outlook:
    """How the scraper stands. `hour` is the plan of the hour that runs, `effects` tell what the switch can do now."""

    switched: Switched
    hour: HourRow | None
    planned: int
    running: int
    preview: Preview
    pauses: bool
    """Whether the schedule takes nothing, ever."""
    effects: Mapping[Action, str]
    reason: str = ""
    """Why the hour that runs has no jobs; "" where it has some, or that is not known."""

    @property
    def status(self) -> ScraperStatus:
        """The position of the switch."""
        return self.switched.status


def outlook(forecasting: Forecasting, counts: Mapping[Status, int] | None = None) -> Outlook:
    """How the scraper stands now; `counts` of all papers by status where they are known already."""
    jobs, now = forecasting.jobs, forecasting.clock.now()
    preview, switched = forecasting.preview(counts=counts), switched_now(forecasting.controlling)
    open_jobs = _Open.of(jobs)
    hour = next((hour for hour in jobs.hours(now - RECENT) if hour.start <= now < hour.end), None)
    return Outlook(
        switched=switched,
        hour=hour,
        reason=_reason(preview) if hour and not hour.queued else "",
        planned=open_jobs.planned,
        running=open_jobs.running + open_jobs.by_hand,
        preview=preview,
        pauses=forecasting.schedule().pauses,
        effects={
            action: _EFFECTS[action](open_jobs, preview) for action in Action if switched.status in ALLOWED[action]
        },
    )


def _reason(preview: Preview) -> str:
    """Why no paper can be planned."""
    if preview.located:
        return ""
    if preview.rests_until:
        return "nothing answers"
    return "no copy is known yet, the sources are asked first" if preview.new else "no paper waits"


def switched_now(controlling: Controlling) -> Switched:
    """The switch as it is: the stop file stands above the log."""
    if (order := controlling.stop_file.order()) is not None:
        return Switched(status=ScraperStatus.EMERGENCY_STOPPED, at=order.at, by=order.actor, reason=order.reason)
    return switched_by(controlling.log.stream(scraper.STREAM))


def switched_by(records: Sequence[Recorded]) -> Switched:
    """The switch as these records of its stream left it."""
    state = scraper.DECIDER.fold(one.event for one in records)
    if not records:
        return Switched(status=state.status)
    last = records[-1]
    reason = getattr(last.event, "reason", "")
    return Switched(status=state.status, at=last.recorded_at, by=last.actor, reason=reason)


@frozen(kw_only=True)
class _Open:
    """How many jobs are planned, how many run by the plan or by themselves, and how many run by hand."""

    planned: int
    running: int
    by_hand: int

    @classmethod
    def of(cls, jobs: Jobs) -> "_Open":
        return cls(
            planned=jobs.count(JobFilter(statuses=(JobStatus.PLANNED,))),
            running=jobs.count(JobFilter(statuses=(JobStatus.RUNNING,), by_hand=False)),
            by_hand=jobs.count(JobFilter(statuses=(JobStatus.RUNNING,), by_hand=True)),
        )


def _start(_: _Open, preview: Preview) -> str:
    first = preview.hours[0]
    papers = first.more if first.planned else first.papers
    if not papers:
        return "Begins with the next hour that the schedule takes papers in."
    if not preview.located:
        return f"Asks the sources for copies first; this hour then takes at most {plural(papers, 'paper')} of them."
    at_once = min(papers, preview.located)
    more = f" At most {number(papers - at_once)} more follow as copies are found." if papers > at_once else ""
    return f"Plans this hour at once, with {plural(at_once, 'paper')}.{more}"


def _pause(open_jobs: _Open, _: Preview) -> str:
    back = f"{plural(open_jobs.running, 'paper')} in work {_go(open_jobs.running)} back"
    return f"The plan of the hour stays, with {plural(open_jobs.planned, 'paper')}; {back}."


def _resume(open_jobs: _Open, _: Preview) -> str:
    return f"Goes on with the plan of the hour, with {plural(open_jobs.planned, 'paper')}."


def _stop(open_jobs: _Open, _: Preview) -> str:
    return f"Puts {plural(open_jobs.planned, 'planned paper')} and {open_jobs.running} in work back."


def _emergency_stop(open_jobs: _Open, _: Preview) -> str:
    papers = open_jobs.planned + open_jobs.running + open_jobs.by_hand
    back = f"{plural(papers, 'paper')} {_go(papers)} back"
    return f"Ends everything until a reset, also what you began by hand: {back}."


def _go(count: int) -> str:
    return "goes" if count == 1 else "go"


_EFFECTS: Mapping[Action, Callable[[_Open, Preview], str]] = {
    Action.START: _start,
    Action.PAUSE: _pause,
    Action.RESUME: _resume,
    Action.STOP: _stop,
    Action.EMERGENCY_STOP: _emergency_stop,
    Action.RESET: lambda *_: "Ends the emergency stop. The scraper is stopped then, until you start it.",
}
