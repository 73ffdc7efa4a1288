"""Which jobs somebody means: papers, collections, hours and statuses by the names that people use."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from attrs import frozen

from application.ports.clock import Clock
from application.queries import Imports, JobFilter, Jobs, JobStatus, Papers, collection_named
from domain import hour as hours
from domain.errors import DoesNotExist, InvalidValue
from domain.pipeline import MODULES

NOW = "now"
"""Names the hour that runs."""
RECENT = timedelta(hours=2)
_HOUR = f"“{NOW}”, or the start of an hour such as 2027-01-31T14:00+01:00"


@frozen(kw_only=True)
class Choice:
    """Which jobs, as somebody wrote it; "" and () for any. `hour` is its start, its stream, or NOW."""

    statuses: Sequence[str] = ()
    paper: str = ""
    module: str = ""
    hour: str = ""
    host: str = ""
    collection: str = ""
    by_hand: bool | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it means every job."""
        return not any((*self.statuses, self.paper, self.module, self.hour, self.host, self.collection)) and (
            self.by_hand is None
        )


@frozen(kw_only=True)
class Choosing:
    """Finds what the names stand for."""

    papers: Papers
    imports: Imports
    jobs: Jobs
    clock: Clock

    def filter(self, choice: Choice) -> JobFilter:
        """The choice for the read model. Raises InvalidValue, DoesNotExist."""
        return JobFilter(
            statuses=_statuses(choice.statuses),
            paper=self._paper(choice.paper) if choice.paper else None,
            module=_module(choice.module) if choice.module else None,
            hour=self._hour(choice.hour) if choice.hour else None,
            host=choice.host.strip().lower() or None,
            collection=collection_named(choice.collection, self.imports).id if choice.collection else None,
            by_hand=choice.by_hand,
        )

    def _paper(self, name: str) -> str:
        if (row := self.papers.find(name)) is None:
            raise DoesNotExist(f"The paper “{name[:200]}”", remedy="Check its id or DOI, or look for it in the list.")
        return row.id

    def _hour(self, name: str) -> str:
        if name == NOW:
            now = self.clock.now()
            running = [one.stream for one in self.jobs.hours(now - RECENT) if one.start <= now < one.end]
            if not running:
                raise DoesNotExist("A plan of the hour that runs", remedy="An hour is planned while the scraper runs.")
            return running[-1]
        try:
            start = datetime.fromisoformat(name.removeprefix(hours.STREAM))
            if start.tzinfo is not None:
                return hours.stream_of(start)
        except (ValueError, OverflowError):
            pass
        raise InvalidValue("hour", name[:100], _HOUR)


def _statuses(names: Sequence[str]) -> tuple[JobStatus, ...]:
    words = [word for name in names for word in name.split(",") if word]
    try:
        return tuple(dict.fromkeys(JobStatus(word) for word in words))
    except ValueError as error:
        raise InvalidValue("status", ", ".join(words)[:100], ", ".join(JobStatus)) from error


def _module(name: str) -> str:
    if name not in MODULES:
        raise InvalidValue("module", name[:100], ", ".join(MODULES))
    return name
