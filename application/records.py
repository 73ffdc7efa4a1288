"""The switch, the schedule, jobs, tasks, imports and collections as programs see them."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from attrs import asdict

from application.bulk import ActingInBulk
from application.bulk import Expected as ExpectedPapers
from application.forecasting import Preview
from application.outlook import Outlook, Switched
from application.ports.tasks import Task
from application.publishers import PublisherState
from application.queries import CollectionRow, HourRow, ImportRow, JobRow, Stakes
from application.scheduling import Change, Painted
from application.sourcing import Asked
from domain.bulk import Skipped
from domain.forecast import Expected
from domain.pipeline import MODULES
from domain.settings import Settings

NEVER = "never"


def switch_record(switched: Switched) -> dict[str, object]:
    """The position of the switch."""
    return {
        "status": switched.status.value,
        "since": _iso(switched.at),
        "by": switched.by,
        "reason": switched.reason or None,
    }


def outlook_record(found: Outlook) -> dict[str, object]:
    """How the scraper stands."""
    return {
        **switch_record(found.switched),
        "hour": found.hour and hour_record(found.hour),
        "next_hour": expected_record(found.preview.next_hour) if found.preview.next_hour else NEVER,
        "jobs": {"planned": found.planned, "running": found.running},
        "queue": found.preview.queue,
        "done_at": _iso(found.preview.ends_at) or NEVER,
        "basis": list(found.preview.basis),
        "paused_by_schedule": found.pauses,
        "actions": {action.value: effect for action, effect in found.effects.items()},
    }


def hour_record(row: HourRow) -> dict[str, object]:
    """A planned hour."""
    return {
        "hour": row.stream,
        "start": _iso(row.start),
        "end": _iso(row.end),
        "local": _local(row.start, row.timezone),
        "timezone": row.timezone,
        "quota": row.quota,
        "queued": row.queued,
        "jobs": {status.value: count for status, count in row.jobs.items()},
    }


def expected_record(one: Expected) -> dict[str, object]:
    """An hour to come."""
    return {
        "start": _iso(one.hour.start),
        "end": _iso(one.hour.end),
        "day": one.hour.day.isoformat(),
        "hour": one.hour.hour,
        "quota": one.quota,
        "papers": one.papers,
        "planned": one.planned,
    }


def schedule_record(painted: Painted) -> dict[str, object]:
    """The schedule. `shares` are percent of the day's volume."""
    schedule = painted.schedule
    return {
        "volume": schedule.volume,
        "weights": list(schedule.weights),
        "shares": [round(share, 3) for share in schedule.shares],
        "timezone": schedule.timezone,
        "order": schedule.order.value,
        "paused_by_schedule": schedule.pauses,
        "version": painted.version,
    }


def preview_record(preview: Preview) -> dict[str, object]:
    """What will happen."""
    return {
        "hours": [expected_record(one) for one in preview.hours],
        "next_hour": expected_record(preview.next_hour) if preview.next_hour else NEVER,
        "queue": preview.queue,
        "done_at": _iso(preview.ends_at) or NEVER,
        "basis": list(preview.basis),
    }


def change_record(change: Change) -> dict[str, object]:
    """A change of schedule or modules."""
    return {
        "position": change.position,
        "version": change.version,
        "at": _iso(change.at),
        "by": change.by,
        "text": change.text,
    }


def modules_record(state: Settings) -> dict[str, bool]:
    """Which modules are on."""
    return {name: state.runs(name) for name in MODULES}


def sources_record(sources: Iterable[Asked]) -> dict[str, object]:
    """The sources in the order of asking."""
    return {
        "sources": [
            {
                "name": one.service.name,
                "title": one.service.title,
                "on": one.on,
                "serves": [scheme.value for scheme in one.service.serves],
                "needs": list(one.service.needs),
                "ready": one.ready,
            }
            for one in sources
        ]
    }


def publishers_record(states: Iterable[PublisherState]) -> dict[str, object]:
    """The publishers, and how they fare."""
    return {"publishers": [_publisher_record(state) for state in states]}


def _publisher_record(state: PublisherState) -> dict[str, object]:
    known = state.publisher
    return {
        "name": known.name if known else None,
        "prefixes": list(known.prefixes) if known else [],
        "hosts": list(known.hosts) if known else [],
        "ways": list(known.ways) if known else [],
        "proof": known.proof.value if known and not known.left_alone else None,
        "left_alone": known.left_alone or None if known else None,
        "papers": state.papers,
        "copies": state.copies,
        "sites": state.sites,
        "tried": state.tried,
        "files": state.files,
        "pages_led_on": state.led,
        "pages_without_link": state.no_link,
        "share": None if state.share is None else round(state.share, 4),
        "good_at": _iso(state.good_at),
    }


_MOMENTS = ("due", "planned_at", "started_at", "ended_at")
_JOB = ("id", "paper", "title", "doi", "host", "module", "hour", "by_hand", "attempt", "worker", "outcome", "reason")


def job_record(row: JobRow) -> dict[str, object]:
    """A job."""
    return {
        **{name: getattr(row, name) for name in _JOB},
        "status": row.status.value,
        **{name: _iso(getattr(row, name)) for name in _MOMENTS},
        "seconds": row.seconds,
    }


def task_records(tasks: Iterable[Task]) -> list[dict[str, object]]:
    """Long work beside the jobs."""
    return [
        {
            "id": task.id,
            "kind": task.kind,
            "title": task.title,
            "status": task.status.value,
            "done": task.done,
            "whole": task.whole,
            "started": _iso(task.started_at),
            "changed": _iso(task.updated_at),
            "detail": task.detail or None,
        }
        for task in tasks
    ]


def expected_papers_record(expected: ExpectedPapers) -> dict[str, object]:
    """What would be done with many papers."""
    return {"matching": expected.matching, "changing": expected.changing, "skipped": _skipped(expected.skipped)}


def bulk_record(bulks: ActingInBulk, bulk_id: str) -> dict[str, object]:
    """What is being done with many papers, or was; how many were changed is told at the end. Raises DoesNotExist."""
    state, running = bulks.find(bulk_id), bulks.is_running(bulk_id)
    task = bulks.task(bulk_id)
    seen = state.changed + sum(one.papers for one in state.skipped)
    return {
        "id": bulk_id,
        "action": state.action.value,
        "words": state.words or None,
        "status": "running" if running else "ended" if state.complete else "broken off",
        "papers": state.papers,
        "seen": task.done if running and task else seen,
        "changed": None if running else bulks.done_so_far(bulk_id),
        "skipped": _skipped(state.skipped),
        "undoes": state.undoes,
        "undone_by": bulks.undone_by(bulk_id),
    }


def _skipped(skipped: Iterable[Skipped]) -> list[dict[str, object]]:
    return [{"why": one.why, "papers": one.papers} for one in skipped]


def import_record(row: ImportRow) -> dict[str, object]:
    """An import."""
    return {
        "id": row.id,
        "status": row.status,
        "reason": row.reason,
        "collection": {"id": row.collection, "name": row.collection_name},
        "filename": row.filename,
        "sha256": row.sha256,
        "bytes": row.size,
        "format": row.format,
        "encoding": row.encoding,
        "vendor": row.vendor,
        "rows": row.rows,
        "recorded": row.recorded,
        "counts": asdict(row.counts),
        "actor": row.actor,
        "started": row.started_at.isoformat(),
        "changed": row.updated_at.isoformat(),
    }


def stakes_record(stakes: Stakes) -> dict[str, object]:
    """What taking an import back would do."""
    return {
        "leaving": stakes.papers,
        "by_status": {status.value: count for status, count in stakes.leaving.items()},
        "with_file": stakes.with_file,
        "by_hand": stakes.by_hand,
        "requested": stakes.requested,
        "shared": stakes.shared,
        "set_aside_before": stakes.aside,
    }


def collection_record(row: CollectionRow) -> dict[str, object]:
    """A collection."""
    return {"id": row.id, "name": row.name, "papers": row.papers, "created": row.created_at.isoformat()}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _local(moment: datetime, timezone: str) -> str:
    return moment.astimezone(ZoneInfo(timezone)).isoformat()
