"""A small library with a paper in every status, and with titles that try to break out."""

from datetime import UTC, datetime
from typing import Any

from attrs import frozen

from application.handling import PROGRAM
from application.importing import Request
from application.ports.event_log import Origin, Write
from domain.copies import Copy, Version
from domain.events import Event
from domain.importing import OnDuplicate
from domain.paper import stream_of
from domain.paper_events import (
    CandidateBlocked,
    CandidateTried,
    CopiesLocated,
    Deferred,
    Doubted,
    Downloaded,
    Excluded,
    Failed,
    File,
    NotLocated,
    ProcessingStarted,
    Queued,
)
from domain.pipeline import Status
from interfaces.container import Container

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(2)>',
    "{{7*7}} ${7*7} {% raise %}",
    "</script><script>alert(3)</script>",
    "javascript:alert(4)",
    '<a hx-get="/papers" data-hx-get="/x" x-data="{}">press</a>',
    "\u202eDesrever si siht",
    "عنوان ورقة عن النوم",
    "Long " * 4_000,
)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
MOMENT = datetime(2027, 1, 2, 3, 4, tzinfo=UTC)
NAME = "Müller_2020_Ordinary “title”.pdf"

COPY = Copy(url="https://repository.example/paper.pdf", source="unpaywall", version=Version.ACCEPTED, licence="cc-by")
WICKED = Copy(url="javascript:alert(9)", source="unpaywall")
_STARTED = ProcessingStarted(module="locate", worker="w", attempt="a")
_LOCATED: tuple[Event, ...] = (_STARTED, CopiesLocated(copies=(COPY, WICKED)))
_TRIED = CandidateTried(
    url="https://repository.example/<b>paper</b>.pdf",
    source="unpaywall",
    outcome="forbidden",
    detail="<i>no</i>",
    http_status=403,
    size=512,
    seconds=0.4,
    redirects=("https://a.example/1", "https://b.example/2"),
)
_FILE = File(path=NAME, sha256="ab" * 32, size=len(PDF), pages=1)

RECIPES: dict[Status, tuple[Event, ...]] = {
    Status.NEW: (),
    Status.LOCATED: _LOCATED,
    Status.UNAVAILABLE: (_STARTED, NotLocated(cause="no_open_copy", not_before=MOMENT)),
    Status.DONE: (*_LOCATED, _STARTED, Downloaded(file=_FILE, copy=COPY, checks=("the DOI is on <page> 1",))),
    Status.DOUBTFUL: (*_LOCATED, _STARTED, Doubted(file=_FILE, copy=COPY)),
    Status.FAILED: (
        *_LOCATED,
        _STARTED,
        _TRIED,
        CandidateBlocked(url=COPY.url, cause="forbidden"),
        Failed(cause="open_but_blocked", not_before=MOMENT),
    ),
    Status.EXCLUDED: (Excluded(reason="<em>not</em> wanted"),),
    Status.PENDING: (*_LOCATED, Queued(module="download", due=MOMENT)),
    Status.PROCESSING: (*_LOCATED, ProcessingStarted(module="download", worker="w", attempt="b")),
}
"""What happens to a paper that ends in a status."""


@frozen(kw_only=True)
class World:
    """The container, and what is in it."""

    container: Container
    import_id: str
    papers: dict[Status, str]
    hostile: tuple[str, ...]

    @property
    def done(self) -> str:
        """The paper with a file."""
        return self.papers[Status.DONE]


def populated(container: Container) -> World:
    """Fill the library."""
    rows = ["DOI,Title,Authors,Journal,Year"]
    rows += [_row(f"10.5555/{status}", f"Ordinary title, {status}") for status in RECIPES]
    rows += [_row(f"10.5555/hostile/{number}", title) for number, title in enumerate(HOSTILE)]
    rows += [_row("no doi", "<u>rejected</u>"), _row("=1+1", "rejected too")]
    upload = container.uploads.keep(["\n".join(rows).encode()])
    request = Request(
        filename="<b>list</b>.csv", collection="Sleep & <memory>", on_duplicate=OnDuplicate.SKIP, actor=PROGRAM
    )
    accepted = container.importing.accept(upload, request)
    container.importing.run(accepted.import_id)
    papers = {status: _paper(container, f"10.5555/{status}") for status in RECIPES}
    for status, events in RECIPES.items():
        happen(container, papers[status], *events)
    container.settings.library.mkdir(parents=True, exist_ok=True)
    (container.settings.library / NAME).write_bytes(PDF)
    hostile = tuple(_paper(container, f"10.5555/hostile/{number}") for number in range(len(HOSTILE)))
    return World(container=container, import_id=accepted.import_id, papers=papers, hostile=hostile)


def happen(container: Container, paper: str, *events: Event) -> None:
    """Append events to a paper."""
    if events:
        write = Write(stream=stream_of(paper), expected=None, events=events)
        container.log.append((write,), Origin(command="try out", actor="<q>tests</q>", correlation="one"))


def put_off(container: Container, paper: str) -> None:
    """Let one more thing happen to a new paper, which leaves it new."""
    happen(container, paper, _STARTED, Deferred(to=Status.NEW, until=MOMENT, cause="rate_limited"))


def _paper(container: Container, doi: str) -> str:
    found = container.papers.find(doi)
    assert found is not None, doi
    return found.id


def _row(*cells: Any) -> str:
    quoted = ",".join('"' + str(cell).replace('"', '""') + '"' for cell in cells)
    return f'{quoted},"Müller, Ä.",Journal of Examples,2020'
