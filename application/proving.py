"""Proofs, repairs and copies that a person asks for in a running server: long work, told as tasks."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from enum import StrEnum

from attrs import frozen

from application.formats import plural
from application.ports.maintenance import Backups, Maintenance
from application.ports.tasks import Report, Tasks
from domain.errors import SciPaperLoaderError

NAMED = 3
"""Faults that are told in a task's detail; the command line tells all."""


class FaultsFound(SciPaperLoaderError):
    """The proof failed."""

    remedy = "Run `scipaperloader verify` for all of them; the guide tells what each means."

    def __init__(self, faults: tuple[str, ...]) -> None:
        more = f" And {len(faults) - NAMED} more." if len(faults) > NAMED else ""
        super().__init__(f"{plural(len(faults), 'fault')}: {'; '.join(faults[:NAMED])}.{more}")
        self.faults = faults


class Proof(StrEnum):
    """What can be asked for."""

    VERIFY = "verify"
    REBUILD = "rebuild"
    BACKUP = "backup"


TITLES = {
    Proof.VERIFY: "Proof of log, tables and files",
    Proof.REBUILD: "Rebuild of every table from the log",
    Proof.BACKUP: "Backup",
}


@frozen(kw_only=True)
class Proving:
    """The handlers."""

    maintenance: Maintenance
    backups: Callable[[], AbstractContextManager[Backups]]
    tasks: Tasks

    def run(self, proof: Proof, expect: str = "") -> None:
        """Do it; the task tells how far it is and how it ended. `expect` is an anchor that was noted earlier.

        Raises FaultsFound, InvalidAnchor, BackupNotPossible, which the task tells too.
        """
        with self.tasks.run(proof.value, TITLES[proof]) as report:
            _WORK[proof](self, expect, report)

    def _verify(self, expect: str, report: Report) -> None:
        found = self.maintenance.verify(expect or None, lambda _, done, whole: report(done, whole))
        if found.faults:
            raise FaultsFound(found.faults)

    def _rebuild(self, _: str, report: Report) -> None:
        self.maintenance.rebuild(None, lambda _, done, whole: report(done, whole))

    def _backup(self, _: str, report: Report) -> None:
        with self.backups() as tool:
            made = tool.make(progress=lambda _, done, whole: report(done, whole))
        if made.faults:
            raise FaultsFound(made.faults)


_WORK: dict[Proof, Callable[[Proving, str, Report], None]] = {
    Proof.VERIFY: Proving._verify,  # noqa: SLF001 (its own)
    Proof.REBUILD: Proving._rebuild,  # noqa: SLF001
    Proof.BACKUP: Proving._backup,  # noqa: SLF001
}
