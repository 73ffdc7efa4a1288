"""The event log in memory: for trying out what a command would do, and for tests."""

import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from application.ports.clock import Clock
from application.ports.event_log import Appended, Head, IdentifierTaken, KeyReused, Origin, Recorded, Write
from domain.identifiers import Identifier
from domain.paper import STREAM
from domain.paper_events import identifier_changes
from infrastructure.log.chain import GENESIS
from infrastructure.log.codec import stamp
from infrastructure.log.numbering import End, encoded, number, recorded
from infrastructure.log.sql import check_versions, taken_twice

_BEGINNING = "1970-01-01T00:00:00.000000+00:00"


class MemoryEventLog:
    """Adapter of application.ports.event_log.EventLog without read models; keeps the stored form of every event."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._rows: list[tuple[Any, ...]] = []
        self._streams: dict[str, list[int]] = {}
        self._commands: dict[str, tuple[str, Appended]] = {}
        self._papers: dict[Identifier, str] = {}

    def append(self, writes: Sequence[Write], origin: Origin) -> Appended:
        """See the port."""
        with self._lock:
            if origin.key is not None and (done := self.done(origin.key, origin.digest)):
                return done
            versions = {write.stream: len(self._streams.get(write.stream, ())) for write in writes}
            check_versions(writes, versions)
            if taken := taken_twice(writes, self._papers):
                raise IdentifierTaken(taken)
            records, rows = number(self._end(), encoded(writes), origin, versions, stamp(self._clock.now()))
            appended = Appended(first=len(self._rows) + 1, last=len(self._rows) + len(rows))
            self._rows.extend(rows)
            self._index(records)
            if origin.key is not None:
                self._commands[origin.key] = origin.digest, appended
            return appended

    def _end(self) -> End:
        if not self._rows:
            return End(position=0, hash=GENESIS, recorded_at=_BEGINNING)
        return End(position=len(self._rows), hash=self._rows[-1][-1], recorded_at=self._rows[-1][11])

    def _index(self, records: Sequence[Recorded]) -> None:
        for record in records:
            self._streams.setdefault(record.stream, []).append(record.position - 1)
            for identifier, takes in identifier_changes(record.event):
                if takes:
                    self._papers[identifier] = record.stream.removeprefix(STREAM)
                else:
                    self._papers.pop(identifier, None)

    def done(self, key: str, digest: str) -> Appended | None:
        """See the port."""
        if key not in self._commands:
            return None
        stored, appended = self._commands[key]
        if stored != digest:
            raise KeyReused(key)
        return Appended(first=appended.first, last=appended.last, repeated=True)

    def read(self, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """See the port."""
        return [recorded(row) for row in self._rows[after : after + limit]]

    def stream(self, name: str) -> Sequence[Recorded]:
        """See the port."""
        return [recorded(self._rows[index]) for index in self._streams.get(name, ())]

    def newest(
        self, name: str, *, limit: int, until: int | None = None, types: Collection[str] = ()
    ) -> Sequence[Recorded]:
        """See the port."""
        found = [
            record
            for record in reversed(self.stream(name))
            if (until is None or record.position <= until) and (not types or record.event.TYPE in types)
        ]
        return found[:limit]

    def streams(self, names: Collection[str]) -> Mapping[str, Sequence[Recorded]]:
        """See the port."""
        return {name: self.stream(name) for name in names if name in self._streams}

    def papers_of(self, identifiers: Collection[Identifier]) -> Mapping[Identifier, str]:
        """See the port."""
        return {identifier: self._papers[identifier] for identifier in identifiers if identifier in self._papers}

    def head(self) -> Head:
        """See the port."""
        end = self._end()
        return Head(position=end.position, hash=end.hash)
