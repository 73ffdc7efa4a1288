"""Downloading a paper: rank its copies, try one after the other, check the file, keep it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from attrs import Factory, define, field, frozen
from uuid_utils import uuid7

from application.handling import PROGRAM, Actor, decided, load
from application.ports.clock import Clock
from application.ports.event_log import EventLog, Origin, WrongVersion
from application.ports.fetcher import Fetched, Fetcher, FetchFailed, HostReports
from application.ports.library import Checked, Library, LibraryFull, LibraryUnavailable, PdfChecker, Verdict, Wanted
from application.ports.pages import Pages
from application.putting_off import put_off
from application.reach import UNREACHED, Reach
from application.tallies import SiteTally
from application.underway import Underway
from domain import paper
from domain.causes import next_try, verdict
from domain.copies import Copy, CopyKind, ranked, same_place, site_of
from domain.errors import CommandRefused, SciPaperLoaderError
from domain.paper import Paper
from domain.paper_commands import (
    PAUSE,
    Command,
    Defer,
    RecordDoubt,
    RecordDownload,
    RecordFailure,
    RecordTry,
    Revert,
    StartProcessing,
)
from domain.paper_events import File
from domain.pipeline import DOWNLOAD, Status

MAX_TRIES = 20
"""Addresses of one attempt."""
POOR = 5
"""Answers without use in a row, after which a site's copies are tried after others of the same version."""
MAX_DEPTH = 2
"""Pages between a copy's address and its file."""
PUTS_OFF = frozenset({"rate_limited", "host_resting", "budget_exhausted", "no_internet"})
"""Causes that are no failure of the paper: it waits, and nothing is counted."""
UNNAMED_PAUSE = timedelta(minutes=5)
"""Pause for a site that asked for patience and gave no moment."""


def attempt_of(paper_id: str) -> str:
    """A new attempt's token. It holds the paper's id, so that what an attempt left behind can be accounted for."""
    return f"{paper_id}_{uuid7().hex}"


def paper_of(attempt: str) -> str:
    """The paper whose attempt it is."""
    return attempt.partition("_")[0]


@frozen(kw_only=True)
class _Lead:
    """An address to try for a copy."""

    copy: Copy
    url: str
    depth: int = 0
    referer: str | None = None

    @property
    def host(self) -> str:
        """Whom it leads to."""
        return urlsplit(self.url).netloc

    @property
    def is_own_file(self) -> bool:
        """Whether it is the copy's own address, and not one that a page named."""
        return self.depth == 0


@frozen(kw_only=True)
class _Kept:
    """A file that is complete, and what the check said of it."""

    path: Path
    copy: Copy
    checked: Checked


@define
class _Attempt:
    """The run of one attempt: the paper as it goes, where the next append goes, what waits."""

    stream: str
    token: str
    paper: Paper
    version: int
    origin: Origin
    until: list[datetime] = field(factory=list)
    doubtful: _Kept | None = None
    tried: set[str] = field(factory=set)
    files: set[Path] = field(factory=set)
    """Where its files were before they were stored."""


@frozen(kw_only=True)
class Downloading:
    """The handler of the module `download`."""

    log: EventLog
    fetcher: Fetcher
    reports: HostReports
    pages: Pages
    checker: PdfChecker
    library: Library
    clock: Clock
    worker: str
    stop: Callable[[], bool] = lambda: False
    paused: Callable[[], bool] = lambda: False
    """Whether what the schedule began ends with a pause, which others see to as well: the plan of the hour stays."""
    sites: Callable[[Sequence[str]], Mapping[str, SiteTally]] = lambda _: {}
    """How sites have answered so far, as application.tallies.Tallies.site tells it."""
    underway: Underway = field(factory=Underway)
    reach: Reach = field(default=Factory(lambda self: Reach(self.clock), takes_self=True))

    def download(
        self, paper_id: str, *, due: datetime | None = None, by_hand: bool = False, actor: Actor = PROGRAM
    ) -> Status | None:
        """Download one paper; returns its status, or None where somebody else has it or it was taken back.

        `due` names the planned job that it is done for: one that is planned no more is left alone.
        """
        token = attempt_of(paper_id)
        with self.underway.holding(token):
            attempt = self._claim(paper_id, token, due, by_hand, actor)
            return None if attempt is None else self._complete(attempt)

    def _complete(self, attempt: _Attempt) -> Status | None:
        try:
            self._run(attempt)
        except WrongVersion:  # stopped or revoked meanwhile: the result comes too late
            self._take_back(attempt)
            return None
        except Exception as error:
            self._put_off(attempt, error)
            raise
        with suppress(OSError):
            for path in attempt.files:
                path.unlink(missing_ok=True)
        self.library.settle(attempt.token)
        return attempt.paper.status

    def _take_back(self, attempt: _Attempt) -> None:
        self.library.discard((attempt.token,))
        self.library.settle(attempt.token)

    def _put_off(self, attempt: _Attempt, error: Exception) -> None:
        """End an attempt that a fault broke off; where that is not possible either, recovering does it later.

        The append fails if the outcome was recorded although an error came back: it ended the attempt. So no file is
        removed that the log names.
        """
        cause = "disk_full" if isinstance(error, LibraryFull | LibraryUnavailable) else "crashed"
        with suppress(SciPaperLoaderError):
            self._append(attempt, (put_off(cause, self.clock.now()),))
            self._take_back(attempt)

    def _claim(self, paper_id: str, token: str, due: datetime | None, by_hand: bool, actor: Actor) -> _Attempt | None:
        stream = paper.stream_of(paper_id)
        origin = Origin(command="download", actor=actor.name, correlation=str(uuid7()))
        state, version = load(self.log, paper.DECIDER, stream)
        attempt = _Attempt(stream, token, state, version, origin)
        start = StartProcessing(
            module=DOWNLOAD.name, worker=self.worker, attempt=attempt.token, by_hand=by_hand, due=due
        )
        try:
            self._append(attempt, (start,))
        except (CommandRefused, WrongVersion):
            return None
        return attempt

    def _append(self, attempt: _Attempt, commands: Sequence[Command]) -> None:
        """Append where the attempt stands. Raises WrongVersion where it has ended: the fence against late results.

        What others tell of the paper meanwhile, an import for one, does not end the attempt: it is decided again.
        """
        while True:
            write = decided(paper.DECIDER, attempt.stream, attempt.paper, attempt.version, commands)
            try:
                self.log.append((write,), attempt.origin)
                break
            except WrongVersion:
                state, version = load(self.log, paper.DECIDER, attempt.stream)
                if state.attempt != attempt.token:
                    raise
                attempt.paper, attempt.version = state, version
        attempt.paper = paper.DECIDER.fold(write.events, attempt.paper)
        attempt.version += len(write.events)

    def _run(self, attempt: _Attempt) -> None:
        copies = attempt.paper.copies
        order = ranked(copies, blocked=attempt.paper.blocked, poor=self._poor(copies))
        leads = [_Lead(copy=copy, url=copy.url) for copy in order]
        while leads and len(attempt.tried) < MAX_TRIES and not self.stop():
            lead = leads.pop(0)
            if same_place(lead.url) in attempt.tried:
                continue
            attempt.tried.add(same_place(lead.url))
            more = self._try(attempt, lead)
            if attempt.paper.status is not Status.PROCESSING:
                return
            leads[:0] = more
        if self.stop():
            paused = self.paused() and not attempt.paper.by_hand
            self._append(attempt, (PAUSE if paused else Revert(why="stop"),))
        else:
            self._conclude(attempt)

    def _poor(self, copies: Sequence[Copy]) -> frozenset[str]:
        """The sites of copies that have given nothing many times in a row."""
        if len(copies) < 2:
            return frozenset()
        found = self.sites(sorted({site_of(copy.url) for copy in copies}))
        return frozenset(site for site, tally in found.items() if tally.misses >= POOR)

    def _try(self, attempt: _Attempt, lead: _Lead) -> list[_Lead]:
        """Try one address; returns where it leads on to. A right file ends the attempt."""
        staged = self.library.staging(attempt.token)
        attempt.files.add(staged)
        try:
            fetched = self.fetcher.download(lead.url, staged, referer=lead.referer)
        except FetchFailed as error:
            cause = _cause_of(error, self.pages)
            self._report(error.url, cause, error.cause)
            if self._is_cut_off(lead, error):
                cause = "no_internet"
            self._put_back(attempt, cause, error.until)
            self._append(attempt, (_failed_try(lead, error, cause),))
            return []
        if b"%PDF-" in fetched.head[:1024]:
            self.reach.answered()
            self._judge(attempt, lead, fetched, staged)
            return []
        return self._follow(attempt, lead, fetched, staged)

    def _is_cut_off(self, lead: _Lead, error: FetchFailed) -> bool:
        """Whether it seems to be the line's fault that there was no answer."""
        if error.status is not None:
            self.reach.answered()
        return error.status is None and error.cause in UNREACHED and self.reach.missed(lead.host)

    def _put_back(self, attempt: _Attempt, cause: str, until: datetime | None) -> None:
        """Note when the attempt may be made again, where its cause is no failure of the paper."""
        if cause in PUTS_OFF:
            rest = self.reach.rests_until() if cause == "no_internet" else until
            attempt.until.append(rest or self.clock.now() + UNNAMED_PAUSE)

    def _judge(self, attempt: _Attempt, lead: _Lead, fetched: Fetched, staged: Path) -> None:
        if lead.is_own_file and _is_damaged(staged, lead.copy.md5):
            self._append(attempt, (_tried(lead, fetched, "truncated", "its MD5 is not the one that the source names"),))
            return
        wanted = Wanted(identifiers=attempt.paper.identifiers, metadata=attempt.paper.metadata)
        checked = self.checker.check(staged, wanted)
        kept = _Kept(path=staged, copy=lead.copy, checked=checked)
        match checked.verdict:
            case Verdict.RIGHT:
                self._keep(attempt, kept, RecordDownload, (_tried(lead, fetched, "ok"),))
            case Verdict.DOUBTFUL:
                self._append(attempt, (_tried(lead, fetched, "ok", "; ".join(checked.evidence)),))
                if attempt.doubtful is None:
                    aside = staged.with_suffix(".doubtful")
                    staged.replace(aside)
                    attempt.files.add(aside)
                    attempt.doubtful = _Kept(path=aside, copy=lead.copy, checked=checked)
            case Verdict.WRONG:
                cause = checked.cause or "bad_pdf"
                self._append(attempt, (_tried(lead, fetched, cause, "; ".join(checked.evidence)),))

    def _keep(
        self,
        attempt: _Attempt,
        kept: _Kept,
        record: type[RecordDownload] | type[RecordDoubt],
        before: tuple[Command, ...] = (),
    ) -> None:
        """Store the file, then tell: a file is on disk before its event."""
        stored = self.library.store(kept.path, attempt.token, attempt.paper.metadata, attempt.paper.identifiers)
        file = File(path=stored.path, sha256=stored.sha256, size=stored.size, pages=kept.checked.pages)
        self._append(attempt, (*before, record(file=file, copy=kept.copy, checks=kept.checked.evidence)))

    def _follow(self, attempt: _Attempt, lead: _Lead, fetched: Fetched, staged: Path) -> list[_Lead]:
        """Read a page that came instead of a file, and tell where it leads."""
        body = _head_of(staged)
        leads = self.pages.read(fetched.url, body, fetched.content_type, fetched.headers)
        blocked = {same_place(url) for url in attempt.paper.blocked}
        named = (*leads.pdf_urls, *([leads.continue_at] if leads.continue_at else []))
        addresses = [url for url in named if same_place(url) not in blocked]
        if leads.cause or not addresses or lead.depth >= MAX_DEPTH:
            cause = "no_internet" if self.reach.showed(lead.host, body) else leads.cause or _no_file(lead)
            self._put_back(attempt, cause, None)
            self._report(fetched.url, cause)
            self._append(attempt, (_tried(lead, fetched, cause),))
            return []
        self._append(attempt, (_tried(lead, fetched, "page"),))
        return [_Lead(copy=lead.copy, url=url, depth=lead.depth + 1, referer=fetched.url) for url in addresses]

    def _report(self, url: str, cause: str, known: str = "") -> None:
        """Tell the host's breaker of a challenge that only the page gave away."""
        if cause == "bot_challenge" != known:
            self.reports.report(url, cause)

    def _conclude(self, attempt: _Attempt) -> None:
        """No right file: keep a doubtful one, wait for a site that asked for patience, or fail."""
        if attempt.doubtful is not None:
            self._keep(attempt, attempt.doubtful, RecordDoubt)
            return
        if attempt.until:
            cause = "no_internet" if "no_internet" in attempt.paper.tried else "rate_limited"
            self._append(attempt, (Defer(until=min(attempt.until), cause=cause),))
            return
        cause = verdict(attempt.paper.tried)
        not_before = next_try(cause, attempt.paper.setbacks, self.clock.now())
        self._append(attempt, (RecordFailure(cause=cause, not_before=not_before),))


def _cause_of(error: FetchFailed, pages: Pages) -> str:
    """Why there was no file; the page of a refusal may know better than its status."""
    if error.cause == "policy_skip":
        return error.cause
    return pages.wall(error.url, error.status or 0, error.headers, error.body) or error.cause


def _failed_try(lead: _Lead, error: FetchFailed, cause: str) -> RecordTry:
    return RecordTry(
        url=lead.url,
        source=lead.copy.source,
        outcome=cause,
        detail=error.detail,
        http_status=error.status,
        size=error.size,
        seconds=error.seconds,
        redirects=(*error.redirects, error.url) if error.redirects else (),
    )


def _tried(lead: _Lead, fetched: Fetched, outcome: str, detail: str = "") -> RecordTry:
    return RecordTry(
        url=lead.url,
        source=lead.copy.source,
        outcome=outcome,
        detail=detail,
        http_status=fetched.status,
        size=fetched.size,
        seconds=round(fetched.seconds, 3),
        redirects=(*fetched.redirects, fetched.url) if fetched.redirects else (),
    )


def _no_file(lead: _Lead) -> str:
    landing = lead.copy.kind is CopyKind.LANDING_PAGE and lead.depth == 0
    return "no_pdf_link" if landing else "html_instead_of_pdf"


def _is_damaged(path: Path, md5: str | None) -> bool:
    """Whether the file is another than the one with this MD5, which guards against accidents, not against anybody."""
    if md5 is None:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() != md5.lower()


def _head_of(path: Path, limit: int = 5_000_000) -> bytes:
    with path.open("rb") as file:
        return file.read(limit)
