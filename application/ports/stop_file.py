"""The emergency stop outside of the database: it holds also while the database does not answer."""

from datetime import datetime
from typing import Protocol

from attrs import frozen

from domain.records import storable


@frozen(kw_only=True, field_transformer=storable)
class StopOrder:
    """Who ordered the emergency stop, when, and why. `key` names the order: it becomes one event."""

    key: str
    actor: str
    is_person: bool
    at: datetime
    reason: str


class StopFile(Protocol):
    """A file that every process of the installation looks for before and while it works."""

    def present(self) -> bool:
        """Whether there is one. Never raises: where it cannot be told, there is one."""
        ...

    def order(self) -> StopOrder | None:
        """What it says; None where there is none."""
        ...

    def write(self, order: StopOrder) -> None:
        """Make it, durably; one that is there stays. Raises StopFileUnavailable."""
        ...

    def remove(self) -> None:
        """Take it away. Raises StopFileUnavailable."""
        ...
