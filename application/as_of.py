"""How things stood at a moment: counts, one paper, the schedule and the scraper, from the log alone.

A position says which events had happened. One stream is folded up to there; counts come from the transitions. Nothing
that happens later changes any of it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from application.moments import last_position, moment_named
from application.ports.event_log import EventLog, Recorded
from application.queries import PaperRow, Papers
from application.records import schedule_record
from application.scheduling import Painted
from domain import paper, schedule, scraper
from domain import paper_events as happened
from domain.copies import Copy, ranked
from domain.errors import DoesNotExist
from domain.identifiers import Scheme
from domain.pipeline import Status
from domain.scraper import Scraper

NUMBER = ", or a position of the log as a number"
"""What can be written besides a moment."""
EVERY = 10_000_000
"""More events than a stream has."""


@frozen(kw_only=True)
class Moment:
    """A place in the log: what happened up to `position` counts. `recorded_at` is when that was, None before it all."""

    position: int
    recorded_at: datetime | None


def at(text: str, log: EventLog) -> Moment:
    """The place that somebody names by a moment or a position; a future one is the end of the log.

    A date alone is the end of its day. Raises InvalidValue, which names the forms.
    """
    written = text.strip()
    if written.isascii() and written.isdigit():
        position = min(int(written.lstrip("0")[:20] or "0"), log.head().position)
    else:
        position = last_position(log, moment_named(written, "moment", ends=True, also=NUMBER))
    if position == 0:
        return Moment(position=0, recorded_at=None)
    (found,) = log.read(position - 1, 1)
    return Moment(position=position, recorded_at=found.recorded_at)


def stream_until(log: EventLog, stream: str, position: int) -> Sequence[Recorded]:
    """The events of a stream that had happened."""
    return log.newest(stream, limit=EVERY, until=position)[::-1]


def schedule_then(log: EventLog, position: int) -> Painted:
    """The schedule as it was, and its version."""
    events = [recorded.event for recorded in stream_until(log, schedule.STREAM, position)]
    return Painted(schedule=schedule.DECIDER.fold(events), version=len(events))


def scraper_then(log: EventLog, position: int) -> Scraper:
    """The switch as it was."""
    return scraper.DECIDER.fold(recorded.event for recorded in stream_until(log, scraper.STREAM, position))


def counts_then(papers: Papers, position: int) -> Mapping[Status, int]:
    """How many papers were in each status; every status is there."""
    counts = papers.by_status_until(position)
    return {status: counts.get(status, 0) for status in Status}


def paper_then(log: EventLog, paper_id: str, position: int) -> PaperRow:
    """The paper as it was, as a list would have shown it. Raises DoesNotExist where it was not registered yet."""
    records = stream_until(log, paper.stream_of(paper_id), position)
    state = paper.DECIDER.fold(recorded.event for recorded in records)
    if state.status is None:
        raise DoesNotExist(f"The paper {paper_id}", remedy="It was added later: ask for a later moment.")
    known = state.metadata
    return PaperRow(
        id=paper_id,
        status=state.status,
        module=state.module,
        cause=state.cause,
        not_before=state.not_before,
        attempts=state.attempts,
        copies=len(state.copies),
        host=ranked(state.copies)[0].host if state.copies else None,
        requested=state.requested,
        title=known.title,
        authors="; ".join(known.authors) if known.authors else None,
        journal=known.journal,
        issn=" ".join(known.issn) if known.issn else None,
        year=known.year,
        publisher=known.publisher,
        type=known.type,
        **_identifiers(state),
        **_file(state, records),
        registered_at=records[0].recorded_at,
        updated_at=records[-1].recorded_at,
        position=records[-1].position,
    )


def _identifiers(state: paper.Paper) -> dict[str, Any]:
    """The first identifier of each scheme."""
    values = {identifier.scheme: identifier.value for identifier in reversed(state.identifiers)}
    return {scheme.value: values.get(scheme) for scheme in Scheme}


def _file(state: paper.Paper, records: Sequence[Recorded]) -> dict[str, Any]:
    """The file that the paper had, and the copy that it came from."""
    file, copy = state.file, _copy(records) if state.file_url else None
    return {
        "file_path": file and file.path,
        "file_sha256": file and file.sha256,
        "file_size": file and file.size,
        "file_pages": file and file.pages,
        "file_url": state.file_url,
        "source": copy.source if copy else file and "by hand",
        "version": copy and copy.version.value,
        "licence": copy and copy.licence,
    }


def _copy(records: Sequence[Recorded]) -> Copy | None:
    """The copy that was downloaded last."""
    found = (one.event for one in reversed(records) if isinstance(one.event, happened.Downloaded | happened.Doubted))
    return next((event.copy for event in found), None)


@frozen(kw_only=True)
class ReportThen:
    """How things stood: papers by status, the switch, the schedule."""

    moment: Moment
    papers: Mapping[Status, int]
    scraper: Scraper
    schedule: Painted

    def as_dict(self) -> dict[str, object]:
        """The report as programs see it."""
        recorded_at = self.moment.recorded_at
        return {
            "position": self.moment.position,
            "recorded_at": recorded_at.isoformat() if recorded_at else None,
            "papers": {status.value: count for status, count in self.papers.items()},
            "scraper": self.scraper.status.value,
            "schedule": schedule_record(self.schedule),
        }


def report_then(log: EventLog, papers: Papers, moment: Moment) -> ReportThen:
    """How things stood then."""
    return ReportThen(
        moment=moment,
        papers=counts_then(papers, moment.position),
        scraper=scraper_then(log, moment.position),
        schedule=schedule_then(log, moment.position),
    )
