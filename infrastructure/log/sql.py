"""The event log in a database, SQLite or PostgreSQL: the one append path, and the readers.

The head row is locked first, so appends happen one after the other: positions have no gap and are in commit order
(on PostgreSQL a sequence would hand out positions that become visible out of order).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Container, Mapping, Sequence

import sqlalchemy as sa

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
from infrastructure.bulk import insert_rows
from infrastructure.database import Database
from infrastructure.log.chain import COVERED
from infrastructure.log.codec import stamp
from infrastructure.log.numbering import COLUMNS, Encoded, End, encoded, number, recorded
from infrastructure.log.tables import commands, event_head, events, identifiers
from infrastructure.read_models.model import ReadModel, live

MANY = 5_000
"""Names in one query; SQLite takes at most 32,766 parameters."""

_END = sa.select(event_head.c.position, event_head.c.hash, event_head.c.recorded_at)
_LOCKED_END = _END.with_for_update()
_ADVANCE = event_head.update().values({c.name: sa.bindparam(f"b_{c.name}") for c in event_head.c if c.name != "id"})
_VERSIONS = (
    sa.select(events.c.stream, sa.func.max(events.c.version))
    .where(events.c.stream.in_(sa.bindparam("streams", expanding=True)))
    .group_by(events.c.stream)
)
READ = sa.select(*(events.c[name] for name in COVERED))
"""The columns that make a record."""
_STREAM = READ.where(events.c.stream == sa.bindparam("stream")).order_by(events.c.version)


class SqlEventLog:
    """Adapter of application.ports.event_log.EventLog. `models` are kept up to date by every append."""

    def __init__(self, database: Database, clock: Clock, models: Sequence[ReadModel]) -> None:
        self._database, self._clock, self._models = database, clock, tuple(models)

    def append(self, writes: Sequence[Write], origin: Origin) -> Appended:
        """See the port."""
        prepared = encoded(writes)
        try:
            with self._database.write() as connection:
                return self._append(connection, prepared, origin)
        except sa.exc.IntegrityError as error:
            self._explain(writes, error)
            raise

    def _append(self, connection: sa.Connection, writes: Sequence[Encoded], origin: Origin) -> Appended:
        end = locked_end(connection)
        if origin.key is not None and (done := _done(connection, origin.key, origin.digest)):
            return done
        versions = _versions(connection, [one.write for one in writes])
        records, rows = number(end, writes, origin, versions, stamp(self._clock.now()))
        first, last = end.position + 1, end.position + len(rows)
        if origin.key is not None:
            row = {"key": origin.key, "first": first, "last": last, "digest": origin.digest}
            connection.execute(commands.insert(), [row])
        if rows:
            insert_rows(connection, events, COLUMNS, rows)
            newest = {"b_position": last, "b_hash": rows[-1][-1], "b_recorded_at": rows[-1][11]}
            connection.execute(_ADVANCE, newest)
            for model in self._models:
                model.apply(connection, records, live)
        return Appended(first=first, last=last)

    def _explain(self, writes: Sequence[Write], error: sa.exc.IntegrityError) -> None:
        """Raise what the database's refusal means, if it is one of ours."""
        with self._database.read() as connection:
            _versions(connection, writes, trust_new=False)
        if taken := taken_twice(writes, self.papers_of({identifier for identifier, _ in _changes(writes)})):
            raise IdentifierTaken(taken) from error

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
            return [recorded(row) for row in connection.execute(_STREAM, {"stream": name})]

    def newest(
        self, name: str, *, limit: int, until: int | None = None, types: Collection[str] = ()
    ) -> Sequence[Recorded]:
        """See the port."""
        query = READ.where(events.c.stream == name).order_by(events.c.version.desc()).limit(limit)
        if until is not None:
            query = query.where(events.c.position <= until)
        if types:
            query = query.where(events.c.type.in_(types))
        with self._database.read() as connection:
            return [recorded(row) for row in connection.execute(query)]

    def streams(self, names: Collection[str]) -> Mapping[str, Sequence[Recorded]]:
        """See the port."""
        found: dict[str, list[Recorded]] = defaultdict(list)
        with self._database.read() as connection:
            for some in _chunks(list(set(names))):
                query = READ.where(events.c.stream.in_(some)).order_by(events.c.position)
                for row in connection.execute(query):
                    found[row.stream].append(recorded(row))
        return dict(found)

    def papers_of(self, identifiers_: Collection[Identifier]) -> Mapping[Identifier, str]:
        """See the port."""
        by_scheme: dict[str, dict[str, Identifier]] = defaultdict(dict)
        for identifier in identifiers_:
            by_scheme[identifier.scheme.value][identifier.value] = identifier
        found: dict[Identifier, str] = {}
        columns = (identifiers.c.value, identifiers.c.paper)
        with self._database.read() as connection:
            for scheme, values in by_scheme.items():
                for some in _chunks(list(values)):
                    asked = (identifiers.c.scheme == scheme) & identifiers.c.value.in_(some)
                    found |= {values[v]: paper for v, paper in connection.execute(sa.select(*columns).where(asked))}
        return found

    def head(self) -> Head:
        """See the port."""
        with self._database.read() as connection:
            position, hash_, _ = connection.execute(_END).one()
            return Head(position=position, hash=hash_)


def locked_end(connection: sa.Connection) -> End:
    """The end of the log, locked until the transaction ends."""
    position, hash_, recorded_at = connection.execute(_LOCKED_END).one()
    return End(position=position, hash=hash_, recorded_at=recorded_at)


def read(connection: sa.Connection, after: int, limit: int) -> list[Recorded]:
    """Events after a position, in order, within a transaction of the caller's."""
    query = READ.where(events.c.position > after).order_by(events.c.position).limit(limit)
    return [recorded(row) for row in connection.execute(query)]


def taken_twice(writes: Sequence[Write], present: Container[Identifier]) -> tuple[Identifier, ...]:
    """The identifiers that the writes take although a paper has them at that moment; `present` are had before."""
    has_paper: dict[Identifier, bool] = {}
    taken: dict[Identifier, None] = {}
    for identifier, takes in _changes(writes):
        if takes and has_paper.get(identifier, identifier in present):
            taken[identifier] = None
        has_paper[identifier] = takes
    return tuple(taken)


def _changes(writes: Sequence[Write]) -> list[tuple[Identifier, bool]]:
    return [change for write in writes for event in write.events for change in identifier_changes(event)]


def check_versions(writes: Sequence[Write], versions: dict[str, int]) -> None:
    """Compare what each write expects with what is, write after write. Raises WrongVersion."""
    after: dict[str, int] = {}
    for write in writes:
        actual = after.get(write.stream, versions.setdefault(write.stream, 0))
        if write.expected is not None and write.expected != actual:
            raise WrongVersion(write.stream, write.expected, actual)
        after[write.stream] = actual + len(write.events)


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
    times = Counter(write.stream for write in writes)
    new = {write.stream for write in writes if write.expected == 0 and write.events and times[write.stream] == 1}
    versions = dict.fromkeys(new, 0) if trust_new else {}
    for some in _chunks([write.stream for write in writes if write.stream not in versions]):
        found = connection.execute(_VERSIONS, {"streams": some})
        versions |= {stream: version for stream, version in found}  # noqa: C416 (rows are no pairs to mypy)
    check_versions(writes, versions)
    return versions


def _chunks(names: list[str]) -> list[list[str]]:
    return [names[start : start + MANY] for start in range(0, len(names), MANY)]
