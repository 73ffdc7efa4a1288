"""Archives: the files of papers as one ZIP, made while it is sent, with a manifest and lists that point to them.

A file that is missing, or is not the one that was stored, does not break the archive off: it is named in it instead.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO

from attrs import define, evolve, field, frozen

from application.exporting import FORMATS, MANIFEST, Format, anchor_of, csv_line, export_format, manifest_record
from application.file_names import safe
from application.ports.clock import Clock
from application.ports.event_log import EventLog
from application.ports.library import Library, LibraryUnavailable
from application.ports.tasks import Report, Tasks
from application.queries import PaperFilter, PaperRow, Papers
from application.zipping import Altered, ZipStream, content_of

ARCHIVE = "zip"
"""What an archive is called where a form of export is asked for."""
FILENAME, MEDIA_TYPE = "papers.zip", "application/zip"
MISSING_FILES = "NOT-IN-HERE.txt"
LISTS = tuple(name for name, form in FORMATS.items() if not form.marked)
"""The forms of a list that an archive can have beside its files."""
_IN_MEMORY = 1_000_000
"""Bytes of a list that are kept in memory before they go to a file."""
_MISSING, _ALTERED = "it is missing in the library", "it is not the file that was stored"


@define
class Archive:
    """An archive on its way. How many files are in it, and how many are not, is known at its end."""

    anchor: str
    pieces: Generator[bytes, None, None] = field(init=False)
    files: int = 0
    missing: int = 0


@frozen(kw_only=True)
class Archiving:
    """The handler of archives."""

    log: EventLog
    papers: Papers
    library: Library
    tasks: Tasks
    clock: Clock

    def archive(self, which: PaperFilter, lists: Sequence[str] = ()) -> Archive:
        """The files of every paper that matches. Raises InvalidValue for an unknown list, LibraryUnavailable."""
        forms = [export_format(name) for name in dict.fromkeys(lists)]
        next(iter(self.library.files()), None)  # where the library is not there, no download begins
        archive = Archive(anchor_of(self.log))
        archive.pieces = self._pieces(archive, which, forms)
        return archive

    def _pieces(self, archive: Archive, which: PaperFilter, forms: Iterable[Format]) -> Generator[bytes, None, None]:
        with self.tasks.run("export", FILENAME) as report, ExitStack() as stack:
            directory, manifest, missing = (stack.enter_context(_waiting()) for _ in range(3))
            stream = ZipStream(self.clock.now(), directory)
            manifest.write(csv_line((*MANIFEST, "archived", "missing")).encode())
            for paper in self._with_files(which, report):
                why = yield from self._add(stream, paper)
                told = manifest_record(paper, archive.anchor)
                manifest.write(csv_line((*told.values(), "" if why else name_of(paper), why)).encode())
                if why:
                    missing.write(f"{paper.file_path}: {why}.\r\n".encode())
                    archive.missing += 1
                else:
                    archive.files += 1
            yield from _added(stream, "manifest.csv", manifest)
            if archive.missing:
                yield from _added(stream, MISSING_FILES, missing)
            for form in forms:
                with _waiting() as lines:
                    rows = (_renamed(paper) for paper in self.papers.all(which))
                    lines.writelines(line.encode() for line in form(rows, archive.anchor))
                    yield from _added(stream, form.filename, lines)
            yield from stream.end()

    def _with_files(self, which: PaperFilter, report: Report) -> Iterator[PaperRow]:
        whole = self.papers.count(which)
        for done, paper in enumerate(self.papers.all(which), start=1):
            if paper.file_path is not None:
                yield paper
            report(done, max(done, whole))

    def _add(self, stream: ZipStream, paper: PaperRow) -> Generator[bytes, None, str]:
        """Add the paper's file; returns why it is not in the archive, or "".

        Raises LibraryUnavailable where the file is changed while it is sent: what was sent cannot be taken back.
        """
        try:
            source = self.library.open(paper.file_path or "").open("rb")
        except (LibraryUnavailable, OSError):
            return _MISSING
        with source:
            try:
                content = content_of(source)
            except OSError:
                return _MISSING
            if content.sha256 != paper.file_sha256:
                return _ALTERED
            try:
                yield from stream.add(name_of(paper), source, content)
            except (Altered, OSError) as error:
                told = f"The file {paper.file_path} was changed while it was sent."
                raise LibraryUnavailable(told, remedy="Fetch the archive again.") from error
        return ""


def name_of(paper: PaperRow) -> str:
    """The path of a paper's file in an archive: that in the library, or its id where that is no path on every disk.

    No two are the same, though case made no difference: each stored name ends in a mark of its own.
    """
    path = paper.file_path or ""
    fits = path.endswith(".pdf") and all(safe(step) == step for step in path.split("/"))
    return path if fits else f"{safe(paper.id)}.pdf"


def _renamed(paper: PaperRow) -> PaperRow:
    """The paper with the path that its file has in the archive."""
    return paper if paper.file_path is None else evolve(paper, file_path=name_of(paper))


def _waiting() -> IO[bytes]:
    """An empty file that is nowhere to be seen, and goes when it is closed."""
    return SpooledTemporaryFile(_IN_MEMORY)


def _added(stream: ZipStream, name: str, source: IO[bytes]) -> Iterator[bytes]:
    return stream.add(name, source, content_of(source))
