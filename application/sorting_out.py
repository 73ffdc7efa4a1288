"""What becomes of a batch of records: which are new papers, which are known, which cannot be taken. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum

from attrs import define, field, frozen

from application.ports.tabular import Record
from domain.identifiers import Identifier, Scheme
from domain.importing import Counts, RejectedRow
from domain.metadata import Metadata

STRENGTH = {scheme: rank for rank, scheme in enumerate(Scheme)}


class Outcome(StrEnum):
    """What becomes of one record."""

    NEW = "new"
    KNOWN = "known"
    DUPLICATE = "duplicate"
    INVALID = "invalid"


@frozen(kw_only=True)
class Newcomer:
    """A paper to register."""

    paper: str
    row: int
    identifiers: tuple[Identifier, ...]
    metadata: Metadata


@frozen(kw_only=True)
class Acquaintance:
    """What records tell of a paper that is known: identifiers that nobody has yet, and metadata.

    The first record of a file that names the paper tells its metadata; those of later batches tell identifiers only.
    """

    paper: str
    identifiers: tuple[Identifier, ...]
    metadata: Metadata


@frozen(kw_only=True)
class Sorted:
    """A batch, sorted out. `members` are the papers that the import did not name before.

    `verdicts` has for each record, in their order, what becomes of it, and the paper that it names.
    """

    newcomers: tuple[Newcomer, ...]
    acquaintances: tuple[Acquaintance, ...]
    members: tuple[str, ...]
    rejected: tuple[RejectedRow, ...]
    counts: Counts
    verdicts: tuple[tuple[Outcome, str | None], ...]


@define
class _Sorter:
    taken: dict[Identifier, str]
    members: frozenset[str]
    new_id: Callable[[], str]
    newcomers: dict[str, Newcomer] = field(factory=dict)
    acquaintances: dict[str, Acquaintance] = field(factory=dict)
    named: dict[str, None] = field(factory=dict)
    rejected: list[RejectedRow] = field(factory=list)
    verdicts: list[tuple[Outcome, str | None]] = field(factory=list)
    known: int = 0
    duplicates: int = 0

    def take(self, record: Record) -> None:
        self.verdicts.append(self._judged(record))

    def _judged(self, record: Record) -> tuple[Outcome, str | None]:
        if record.reason is not None or not record.identifiers:
            reason = record.reason or "no identifier"
            self.rejected.append(RejectedRow(row=record.row, line=record.line, reason=reason, raw=record.raw))
            return Outcome.INVALID, None
        paper = self._owner(record.identifiers)
        if paper is None:
            return Outcome.NEW, self._register(record)
        if paper in self.named or paper in self.members:
            self.duplicates += 1
            self._learn(paper, record)
            return Outcome.DUPLICATE, paper
        self.known += 1
        self.named[paper] = None
        self._learn(paper, record)
        return Outcome.KNOWN, paper

    def _owner(self, identifiers: Iterable[Identifier]) -> str | None:
        """The paper that has the strongest of the identifiers."""
        for identifier in sorted(identifiers, key=lambda identifier: STRENGTH[identifier.scheme]):
            if identifier in self.taken:
                return self.taken[identifier]
        return None

    def _register(self, record: Record) -> str:
        paper = self.new_id()
        self.newcomers[paper] = Newcomer(
            paper=paper, row=record.row, identifiers=record.identifiers, metadata=record.metadata
        )
        self.named[paper] = None
        self.taken.update(dict.fromkeys(record.identifiers, paper))
        return paper

    def _learn(self, paper: str, record: Record) -> None:
        """Take over what the record tells beyond what is known; identifiers of other papers stay theirs."""
        free = tuple(identifier for identifier in record.identifiers if identifier not in self.taken)
        self.taken.update(dict.fromkeys(free, paper))
        if (newcomer := self.newcomers.get(paper)) is not None:
            identifiers, metadata = (*newcomer.identifiers, *free), newcomer.metadata.filled(record.metadata)
            self.newcomers[paper] = Newcomer(paper=paper, row=newcomer.row, identifiers=identifiers, metadata=metadata)
            return
        before = self.acquaintances.get(paper)
        told = Metadata() if paper in self.members else record.metadata
        self.acquaintances[paper] = Acquaintance(
            paper=paper,
            identifiers=(*before.identifiers, *free) if before else free,
            metadata=before.metadata.filled(told) if before else told,
        )


def sort_out(
    records: Iterable[Record],
    taken: Mapping[Identifier, str],
    members: Collection[str],
    new_id: Callable[[], str],
) -> Sorted:
    """Sort out a batch. `taken` tells who has an identifier, `members` which papers the import named before."""
    sorter = _Sorter(dict(taken), frozenset(members), new_id)
    for record in records:
        sorter.take(record)
    return Sorted(
        newcomers=tuple(sorter.newcomers.values()),
        acquaintances=tuple(sorter.acquaintances.values()),
        members=tuple(sorter.named),
        rejected=tuple(sorter.rejected),
        counts=Counts(
            registered=len(sorter.newcomers),
            known=sorter.known,
            duplicates=sorter.duplicates,
            rejected=len(sorter.rejected),
        ),
        verdicts=tuple(sorter.verdicts),
    )
