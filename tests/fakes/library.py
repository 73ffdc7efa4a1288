"""A library and a check of PDFs that are quick and know no faults but those they are told."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from application.ports.library import Checked, LibraryFull, LibraryUnavailable, Stored, Verdict, Wanted
from domain.identifiers import Identifier
from domain.metadata import Metadata
from infrastructure.library.facts import Facts
from infrastructure.library.reading import FactsReading
from infrastructure.library.sniffing import HEAD, refusal

_SHOWN = re.compile(rb"<([0-9a-f]*)> Tj")
_STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)


class FakeLibrary:
    """Stand-in for application.ports.library.Library: flat, named by the attempt, in a folder that the test gives.

    While `full` or `missing` is set it refuses as a disk would.
    """

    def __init__(self, folder: Path) -> None:
        self.full = self.missing = False
        self._staged, self._stored = folder / "staged", folder / "stored"
        for each in (self._staged, self._stored):
            each.mkdir(parents=True, exist_ok=True)
        self._open_attempts: dict[str, None] = {}

    def staging(self, attempt: str) -> Path:
        """A path for the attempt's file."""
        self._refuse()
        self._open_attempts[attempt] = None
        return self._staged / f"{attempt}.part"

    def store(self, staged: Path, attempt: str, metadata: Metadata, identifiers: Iterable[Identifier] = ()) -> Stored:
        """Move the file beside the others."""
        try:
            self._refuse()
        except (LibraryFull, LibraryUnavailable):
            staged.unlink(missing_ok=True)
            raise
        if not staged.is_file():
            raise LibraryUnavailable(f"{staged} is missing.")
        self._open_attempts[attempt] = None  # others may have settled it meanwhile
        target = staged.replace(self._stored / f"{attempt}.pdf")
        data = target.read_bytes()
        return Stored(path=target.name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))

    def remove(self, path: str) -> None:
        """Remove a stored file."""
        self._inside(path).unlink(missing_ok=True)

    def discard(self, attempts: Iterable[str], keep: Iterable[str] = ()) -> tuple[str, ...]:
        """Remove what the attempts left."""
        wanted, kept = set(attempts), set(keep)
        everything = [*self._staged.iterdir(), *self._stored.iterdir()]
        gone = [path for path in everything if path.stem in wanted and path.name not in kept]
        for path in gone:
            path.unlink()
        return tuple(path.name for path in gone)

    def let_go(self, attempt: str, path: str) -> None:
        """Note the attempt again."""
        self._refuse()
        self._open_attempts[attempt] = None

    def settle(self, attempt: str) -> None:
        """Forget the attempt."""
        self._open_attempts.pop(attempt, None)

    def unsettled(self) -> tuple[str, ...]:
        """The attempts that were staged, stored or let go, and not settled."""
        self._refuse_missing()
        return tuple(self._open_attempts)

    def sweep(self, before: datetime) -> tuple[str, ...]:
        """Remove old staged files."""
        old = [path for path in self._staged.iterdir() if path.stat().st_mtime < before.timestamp()]
        for path in old:
            path.unlink()
        return tuple(path.name for path in old)

    def open(self, path: str) -> Path:
        """The stored file."""
        found = self._inside(path)
        if not found.is_file():
            raise LibraryUnavailable(f"{path} is missing.")
        return found

    def files(self) -> Iterator[str]:
        """The names of the stored files."""
        return (path.name for path in self._stored.iterdir())

    def _inside(self, path: str) -> Path:
        if not path or Path(path).name != path or path == "..":
            raise LibraryUnavailable(f"{path} leads out of the library.")
        return self._stored / path

    def _refuse(self) -> None:
        if self.full:
            raise LibraryFull("The disk is full.")
        self._refuse_missing()

    def _refuse_missing(self) -> None:
        if self.missing:
            raise LibraryUnavailable("The folder is missing.")


class FakePdfChecker:
    """Stand-in for PdfChecker and PdfReader: the real judgement, but it reads simulated PDFs only.

    `answers` holds verdicts for the contents of files, by their SHA-256, that come before any look at them.
    """

    def __init__(self, answers: dict[str, Checked] | None = None) -> None:
        self.answers = answers or {}
        self.checked: list[Path] = []

    def check(self, path: Path, wanted: Wanted) -> Checked:
        """Judge what infrastructure.simulation.pdf made."""
        data = path.read_bytes()
        self.checked.append(path)
        if answer := self.answers.get(hashlib.sha256(data).hexdigest()):
            return answer
        found = self.read(path)
        return found if isinstance(found, Checked) else found.check(wanted)

    def read(self, path: Path) -> FactsReading | Checked:
        """Look into what infrastructure.simulation.pdf made."""
        data = path.read_bytes()
        if cause := refusal(data[:HEAD]) or self._damage(data):
            return Checked(verdict=Verdict.WRONG, cause=cause, evidence=("it is no readable PDF",))
        return FactsReading(facts=_facts(data), size=len(data))

    @staticmethod
    def _damage(data: bytes) -> str | None:
        if not data.rstrip().endswith(b"%%EOF"):
            return "truncated"
        return None if b"startxref" in data[-100:] else "bad_pdf"


def _facts(data: bytes) -> Facts:
    texts = [text for stream in _STREAM.findall(data) if (text := _text(stream))]
    return Facts(pages=len(texts), texts=tuple(texts[:3]), last=texts[-1] if len(texts) > 3 else "")


def _text(stream: bytes) -> str:
    lines = (bytes.fromhex(shown.decode()).decode("cp1252", "replace") for shown in _SHOWN.findall(stream))
    return "\n".join(lines)
