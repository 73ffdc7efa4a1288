"""Verifying and rebuilding, over database and library together."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from application.ports.library import Library, LibraryUnavailable
from application.ports.maintenance import Progress, VerifyReport
from application.queries import Papers
from domain.errors import InvalidValue
from infrastructure.database import Database
from infrastructure.library.naming import mark, mark_of
from infrastructure.log.verify import Anchor, verify_chain
from infrastructure.read_models.model import ReadModel
from infrastructure.read_models.rebuild import Difference, differences, rebuild


class DatabaseMaintenance:
    """Adapter of application.ports.maintenance.Maintenance."""

    def __init__(self, database: Database, models: Sequence[ReadModel], papers: Papers, library: Library) -> None:
        self._database, self._models, self._papers, self._library = database, models, papers, library

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
        files are listed first, then the attempts, then what the papers have.
        """
        present = list(self._library.files())
        underway = {mark(attempt) for attempt in self._library.unsettled()}
        known: set[str] = set()
        faults: list[str] = []
        for paper, path, sha256 in self._papers.files():
            known.add(path)
            try:
                if _sha256(self._library.open(path)) != sha256:
                    faults.append(f"the file {path} of paper {paper} was altered")
            except (LibraryUnavailable, OSError):
                faults.append(f"the file {path} of paper {paper} is missing or cannot be read")
            if progress:
                progress("files", len(known), len(known))
        strays = (path for path in present if path not in known and mark_of(path) not in underway)
        return len(known), [*faults, *(f"the file {path} belongs to no paper" for path in strays)]

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
