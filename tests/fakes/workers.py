"""Processes that live and die at a word."""

from attrs import define, field


@define
class FakeWorkers:
    """Stand-in for application.ports.workers.Workers."""

    own: str = "this process"
    others: set[str] = field(factory=set)

    def living(self) -> frozenset[str]:
        """This process and the others that live."""
        return frozenset({self.own, *self.others})
