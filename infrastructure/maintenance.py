"""Verifying and rebuilding, over database and library together."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from application.ports.library import Library, LibraryUnavailable
from application.ports.maintenance import Progress, VerifyReport
from application.ports.renaming import FileNames
from application.queries import Papers
from domain.errors import InvalidValue
from infrastructure.database import Database
from infrastructure.library.naming import mark, mark_of
from infrastructure.log.verify import Anchor, verify_chain
from infrastructure.read_models.model import ReadModel
from infrastructure.read_models.rebuild import Difference, differences, rebuild


class DatabaseMaintenance:
    """Adapter of application.ports.maintenance.Maintenance."""

    def __init__(
        self,
        database: Database,
        models: Sequence[ReadModel],
        papers: Papers,
        library: Library,
        names: FileNames | None = None,
    ) -> None:
        self._database, self._models, self._papers, self._library = database, models, papers, library
        self._names = names

    def verify(self, expect: str | None = None, progress: Progress | None = None) -> VerifyReport:
        """See the port."""
        anchor = Anchor.parse(expect) if expect else None
        chain = verify_chain(self._database, anchor)
        faults = [
            f"position {fault.position}: {fault.what}" if fault.position else fault.what for fault in chain.faults
        ]
        if not faults:  # what does not follow from the log cannot be compared with it
            faults.extend(self._differences(progress))
        try:
            files, wrong = self._check_files(progress)
        except LibraryUnavailable as error:
            files, wrong = 0, [error.message.rstrip(".")]
        return VerifyReport(anchor=str(chain.anchor), events=chain.events, files=files, faults=(*faults, *wrong))

    def _differences(self, progress: Progress | None) -> Iterator[str]:
        for model in self._models:
            step = (lambda done, whole, name=model.name: progress(name, done, whole)) if progress else None
            yield from (_sentence(difference) for difference in differences(self._database, model, step))

    def _check_files(self, progress: Progress | None) -> tuple[int, list[str]]:
        """How many files the papers have, and what is wrong with them, or with others in the library.

        Downloads may go on: a file is there before its event, and its attempt is unsettled until after it. So the
        files are listed first, then the attempts, then what the papers have. Files may get other names meanwhile: what
        is not found under one is looked for once more.
        """
        present = list(self._library.files())
        underway = {mark(attempt) for attempt in self._library.unsettled()} | self._marks_of_renaming()
        known: set[str] = set()
        faults: list[str] = []
        for paper, path, sha256 in self._papers.files():
            known.add(path)
            if fault := self._fault(path, sha256) and self._fault(self._path_now(paper, path), sha256):
                faults.append(f"the file {path} of paper {paper} {fault}")
            if progress:
                progress("files", len(known), len(known))
        strays = [path for path in present if path not in known and mark_of(path) not in underway]
        left = self._left(strays) if strays else ()
        return len(known), [*faults, *(f"the file {path} belongs to no paper" for path in left)]

    def _fault(self, path: str, sha256: str) -> str:
        try:
            return "" if _sha256(self._library.open(path)) == sha256 else "was altered"
        except (LibraryUnavailable, OSError):
            return "is missing or cannot be read"

    def _path_now(self, paper: str, path: str) -> str:
        row = self._papers.find(paper)
        return row.file_path or path if row else path

    def _marks_of_renaming(self) -> set[str | None]:
        return {mark_of(move.new) for move in self._names.unfinished()} if self._names else set()

    def _left(self, strays: Sequence[str]) -> list[str]:
        """Those that are still there, and that no paper has by now: they were renamed while the others were read."""
        known = {path for _, path, _ in self._papers.files()}
        present = set(self._library.files())
        return [path for path in strays if path in present and path not in known]

    def rebuild(self, model: str | None = None, progress: Progress | None = None) -> tuple[str, ...]:
        """See the port."""
        names = [one.name for one in self._models]
        if model is not None and model not in names:
            raise InvalidValue("model", model, "one of " + ", ".join(names))
        chosen = [one for one in self._models if model in (None, one.name)]
        for one in chosen:
            step = (lambda done, whole, name=one.name: progress(name, done, whole)) if progress else None
            rebuild(self._database, one, step)
        return tuple(one.name for one in chosen)


def _sentence(difference: Difference) -> str:
    return (
        f"the table {difference.table} is not what the log says: {difference.surplus} rows too many, "
        f"{difference.missing} too few ({', '.join(difference.examples)}); `rebuild` mends it"
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
