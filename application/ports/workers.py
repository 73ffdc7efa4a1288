"""Which processes are at work, so that the papers of dead ones can be taken back."""

from typing import Protocol


class Workers(Protocol):
    """The processes that share a database. A worker lives as long as its process renews its lease."""

    @property
    def own(self) -> str:
        """Name of this process's worker."""
        ...

    def living(self) -> frozenset[str]:
        """Names of the workers whose process is alive."""
        ...
