"""The reader of lists of papers: finds out what a file is, and reads it in a stream."""

from collections.abc import Iterator
from pathlib import Path

from application.ports.tabular import FileForm, FileRefused, Glimpse, Mapped, Record
from infrastructure.tabular import bibtex, reasons
from infrastructure.tabular.binaries import refuse_binary, refuse_empty, refuse_other_text
from infrastructure.tabular.columns import checked
from infrastructure.tabular.decoding import UTF16, Encoding, detect_encoding, read_lines
from infrastructure.tabular.delimited import glimpse, read_delimited
from infrastructure.tabular.entries import Entry, Reading, take_sample
from infrastructure.tabular.grammars import grammar_of
from infrastructure.tabular.limits import Limits, too_many_bytes, too_many_rows
from infrastructure.tabular.mapping import to_record
from infrastructure.tabular.tagged import read_tagged

_HEAD = 65_536


class TabularReader:
    """A FileReader of tables, plain lists, BibTeX and tagged files.

    `max_bytes` bounds the file, `max_rows` its entries, `max_field` a field in characters.
    """

    def __init__(self, *, max_bytes: int = Limits().bytes, max_rows: int = 1_000_000, max_field: int = 131_072) -> None:
        self._limits = Limits(bytes=max_bytes, rows=max_rows, field=max_field)

    def inspect(self, path: Path, mapping: Mapped = ()) -> FileForm:
        """See the port."""
        encoding = self._encoding(path)
        reading = self._open(path, encoding.name, mapping)
        return FileForm(
            format=reading.format,
            encoding=encoding.name,
            rows=self._count(reading.entries),
            vendor=reading.vendor,
            columns=reading.columns,
            notes=(*encoding.notes, *reading.notes),
            mapping=reading.mapping,
        )

    def glimpse(self, path: Path, mapping: Mapped = (), rows: int = 20) -> Glimpse:
        """See the port."""
        sample, _, head = self._begin(path, self._encoding(path).name)
        return Glimpse() if grammar_of(head) or bibtex.SIGN.search(head) else glimpse(sample, mapping, rows)

    def _encoding(self, path: Path) -> Encoding:
        if path.stat().st_size > self._limits.bytes:
            raise too_many_bytes(self._limits)
        encoding = detect_encoding(path)
        with path.open("rb") as file:
            head = file.read(_HEAD)
        refuse_binary(head, wide=encoding.name in UTF16)
        return encoding

    def records(self, path: Path, form: FileForm) -> Iterator[Record]:
        """The records in the order of the file, those that cannot be taken with their reason."""
        for row, entry in enumerate(self._open(path, form.encoding, form.mapping).entries, 1):
            yield to_record(row, entry)

    def _open(self, path: Path, encoding: str, mapping: Mapped) -> Reading:
        sample, lines, head = self._begin(path, encoding)
        grammar = grammar_of(head)
        if not grammar and not bibtex.SIGN.search(head):
            return read_delimited(sample, lines, self._limits, mapping)
        checked(mapping, (), ())
        return read_tagged(grammar, lines, self._limits) if grammar else bibtex.read_bibtex(lines, self._limits)

    def _begin(self, path: Path, encoding: str) -> tuple[list[str], Iterator[str], str]:
        """The first lines, all of them again, and the first ones as one text."""
        sample, lines = take_sample(read_lines(path, encoding, self._limits))
        head = "".join(sample)
        refuse_empty(head)
        refuse_other_text(head)
        return sample, lines, head

    def _count(self, entries: Iterator[Entry]) -> int:
        rows, worthwhile = 0, False
        for rows, entry in enumerate(entries, 1):
            if rows > self._limits.rows:
                raise too_many_rows(self._limits)
            worthwhile = worthwhile or to_record(rows, entry).reason != reasons.NO_IDENTIFIER
        if not rows:
            raise FileRefused("There are no entries in the file.", remedy="Export the list again; this one is empty.")
        if not worthwhile:
            raise FileRefused(
                f"Not one of the {rows:,} entries has a DOI, PubMed id, PMC id or arXiv id.",
                remedy="Include the DOIs when you export the list.",
            )
        return rows
