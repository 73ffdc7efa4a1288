"""Lists of papers without a file format, and imports without a read model."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import define, evolve, field, fields

from application.handling import Actor
from application.importing import Importing, Request
from application.ports.event_log import EventLog
from application.ports.tabular import FileForm, FileRefused, Glimpse, Mapped, Record
from application.ports.uploads import Upload, Uploads
from domain import importing, paper
from domain.identifiers import Identifier, Scheme
from domain.importing import RowsRecorded
from domain.metadata import Metadata
from domain.pipeline import Status

PERSON = Actor(name="somebody (terminal)", is_person=True)
REQUEST = Request(filename="list.csv", collection="A review", actor=PERSON)


def doi(number: object) -> Identifier:
    """A DOI."""
    return Identifier(Scheme.DOI, f"10.5555/{number}")


def pmid(number: object) -> Identifier:
    """A PubMed id."""
    return Identifier(Scheme.PMID, str(number))


def row(*identifiers: Identifier, title: str | None = None, reason: str | None = None) -> Record:
    """A record that is numbered when it is read."""
    return Record(row=0, line=0, identifiers=identifiers, metadata=Metadata(title=title), raw="raw", reason=reason)


def rejected(reason: str = "no DOI") -> Record:
    """A record that cannot be taken."""
    return row(reason=reason)


@define
class FakeReader:
    """Stand-in for application.ports.tabular.FileReader: the records of each file by its content.

    Files that are not listed are refused. `read` counts the records that were handed out.
    """

    files: dict[bytes, Sequence[Record]] = field(factory=dict)
    read: int = 0

    def inspect(self, path: Path, mapping: Mapped = ()) -> FileForm:
        """The form of the file."""
        return FileForm(format="csv", encoding="utf-8", rows=len(self._records(path)), mapping=mapping)

    def glimpse(self, path: Path, mapping: Mapped = (), rows: int = 20) -> Glimpse:
        """Nothing: the records come from no table."""
        return Glimpse()

    def records(self, path: Path, form: FileForm) -> Iterator[Record]:
        """The records, numbered."""
        for number, record in enumerate(self._records(path), 1):
            self.read += 1
            yield evolve(record, row=number, line=number + 1)

    def _records(self, path: Path) -> Sequence[Record]:
        content = path.read_bytes()
        if content not in self.files:
            raise FileRefused("This is no list of papers.")
        return self.files[content]


class LogImports:
    """The questions that importing asks of application.queries.Imports, answered from the log."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def members(self, import_id: str, papers: Collection[str]) -> frozenset[str]:
        """Which of the papers belong to the import."""
        events = [record.event for record in self._log.stream(importing.stream_of(import_id))]
        named = {paper for event in events if isinstance(event, RowsRecorded) for paper in event.members}
        return frozenset(named & set(papers))

    def unknown(self, among: Collection[str]) -> Mapping[str, frozenset[str]]:
        """Which fields are unknown of the papers."""
        streams = self._log.streams([paper.stream_of(name) for name in among])
        folded = {
            stream.removeprefix(paper.STREAM): paper.DECIDER.fold(record.event for record in records).metadata
            for stream, records in streams.items()
        }
        every = frozenset(one.name for one in fields(Metadata))
        lacking = {name: every - metadata.known().keys() for name, metadata in folded.items()}
        return {name: names for name, names in lacking.items() if names}

    def uploaded(self, sha256: Collection[str]) -> frozenset[str]:
        """Which of the files were imported."""
        events = [record.event for record in self._log.read(limit=1_000_000)]
        return frozenset(event.sha256 for event in events if isinstance(event, importing.Started)) & set(sha256)

    def set_aside(self, import_id: str, among: Collection[str] | None = None) -> Sequence[str]:
        """Which of the papers, or of those that the import names, are excluded."""
        if among is None:
            events = [record.event for record in self._log.stream(importing.stream_of(import_id))]
            among = {paper for event in events if isinstance(event, RowsRecorded) for paper in event.members}
        streams = self._log.streams([paper.stream_of(name) for name in among])
        excluded = [
            stream
            for stream, records in streams.items()
            if paper.DECIDER.fold(record.event for record in records).status is Status.EXCLUDED
        ]
        return sorted(stream.removeprefix(paper.STREAM) for stream in excluded)


@define
class Library:
    """Importing, with the files that its reader knows."""

    log: EventLog
    uploads: Uploads
    reader: FakeReader = field(factory=FakeReader)
    imports: Any = None
    """A read model; without one, the log is asked."""

    @property
    def handler(self) -> Importing:
        """The handlers."""
        imports: Any = self.imports or LogImports(self.log)
        return Importing(log=self.log, reader=self.reader, uploads=self.uploads, imports=imports)

    def file(self, *records: Record, name: bytes | None = None) -> Upload:
        """An uploaded file with these records."""
        content = name or repr(records).encode()
        self.reader.files[content] = records
        return self.uploads.keep([content])

    def take(self, *records: Record, **request: Any) -> importing.Import:
        """Import the records at once."""
        upload = self.file(*records)
        return self.handler.run(self.handler.accept(upload, evolve(REQUEST, **request)).import_id)
