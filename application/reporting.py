"""How things stand, in numbers."""

from collections.abc import Mapping

from attrs import frozen

from application.handling import load
from application.ports.event_log import EventLog
from application.queries import Imports, PaperFilter, Papers
from domain import scraper
from domain.pipeline import Status
from domain.scraper import ScraperStatus


@frozen(kw_only=True)
class Report:
    """Papers by status (every status is there), the switch, the end of the log, imports that run."""

    papers: dict[str, int]
    scraper: str
    position: int
    imports_running: int

    def as_dict(self) -> dict[str, object]:
        """The report as programs see it."""
        return {
            "papers": self.papers,
            "scraper": self.scraper,
            "position": self.position,
            "imports": {"running": self.imports_running},
        }


def report(
    log: EventLog,
    papers: Papers,
    imports: Imports,
    status: ScraperStatus | None = None,
    counts: Mapping[Status, int] | None = None,
) -> Report:
    """How things stand now, with this position of the switch, by default the one that the log tells."""
    if counts is None:
        counts = papers.by_status(PaperFilter())
    if status is None:
        switch, _ = load(log, scraper.DECIDER, scraper.STREAM)
        status = switch.status
    return Report(
        papers={status.value: counts.get(status, 0) for status in Status},
        scraper=status.value,
        position=log.head().position,
        imports_running=len(imports.unfinished()),
    )
