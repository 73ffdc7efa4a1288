"""How new events get their positions, versions, ids, times and hashes; the same for every log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from uuid_utils import uuid7

from application.ports.event_log import Origin, Recorded, Write
from domain.events import Event
from infrastructure.log.chain import COVERED, link
from infrastructure.log.codec import decode, encode, moment

COLUMNS = (*COVERED, "hash")
"""The columns of an event's row, in the order of the table."""


@frozen(kw_only=True)
class End:
    """Where the log ends, as stored."""

    position: int
    hash: str
    recorded_at: str


@frozen(kw_only=True)
class Encoded:
    """A write with its events as text, made before the lock is taken."""

    write: Write
    texts: tuple[str, ...]


def encoded(writes: Sequence[Write]) -> list[Encoded]:
    """The writes with their events as text."""
    return [Encoded(write=write, texts=tuple(encode(event) for event in write.events)) for write in writes]


def number(
    end: End, writes: Sequence[Encoded], origin: Origin, versions: dict[str, int], now: str
) -> tuple[list[Recorded], list[tuple[Any, ...]]]:
    """The events as records and as rows of COLUMNS; `versions` holds each stream's present one.

    The time is never before that of the predecessor, whatever the clock says.
    """
    position, previous = end.position, end.hash
    recorded_at = max(now, end.recorded_at)
    at = moment(recorded_at)
    records: list[Recorded] = []
    rows: list[tuple[Any, ...]] = []
    for one in writes:
        stream, version = one.write.stream, versions[one.write.stream]
        for event, data in zip(one.write.events, one.texts, strict=True):
            position, version = position + 1, version + 1
            values = (
                *(position, stream, version, event.TYPE, event.VERSION, str(uuid7())),
                *(origin.command, origin.key, origin.correlation, origin.causation, origin.actor, recorded_at, data),
            )
            previous = link(previous, values)
            rows.append((*values, previous))
            records.append(_record(values, at, event))
        versions[stream] = version
    return records, rows


def recorded(row: Sequence[Any]) -> Recorded:
    """The record of a stored row of COVERED columns. Raises UnknownEvent."""
    return _record(row, moment(row[11]), decode(row[3], row[4], row[12]))


def _record(values: Sequence[Any], at: datetime, event: Event) -> Recorded:
    return Recorded(
        position=values[0],
        stream=values[1],
        version=values[2],
        event_id=values[5],
        command=values[6],
        key=values[7],
        correlation=values[8],
        causation=values[9],
        actor=values[10],
        recorded_at=at,
        event=event,
    )
