"""The hash chain: each event's hash covers its stored text and the hash before it."""

from collections.abc import Sequence
from hashlib import sha256

GENESIS = sha256(b"SciPaperLoader event log, genesis").hexdigest()
"""The hash before the first event."""

COVERED = (
    "position",
    "stream",
    "version",
    "type",
    "type_version",
    "event_id",
    "command",
    "key",
    "correlation",
    "causation",
    "actor",
    "recorded_at",
    "data",
)
"""The columns that a hash covers, in this order."""


def link(previous: str, values: Sequence[object]) -> str:
    """The hash of an event from the hash before it and its COVERED values as stored.

    Each value is framed by its length in characters (a netstring), NULL by "~", so that no two rows read alike.
    """
    framed = "".join(["~," if value is None else f"{len(text := str(value))}:{text}," for value in values])
    return sha256(f"{previous}{framed}".encode()).hexdigest()
