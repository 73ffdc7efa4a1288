"""The commands on a paper. NAME is a command's row in the table of status x command (domain.pipeline)."""

from datetime import datetime
from typing import ClassVar

from attrs import frozen

from domain.copies import Copy
from domain.identifiers import Identifier
from domain.metadata import Metadata
from domain.paper_events import File, SourceAnswer


@frozen(kw_only=True)
class Command:
    """A command on a paper. NAME is its row in the table of status x command."""

    NAME: ClassVar[str]


@frozen(kw_only=True)
class Register(Command):
    """Make the paper known."""

    NAME = "register"
    identifiers: tuple[Identifier, ...]
    metadata: Metadata = Metadata()
    import_id: str | None = None
    row: int | None = None


@frozen(kw_only=True)
class UpdateMetadata(Command):
    """Take over the known fields of `metadata`."""

    NAME = "update metadata"
    source: str
    metadata: Metadata


@frozen(kw_only=True)
class AddIdentifier(Command):
    """Add an identifier; one that the paper has already changes nothing."""

    NAME = "add identifier"
    identifier: Identifier
    source: str


@frozen(kw_only=True)
class CorrectIdentifier(Command):
    """Replace a wrong identifier; the paper is located anew."""

    NAME = "correct identifier"
    wrong: Identifier
    right: Identifier


@frozen(kw_only=True)
class Queue(Command):
    """Plan a job."""

    NAME = "queue"
    module: str
    due: datetime
    hour: str | None = None


@frozen(kw_only=True)
class StartProcessing(Command):
    """Claim the paper for an attempt. `due` names the planned job that it is for; None for one outside of the plan."""

    NAME = "start processing"
    module: str
    worker: str
    attempt: str
    by_hand: bool = False
    due: datetime | None = None


@frozen(kw_only=True)
class RecordTry(Command):
    """Tell what came of one URL."""

    NAME = "record try"
    url: str
    source: str
    outcome: str
    detail: str = ""
    http_status: int | None = None
    size: int = 0
    seconds: float = 0.0
    redirects: tuple[str, ...] = ()


@frozen(kw_only=True)
class RecordAnswers(Command):
    """Tell what the sources said."""

    NAME = "record answers"
    answers: tuple[SourceAnswer, ...]


@frozen(kw_only=True)
class RecordCopies(Command):
    """Tell the copies that were found."""

    NAME = "record copies"
    copies: tuple[Copy, ...]


@frozen(kw_only=True)
class RecordNoCopy(Command):
    """Tell that there is no copy."""

    NAME = "record no copy"
    cause: str
    not_before: datetime | None = None


@frozen(kw_only=True)
class RecordDownload(Command):
    """Tell that the right file is stored."""

    NAME = "record download"
    file: File
    copy: Copy
    checks: tuple[str, ...] = ()


@frozen(kw_only=True)
class RecordDoubt(Command):
    """Tell that a file is stored that a person must judge."""

    NAME = "record doubt"
    file: File
    copy: Copy
    checks: tuple[str, ...] = ()


@frozen(kw_only=True)
class RecordFailure(Command):
    """Tell that no copy could be had."""

    NAME = "record failure"
    cause: str
    not_before: datetime | None = None


@frozen(kw_only=True)
class Defer(Command):
    """Put the attempt off without counting it."""

    NAME = "defer"
    until: datetime
    cause: str


@frozen(kw_only=True)
class Revert(Command):
    """Take the paper out of transit. `replan` plans the job that was running anew, for the same moment.

    `pending` tells that it is for a job that has not begun.
    """

    NAME = "revert"
    why: str
    replan: bool = False
    pending: bool = False


PAUSE = Revert(why="scraper paused", replan=True)
"""What ends with a pause: the plan of the hour stays."""


@frozen(kw_only=True)
class BlockCopy(Command):
    """Never try the URL again."""

    NAME = "block copy"
    url: str
    cause: str


@frozen(kw_only=True)
class SettleDoubt(Command):
    """Judge the doubtful file."""

    NAME = "settle doubt"
    accepted: bool


@frozen(kw_only=True)
class Reopen(Command):
    """Send the paper through the pipeline again. `back` takes back that a person gave it up: it is where it was."""

    NAME = "reopen"
    why: str
    back: bool = False


@frozen(kw_only=True)
class MarkUnavailable(Command):
    """Give the paper up."""

    NAME = "mark unavailable"
    reason: str


@frozen(kw_only=True)
class Request(Command):
    """Note that the paper was asked for elsewhere."""

    NAME = "request"
    note: str = ""


@frozen(kw_only=True)
class AttachFile(Command):
    """Give the file by hand."""

    NAME = "attach file"
    file: File
    note: str = ""


@frozen(kw_only=True)
class RenameFile(Command):
    """Tell that the stored file, which was at `was`, is at `path`."""

    NAME = "rename file"
    path: str
    was: str


@frozen(kw_only=True)
class LoseFile(Command):
    """Tell that the stored file is missing or altered."""

    NAME = "lose file"
    why: str


@frozen(kw_only=True)
class RemoveFile(Command):
    """Take back a file that a person gave."""

    NAME = "remove file"


@frozen(kw_only=True)
class Exclude(Command):
    """Set the paper aside."""

    NAME = "exclude"
    reason: str


@frozen(kw_only=True)
class Withdraw(Command):
    """Take the paper back because its import was undone."""

    NAME = "withdraw"
    reason: str


@frozen(kw_only=True)
class Merge(Command):
    """Declare the paper the same work as another."""

    NAME = "merge"
    into: str


@frozen(kw_only=True)
class Reinstate(Command):
    """Want an excluded paper again."""

    NAME = "reinstate"
