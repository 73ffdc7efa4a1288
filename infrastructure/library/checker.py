"""The check of PDFs, and the drawing of their first pages, in warm child processes."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import LifoQueue
from types import TracebackType
from typing import TypeVar

from application.ports.library import Checked, CheckerUnavailable, Verdict, Wanted
from infrastructure.library.child import Child, ChildDied
from infrastructure.library.facts import Limits, Unreadable
from infrastructure.library.pixels import Pixels
from infrastructure.library.reading import FactsReading, presentable
from infrastructure.library.sniffing import HEAD, refusal

T = TypeVar("T")
_COMMAND = (sys.executable, "-P", "-m", "infrastructure.library.check_child")
"""`-P` keeps the working folder, where anybody may have put a module, off the import path."""


class WarmPdfChecker:
    """Adapter of application.ports.library.PdfChecker and application.ports.pdf_reader.PdfReader.

    Judges PDFs; what parses them is a process that may die of them.

    Safe to use from several threads; `workers` files are read at a time. A process is started when it is needed, and
    replaced when it dies, when it hangs, and after `files_per_child` files, since memory creeps.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        limits: Limits | None = None,
        drawing: Limits | None = None,
        files_per_child: int = 200,
        command: Sequence[str] = _COMMAND,
    ) -> None:
        self._limits = limits or Limits()
        self._drawing = drawing or Limits(cpu_seconds=5, wall_seconds=10.0)
        self._files_per_child = files_per_child
        self._command = command
        self._workers = workers
        self._closed = False
        self._slots: LifoQueue[Child | None] = LifoQueue()
        self._vacate()

    def check(self, path: Path, wanted: Wanted) -> Checked:
        """Judge the file; see the port. The checks go from cheap to dear, and the first that fails decides."""
        found = self.read(path)
        return found if isinstance(found, Checked) else found.check(wanted)

    def read(self, path: Path) -> FactsReading | Checked:
        """What is in the file; see the port."""
        size, head = _first_look(path)
        if size > self._limits.file_bytes:
            return _wrong("too_large", f"it has {size:,} bytes, the limit is {self._limits.file_bytes:,}")
        if cause := refusal(head):
            return _wrong(cause, "its first bytes are not those of a PDF")
        found = self._asked(lambda child: child.read(path, self._limits))
        if isinstance(found, Unreadable):
            return presentable(_wrong(found.cause, found.detail))
        return FactsReading(facts=found, size=size)

    def draw(self, path: Path) -> Pixels | None:
        """The first page of the file; None where it cannot be drawn within the limits.

        Raises CheckerUnavailable, and OSError where there is no file that can be read.
        """
        size, head = _first_look(path)
        if size > self._limits.file_bytes or refusal(head):
            return None
        found = self._asked(lambda child: child.draw(path, self._drawing))
        return found if isinstance(found, Pixels) else None

    def close(self) -> None:
        """End the child processes, after the checks that are running."""
        self._closed = True
        for child in [self._slots.get() for _ in range(self._workers)]:
            if child:
                child.stop()
        self._vacate()

    def __enter__(self) -> "WarmPdfChecker":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _vacate(self) -> None:
        for _ in range(self._workers):
            self._slots.put(None)

    def _asked(self, question: Callable[[Child], T | Unreadable]) -> T | Unreadable:
        """What a child answers; a file that kills it is unreadable."""
        try:
            with self._child() as child:
                return question(child)
        except ChildDied as first:
            return _unsafe(first) if first.hung else self._asked_again(question)

    def _asked_again(self, question: Callable[[Child], T | Unreadable]) -> T | Unreadable:
        """A worn process may have died of itself; what also kills a fresh one is the file."""
        try:
            with self._child(fresh=True) as child:
                return question(child)
        except ChildDied as again:
            return _unsafe(again)

    @contextmanager
    def _child(self, *, fresh: bool = False) -> Iterator[Child]:
        """A child process for the time of one file."""
        slot, kept = self._slots.get(), None
        try:
            worn = slot is None or fresh or not slot.is_alive or slot.read_files >= self._files_per_child
            child = self._replacement(slot) if slot is None or worn else slot
            try:
                yield child
                kept = child
            except BaseException:
                child.stop(by_force=True)
                raise
        finally:
            self._slots.put(kept)

    def _replacement(self, worn: Child | None) -> Child:
        if worn:
            worn.stop()
        if self._closed:
            raise CheckerUnavailable("The check of PDFs is closed.")
        try:
            child = Child(self._command)
        except OSError as error:
            raise CheckerUnavailable(f"The process that checks PDFs does not start: {error}.") from error
        try:
            child.greet()
        except ChildDied as error:
            child.stop(by_force=True)
            raise CheckerUnavailable(
                f"The process that checks PDFs does not start: {error}. {child.complaint}"
            ) from error
        return child


def _first_look(path: Path) -> tuple[int, bytes]:
    """The size of the file and its first bytes."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        return file.seek(0, 2), head


def _wrong(cause: str, evidence: str) -> Checked:
    return Checked(verdict=Verdict.WRONG, cause=cause, evidence=(evidence,))


def _unsafe(death: ChildDied) -> Unreadable:
    return Unreadable(cause="unsafe_pdf", detail=str(death))
