"""What can happen to a paper. The stream of a paper is `paper-<id>`; the id is not repeated in its events."""

from collections.abc import Mapping
from datetime import datetime

from attrs import frozen

from domain.copies import Copy
from domain.events import Event, event
from domain.identifiers import Identifier
from domain.metadata import Metadata
from domain.pipeline import Status
from domain.records import storable


@frozen(kw_only=True, field_transformer=storable)
class File:
    """A file in the library. `path` is relative to the library's folder, `size` in bytes."""

    path: str
    sha256: str
    size: int
    pages: int


@event("paper.registered")
class Registered(Event):
    """The paper was named by a row of an import for the first time."""

    identifiers: tuple[Identifier, ...]
    metadata: Metadata = Metadata()
    import_id: str | None = None
    row: int | None = None


@event("paper.metadata_updated")
class MetadataUpdated(Event):
    """Some fields became known or changed; only those are in `metadata`. `source` told them."""

    source: str
    metadata: Metadata


@event("paper.identifier_added")
class IdentifierAdded(Event):
    """The paper has one more identifier."""

    identifier: Identifier
    source: str


@event("paper.identifier_corrected")
class IdentifierCorrected(Event):
    """An identifier was wrong and was replaced."""

    wrong: Identifier
    right: Identifier


@event("paper.queued")
class Queued(Event):
    """A job of `module` was planned for a moment."""

    module: str
    due: datetime
    hour: str | None = None


@event("paper.processing_started")
class ProcessingStarted(Event):
    """An attempt of `module` began in a worker. `attempt` is a token that no other attempt has."""

    module: str
    worker: str
    attempt: str
    by_hand: bool = False


@event("paper.candidate_tried")
class CandidateTried(Event):
    """One URL was tried. `outcome` is a name in domain.causes, of GOOD or CAUSES; `seconds` is the time it took."""

    url: str
    source: str
    outcome: str
    detail: str = ""
    http_status: int | None = None
    size: int = 0
    seconds: float = 0.0
    redirects: tuple[str, ...] = ()


@event("paper.candidate_blocked")
class CandidateBlocked(Event):
    """The URL is never tried again for this paper."""

    url: str
    cause: str


KNEW = ("copies", "known", "unknown")
"""What a source that answered can say: it knows copies, it knows the paper, or neither."""


@frozen(kw_only=True, field_transformer=storable)
class SourceAnswer:
    """What one source said: one of KNEW, or the cause for which it could not be asked."""

    source: str
    said: str
    seconds: float = 0.0
    """How long the answer took, waiting for a turn included."""


@event("paper.sources_asked", version=2)
class SourcesAsked(Event):
    """Sources were asked for the paper, in this order."""

    answers: tuple[SourceAnswer, ...]


@event("paper.copies_located", version=2)
class CopiesLocated(Event):
    """Sources know these copies."""

    copies: tuple[Copy, ...]


@event("paper.not_located")
class NotLocated(Event):
    """Every source was asked and none knows a copy that we may fetch."""

    cause: str
    not_before: datetime | None = None


@event("paper.downloaded", version=2)
class Downloaded(Event):
    """A file was fetched, found to be the paper, and stored."""

    file: File
    copy: Copy
    checks: tuple[str, ...] = ()


@event("paper.doubted", version=2)
class Doubted(Event):
    """A file was stored that a person must judge; `checks` is the evidence."""

    file: File
    copy: Copy
    checks: tuple[str, ...] = ()


@event("paper.doubt_settled")
class DoubtSettled(Event):
    """A person judged the file. Rejected, its copy is blocked and the paper goes on to status `to`."""

    accepted: bool
    to: Status


@event("paper.failed")
class Failed(Event):
    """Copies are known and none could be had. `not_before` is when the program tries again, None for never."""

    cause: str
    not_before: datetime | None = None


@event("paper.deferred")
class Deferred(Event):
    """The attempt was put off without counting: the paper is back where it was, until a moment."""

    to: Status
    until: datetime
    cause: str


@event("paper.reverted")
class Reverted(Event):
    """The paper left transit without a result: back to the resting status it came from."""

    to: Status
    why: str


@event("paper.reopened")
class Reopened(Event):
    """A person, or the rule of its cause, sends the paper through the pipeline again."""

    to: Status
    why: str


@event("paper.excluded")
class Excluded(Event):
    """A person set the paper aside."""

    reason: str


@event("paper.reinstated", version=3)
class Reinstated(Event):
    """A paper that was set aside or given up is wanted again, with the cause and the pause that it had before."""

    to: Status
    cause: str | None = None
    """None where it had none, or has it still."""
    not_before: datetime | None = None


@event("paper.file_attached")
class FileAttached(Event):
    """A person gave the file."""

    file: File
    note: str = ""


@event("paper.file_replaced")
class FileReplaced(Event):
    """A better or right file took the place of the stored one."""

    file: File
    note: str = ""


@event("paper.file_renamed")
class FileRenamed(Event):
    """The stored file has another path in the library; it is the same file."""

    path: str
    was: str


@event("paper.file_lost")
class FileLost(Event):
    """The stored file is missing or altered; the paper can be fetched again."""

    to: Status
    why: str


@event("paper.file_removed")
class FileRemoved(Event):
    """A person took back a file that a person had given: the paper is where it was before, for the same cause."""

    to: Status
    cause: str | None = None
    not_before: datetime | None = None


@event("paper.requested")
class Requested(Event):
    """The paper was asked for elsewhere, by interlibrary loan for one."""

    note: str = ""


@event("paper.marked_unavailable")
class MarkedUnavailable(Event):
    """A person decided that the paper cannot be had."""

    reason: str


@event("paper.withdrawn")
class Withdrawn(Event):
    """The import that brought the paper was undone and nothing else names it."""

    reason: str


@event("paper.merged")
class Merged(Event):
    """The paper is the same work as another one, which stays and takes over these identifiers."""

    into: str
    identifiers: tuple[Identifier, ...] = ()


LEADS_TO: Mapping[type[Event], Status] = {
    Registered: Status.NEW,
    Queued: Status.PENDING,
    ProcessingStarted: Status.PROCESSING,
    CopiesLocated: Status.LOCATED,
    NotLocated: Status.UNAVAILABLE,
    Downloaded: Status.DONE,
    Doubted: Status.DOUBTFUL,
    Failed: Status.FAILED,
    Excluded: Status.EXCLUDED,
    Withdrawn: Status.EXCLUDED,
    Merged: Status.EXCLUDED,
    FileAttached: Status.DONE,
    FileReplaced: Status.DONE,
    MarkedUnavailable: Status.UNAVAILABLE,
}
"""The status after an event, for events that always lead to the same one."""

CarriesStatus = DoubtSettled | Deferred | Reverted | Reopened | Reinstated | FileLost | FileRemoved
"""Events that say themselves to which status they lead."""


def status_after(happened: Event) -> Status | None:
    """The status that the event leads to; None where it leaves the status alone."""
    return happened.to if isinstance(happened, CarriesStatus) else LEADS_TO.get(type(happened))


def identifier_changes(happened: Event) -> tuple[tuple[Identifier, bool], ...]:
    """Identifiers that the event takes (True) and gives up (False)."""
    match happened:
        case Registered():
            return tuple((identifier, True) for identifier in happened.identifiers)
        case IdentifierAdded():
            return ((happened.identifier, True),)
        case IdentifierCorrected():
            return ((happened.wrong, False), (happened.right, True))
        case Merged():
            return tuple((identifier, False) for identifier in happened.identifiers)
        case _:
            return ()
