"""The activity log as a file: a table for spreadsheets, or one line of JSON for each event."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from attrs import frozen

from application.activity import Activity, ActivityFilter, all_events, told
from application.exporting import csv_line, json_line
from application.ports.event_log import EventLog, Head, Recorded
from application.ports.tasks import Report, Tasks
from domain.errors import InvalidValue

COLUMNS = (
    *("position", "recorded_at", "level", "group", "type", "text", "actor"),
    *("stream", "command", "correlation", "causation", "data"),
)


def csv_lines(events: Iterable[Recorded]) -> Iterator[str]:
    """A table of events with its heading; cells are neutralised, and `data` is JSON."""
    yield csv_line(COLUMNS)
    for one in events:
        values = told(one)
        values["data"] = json.dumps(values["data"], ensure_ascii=False)
        yield csv_line(values[column] for column in COLUMNS)


def json_lines(events: Iterable[Recorded]) -> Iterator[str]:
    """One line of JSON for each event."""
    return (json_line(told(one)) for one in events)


@frozen(kw_only=True)
class EventFormat:
    """A form of export."""

    suffix: str
    media_type: str
    lines: Callable[[Iterable[Recorded]], Iterator[str]]


EVENT_FORMATS: Mapping[str, EventFormat] = {
    "csv": EventFormat(suffix=".csv", media_type="text/csv", lines=csv_lines),
    "jsonl": EventFormat(suffix=".jsonl", media_type="application/jsonl", lines=json_lines),
}


def event_format(name: str) -> EventFormat:
    """The form with this name. Raises InvalidValue."""
    if (found := EVENT_FORMATS.get(name)) is None:
        raise InvalidValue("format", name[:40], " or ".join(EVENT_FORMATS))
    return found


@frozen(kw_only=True)
class Exporting:
    """What an export needs. How far it is stands among the tasks."""

    activity: Activity
    log: EventLog
    tasks: Tasks

    def lines(
        self, which: ActivityFilter, form: EventFormat, *, after: int = 0, limit: int | None = None
    ) -> tuple[Head, Iterator[str]]:
        """Every event that matches, or the first of them, as lines; and the anchor of the log that they are of."""
        head = self.log.head()
        events = all_events(self.activity, which, after=after, before=head.position + 1)
        return head, self._told(form, islice(events, limit), head.position)

    def _told(self, form: EventFormat, events: Iterable[Recorded], whole: int) -> Iterator[str]:
        with self.tasks.run("export", f"events{form.suffix}") as report:
            yield from form.lines(_counted(events, whole, report))


def _counted(events: Iterable[Recorded], whole: int, report: Report) -> Iterator[Recorded]:
    for one in events:
        yield one
        report(one.position, whole)
