"""Papers for the tests: one in each situation, brought there by commands."""

from collections.abc import Mapping
from datetime import UTC, datetime

from domain.copies import Copy, CopyKind, Version
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper import DECIDER, Paper
from domain.paper_commands import (
    AttachFile,
    Command,
    Exclude,
    Queue,
    RecordCopies,
    RecordDoubt,
    RecordDownload,
    RecordFailure,
    RecordNoCopy,
    Register,
    StartProcessing,
)
from domain.paper_events import File
from tests.domain.spec import Given, given

MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
DOI = Identifier(Scheme.DOI, "10.1234/a")
OTHER_DOI = Identifier(Scheme.DOI, "10.1234/b")
PMID = Identifier(Scheme.PMID, "42")
FILE = File(path="2020/a.pdf", sha256="5" * 64, size=12_345, pages=9)
BETTER_FILE = File(path="2020/a (2).pdf", sha256="6" * 64, size=23_456, pages=10)
COPY = Copy(url="https://journal.example/article/7.pdf", source="unpaywall", version=Version.PUBLISHED, licence="cc-by")
OTHER_COPY = Copy(url="https://repository.example/files?id=7", source="openalex", kind=CopyKind.LANDING_PAGE)

REGISTER = Register(identifiers=(DOI,), metadata=Metadata(title="On Things", year=2020), import_id="i", row=1)


def queue(module: str) -> Queue:
    """Plan a job."""
    return Queue(module=module, due=MOMENT)


def start(module: str) -> StartProcessing:
    """Begin an attempt."""
    return StartProcessing(module=module, worker="worker 1", attempt="attempt 1")


LOCATED = (REGISTER, start("locate"), RecordCopies(copies=(COPY, OTHER_COPY)))
DOWNLOADING = (*LOCATED, start("download"))

SITUATIONS: Mapping[str, tuple[Command, ...]] = {
    "new": (REGISTER,),
    "located": LOCATED,
    "unavailable": (REGISTER, start("locate"), RecordNoCopy(cause="no_open_copy", not_before=MOMENT)),
    "done": (*DOWNLOADING, RecordDownload(file=FILE, copy=COPY)),
    "doubtful": (*DOWNLOADING, RecordDoubt(file=FILE, copy=COPY, checks=("other title",))),
    "failed": (*DOWNLOADING, RecordFailure(cause="timeout", not_before=MOMENT)),
    "excluded": (*LOCATED, Exclude(reason="off topic")),
    "pending/locate": (REGISTER, queue("locate")),
    "pending/download": (*LOCATED, queue("download")),
    "processing/locate": (REGISTER, start("locate")),
    "processing/download": DOWNLOADING,
    "done/by hand": (*LOCATED, AttachFile(file=FILE, note="by mail")),
}
"""Commands that bring a paper into each status, in transit into each module, and to a file in each way."""


def a_paper(situation: str) -> Given[Command, Paper]:
    """A paper in the situation."""
    return given(DECIDER).after(*SITUATIONS[situation])
