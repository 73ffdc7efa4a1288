"""How the papers are divided: by the reason why they are not here, by the site that has them, by collection."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Protocol

from attrs import frozen

from application.kept import Kept
from domain.pipeline import Status

MOST_HOSTS = 100
"""Hosts that are kept at most."""


@frozen(kw_only=True)
class Reason:
    """How many papers have a status for a cause."""

    status: Status
    cause: str
    papers: int


@frozen(kw_only=True)
class WaitingAt:
    """How many papers wait for a download from a host."""

    host: str
    papers: int


@frozen(kw_only=True)
class CollectionStands:
    """A collection, and how many of its papers have each status."""

    id: str
    name: str
    papers: Mapping[Status, int]

    @property
    def total(self) -> int:
        """All of its papers."""
        return sum(self.papers.values())

    @property
    def done(self) -> int:
        """Those that are in the library."""
        return self.papers.get(Status.DONE, 0)


class Divisions(Protocol):
    """Questions about all papers at once."""

    def statuses(self) -> Mapping[Status, int]:
        """How many papers have each status; every status is there."""
        ...

    def reasons(self) -> Sequence[Reason]:
        """The causes of papers that rest without a file, the most frequent first."""
        ...

    def waiting(self, limit: int) -> Sequence[WaitingAt]:
        """The hosts that most papers wait for."""
        ...

    def collections(self) -> Sequence[CollectionStands]:
        """Every collection, by name."""
        ...


@frozen(kw_only=True)
class KeptDivisions:
    """The same answers, kept for a while where they take long to find."""

    found_statuses: Kept[Mapping[Status, int]]
    found_reasons: Kept[Sequence[Reason]]
    found_waiting: Kept[Sequence[WaitingAt]]
    found_collections: Kept[Sequence[CollectionStands]]

    @classmethod
    def of(cls, divisions: Divisions) -> "KeptDivisions":
        """Those of other divisions."""
        return cls(
            found_statuses=Kept(divisions.statuses),
            found_reasons=Kept(divisions.reasons),
            found_waiting=Kept(partial(divisions.waiting, MOST_HOSTS)),
            found_collections=Kept(divisions.collections),
        )

    def statuses(self) -> Mapping[Status, int]:
        """See the port."""
        return self.found_statuses.get()

    def reasons(self) -> Sequence[Reason]:
        """See the port."""
        return self.found_reasons.get()

    def waiting(self, limit: int) -> Sequence[WaitingAt]:
        """See the port."""
        return self.found_waiting.get()[:limit]

    def collections(self) -> Sequence[CollectionStands]:
        """See the port."""
        return self.found_collections.get()


class PaperNames(Protocol):
    """What papers are called."""

    def of(self, papers: Sequence[str]) -> Mapping[str, str]:
        """The titles of papers by their ids, all at once; where one has no title, its identifier."""
        ...
