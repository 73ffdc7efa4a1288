"""What `verify` finds, and what it cannot find without an anchor from outside."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.scraper import Paused
from infrastructure.clock import SystemClock
from infrastructure.database import Database
from infrastructure.log.chain import COVERED, GENESIS
from infrastructure.log.codec import UnknownEvent
from infrastructure.log.numbering import COLUMNS
from infrastructure.log.sql import SqlEventLog
from infrastructure.log.tables import commands, event_head, events
from infrastructure.log.triggers import required
from infrastructure.log.verify import MAX_FAULTS, Anchor, Fault, InvalidAnchor, verify_chain
from tests.contract.making import origin, write
from tests.infrastructure.log.tampering import Row, rewrite, stored, tamper
from tests.infrastructure.read_models.keeping import log_of

WORD = "incorruptible"
"""The reason of the event at position 6."""


@pytest.fixture
def log(database: Database) -> SqlEventLog:
    """Ten events on three streams, some of them appended under keys."""
    log = log_of(database)
    log.append([write("a", 3), write("b", 2)], origin(key="one", digest="d"))
    log.append([write("c", 1, first=6)], origin(causation="x"))
    log.append([], origin(key="two", digest="d"))
    log.append([write("a", 4)], origin(key="three", digest="d"))
    return log


def at(database: Database, expect: Anchor | None = None) -> list[int | None]:
    """Where the faults are."""
    return [fault.position for fault in verify_chain(database, expect).faults]


def said(database: Database, expect: Anchor | None = None) -> str:
    return " | ".join(fault.what for fault in verify_chain(database, expect).faults)


def anchor(log: SqlEventLog) -> Anchor:
    head = log.head()
    return Anchor(position=head.position, hash=head.hash)


def test_an_untouched_log_is_found_whole(database: Database, log: SqlEventLog) -> None:
    report = verify_chain(database)
    assert report.faults == ()
    assert report.events == 10
    assert report.anchor == anchor(log)


def test_an_empty_log_is_whole(database: Database) -> None:
    report = verify_chain(database, Anchor(position=0, hash=GENESIS))
    assert (report.faults, report.events, report.anchor) == ((), 0, Anchor(position=0, hash=GENESIS))


ALTERED = {
    "position": 100,
    "version": 100,
    "type_version": 2,
    "stream": "z",
    "type": "scraper.resumed",
    "recorded_at": "2026-03-01T12:00:00.000001+00:00",
    "data": '{"reason":"another"}',
}


def test_every_column_is_covered() -> None:
    assert {*COVERED, "hash"} == {column.name for column in events.columns}


def test_a_change_in_any_column_is_found(database: Database, log: SqlEventLog) -> None:
    original = stored(database)[9]
    for column in COLUMNS:
        value = ALTERED.get(column, "another")
        tamper(database, events.update().where(events.c.position == 10).values({column: value}))
        assert at(database)[0] == (100 if column == "position" else 10), column
        tamper(database, events.update().where(events.c.event_id == original["event_id"]).values(original))
        tamper(database, events.update().where(events.c.hash == original["hash"]).values(original))
        assert at(database) == [], column


def test_nothing_is_another_thing_than_a_text(database: Database, log: SqlEventLog) -> None:
    assert stored(database)[9]["causation"] is None
    for value in ("", "~", "NULL", "None"):
        tamper(database, events.update().where(events.c.position == 10).values(causation=value))
        assert at(database) == [10], value


def test_a_character_cannot_move_to_the_next_column(database: Database, log: SqlEventLog) -> None:
    tamper(database, "UPDATE events SET correlation = correlation || '1:', causation = NULL WHERE position = 6")
    assert at(database) == [6]


def test_a_missing_event_is_found(database: Database, log: SqlEventLog) -> None:
    tamper(database, "DELETE FROM events WHERE position = 8")
    assert Fault(position=9, what="events 8 to 8 are missing") in verify_chain(database).faults


def test_a_missing_event_is_found_though_the_gap_was_closed(database: Database, log: SqlEventLog) -> None:
    closing = [f"UPDATE events SET position = {p - 1} WHERE position = {p}" for p in (9, 10)]
    head = "UPDATE event_head SET position = 9"
    tamper(database, "DELETE FROM events WHERE position = 8", *closing, head)
    assert at(database)[0] == 8


def test_an_inserted_event_is_found(database: Database, log: SqlEventLog) -> None:
    making_room = [f"UPDATE events SET position = {p + 1} WHERE position = {p}" for p in (10, 9, 8)]
    row = stored(database)[7] | {"stream": "z", "version": 1, "event_id": "invented"}
    tamper(database, *making_room, events.insert().values(row), "UPDATE event_head SET position = 11")
    assert at(database)[0] == 8


def test_an_event_before_the_first_is_found(database: Database, log: SqlEventLog) -> None:
    for version, position in enumerate((0, -1, -(2**40)), start=8):
        row = stored(database)[0] | {"position": position, "version": version, "event_id": "invented"}
        tamper(database, events.insert().values(row))
        assert at(database)[0] == position


def test_exchanged_events_are_found(database: Database, log: SqlEventLog) -> None:
    moves = ((2, 99), (3, 2), (99, 3))
    tamper(database, *[f"UPDATE events SET position = {new} WHERE position = {old}" for old, new in moves])
    assert at(database)[0] == 2


def test_an_appended_event_that_the_head_does_not_know_is_found(database: Database, log: SqlEventLog) -> None:
    head = event_head.update().values(position=9, hash=stored(database)[8]["hash"])
    tamper(database, head)
    assert Fault(position=9, what="the head does not name the last event") in verify_chain(database).faults


def test_a_cut_tail_is_found_by_the_head(database: Database, log: SqlEventLog) -> None:
    tamper(database, "DELETE FROM events WHERE position > 6")
    assert "the log was cut: events 7 to 10 are missing" in said(database)


def test_a_cut_tail_with_a_cut_head_is_found_by_the_anchor_only(database: Database, log: SqlEventLog) -> None:
    noted = anchor(log)
    last = stored(database)[5]
    tamper(
        database,
        "DELETE FROM events WHERE position > 6",
        event_head.update().values(position=6, hash=last["hash"]),
        "DELETE FROM commands WHERE key = 'three'",
    )
    assert verify_chain(database).faults == ()
    assert said(database, noted) == "the log was cut: the expected position does not exist"
    log.append([write("a", 4)], origin(key="three", digest="d"))
    assert said(database, noted) == "the log was rewritten: the expected hash is another one"


def test_rewritten_history_is_found_by_the_anchor_only(database: Database, log: SqlEventLog) -> None:
    noted = anchor(log)

    def change(rows: list[Row]) -> list[Row]:
        rows[5]["data"] = '{"reason":"another"}'
        return rows

    rewrite(database, change)
    assert verify_chain(database).faults == ()
    assert log.stream("c")[0].event == Paused(reason="another")
    assert verify_chain(database, noted).faults == (
        Fault(position=10, what="the log was rewritten: the expected hash is another one"),
    )


def test_an_anchor_holds_while_the_log_grows(database: Database, log: SqlEventLog) -> None:
    noted = anchor(log)
    log.append([write("a", 3)], origin())
    assert verify_chain(database, noted).faults == ()


def test_a_gap_in_a_rewritten_stream_is_found(database: Database, log: SqlEventLog) -> None:
    rewrite(database, lambda rows: [row for row in rows if (row["stream"], row["version"]) != ("b", 1)])
    assert "the versions of b have a gap" in said(database)


def test_a_lost_or_altered_head_is_found(database: Database, log: SqlEventLog) -> None:
    with database.write() as connection:
        connection.execute(event_head.update().values(hash=GENESIS))
    assert said(database) == "the head does not name the last event"
    with database.write() as connection:
        connection.execute(event_head.delete())
    assert said(database) == "the head row is missing"


@pytest.mark.parametrize(
    "change",
    [
        commands.delete().where(commands.c.key == "one"),
        commands.update().where(commands.c.key == "one").values(last=4),
        commands.update().where(commands.c.key == "one").values(first=2, last=6),
    ],
)
def test_a_command_that_does_not_name_its_events_is_found(
    database: Database, log: SqlEventLog, change: sa.Executable
) -> None:
    tamper(database, change)
    assert said(database) == "the command one does not name the events that carry its key"


def test_an_invented_command_is_found(database: Database, log: SqlEventLog) -> None:
    tamper(database, commands.insert().values(key="four", first=1, last=2, digest="d"))
    assert said(database) == "the command four does not name the events that carry its key"


@pytest.mark.parametrize("how", ["dropped", "disabled"])
def test_a_missing_trigger_is_found(database: Database, how: str) -> None:
    for name in sorted(required("sqlite" if database.is_sqlite else "postgresql")):
        table = name.partition("_no_")[0] if "_no_" in name else "events"
        with database.write() as connection:
            if database.is_sqlite:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            elif how == "dropped":
                connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
            else:
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        assert f"the protecting trigger {name} is missing" in said(database)


def test_an_event_of_a_later_version_of_the_program_is_named(database: Database, log: SqlEventLog) -> None:
    def change(rows: list[Row]) -> list[Row]:
        rows[6]["type"], rows[8]["type_version"] = "paper.teleported", 7
        return rows

    rewrite(database, change)
    assert at(database) == [7, 9]
    assert "paper.teleported v1" in said(database)
    assert "scraper.paused v7" in said(database)
    with pytest.raises(UnknownEvent) as caught:
        log.read()
    assert (caught.value.name, caught.value.version) == ("paper.teleported", 1)
    assert "newer version" in caught.value.remedy


def test_data_that_are_no_event_are_found(database: Database, log: SqlEventLog) -> None:
    def change(rows: list[Row]) -> list[Row]:
        rows[3]["data"], rows[4]["data"] = "{", '{"reason": 5}'
        return rows

    rewrite(database, change)
    assert at(database) == [4, 5]


def test_of_many_faults_the_first_are_told(database: Database) -> None:
    log_of(database).append([write("a", MAX_FAULTS + 20)], origin())
    tamper(database, "UPDATE events SET actor = 'another'")
    report = verify_chain(database)
    assert [fault.position for fault in report.faults] == list(range(1, MAX_FAULTS + 1))
    assert report.events == MAX_FAULTS + 20


def test_a_log_that_grows_meanwhile_is_verified_as_of_one_moment(database: Database, log: SqlEventLog) -> None:
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(lambda: [log.append([write("a", 5)], origin(key=str(n))) for n in range(30)])
        reports = [verify_chain(database)]
        while not writing.done():
            reports.append(verify_chain(database))
    assert {report.faults for report in reports} == {()}
    assert verify_chain(database, reports[0].anchor).events == 160


@pytest.mark.parametrize("bits", [0x01, 0x80], ids=["another letter", "no text any more"])
def test_a_flipped_bit_in_the_file_is_found(sqlite: Database, bits: int) -> None:
    log = SqlEventLog(sqlite, SystemClock(), ())
    log.append([write("a", 5)], origin())
    log.append([write("a", 1)], origin(actor=WORD))
    log.append([write("a", 4)], origin())
    sqlite.close()
    path = Path(str(sqlite.url.database))
    content = bytearray(path.read_bytes())
    assert content.count(WORD.encode()) == 1
    content[content.index(WORD.encode()) + 4] ^= bits
    path.write_bytes(content)
    assert at(sqlite) == [6]


def test_an_anchor_is_read_as_it_is_printed() -> None:
    noted = Anchor(position=12, hash=GENESIS)
    assert Anchor.parse(str(noted)) == Anchor.parse(f" 12:{GENESIS.upper()}\n") == noted


@pytest.mark.parametrize(
    "text", ["", "12", "12:", f":{GENESIS}", f"x:{GENESIS}", f"-1:{GENESIS}", f"١:{GENESIS}", f"1:{GENESIS}0", "1:2:3"]
)
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(InvalidAnchor) as caught:
        Anchor.parse(text)
    assert "POSITION:HASH" in caught.value.remedy
