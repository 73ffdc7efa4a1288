"""The publishers: which are known, what shows that their pages are read rightly, and how they fare."""

from collections.abc import Sequence

from attrs import frozen

from application.publishers import Proof, PublisherState
from interfaces.container import Container

PROOFS = {
    Proof.PROVED: "Recorded pages of it are read rightly.",
    Proof.UNPROVED: "Tested on a page of our own only.",
}


@frozen(kw_only=True)
class PublisherRow:
    """A publisher as the page shows it."""

    name: str
    anchor: str
    prefixes: tuple[str, ...]
    ways: tuple[str, ...]
    proved: bool
    proof: str
    left_alone: str
    state: PublisherState


@frozen(kw_only=True)
class PublishersView:
    """The page: publishers that a paper has to do with, the others that are known, and everybody else."""

    met: tuple[PublisherRow, ...]
    known: tuple[PublisherRow, ...]
    others: PublisherState
    proved: int
    position: int

    @property
    def number(self) -> int:
        """How many publishers are known."""
        return len(self.met) + len(self.known)


def publishers_view(container: Container) -> PublishersView:
    """The page's view."""
    position = container.log.head().position
    states = container.publishers.states()
    rows = _rows(states)
    return PublishersView(
        met=tuple(row for row in rows if row.state.is_met),
        known=tuple(row for row in rows if not row.state.is_met),
        others=next(state for state in states if state.publisher is None),
        proved=sum(row.proved for row in rows),
        position=position,
    )


def _rows(states: Sequence[PublisherState]) -> list[PublisherRow]:
    return [
        PublisherRow(
            name=publisher.name,
            anchor="".join(sign if sign.isalnum() else "-" for sign in publisher.name.lower()),
            prefixes=publisher.prefixes,
            ways=publisher.ways,
            proved=publisher.proof is Proof.PROVED,
            proof=PROOFS[publisher.proof],
            left_alone=publisher.left_alone,
            state=state,
        )
        for state in states
        if (publisher := state.publisher)
    ]
