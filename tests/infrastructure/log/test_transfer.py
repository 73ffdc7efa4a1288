"""A log that is carried from one database to another is the same log there, or it is not there at all."""

import hashlib
import io
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import example, given

from application.ports.event_log import Write
from application.ports.maintenance import BackupNotPossible, InUse
from infrastructure.database import Database
from infrastructure.log.chain import GENESIS, link
from infrastructure.log.lines import ChainBroken, LogNotReadable
from infrastructure.log.numbering import COLUMNS
from infrastructure.log.tables import commands
from infrastructure.log.transfer import BATCH, NotEmpty, SqlLogTransfer
from infrastructure.log.verify import verify_chain
from infrastructure.read_models.rebuild import differences
from infrastructure.schema import READ_MODELS
from infrastructure.workers import SqlWorkers
from tests.contract.making import origin, write
from tests.databases import KINDS, Databases, fewer
from tests.histories import histories
from tests.infrastructure.log.tampering import tamper
from tests.infrastructure.read_models.keeping import contents, keep, log_of, story

FEW, MANY = 10_000, 20_000
FLAT = 1.2
"""How much more memory MANY events may take at once than FEW."""


def transfer(database: Database) -> SqlLogTransfer:
    return SqlLogTransfer(database, READ_MODELS)


def exported(database: Database) -> list[bytes]:
    return list(transfer(database).export())


def tables(database: Database) -> dict[str, Any]:
    """Every row of every read model, and the commands."""
    with database.read() as connection:
        rows = {name: rows for model in READ_MODELS for name, rows in contents(connection, model).items()}
        keys = sa.select(commands).order_by(commands.c.first, commands.c.digest)
        return rows | {"commands": sorted(tuple(row) for row in connection.execute(keys))}


@pytest.fixture
def filled(database: Database) -> Database:
    """A database of each kind with a log in which every table has rows, and with commands."""
    log = keep(database, story())
    for key in ("b", "ä", "A", "Z", "_"):
        log.append((), origin(key=key, digest=f"digest of {key}"))
    log.append((write("some", 3),), origin(key="with events", causation="ä cause"))
    return database


@pytest.fixture
def other(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Database]:
    """A fresh database of the other kind."""
    kind = "postgresql" if request.getfixturevalue("database").is_sqlite else "sqlite"
    with databases.fresh(kind) as fresh:
        yield fresh


def test_there_and_back_again_it_is_the_same_log_byte_by_byte(
    filled: Database, other: Database, databases: Databases
) -> None:
    lines, head = exported(filled), log_of(filled).head()
    there = transfer(other).take_in(lines)
    assert there.anchor == f"{head.position}:{head.hash}"
    assert (there.events, there.commands) == (head.position, 6)
    assert exported(other) == lines
    with databases.fresh("sqlite" if filled.is_sqlite else "postgresql") as again:
        transfer(again).take_in(exported(other))
        assert exported(again) == lines
        assert log_of(again).head() == log_of(other).head() == head
        assert tables(again) == tables(other) == tables(filled)
        assert log_of(again).read(limit=1_000) == log_of(filled).read(limit=1_000)
        for database in (again, other):
            assert verify_chain(database).faults == ()
            assert [differences(database, model) for model in READ_MODELS] == [()] * len(READ_MODELS)


def test_life_goes_on_where_it_stopped(filled: Database, other: Database) -> None:
    transfer(other).take_in(exported(filled))
    log = log_of(other)
    assert log.append((), origin(key="b", digest="digest of b")).repeated
    appended = log.append((write("some", 1, expected=3),), origin())
    assert appended.first == log_of(filled).head().position + 1
    assert verify_chain(other).faults == ()


def test_an_empty_log_can_be_carried_too(database: Database, other: Database) -> None:
    lines = exported(database)
    assert len(lines) == 2
    assert transfer(other).take_in(lines).anchor == f"0:{GENESIS}"
    assert log_of(other).head().position == 0


@given(history=histories())
@example(history=story())
@fewer(10)
def test_any_history_survives_the_way_to_the_other_database_and_back(
    databases: Databases, history: list[list[Write]]
) -> None:
    with databases.fresh("sqlite") as one, databases.fresh("postgresql") as other, databases.fresh("sqlite") as again:
        keep(one, history)
        lines = exported(one)
        transfer(other).take_in(lines)
        transfer(again).take_in(exported(other))
        assert exported(again) == exported(other) == lines
        assert tables(again) == tables(other) == tables(one)


def test_more_than_a_batch_is_carried_whole(sqlite: Database, postgresql: Database) -> None:
    log = log_of(sqlite)
    for number in range(3):
        log.append((write(f"stream {number}", BATCH - 1),), origin(key=str(number)))
    for number in range(BATCH + 1):
        log.append((), origin(key=f"empty {number}"))
    told: list[tuple[str, int, int]] = []
    done = transfer(postgresql).take_in(exported(sqlite), lambda *step: told.append(step))
    assert (done.events, done.commands) == (3 * BATCH - 3, BATCH + 4)
    assert told[-1] == ("log", 3 * BATCH - 3, 3 * BATCH - 3)
    assert exported(postgresql) == exported(sqlite)


def remade(lines: list[bytes]) -> list[bytes]:
    """The lines with a last one that fits to them."""
    body = lines[:-1]
    digest = hashlib.sha256(b"".join(body)).hexdigest()
    return [*body, msgspec.json.encode({"lines": len(body), "sha256": digest}) + b"\n"]


def changed(line: bytes, **values: Any) -> bytes:
    """A line with other values."""
    return msgspec.json.encode({**msgspec.json.decode(line), **values}) + b"\n"


def forged(lines: list[bytes], change: Callable[[list[dict[str, Any]]], None]) -> list[bytes]:
    """Lines whose events were changed, with positions and hashes that fit again: the perfect forgery."""
    count = msgspec.json.decode(lines[0])["events"]
    rows = [msgspec.json.decode(line) for line in lines[1 : 1 + count]]
    change(rows)
    previous = GENESIS
    for position, row in enumerate(rows, start=1):
        row["position"] = position
        row["hash"] = previous = link(previous, [row[name] for name in COLUMNS[:-1]])
    made = [msgspec.json.encode(row) + b"\n" for row in rows]
    return remade([changed(lines[0], anchor=f"{len(rows)}:{previous}", events=len(rows)), *made, *lines[1 + count :]])


TAMPERED: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "an actor": (lambda lines: [*lines[:3], changed(lines[3], actor="nobody"), *lines[4:]], "Line 4 .* altered"),
    "a hash": (lambda lines: [*lines[:3], changed(lines[3], hash="0" * 64), *lines[4:]], "Line 4 .* altered"),
    "an event left out": (lambda lines: [*lines[:3], *lines[4:]], "Line 4 .* event 3 should stand here"),
    "an event twice": (lambda lines: [*lines[:4], *lines[3:]], "Line 5 .* event 4 should stand here"),
    "two exchanged": (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], "Line 4 .* event 3 should stand"),
    "no event": (lambda lines: [*lines[:3], b'{"position":"x"}\n', *lines[4:]], "Line 4 .* not what should stand here"),
    "no JSON": (lambda lines: [*lines[:3], b"\xff\n", *lines[4:]], "Line 4 .* not what should stand here"),
    "half a line": (lambda lines: [*lines[:3], lines[3][:20]], "Line 4 .* not whole"),
    "the end cut off": (lambda lines: lines[:10], "Line 11 .* ends before its last line"),
    "the last line cut off": (lambda lines: lines[:-1], "the file ends before its last line"),
    "a key": (lambda lines: [*lines[:-3], changed(lines[-3], digest="x"), *lines[-2:]], "the lines before it"),
    "something after it": (lambda lines: [*lines, b"{}\n"], "something after it"),
    "nothing": (lambda lines: [], "Line 1 .* ends before its last line"),
    "another end": (lambda lines: remade([changed(lines[0], anchor=f"1:{GENESIS}"), *lines[1:]]), "does not end where"),
    "fewer events": (lambda lines: remade([changed(lines[0], events=5), *lines[1:]]), "Line 6 .* does not end where"),
    "another format": (
        lambda lines: [changed(lines[0], format="a list"), *lines[1:]],
        "Line 1 .* does not begin a log",
    ),
    "a newer format": (lambda lines: [changed(lines[0], version=2), *lines[1:]], "Line 1 .* format 2 is not known"),
    "a list of papers": (lambda lines: [b"DOI,Title\n"], "Line 1"),
    "an unknown event": (
        lambda lines: forged(lines, lambda rows: rows[5].update(type="paper.sold")),
        "Line 7 .* paper.sold v1 cannot be read",
    ),
    "a moment": (lambda lines: forged(lines, lambda rows: rows[5].update(recorded_at="noon")), "Line 7 .* moment"),
    "a version twice": (
        lambda lines: forged(lines, lambda rows: rows[-1].update(version=rows[-2]["version"])),
        "database refuses it",
    ),
    "a gap of versions": (
        lambda lines: forged(lines, lambda rows: rows[-1].update(version=rows[-1]["version"] + 1)),
        "database refuses it|versions of .* have a gap",
    ),
    "an identifier twice": (
        lambda lines: forged(lines, lambda rows: rows.extend([dict(rows[2], stream="paper-p9", version=1)])),
        "database refuses it",
    ),
    "a key's range": (
        lambda lines: remade([*lines[:-2], changed(lines[-2], first=1), lines[-1]]),
        "does not name the events that carry its key",
    ),
    "a key twice": (
        lambda lines: remade([changed(lines[0], commands=7), *lines[:-1][1:], lines[-2], lines[-1]]),
        "database refuses it",
    ),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_lines_that_were_altered_are_refused_where_they_are_and_nothing_is_taken_in(
    filled: Database, other: Database, how: str
) -> None:
    change, words = TAMPERED[how]
    before = tables(other)
    with pytest.raises(LogNotReadable, match=words) as refusal:
        transfer(other).take_in(change(exported(filled)))
    assert refusal.value.remedy
    assert (tables(other), log_of(other).head().position) == (before, 0)
    transfer(other).take_in(exported(filled))
    assert verify_chain(other).faults == ()


def test_what_only_postgresql_cannot_store_is_refused_in_words(sqlite: Database, postgresql: Database) -> None:
    log_of(sqlite).append((write("some\0stream", 1),), origin())
    with pytest.raises(LogNotReadable, match="NUL"):
        transfer(postgresql).take_in(exported(sqlite))
    assert log_of(postgresql).head().position == 0


def test_only_an_empty_installation_takes_a_log_in(filled: Database, other: Database) -> None:
    log_of(other).append((write("some", 1),), origin())
    with pytest.raises(NotEmpty, match="position 1") as refusal:
        transfer(other).take_in(exported(filled))
    assert "Nothing was changed" in refusal.value.remedy
    assert log_of(other).head().position == 1


def test_keys_alone_make_an_installation_that_is_not_empty(filled: Database, other: Database) -> None:
    log_of(other).append((), origin(key="b"))
    with pytest.raises(NotEmpty):
        transfer(other).take_in(exported(filled))


def test_an_installation_that_runs_takes_no_log_in(databases: Databases) -> None:
    for kind in KINDS:
        with databases.migrated(kind) as running:
            with SqlWorkers(running), pytest.raises(InUse):
                transfer(running).take_in(exported(running))
            transfer(running).take_in(exported(running))


def test_a_broken_log_is_not_exported_beyond_the_break(filled: Database) -> None:
    tamper(filled, "UPDATE events SET actor = 'nobody' WHERE position = 5")
    lines: list[bytes] = []
    with pytest.raises(ChainBroken, match="position 5") as refusal:
        lines.extend(line for line in transfer(filled).export())
    assert "verify" in refusal.value.remedy
    tamper(filled, "DELETE FROM events WHERE position >= 5")
    with pytest.raises(ChainBroken, match="does not name the last event"):
        exported(filled)


def test_an_export_is_of_one_moment_while_others_write(filled: Database, other: Database) -> None:
    log, head = log_of(filled), log_of(filled).head()
    lines: list[bytes] = []
    for line in transfer(filled).export():
        lines.append(line)
        log.append((write("busy", 1),), origin(key=f"key {len(lines)}"))
    assert transfer(other).take_in(lines).anchor == f"{head.position}:{head.hash}"


def test_a_file_has_its_name_when_it_is_whole(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "log.jsonl"
    transfer(filled).write(file)
    assert file.read_bytes().splitlines(keepends=True) == exported(filled)
    with pytest.raises(BackupNotPossible, match="exists already"):
        transfer(filled).write(file)
    with pytest.raises(BackupNotPossible, match="copy failed"):
        transfer(filled).write(tmp_path / "nowhere" / "log.jsonl")
    tamper(filled, "UPDATE events SET actor = 'nobody' WHERE position = 5")
    with pytest.raises(ChainBroken):
        transfer(filled).write(tmp_path / "broken.jsonl")
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_log_needs_no_more_memory_than_a_small_one(databases: Databases, kind: str, tmp_path: Path) -> None:
    few, many = (written(databases, kind, tmp_path / str(count), count) for count in (FEW, MANY))
    assert many < FLAT * few
    if kind == "sqlite":  # what takes it in is the same code for both
        assert taken(databases, tmp_path / str(MANY)) < FLAT * taken(databases, tmp_path / str(FEW))


def written(databases: Databases, kind: str, file: Path, count: int) -> int:
    """The most bytes at once while so many events are written to a file."""
    with databases.fresh(kind) as database:
        log = log_of(database)
        for number in range(count // BATCH):
            log.append((write(f"stream {number}", BATCH),), origin(key=str(number)))
        return peak(lambda: transfer(database).write(file))


def taken(databases: Databases, file: Path) -> int:
    """The most bytes at once while the events of a file are taken in."""
    with databases.fresh("sqlite") as database, file.open("rb") as lines:
        return peak(lambda: transfer(database).take_in(lines))


def peak(task: Callable[[], object]) -> int:
    """The most bytes that the task had at once."""
    tracemalloc.start()
    try:
        task()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_lines_may_come_from_any_stream(filled: Database, other: Database) -> None:
    transfer(other).take_in(io.BytesIO(b"".join(exported(filled))))
    assert log_of(other).head() == log_of(filled).head()
