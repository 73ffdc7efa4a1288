"""The log: appends, commands, replay, rebuild."""

import json
from collections.abc import Iterator
from pathlib import Path

from uuid_utils import uuid7

from application.handling import PROGRAM, order
from application.ports.event_log import Origin, Write
from domain import schedule
from domain.copies import Copy, Version
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper_events import CandidateTried, CopiesLocated, Failed, ProcessingStarted, Registered
from infrastructure.read_models.rebuild import CHUNK, rebuild
from infrastructure.schema import READ_MODELS
from tests.benchmarks.figures import Figure, rates, seconds
from tests.benchmarks.stores import Store, bare, rows_of, store

ORIGIN = Origin(command="bench", actor="bench", correlation="bench")
LIFE = 6
"""Events of one paper's life here."""


def papers(count: int, start: int = 0) -> Iterator[Write]:
    """New papers, one event each."""
    for n in range(start, start + count):
        yield Write(stream=f"paper-{uuid7()}", expected=0, events=(_registered(n),))


def _registered(n: int) -> Registered:
    return Registered(
        identifiers=(Identifier(Scheme.DOI, f"10.5555/{n}"),),
        metadata=Metadata(title=f"A study of sample {n}", authors=("Doe, J.",), journal="Samples", year=2000 + n % 20),
    )


def lives(count: int, start: int = 0) -> Iterator[Write]:
    """Papers that were registered, located, tried and failed: LIFE events each."""
    copy = Copy(url="https://files.example.org/a.pdf", source="unpaywall", version=Version.PUBLISHED, licence="cc-by")
    for n in range(start, start + count):
        started = [ProcessingStarted(module=m, worker="w", attempt=f"{n}-{m}") for m in ("locate", "download")]
        tried = CandidateTried(url=copy.url, source=copy.source, outcome="forbidden", http_status=403, seconds=0.1)
        events = (
            _registered(n),
            started[0],
            CopiesLocated(copies=(copy,)),
            started[1],
            tried,
            Failed(cause="forbidden"),
        )
        yield Write(stream=f"paper-{uuid7()}", expected=0, events=events)


def appends(base: Path, count: int, size: int) -> Figure:
    """Events a second, `size` at once, beside bare inserts of the same rows in the same transactions."""

    def ours() -> float:
        with store(base) as one:
            writes = [list(papers(size, start)) for start in range(0, count, size)]
            took = seconds(lambda: [one.log.append(some, ORIGIN) for some in writes])
            one.database.close()
            with store(base) as other:
                floors.append(_insert(one.path, other.path, size))
            return took

    floors: list[float] = []
    name = "appends one by one" if size == 1 else f"appends of {size:,} events"
    return rates(name, count, ours, lambda: floors[-1], unit="events/s")


def _insert(model: Path, target: Path, size: int) -> float:
    names = (("events", "position"), ("papers", "id"), ("transitions", "position"), ("identifiers", "rowid"))
    loaded = [rows_of(model, name, by) for name, by in names]
    with bare(target) as connection:

        def insert() -> None:
            for start in range(0, len(loaded[0][1]), size):
                connection.execute("BEGIN IMMEDIATE")
                for statement, rows in loaded:
                    connection.executemany(statement, rows[start : start + size])
                connection.execute("UPDATE event_head SET position = position + 1")
                connection.execute("COMMIT")

        return seconds(insert)


def commands(base: Path, count: int) -> Figure:
    """Commands a second: load, decide, append; beside one bare insert and commit each."""

    def command(one: Store, n: int) -> None:
        wanted = schedule.ChangeVolume(volume=n % 1000 + 1)
        order(one.log, schedule.DECIDER, f"schedule-{n % 50}", (wanted,), PROGRAM, "bench")

    def ours() -> float:
        with store(base) as one:
            took = seconds(lambda: [command(one, n) for n in range(count)])
            one.database.close()
            statement, rows = rows_of(one.path, "events", "position")
            with store(base) as other, bare(other.path) as connection:

                def insert() -> None:
                    for row in rows:
                        connection.execute("BEGIN IMMEDIATE")
                        connection.execute(statement, row)
                        connection.execute("UPDATE event_head SET position = position + 1")
                        connection.execute("COMMIT")

                floors.append(seconds(insert))
            return took

    floors: list[float] = []
    return rates("commands", count, ours, lambda: floors[-1], unit="commands/s")


def replays(base: Path, count: int) -> list[Figure]:
    """Replay of a long log, and the rebuild of every read model."""
    with store(base) as one:
        for start in range(0, count // LIFE, 400):
            one.log.append(list(lives(min(400, count // LIFE - start), start)), ORIGIN)
        events = one.log.head().position
        replay = rates(f"replay of {events:,} events", events, lambda: _replay(one), lambda: _select(one), bound=4)
        return [replay, *(_rebuild(base, one, events, model.name) for model in READ_MODELS if model.name != "imports")]


def _replay(one: Store) -> float:
    def read() -> None:
        position = 0
        while records := one.log.read(position, 5_000):
            position = records[-1].position

    return seconds(read)


def _select(one: Store) -> float:
    with bare(one.path) as connection:
        columns = ", ".join(row[1] for row in connection.execute("PRAGMA table_info(events)"))
        query = f"SELECT {columns} FROM events WHERE position > ? ORDER BY position LIMIT 5000"

        def read() -> None:
            position = 0
            while rows := connection.execute(query, (position,)).fetchall():
                for row in rows:
                    json.loads(row[12])
                position = rows[-1][0]

        return seconds(read)


def _rebuild(base: Path, one: Store, events: int, name: str) -> Figure:
    model = next(model for model in READ_MODELS if model.name == name)

    def floor() -> float:
        with store(base) as other, bare(other.path) as connection:
            loaded = [rows_of(one.path, table.name, "rowid") for table in model.tables]

            def insert() -> None:
                for statement, rows in loaded:
                    for start in range(0, len(rows), CHUNK):
                        connection.execute("BEGIN IMMEDIATE")
                        connection.executemany(statement, rows[start : start + CHUNK])
                        connection.execute("COMMIT")

            return seconds(insert) + _select(one)

    took = [seconds(lambda: rebuild(one.database, model)), floor()]
    return Figure(
        name=f"rebuild of {name} at {events:,} events",
        ours=f"{took[0]:.1f} s",
        floor=f"{took[1]:.1f} s (select, decode, insert)",
        ratio=took[0] / took[1],
    )
