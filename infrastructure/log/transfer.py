"""Carrying a whole log from one installation to another, whatever their databases: the second way to write a log.

Unlike an append it takes positions, versions, ids, times and hashes as they come. So it takes them only into a log
that is empty, in one transaction, and reads everything once more before that ends: either the same log is there
afterwards, with the same head, or nothing is.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from application.ports.event_log import Recorded
from application.ports.maintenance import BackupNotPossible, CarriedLog, Progress
from domain.errors import SciPaperLoaderError
from infrastructure.bulk import insert_rows
from infrastructure.database import Database, let_idle
from infrastructure.in_use import refuse_if_used
from infrastructure.library.disk import sync_folder
from infrastructure.log.codec import UnknownEvent
from infrastructure.log.lines import (
    FORMAT,
    VERSION,
    Chain,
    ChainBroken,
    CommandLine,
    EventLine,
    Header,
    LineReader,
    LineWriter,
)
from infrastructure.log.numbering import COLUMNS, recorded
from infrastructure.log.sql import locked_end
from infrastructure.log.tables import commands, event_head, events
from infrastructure.log.verify import Anchor, chain_report, event_rows
from infrastructure.read_models.model import ReadModel, live

BATCH = 1_000
Item = TypeVar("Item")
_COMMANDS = tuple(column.name for column in commands.c)


class NotEmpty(SciPaperLoaderError):
    """The installation has a log already."""

    remedy = "Nothing was changed. Take the log into a new installation, or begin anew with `scipaperloader db reset`."

    def __init__(self, position: int) -> None:
        super().__init__(f"A log can only be taken into an empty installation; this one stands at position {position}.")
        self.position = position


class SqlLogTransfer:
    """Adapter of application.ports.maintenance.LogTransfer."""

    def __init__(self, database: Database, models: Sequence[ReadModel]) -> None:
        self._database, self._models = database, tuple(models)

    def export(self, progress: Progress | None = None) -> Iterator[bytes]:
        """See the port."""
        writer, chain = LineWriter(), Chain()
        with self._database.read() as connection:
            let_idle(connection)  # whoever takes the lines may be slow
            header = _header(connection)
            yield writer.line(header)
            for row in event_rows(connection):
                if reason := chain.fault(row):
                    raise ChainBroken(chain.position + 1, reason)
                yield writer.line(EventLine(*tuple(row)))
                _tell(progress, chain.position, header.events)
            if chain.anchor != header.anchor:
                raise ChainBroken(chain.position + 1, "the head does not name the last event")
            yield from (writer.line(CommandLine(*tuple(row))) for row in _command_rows(connection))
        yield writer.last()

    def write(self, file: Path, progress: Progress | None = None) -> None:
        """See the port."""
        if file.exists():
            raise BackupNotPossible(f"{file} exists already.", remedy="Name another file.")
        partial = file.with_name(file.name + ".partial")
        try:
            with partial.open("wb") as into:
                into.writelines(self.export(progress))
                into.flush()
                os.fsync(into.fileno())
            partial.rename(file)
            sync_folder(file.parent)
        except OSError as error:
            raise BackupNotPossible(f"The copy failed: {error}.", remedy="Look at the disk, and try again.") from error
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    def take_in(self, lines: Iterable[bytes], progress: Progress | None = None) -> CarriedLog:
        """See the port."""
        refuse_if_used(self._database)
        with self._database.write() as connection:
            let_idle(connection)  # whoever gives the lines may be slow
            _refuse_if_filled(connection)
            reader = LineReader(lines)
            self._take_events(connection, reader, progress)
            for batch in _batches(reader.commands()):
                with _in_words(reader):
                    insert_rows(connection, commands, _COMMANDS, batch)
            _prove(connection, reader)
        header = reader.header
        return CarriedLog(anchor=header.anchor, events=header.events, commands=header.commands)

    def _take_events(self, connection: sa.Connection, reader: LineReader, progress: Progress | None) -> None:
        last: tuple[Any, ...] | None = None
        for batch in _batches(_decoded(reader)):
            rows, records = [row for row, _ in batch], [record for _, record in batch]
            with _in_words(reader):
                insert_rows(connection, events, COLUMNS, rows)
                for model in self._models:
                    model.apply(connection, records, live)
            last = rows[-1]
            _tell(progress, last[0], reader.header.events)
        if last is not None:
            head = {"position": last[0], "hash": last[-1], "recorded_at": last[11]}
            connection.execute(event_head.update().values(head))


def _header(connection: sa.Connection) -> Header:
    head = connection.execute(sa.select(event_head)).one()
    counts = [
        connection.execute(sa.select(sa.func.count()).select_from(one)).scalar_one() for one in (events, commands)
    ]
    return Header(FORMAT, VERSION, f"{head.position}:{head.hash}", *counts)


def _command_rows(connection: sa.Connection) -> Iterator[sa.Row[Any]]:
    """Every command, in an order that is the same in every database and under every collation."""
    key = commands.c.key if connection.dialect.name == "sqlite" else sa.collate(commands.c.key, "C")
    query = sa.select(commands).order_by(commands.c.first, commands.c.last, key)
    yield from connection.execute(query.execution_options(yield_per=BATCH))


def _refuse_if_filled(connection: sa.Connection) -> None:
    """Raises NotEmpty unless the log is empty; from here on nobody else can write to it."""
    end = locked_end(connection)
    keys = connection.execute(sa.select(sa.func.count()).select_from(commands)).scalar_one()
    if end.position or keys:
        raise NotEmpty(end.position)


def _decoded(reader: LineReader) -> Iterator[tuple[tuple[Any, ...], Recorded]]:
    for row in reader.events():
        try:
            yield row, recorded(row)
        except UnknownEvent as error:
            raise reader.refusal(error.message.rstrip("."), error.remedy) from error
        except ValueError as error:
            raise reader.refusal(f"a moment cannot be read ({error})") from error


@contextmanager
def _in_words(reader: LineReader) -> Iterator[None]:
    """Turn what the database refuses into LogNotReadable."""
    try:
        yield
    except (sa.exc.IntegrityError, sa.exc.DataError) as error:
        raise reader.refusal(f"the database refuses it, or one of the {BATCH} before it ({error.orig})") from error


def _prove(connection: sa.Connection, reader: LineReader) -> None:
    """See that what is stored now is the log of the lines, before it becomes visible to anybody."""
    report = chain_report(connection, Anchor.parse(reader.header.anchor))
    if report.faults:
        raise reader.refusal(report.faults[0].what)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _tell(progress: Progress | None, position: int, end: int) -> None:
    if progress and (position % BATCH == 0 or position == end):
        progress("log", position, end)
