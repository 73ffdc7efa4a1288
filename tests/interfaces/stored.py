"""Papers with files in the library, for tests of their names."""

from uuid_utils import uuid7

from application.ports.event_log import Origin, Write
from domain.copies import Copy
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper import stream_of
from domain.paper_events import CopiesLocated, Downloaded, File, ProcessingStarted, Registered
from interfaces.container import Container

COPY = Copy(url="https://a.example/1.pdf", source="unpaywall")


def stored(container: Container, title: str) -> str:
    """A paper of 2020 with its file, as a download leaves it; returns its id."""
    name = str(uuid7())
    attempt = f"{name}_1"
    doi = Identifier(scheme=Scheme.DOI, value=f"10.5555/{title.lower().replace(' ', '-')}")
    known = Metadata(title=title, year=2020, authors=("Berg, Ada",))
    staged = container.library.staging(attempt)
    staged.write_bytes(b"%PDF-1.7 " + title.encode())
    found = container.library.store(staged, attempt, known, (doi,))
    events = (
        Registered(identifiers=(doi,), metadata=known),
        ProcessingStarted(module="locate", worker="us", attempt="first"),
        CopiesLocated(copies=(COPY,)),
        ProcessingStarted(module="download", worker="us", attempt=attempt),
        Downloaded(file=File(path=found.path, sha256=found.sha256, size=found.size, pages=1), copy=COPY),
    )
    origin = Origin(command="test", actor="the tests", correlation=name)
    container.log.append((Write(stream=stream_of(name), expected=0, events=events),), origin)
    container.library.settle(attempt)
    return name
