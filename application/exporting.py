"""Exports: papers, their files, events and rejected rows as lines of text.

Pure; memory does not grow with the number of lines.
"""

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

import msgspec
from attrs import frozen

from application import citing
from application.importing import Judged
from application.ports.event_log import EventLog, Recorded
from application.ports.tasks import Report, Tasks
from application.queries import PaperFilter, PaperRow, Papers
from domain.errors import InvalidValue
from domain.identifiers import Scheme
from domain.importing import RejectedRow

Lines = Callable[..., Iterator[str]]
"""Makes lines of papers and, where the form is marked, of the anchor of the log."""

_FORMULA = frozenset("=+-@")
_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}
_PLAIN = (
    "doi",
    "pmid",
    "pmcid",
    "arxiv",
    "title",
    "authors",
    "journal",
    "year",
    "publisher",
    "type",
    "status",
    "cause",
)


def record(paper: PaperRow) -> dict[str, object]:
    """A paper as programs see it: in exports, and in the answers of the HTTP API."""
    return {
        "id": paper.id,
        **{name: getattr(paper, name) for name in _PLAIN},
        "not_before": _moment(paper.not_before),
        "attempts": paper.attempts,
        "copies": paper.copies,
        "file": _file(paper),
        "source": paper.source,
        "url": paper.file_url,
        "version": paper.version,
        "licence": paper.licence,
        "added": _moment(paper.registered_at),
        "changed": _moment(paper.updated_at),
        "position": paper.position,
    }


def _file(paper: PaperRow) -> dict[str, object] | None:
    if paper.file_path is None:
        return None
    return {
        "path": paper.file_path,
        "sha256": paper.file_sha256,
        "bytes": paper.file_size,
        "pages": paper.file_pages,
    }


def event_record(recorded: Recorded) -> dict[str, object]:
    """An event as programs see it: its envelope and, under `data`, its fields."""
    return {
        **{name: getattr(recorded, name) for name in _ENVELOPE},
        "recorded_at": recorded.recorded_at.isoformat(),
        "type": recorded.event.TYPE,
        "type_version": recorded.event.VERSION,
        "data": msgspec.to_builtins(recorded.event),
    }


_ENVELOPE = ("position", "stream", "version", "event_id", "command", "key", "correlation", "causation", "actor")


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def jsonl(papers: Iterable[PaperRow]) -> Iterator[str]:
    """One line of JSON for each paper."""
    for paper in papers:
        yield json_line(record(paper))


def json_line(values: Mapping[str, object]) -> str:
    """A line of JSON. Readers that split at every line end of Unicode do not cut a title in two."""
    return json.dumps(values, ensure_ascii=False).translate(_LINE_ENDS) + "\n"


def csv_lines(papers: Iterable[PaperRow]) -> Iterator[str]:
    """A table of papers with its heading; cells are neutralised."""
    yield csv_line(_COLUMNS)
    for paper in papers:
        values = record(paper)
        values.update((f"file_{name}", value) for name, value in (_file(paper) or {}).items())
        yield csv_line(values.get(column) for column in _COLUMNS)


_SCHEMES = tuple(scheme.value for scheme in Scheme)
_JUDGED = ("row", "line", "outcome", "reason", *_SCHEMES, "title", "authors", "journal", "year", "paper", "raw")
_COLUMNS = (
    *("id", *_PLAIN, "not_before", "attempts", "copies"),
    *("file_path", "file_sha256", "file_bytes", "file_pages"),
    *("source", "url", "version", "licence", "added", "changed"),
)


MANIFEST = ("path", "sha256", "bytes", "pages", "licence", "version", "source", "url", "doi", "id", "status", "anchor")


def manifest_record(paper: PaperRow, anchor: str) -> dict[str, object]:
    """What proves a stored file: what it is, where it came from, under which licence, and the anchor of the log."""
    told = record(paper) | (_file(paper) or {}) | {"anchor": anchor}
    return {name: told[name] for name in MANIFEST}


def manifest_csv(papers: Iterable[PaperRow], anchor: str) -> Iterator[str]:
    """A table of the papers' files with its heading; cells are neutralised."""
    yield csv_line(MANIFEST)
    for paper in papers:
        if paper.file_path is not None:
            yield csv_line(manifest_record(paper, anchor).values())


def manifest_jsonl(papers: Iterable[PaperRow], anchor: str) -> Iterator[str]:
    """One line of JSON for each file of the papers."""
    for paper in papers:
        if paper.file_path is not None:
            yield json_line(manifest_record(paper, anchor))


def rejected_lines(rows: Iterable[RejectedRow]) -> Iterator[str]:
    """A table of rejected rows with its heading; cells are neutralised."""
    yield csv_line(("row", "line", "reason", "raw"))
    for row in rows:
        yield csv_line((row.row, row.line, row.reason, row.raw))


def judged_lines(judged: Iterable[Judged]) -> Iterator[str]:
    """A table of a list's records and what would become of them, with its heading; cells are neutralised."""
    yield csv_line(_JUDGED)
    for one in judged:
        record, told = one.record, one.record.metadata
        values = {identifier.scheme: identifier.value for identifier in record.identifiers}
        yield csv_line((
            *(record.row, record.line, one.outcome.value, record.reason),
            *map(values.get, Scheme),
            *(told.title, "; ".join(told.authors), told.journal, told.year, one.paper, record.raw),
        ))  # fmt: skip


def csv_line(cells: Iterable[object]) -> str:
    """A line of CSV (RFC 4180); None is an empty cell, text is neutralised."""
    line = io.StringIO(newline="")
    csv.writer(line).writerow([neutral(cell) if isinstance(cell, str) else cell for cell in cells])
    return line.getvalue()


def neutral(cell: str) -> str:
    """The cell, so that no spreadsheet program runs it: what could be a formula gets an apostrophe in front.

    Rules of OWASP's “CSV Injection”, and their full-width and small forms; what is invisible does not hide a formula.
    """
    if cell[:1] in {"\t", "\r", "\n"}:
        return "'" + cell
    visible = next((char for char in cell if unicodedata.category(char)[0] not in "CZ"), "")
    return "'" + cell if unicodedata.normalize("NFKC", visible)[:1] in _FORMULA and visible else cell


@frozen(kw_only=True)
class Format:
    """A form of export: what it is called on a page and in a file's name. `about` says what it is good for.

    `marked` forms have the anchor of the log in every line.
    """

    title: str
    about: str
    name: str = "papers"
    suffix: str
    media_type: str
    lines: Lines
    marked: bool = False

    @property
    def filename(self) -> str:
        """The name of a file in this form."""
        return self.name + self.suffix

    def __call__(self, papers: Iterable[PaperRow], anchor: str = "") -> Iterator[str]:
        """The lines of the papers; `anchor` is that of the log."""
        return self.lines(papers, anchor) if self.marked else self.lines(papers)


def exported(papers: Papers, which: PaperFilter, form: Format, tasks: Tasks, anchor: str = "") -> Iterator[str]:
    """The lines of every paper that matches; how far it is stands among the tasks."""
    with tasks.run("export", form.filename) as report:
        yield from form(_counted(papers.all(which), papers.count(which), report), anchor)


def anchor_of(log: EventLog) -> str:
    """The anchor of the log, by which `verify` tells later whether anything before it was rewritten."""
    head = log.head()
    return f"{head.position}:{head.hash}"


def _counted(rows: Iterable[PaperRow], whole: int, report: Report) -> Iterator[PaperRow]:
    for done, row in enumerate(rows, start=1):
        yield row
        report(done, max(done, whole))


FORMATS: Mapping[str, Format] = {
    "csv": Format(
        title="CSV",
        about="a table with everything that is known, for spreadsheets and statistics",
        suffix=".csv",
        media_type="text/csv",
        lines=csv_lines,
    ),
    "jsonl": Format(
        title="JSON lines",
        about="the same for programs, one paper a line",
        suffix=".jsonl",
        media_type="application/jsonl",
        lines=jsonl,
    ),
    "bibtex": Format(
        title="BibTeX",
        about="for LaTeX, JabRef and Zotero, with the path of each file",
        suffix=".bib",
        media_type="application/x-bibtex",
        lines=citing.bibtex,
    ),
    "ris": Format(
        title="RIS",
        about="for Zotero, EndNote, Mendeley and Citavi, with the path of each file",
        suffix=".ris",
        media_type="application/x-research-info-systems",
        lines=citing.ris,
    ),
    "csl": Format(
        title="CSL-JSON",
        about="for Pandoc and citation processors",
        suffix=".csl.json",
        media_type="application/vnd.citationstyles.csl+json",
        lines=citing.csl,
    ),
    "manifest": Format(
        title="Manifest",
        about="each stored file with licence, version, checksum and origin, and the anchor of the log, as CSV",
        name="manifest",
        suffix=".csv",
        media_type="text/csv",
        lines=manifest_csv,
        marked=True,
    ),
    "manifest-jsonl": Format(
        title="Manifest, JSON lines",
        about="the same for programs",
        name="manifest",
        suffix=".jsonl",
        media_type="application/jsonl",
        lines=manifest_jsonl,
        marked=True,
    ),
}
"""Every form by its name, as commands and addresses have it."""


def export_format(name: str) -> Format:
    """The form with this name. Raises InvalidValue."""
    if (found := FORMATS.get(name)) is None:
        raise InvalidValue("format", name[:40], " or ".join(FORMATS))
    return found
