"""Processes of their own that append to a database, and start quickly because their modules are loaded once."""

import multiprocessing
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from random import Random

from application.ports.event_log import Write
from domain.identifiers import Identifier, Scheme
from infrastructure.clock import SystemClock
from infrastructure.database import Database
from infrastructure.log.sql import SqlEventLog
from infrastructure.schema import READ_MODELS
from tests.contract.making import origin, registration, write

SIZES = (1, 1, 2, 3, 5, 40)
"""Events of a batch."""

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


def batches(name: str, rounds: int) -> list[Write]:
    """The writes of a writer: of mixed sizes, to a stream of its own."""
    random, writes, first = Random(name), [], 1
    for _ in range(rounds):
        size = random.choice(SIZES)
        writes.append(write(name, size, expected=first - 1, first=first))
        first += size
    return writes


def append_batches(url: str, name: str, rounds: int) -> None:
    """Append a writer's batches; the work of a process."""
    with closing(Database(url)) as database:
        log = SqlEventLog(database, SystemClock(), READ_MODELS)
        for one in batches(name, rounds):
            log.append([one], origin())


def append_for_ever(url: str, name: str, size: int, told: Connection) -> None:
    """Append batches of papers until killed; tell None when one begins and its last position when it is done."""
    with closing(Database(url)) as database:
        log = SqlEventLog(database, SystemClock(), READ_MODELS)
        for batch in count():
            papers = [f"{name}-{batch}-{number}" for number in range(size)]
            writes = [registration(paper, Identifier(Scheme.DOI, f"10.5555/{paper}")) for paper in papers]
            told.send(None)
            told.send(log.append(writes, origin(key=f"{name}-{batch}")).last)


def channel() -> tuple[Connection, Connection]:
    """The receiving and the sending end of a pipe."""
    return _context.Pipe(duplex=False)


@contextmanager
def started(work: object, *arguments: object) -> Iterator[ForkServerProcess]:
    """A process that does the work; it is gone when the context ends."""
    process = _context.Process(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()
        process.close()
