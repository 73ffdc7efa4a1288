"""Services that know copies and metadata."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from attrs import frozen

from domain.copies import Copy
from domain.errors import SciPaperLoaderError
from domain.identifiers import Identifier
from domain.metadata import Metadata


@frozen(kw_only=True)
class Finding:
    """What a source knows of a paper. `known` is False where the source has never heard of it.

    `open_from` is when a copy that is under embargo becomes free; `by_rule` tells that nobody was asked for it.
    """

    known: bool = False
    copies: tuple[Copy, ...] = ()
    metadata: Metadata = Metadata()
    identifiers: tuple[Identifier, ...] = ()
    open_from: datetime | None = None
    by_rule: bool = False


class SourceUnavailable(SciPaperLoaderError):
    """The source could not be asked: nothing is known, not even that there is nothing.

    `unreached` tells that nobody answered, or somebody else: it may be the line to the internet.
    """

    def __init__(
        self, source: str, cause: str, detail: str, *, until: datetime | None = None, unreached: bool = False
    ) -> None:
        super().__init__(f"{source} could not be asked: {detail}.", remedy="It is asked again later.")
        self.source, self.cause, self.detail, self.until = source, cause, detail, until
        self.unreached = unreached
        self.is_awaited = True
        """Whether a paper without copies waits until it can be asked."""


class Source(Protocol):
    """One service. Asked once for each paper that it serves, at the rate that its host allows."""

    name: str

    def serves(self, identifiers: Collection[Identifier]) -> bool:
        """Whether the source can be asked by one of the identifiers."""
        ...

    def find(self, identifiers: Collection[Identifier]) -> Finding:
        """What the source knows. Raises SourceUnavailable when it did not answer properly."""
        ...
