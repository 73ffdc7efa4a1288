"""A paper: its state, and what commands cause (the commands are in paper_commands, the events in paper_events)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import evolve as changed
from attrs import frozen

from domain import paper_events as happened
from domain.causes import CAUSES, GOOD
from domain.copies import Copy, same_place
from domain.deciding import Decider
from domain.errors import AlreadyExists, DoesNotExist, InvalidValue, NotAllowed
from domain.events import Event
from domain.identifiers import Identifier
from domain.metadata import Metadata
from domain.paper_commands import (
    AddIdentifier,
    AttachFile,
    BlockCopy,
    Command,
    CorrectIdentifier,
    Defer,
    Exclude,
    LoseFile,
    MarkUnavailable,
    Merge,
    Queue,
    RecordAnswers,
    RecordCopies,
    RecordDoubt,
    RecordDownload,
    RecordFailure,
    RecordNoCopy,
    RecordTry,
    Register,
    Reinstate,
    RemoveFile,
    RenameFile,
    Reopen,
    Request,
    Revert,
    SettleDoubt,
    StartProcessing,
    UpdateMetadata,
    Withdraw,
)
from domain.paper_events import File
from domain.pipeline import ALLOWED, IN_TRANSIT, MODULES, REVERTS_FIRST, Status

STREAM = "paper-"


def stream_of(paper: str) -> str:
    """The stream of a paper."""
    return STREAM + paper


@frozen(kw_only=True)
class Rest:
    """How a paper rested: its status, the cause of it, and when the program would have gone on."""

    status: Status
    cause: str | None
    not_before: datetime | None


@frozen(kw_only=True)
class Paper:
    """State of a paper, folded from its stream. `status` is None before it is registered."""

    status: Status | None = None
    module: str | None = None
    resting: Status = Status.NEW
    """The resting status that a paper in transit left."""
    before: Rest | None = None
    """How it rested before it was set aside, or given up by a person; None where it is neither."""
    withdrawn: bool = False
    """Set aside because its import was undone, not by a person's judgement."""
    wanted_anyway: bool = False
    """A person wanted it back after it was set aside: the program does not set it aside again."""
    merged_into: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    metadata: Metadata = Metadata()
    copies: tuple[Copy, ...] = ()
    blocked: frozenset[str] = frozenset()
    due: datetime | None = None
    """The moment of the job that a paper in transit was planned for; None outside of the plan."""
    hour: str | None = None
    """The stream of the hour whose plan the job belongs to."""
    attempt: str | None = None
    worker: str | None = None
    by_hand: bool = False
    """Whether the running attempt was asked for by a person, outside of the schedule."""
    attempts: int = 0
    """Finished attempts; deferred and reverted ones do not count."""
    setbacks: int = 0
    """Attempts in a row that ended without a copy or a file: how far its cause's pauses have been used up."""
    tried: tuple[str, ...] = ()
    """Outcomes of the tries of the running attempt."""
    cause: str | None = None
    not_before: datetime | None = None
    file: File | None = None
    file_url: str | None = None
    before_gift: Rest | None = None
    """Set while the paper has a file that a person gave."""
    requested: bool = False

    @property
    def open_copies(self) -> tuple[Copy, ...]:
        """Copies that are not blocked."""
        places = {same_place(url) for url in self.blocked}
        return tuple(copy for copy in self.copies if same_place(copy.url) not in places)

    @property
    def start(self) -> Status:
        """Where the pipeline takes the paper up: `located` if a copy is left to try, else `new`."""
        return Status.LOCATED if self.open_copies else Status.NEW


Events = Sequence[Event]


def decide(command: Command, paper: Paper) -> Events:
    """The events that the command causes. Raises CommandRefused."""
    if isinstance(command, Register):
        return _register(command, paper)
    if paper.status is None:
        raise DoesNotExist("This paper")
    if paper.status not in ALLOWED[command.NAME]:
        raise NotAllowed(command.NAME, "the paper", paper.status.value)
    events = _DECISIONS[type(command)](command, paper)
    if command.NAME in REVERTS_FIRST and paper.status in IN_TRANSIT:
        return (happened.Reverted(to=paper.resting, why=command.NAME), *events)
    return events


def _register(command: Register, paper: Paper) -> Events:
    if paper.status is not None:
        raise AlreadyExists("This paper")
    if not command.identifiers:
        raise InvalidValue("identifiers", (), "at least one identifier")
    return (
        happened.Registered(
            identifiers=tuple(dict.fromkeys(command.identifiers)),
            metadata=command.metadata,
            import_id=command.import_id,
            row=command.row,
        ),
    )


def _update_metadata(command: UpdateMetadata, paper: Paper) -> Events:
    news = paper.metadata.difference(command.metadata)
    return (happened.MetadataUpdated(source=command.source, metadata=news),) if news.known() else ()


def _add_identifier(command: AddIdentifier, paper: Paper) -> Events:
    if command.identifier in paper.identifiers:
        return ()
    return (happened.IdentifierAdded(identifier=command.identifier, source=command.source),)


def _correct_identifier(command: CorrectIdentifier, paper: Paper) -> Events:
    if command.wrong not in paper.identifiers:
        raise InvalidValue("wrong", command.wrong.value, "an identifier of this paper")
    if command.wrong == command.right:
        return ()
    if command.right in paper.identifiers:
        raise InvalidValue("right", command.right.value, "an identifier that the paper does not have")
    corrected = happened.IdentifierCorrected(wrong=command.wrong, right=command.right)
    if paper.status in {Status.NEW, Status.DONE}:
        return (corrected,)
    return (corrected, happened.Reopened(to=Status.NEW, why=command.NAME))


def _takes(module: str, paper: Paper, command: str) -> None:
    if module not in MODULES:
        raise InvalidValue("module", module, "one of " + ", ".join(MODULES))
    if paper.resting not in MODULES[module].takes:
        raise NotAllowed(f"{command} for {module}", "the paper", str(paper.status))


def _queue(command: Queue, paper: Paper) -> Events:
    _takes(command.module, paper, command.NAME)
    return (happened.Queued(module=command.module, due=command.due, hour=command.hour),)


def _start(command: StartProcessing, paper: Paper) -> Events:
    _takes(command.module, paper, command.NAME)
    planned = paper.due if paper.status is Status.PENDING else None
    if command.due is not None and command.due.astimezone(UTC) != planned:
        raise NotAllowed(f"{command.NAME} as planned", "the paper", "planned for this moment no more")
    return (
        happened.ProcessingStarted(
            module=command.module, worker=command.worker, attempt=command.attempt, by_hand=command.by_hand
        ),
    )


def _within(module: str, paper: Paper, command: str) -> None:
    if paper.module != module:
        raise NotAllowed(command, "the paper", f"processed by {paper.module}")


def _record_try(command: RecordTry, paper: Paper) -> Events:
    if command.outcome not in GOOD and command.outcome not in CAUSES:
        raise InvalidValue("outcome", command.outcome, "ok, page, or the name of a cause")
    tried = happened.CandidateTried(
        url=command.url,
        source=command.source,
        outcome=command.outcome,
        detail=command.detail,
        http_status=command.http_status,
        size=command.size,
        seconds=command.seconds,
        redirects=command.redirects,
    )
    if command.outcome in GOOD or not CAUSES[command.outcome].blocks:
        return (tried,)
    return (tried, *_blocked(command.url, command.outcome, paper))


def _blocked(url: str | None, cause: str, paper: Paper) -> Events:
    if url is None or url in paper.blocked:
        return ()
    return (happened.CandidateBlocked(url=url, cause=cause),)


def _record_answers(command: RecordAnswers, paper: Paper) -> Events:
    _within("locate", paper, command.NAME)
    for answer in command.answers:
        if answer.said not in happened.KNEW and answer.said not in CAUSES:
            raise InvalidValue("answers", answer.said, f"{', '.join(happened.KNEW)}, or the name of a cause")
    return (happened.SourcesAsked(answers=command.answers),) if command.answers else ()


def _record_copies(command: RecordCopies, paper: Paper) -> Events:
    _within("locate", paper, command.NAME)
    if not command.copies:
        raise InvalidValue("copies", (), "at least one copy")
    return (happened.CopiesLocated(copies=command.copies),)


def _record_no_copy(command: RecordNoCopy, paper: Paper) -> Events:
    _within("locate", paper, command.NAME)
    return (happened.NotLocated(cause=_cause(command.cause), not_before=command.not_before),)


def _record_download(command: RecordDownload, paper: Paper) -> Events:
    _within("download", paper, command.NAME)
    return (happened.Downloaded(file=command.file, copy=command.copy, checks=command.checks),)


def _record_doubt(command: RecordDoubt, paper: Paper) -> Events:
    _within("download", paper, command.NAME)
    return (happened.Doubted(file=command.file, copy=command.copy, checks=command.checks),)


def _record_failure(command: RecordFailure, paper: Paper) -> Events:
    _within("download", paper, command.NAME)
    return (happened.Failed(cause=_cause(command.cause), not_before=command.not_before),)


def _cause(name: str) -> str:
    if name not in CAUSES:
        raise InvalidValue("cause", name, "the name of a cause")
    return name


def _defer(command: Defer, paper: Paper) -> Events:
    return (happened.Deferred(to=paper.resting, until=command.until, cause=_cause(command.cause)),)


def _revert(command: Revert, paper: Paper) -> Events:
    if command.pending and paper.status is not Status.PENDING:
        raise NotAllowed(f"{command.NAME} before it begins", "the paper", str(paper.status))
    reverted = happened.Reverted(to=paper.resting, why=command.why)
    if not command.replan or paper.due is None or paper.module is None:
        return (reverted,)
    return (reverted, happened.Queued(module=paper.module, due=paper.due, hour=paper.hour))


def _settle_doubt(command: SettleDoubt, paper: Paper) -> Events:
    if command.accepted:
        return (happened.DoubtSettled(accepted=True, to=Status.DONE),)
    blocked = _blocked(paper.file_url, "wrong_document", paper)
    left = DECIDER.fold(blocked, paper).open_copies
    return (*blocked, happened.DoubtSettled(accepted=False, to=Status.LOCATED if left else Status.FAILED))


def _reopen(command: Reopen, paper: Paper) -> Events:
    if command.back and paper.before is None:
        raise NotAllowed(command.NAME, "the paper", f"{paper.status}, but given up by nobody")
    if command.back:
        return _back_to(paper.before, paper)
    asks_again = paper.status in {Status.UNAVAILABLE, Status.LOCATED}
    return (happened.Reopened(to=Status.NEW if asks_again else paper.start, why=command.why),)


def _attach(command: AttachFile, paper: Paper) -> Events:
    if paper.file is not None:
        return (happened.FileReplaced(file=command.file, note=command.note),)
    return (happened.FileAttached(file=command.file, note=command.note),)


def _rename_file(command: RenameFile, paper: Paper) -> Events:
    if paper.file is None or command.path == command.was:
        return ()
    if paper.file.path != command.was:
        raise NotAllowed(command.NAME, "the paper", "one with another file")
    return (happened.FileRenamed(path=command.path, was=command.was),)


def _remove(_: RemoveFile, paper: Paper) -> Events:
    if (before := paper.before_gift) is None:
        raise NotAllowed(RemoveFile.NAME, "the paper", "one whose file the program found")
    status = paper.start if before.status in {Status.NEW, Status.LOCATED} else before.status
    return (happened.FileRemoved(to=status, cause=before.cause, not_before=before.not_before),)


def _reinstate(_: Reinstate, paper: Paper) -> Events:
    if paper.merged_into is not None:
        raise NotAllowed(Reinstate.NAME, "the paper", f"merged into {paper.merged_into}")
    return _back_to(paper.before, paper)


def _back_to(before: Rest | None, paper: Paper) -> Events:
    """A doubtful file that was thrown away does not come back: its paper is fetched again."""
    if before is None or (before.status is Status.DOUBTFUL and paper.file is None):
        return (happened.Reinstated(to=paper.start),)
    return (happened.Reinstated(to=before.status, cause=before.cause, not_before=before.not_before),)


_DECISIONS: Mapping[type[Command], Callable[..., Events]] = {
    UpdateMetadata: _update_metadata,
    AddIdentifier: _add_identifier,
    CorrectIdentifier: _correct_identifier,
    Queue: _queue,
    StartProcessing: _start,
    RecordTry: _record_try,
    RecordAnswers: _record_answers,
    RecordCopies: _record_copies,
    RecordNoCopy: _record_no_copy,
    RecordDownload: _record_download,
    RecordDoubt: _record_doubt,
    RecordFailure: _record_failure,
    Defer: _defer,
    Revert: _revert,
    BlockCopy: lambda command, paper: _blocked(command.url, _cause(command.cause), paper),
    SettleDoubt: _settle_doubt,
    Reopen: _reopen,
    MarkUnavailable: lambda command, _: (happened.MarkedUnavailable(reason=command.reason),),
    Request: lambda command, _: (happened.Requested(note=command.note),),
    AttachFile: _attach,
    RenameFile: _rename_file,
    LoseFile: lambda command, paper: (happened.FileLost(to=paper.start, why=command.why),),
    RemoveFile: _remove,
    Exclude: lambda command, _: (happened.Excluded(reason=command.reason),),
    Withdraw: lambda command, _: (happened.Withdrawn(reason=command.reason),),
    Merge: lambda command, paper: (happened.Merged(into=command.into, identifiers=paper.identifiers),),
    Reinstate: _reinstate,
}


def evolve(paper: Paper, event: Event) -> Paper:
    """The paper after the event."""
    changes = _CHANGES.get(type(event))
    status = happened.status_after(event)
    if changes is None and status is None:
        return paper
    news: Changes = {}
    if status is not None:
        news["status"] = status
        if status not in IN_TRANSIT:
            news |= {"resting": status, **_AT_REST}
    return changed(paper, **(news | (changes(paper, event) if changes else {})))


_AT_REST = {
    **dict.fromkeys(("module", "due", "hour", "attempt", "worker", "before")),
    "by_hand": False,
    "tried": (),
}
_FORGET = {"cause": None, "not_before": None}
_NO_FILE = {"file": None, "file_url": None, "before_gift": None}
Changes = dict[str, Any]


def _finished(paper: Paper, **news: object) -> Changes:
    return {"attempts": paper.attempts + 1, "setbacks": 0, **_FORGET, **news}


def _set_back(paper: Paper, event: happened.NotLocated | happened.Failed, **news: object) -> Changes:
    ended = {"setbacks": paper.setbacks + 1, "cause": event.cause, "not_before": event.not_before}
    return _finished(paper, **ended, **news)


def _rested(paper: Paper) -> Rest:
    return Rest(status=paper.resting, cause=paper.cause, not_before=paper.not_before)


def _set_aside(paper: Paper, _: Event) -> Changes:
    return {"before": _rested(paper), "not_before": None}


def _reinstated(paper: Paper, event: happened.Reinstated) -> Changes:
    wanted_anyway = paper.wanted_anyway or (paper.status is Status.EXCLUDED and not paper.withdrawn)
    told = {"cause": event.cause or paper.cause, "not_before": event.not_before}
    return {"withdrawn": False, "wanted_anyway": wanted_anyway, **told}


def _with_file(paper: Paper, event: happened.FileAttached | happened.FileReplaced) -> Changes:
    return {"file": event.file, "file_url": None, "before_gift": paper.before_gift or _before_gift(paper), **_FORGET}


def _before_gift(paper: Paper) -> Rest:
    """Where the paper goes back to without the file. One whose file is replaced has that no more: it begins anew."""
    if paper.file is not None:
        return Rest(status=paper.start, cause=None, not_before=None)
    return _rested(paper)


def _corrected(paper: Paper, event: happened.IdentifierCorrected) -> Changes:
    corrected = tuple(event.right if known == event.wrong else known for known in paper.identifiers)
    before = Rest(status=Status.NEW, cause=None, not_before=None) if paper.before_gift else None
    return {"identifiers": corrected, "copies": (), "before_gift": before}


def _settled(_: Paper, event: happened.DoubtSettled) -> Changes:
    return _FORGET if event.accepted else {**_NO_FILE, "cause": "wrong_document"}


_CHANGES: Mapping[type[Event], Callable[[Paper, Any], Changes]] = {
    happened.Registered: lambda _, e: {"identifiers": e.identifiers, "metadata": e.metadata},
    happened.MetadataUpdated: lambda p, e: {"metadata": e.metadata.filled(p.metadata)},
    happened.IdentifierAdded: lambda p, e: {"identifiers": (*p.identifiers, e.identifier)},
    happened.IdentifierCorrected: _corrected,
    happened.Queued: lambda _, e: {"module": e.module, "due": e.due, "hour": e.hour},
    happened.ProcessingStarted: lambda _, e: {
        "module": e.module,
        "worker": e.worker,
        "attempt": e.attempt,
        "by_hand": e.by_hand,
        "tried": (),
    },
    happened.CandidateTried: lambda p, e: {"tried": (*p.tried, e.outcome)},
    happened.CandidateBlocked: lambda p, e: {"blocked": p.blocked | {e.url}},
    happened.CopiesLocated: lambda p, e: _finished(p, copies=e.copies),
    happened.NotLocated: lambda p, e: _set_back(p, e, copies=()),
    happened.Downloaded: lambda p, e: _finished(p, file=e.file, file_url=e.copy.url, before_gift=None),
    happened.Doubted: lambda p, e: _finished(p, file=e.file, file_url=e.copy.url, before_gift=None),
    happened.DoubtSettled: _settled,
    happened.Failed: _set_back,
    happened.Deferred: lambda _, e: {"cause": e.cause, "not_before": e.until},
    happened.Reopened: lambda *_: _FORGET | _NO_FILE,
    happened.Excluded: _set_aside,
    happened.Withdrawn: lambda p, e: {**_set_aside(p, e), "withdrawn": True},
    happened.Merged: lambda p, e: {**_set_aside(p, e), "merged_into": e.into, "identifiers": ()},
    happened.Reinstated: _reinstated,
    happened.FileAttached: _with_file,
    happened.FileReplaced: _with_file,
    happened.FileRenamed: lambda p, e: {"file": p.file and changed(p.file, path=e.path)},
    happened.FileLost: lambda *_: _NO_FILE,
    happened.FileRemoved: lambda _, e: {**_NO_FILE, "cause": e.cause, "not_before": e.not_before},
    happened.Requested: lambda *_: {"requested": True},
    happened.MarkedUnavailable: lambda p, _: {"before": _rested(p), **_FORGET, **_NO_FILE},
}
"""What an event changes beside the status; the status itself is `status_after`."""

DECIDER: Decider[Command, Paper] = Decider(initial=Paper(), decide=decide, evolve=evolve)
