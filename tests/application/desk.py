"""A desk with papers on it: a log, fakes of everything outside, and the handlers that work with them."""

import hashlib
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from attrs import define, field

from application.downloading import Downloading
from application.handling import decided, load
from application.locating import Locating
from application.ports.event_log import EventLog, Origin, Write
from application.ports.library import Checked, Verdict
from application.ports.sources import Source
from application.tallies import SiteTally
from domain import paper
from domain.copies import Copy, CopyKind, Version
from domain.events import Event
from domain.identifiers import Identifier
from domain.metadata import Metadata
from domain.paper import Paper
from domain.paper_commands import Command, Revert
from domain.paper_events import CandidateTried, CopiesLocated, ProcessingStarted, Registered
from domain.pipeline import Status
from infrastructure.log.memory import MemoryEventLog
from tests.application.lists import doi
from tests.fakes.clock import FakeClock
from tests.fakes.fetcher import FakeFetcher
from tests.fakes.library import FakeLibrary, FakePdfChecker
from tests.fakes.pages import FakePages

WORKER = "this process"


def copy(
    url: str,
    *,
    page: bool = False,
    version: Version = Version.PUBLISHED,
    source: str = "unpaywall",
    md5: str | None = None,
) -> Copy:
    """A copy at an address: a file, or a page."""
    kind = CopyKind.LANDING_PAGE if page else CopyKind.PDF
    return Copy(url=url, source=source, kind=kind, version=version, md5=md5)


@define
class Desk:
    """Everything that the handlers of one process work with."""

    folder: Path
    clock: FakeClock = field(factory=FakeClock)
    log: EventLog = field(init=False)
    library: FakeLibrary = field(init=False)
    fetcher: FakeFetcher = field(factory=FakeFetcher)
    pages: FakePages = field(factory=FakePages)
    checker: FakePdfChecker = field(factory=FakePdfChecker)
    sites: dict[str, SiteTally] = field(factory=dict)
    stopped: bool = False
    paused: bool = False
    _numbers: "count[int]" = field(factory=lambda: count(1))

    def __attrs_post_init__(self) -> None:
        self.log = MemoryEventLog(self.clock)
        self.library = FakeLibrary(self.folder)

    def tell(self, name: str, *events: Event) -> None:
        """Append events to a paper's stream, whatever its version."""
        write = Write(stream=paper.stream_of(name), expected=None, events=events)
        self.log.append((write,), Origin(command="test", actor="the tests", correlation=name))

    def do(self, name: str, *commands: Command) -> None:
        """Decide commands on a paper, as somebody else would."""
        write = decided(
            paper.DECIDER, paper.stream_of(name), *load(self.log, paper.DECIDER, paper.stream_of(name)), commands
        )
        self.log.append((write,), Origin(command="test", actor="the tests", correlation=name))

    def register(self, *identifiers: Identifier, **metadata: Any) -> str:
        """A new paper; returns its id."""
        number = next(self._numbers)
        name = f"paper{number}"
        self.tell(name, Registered(identifiers=identifiers or (doi(number),), metadata=Metadata(**metadata)))
        return name

    def located(self, *copies: Copy) -> str:
        """A paper with copies; returns its id."""
        name = self.register()
        self.tell(
            name, ProcessingStarted(module="locate", worker=WORKER, attempt="first"), CopiesLocated(copies=copies)
        )
        return name

    def paper(self, name: str) -> Paper:
        """The paper as it is."""
        return paper.DECIDER.fold(self.events(name))

    def events(self, name: str, kind: type[Event] = Event) -> list[Any]:
        """What happened to the paper, of one kind or of every kind."""
        records = self.log.stream(paper.stream_of(name))
        return [record.event for record in records if isinstance(record.event, kind)]

    def tries(self, name: str) -> list[tuple[str, str]]:
        """Address and outcome of every try."""
        return [(event.url, event.outcome) for event in self.events(name, CandidateTried)]

    def file(self, verdict: Verdict, cause: str | None = None, content: bytes = b"") -> bytes:
        """A PDF that the checker judges so."""
        body = b"%PDF-1.7 " + (content or verdict.value.encode())
        answer = Checked(verdict=verdict, cause=cause, evidence=(f"it is {verdict.value}",), pages=3)
        self.checker.answers[hashlib.sha256(body).hexdigest()] = answer
        return body

    def left(self) -> list[str]:
        """Every file in the library's folders, and every attempt that is not settled."""
        files = [path.name for path in self.folder.rglob("*") if path.is_file()]
        return sorted([*files, *self.library.unsettled()])

    def locating(self, *sources: Source) -> Locating:
        """The handler of `locate`."""
        return Locating(log=self.log, sources=sources, clock=self.clock, worker=WORKER, stop=self._stop)

    def downloading(self) -> Downloading:
        """The handler of `download`."""
        return Downloading(
            log=self.log,
            fetcher=self.fetcher,
            reports=self.fetcher,
            pages=self.pages,
            checker=self.checker,
            library=self.library,
            clock=self.clock,
            worker=WORKER,
            stop=self._stop,
            paused=lambda: self.paused,
            sites=lambda names: {name: self.sites[name] for name in names if name in self.sites},
        )

    def download(self, name: str) -> Status | None:
        """Download a paper, and see that no file and no note lies about that no event names."""
        status = self.downloading().download(name)
        file = self.paper(name).file
        assert self.left() == ([file.path] if file else [])
        return status

    def revert(self, name: str) -> Callable[[object], None]:
        """Somebody who takes the paper back, whatever is said to them."""
        return lambda _: self.do(name, Revert(why="revoked"))

    def _stop(self) -> bool:
        return self.stopped
