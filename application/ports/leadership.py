"""Which of the processes that share a database leads: only that one plans hours and runs their jobs."""

from typing import Protocol


class Leadership(Protocol):
    """A lease that one process has at a time."""

    def lead(self) -> bool:
        """Take or renew the lease; whether this process leads now. Never raises: who cannot ask does not lead."""
        ...

    def resign(self) -> None:
        """Give the lease up, so that another process need not wait for its end."""
        ...
