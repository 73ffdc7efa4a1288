"""Merging: two papers that turn out to be one work become one."""

from collections.abc import Collection

from application.handling import decided, load
from application.ports.event_log import EventLog, Write
from domain import paper
from domain.identifiers import Identifier
from domain.paper import Paper
from domain.paper_commands import AddIdentifier, Merge
from domain.pipeline import Status

MERGED = "merge"
"""The source of identifiers that come from a merged paper."""


def same_work(log: EventLog, ours: Paper, taken: Collection[Identifier]) -> str | None:
    """The paper that has identifiers which a source tells of ours; None where something speaks against one work.

    That is another identifier of a scheme that both have, or that somebody set the other one aside.
    """
    owners = set(log.papers_of(taken).values())
    if len(owners) != 1:
        return None
    (other,) = owners
    theirs, _ = load(log, paper.DECIDER, paper.stream_of(other))
    if theirs.status in {None, Status.EXCLUDED}:
        return None
    ids = {one.scheme: one for one in theirs.identifiers}
    return None if any(ids.get(one.scheme, one) != one for one in ours.identifiers) else other


def merging(log: EventLog, stream: str, ours: Paper, version: int, into: str) -> tuple[Write, ...]:
    """Writes that merge our paper into another, which takes over its identifiers. Raises CommandRefused."""
    gone = decided(paper.DECIDER, stream, ours, version, (Merge(into=into),))
    target = paper.stream_of(into)
    theirs, at = load(log, paper.DECIDER, target)
    taken_over = [AddIdentifier(identifier=one, source=MERGED) for one in ours.identifiers]
    return gone, decided(paper.DECIDER, target, theirs, at, taken_over)
