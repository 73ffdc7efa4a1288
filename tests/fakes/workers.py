"""Processes that live and die at a word."""

from attrs import define, field


@define
class FakeWorkers:
    """Stand-in for application.ports.workers.Workers."""

    own: str = "this process"
    others: set[str] = field(factory=set)
    late: bool = False
    """Whether this process could not renew its lease in time."""

    def living(self) -> frozenset[str]:
        """This process and the others that live, as their leases say."""
        return frozenset(self.others if self.late else {self.own, *self.others})
