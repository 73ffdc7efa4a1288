"""The event log in a database, SQLite or PostgreSQL: the one append path, and the readers.

The head row is locked first, so appends happen one after the other: positions have no gap and are in commit order
(on PostgreSQL a sequence would hand out positions that become visible out of order).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from uuid_utils import uuid7

from application.ports.clock import Clock
from application.ports.event_log import (
    Appended,
    Head,
    IdentifierTaken,
    KeyReused,
    Origin,
    Recorded,
    Write,
    WrongVersion,
)
from domain.identifiers import Identifier
from domain.paper_events import identifier_changes
from infrastructure.database import Database
from infrastructure.log.chain import link
from infrastructure.log.codec import decode, encode, moment, stamp
from infrastructure.log.tables import commands, event_head, events, identifiers
from infrastructure.read_models.model import ReadModel, live

MANY = 5_000
"""Names in one query; SQLite takes at most 32,766 parameters."""

_HEAD = sa.select(event_head.c.position, event_head.c.hash, event_head.c.recorded_at).with_for_update()
_READ = sa.select(
    events.c.position,
    events.c.stream,
    events.c.version,
    events.c.type,
    events.c.type_version,
    events.c.event_id,
    events.c.command,
    events.c.key,
    events.c.correlation,
    events.c.causation,
    events.c.actor,
    events.c.recorded_at,
    events.c.data,
)
_COLUMNS = tuple(column.name for column in events.c)


class SqlEventLog:
    """Adapter of application.ports.event_log.EventLog. `models` are kept up to date by every append."""

    def __init__(self, database: Database, clock: Clock, models: Sequence[ReadModel]) -> None:
        self._database, self._clock, self._models = database, clock, tuple(models)

    def append(self, writes: Sequence[Write], origin: Origin) -> Appended:
        """See the port."""
        encoded = [(write, [encode(event) for event in write.events]) for write in writes]
        try:
            with self._database.write() as connection:
                return self._append(connection, encoded, origin)
        except sa.exc.IntegrityError as error:
            self._explain(writes, error)
            raise

    def _append(
        self, connection: sa.Connection, encoded: Sequence[tuple[Write, list[str]]], origin: Origin
    ) -> Appended:
        head = connection.execute(_HEAD).one()
        if origin.key is not None and (done := _done(connection, origin.key, origin.digest)):
            return done
        versions = _versions(connection, [write for write, _ in encoded])
        recorded, rows, end = _number(head, encoded, origin, versions, stamp(self._clock.now()))
        first, last = head.position + 1, head.position + len(rows)
        if origin.key is not None:
            row = {"key": origin.key, "first": first, "last": last, "digest": origin.digest}
            connection.execute(commands.insert(), [row])
        if rows:
            connection.execute(events.insert(), rows)
            connection.execute(event_head.update().values(position=last, hash=end, recorded_at=rows[-1]["recorded_at"]))
            for model in self._models:
                model.apply(connection, recorded, live)
        return Appended(first=first, last=last)

    def _explain(self, writes: Sequence[Write], error: sa.exc.IntegrityError) -> None:
        """Raise what the database's refusal means, if it is one of ours."""
        wanted = [
            identifier
            for write in writes
            for event in write.events
            for identifier, takes in identifier_changes(event)
            if takes
        ]
        if taken := self.papers_of(wanted):
            raise IdentifierTaken(tuple(taken)) from error
        if len(set(wanted)) < len(wanted):
            raise IdentifierTaken(tuple({i for i in wanted if wanted.count(i) > 1})) from error
        with self._database.read() as connection:
            _versions(connection, writes, trust_new=False)

    def done(self, key: str, digest: str) -> Appended | None:
        """See the port."""
        with self._database.read() as connection:
            return _done(connection, key, digest)

    def read(self, after: int = 0, limit: int = 1000) -> Sequence[Recorded]:
        """See the port."""
        with self._database.read() as connection:
            return read(connection, after, limit)

    def stream(self, name: str) -> Sequence[Recorded]:
        """See the port."""
        with self._database.read() as connection:
            query = _READ.where(events.c.stream == name).order_by(events.c.version)
            return [_recorded(*row) for row in connection.execute(query)]

    def streams(self, names: Collection[str]) -> Mapping[str, Sequence[Recorded]]:
        """See the port."""
        found: dict[str, list[Recorded]] = defaultdict(list)
        with self._database.read() as connection:
            for some in _chunks(list(names)):
                query = _READ.where(events.c.stream.in_(some)).order_by(events.c.position)
                for row in connection.execute(query):
                    found[row.stream].append(_recorded(*row))
        return found

    def papers_of(self, identifiers_: Collection[Identifier]) -> Mapping[Identifier, str]:
        """See the port."""
        by_scheme: dict[str, dict[str, Identifier]] = defaultdict(dict)
        for identifier in identifiers_:
            by_scheme[identifier.scheme.value][identifier.value] = identifier
        found: dict[Identifier, str] = {}
        with self._database.read() as connection:
            for scheme, values in by_scheme.items():
                for some in _chunks(list(values)):
                    query = sa.select(identifiers.c.value, identifiers.c.paper).where(
                        identifiers.c.scheme == scheme, identifiers.c.value.in_(some)
                    )
                    found |= {values[row.value]: row.paper for row in connection.execute(query)}
        return found

    def head(self) -> Head:
        """See the port."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(event_head.c.position, event_head.c.hash)).one()
            return Head(position=row.position, hash=row.hash)


def read(connection: sa.Connection, after: int, limit: int) -> list[Recorded]:
    """Events after a position, in order, within a transaction of the caller's."""
    query = _READ.where(events.c.position > after).order_by(events.c.position).limit(limit)
    return [_recorded(*row) for row in connection.execute(query)]


def _recorded(
    position: int,
    stream: str,
    version: int,
    type_: str,
    type_version: int,
    event_id: str,
    command: str,
    key: str | None,
    correlation: str,
    causation: str | None,
    actor: str,
    recorded_at: str,
    data: str,
) -> Recorded:
    return Recorded(
        position=position,
        stream=stream,
        version=version,
        event_id=event_id,
        command=command,
        key=key,
        correlation=correlation,
        causation=causation,
        actor=actor,
        recorded_at=moment(recorded_at),
        event=decode(type_, type_version, data),
    )


def _done(connection: sa.Connection, key: str, digest: str) -> Appended | None:
    row = connection.execute(sa.select(commands).where(commands.c.key == key)).one_or_none()
    if row is None:
        return None
    if row.digest != digest:
        raise KeyReused(key)
    return Appended(first=row.first, last=row.last, repeated=True)


def _versions(connection: sa.Connection, writes: Sequence[Write], *, trust_new: bool = True) -> dict[str, int]:
    """Present versions of the streams. Raises WrongVersion.

    A stream that should be new is not looked up: the database refuses a second version 1 (see `_explain`).
    """
    versions = {write.stream: 0 for write in writes if write.expected == 0} if trust_new else {}
    asked = [write.stream for write in writes if write.stream not in versions]
    for some in _chunks(asked):
        query = sa.select(events.c.stream, sa.func.max(events.c.version)).where(events.c.stream.in_(some))
        versions |= {stream: version for stream, version in connection.execute(query.group_by(events.c.stream))}
    expectations: dict[str, int] = {}
    for write in writes:
        actual = expectations.get(write.stream, versions.setdefault(write.stream, 0))
        if write.expected is not None and write.expected != actual:
            raise WrongVersion(write.stream, write.expected, actual)
        expectations[write.stream] = actual + len(write.events)
    return versions


def _number(
    head: sa.Row[tuple[int, str, str]],
    encoded: Sequence[tuple[Write, list[str]]],
    origin: Origin,
    versions: dict[str, int],
    now: str,
) -> tuple[list[Recorded], list[dict[str, object]], str]:
    """The events with positions, versions, ids and hashes, as records and as rows, and the last hash."""
    position, previous, last_moment = head
    recorded_at = max(now, last_moment)
    at = moment(recorded_at)
    recorded, rows = [], []
    for write, texts in encoded:
        for event, data in zip(write.events, texts, strict=True):
            position += 1
            versions[write.stream] += 1
            version, event_id = versions[write.stream], str(uuid7())
            values = (
                position,
                write.stream,
                version,
                event.TYPE,
                event.VERSION,
                event_id,
                origin.command,
                origin.key,
                origin.correlation,
                origin.causation,
                origin.actor,
                recorded_at,
                data,
            )
            previous = link(previous, values)
            rows.append(dict(zip(_COLUMNS, (*values, previous), strict=True)))
            recorded.append(
                Recorded(
                    position=position,
                    stream=write.stream,
                    version=version,
                    event_id=event_id,
                    command=origin.command,
                    key=origin.key,
                    correlation=origin.correlation,
                    causation=origin.causation,
                    actor=origin.actor,
                    recorded_at=at,
                    event=event,
                )
            )
    return recorded, rows, previous


def _chunks(names: list[str]) -> list[list[str]]:
    return [names[start : start + MANY] for start in range(0, len(names), MANY)]
