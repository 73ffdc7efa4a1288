"""The database: gone, damaged, locked, read-only, of another version, or of a server that does not answer."""

import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from attrs import evolve

from application.health import Finding, Result, State, examine
from infrastructure import filesystem, migrating
from infrastructure.clock import SystemClock
from infrastructure.database import Database, sqlite_url
from infrastructure.health import database as checks
from infrastructure.health.catalogue import CATALOGUE, readiness
from infrastructure.health.catalogue import checks as every_check
from infrastructure.health.faults import in_words
from infrastructure.health.place import Place
from infrastructure.log.sql import locked_end
from tests.contract.making import origin, write
from tests.databases import Databases
from tests.infrastructure.health.conftest import MakePlace
from tests.infrastructure.read_models.keeping import keep, log_of, story


def found(check: Callable[[Place], Finding], place: Place) -> Finding:
    """What a check finds, in words."""
    return in_words(lambda: check(place))


def stamped(database: Database, revision: str | None = None) -> None:
    """Note a revision in the database, by default the newest."""
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        connection.exec_driver_sql("DELETE FROM alembic_version")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{revision or migrating.newest()}')")


def results(place: Place) -> dict[str, Result]:
    """Every check of the database, by name."""
    names = ("database", "schema", "database-write", "integrity", "protection", "log", "read-models")
    return {one.name: one for one in examine([one for one in every_check(place) if one.name in names])}


class TestAnswers:
    def test_a_database_that_can_be_read(self, place: Place) -> None:
        told = found(checks.answers, place)
        assert told.state is State.OK
        assert re.match(r"SQLite \d|PostgreSQL \d", told.value)

    def test_one_that_is_not_there_yet_is_not_made(self, make_place: MakePlace) -> None:
        place = make_place()
        assert found(checks.answers, place).state is State.SKIPPED
        assert not place.data.exists()
        place.data.mkdir()
        (place.data / "none.db").touch()
        assert found(checks.answers, place).state is State.SKIPPED
        assert (place.data / "none.db").stat().st_size == 0

    @pytest.mark.parametrize("sign", ["library.marker", "none.db-wal"])
    def test_one_that_is_missing_although_there_was_one(self, make_place: MakePlace, sign: str) -> None:
        place = make_place()
        place.data.mkdir()
        (place.data / sign).write_text("a trace")
        database = results(place)["database"]
        assert database.state is State.ERROR
        assert "missing" in database.value
        assert sign in database.value
        assert "backup" in database.remedy
        assert sorted(path.name for path in place.data.iterdir()) == [sign]

    @pytest.mark.parametrize("url", ["nonsense", "mysql://host/name", "oracle://host/name"])
    def test_an_address_that_is_none(self, make_place: MakePlace, url: str) -> None:
        told = found(checks.answers, make_place(url))
        assert told.state is State.ERROR
        assert "DATABASE_URL" in told.value
        assert "postgresql://" in told.remedy

    def test_one_on_a_network(self, lite: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(filesystem, "kind_of", lambda *_: "nfs4")
        database = results(lite)["database"]
        assert database.state is State.ERROR
        assert "network file system" in database.value


DAMAGES: Mapping[str, Callable[[bytes], bytes]] = {
    "another file": lambda content: b"Title,DOI\n" * 4096,
    "no header": lambda content: b"\0" * 100 + content[100:],
    "first page": lambda content: content[:100] + b"\xff" * 3996 + content[4096:],
    "half of it": lambda content: content[: len(content) // 2 // 4096 * 4096],
    "scrambled pages": lambda content: content[:4096] + bytes(byte ^ 0x5A for byte in content[4096:]),
    "one table": lambda content: content[: 4096 * 3] + bytes(4096) + content[4096 * 4 :],
}


class TestDamage:
    @pytest.mark.case("B05")
    @pytest.mark.parametrize("damage", DAMAGES)
    def test_a_damaged_file_is_called_so_and_left_as_it_is(
        self, databases: Databases, make_place: MakePlace, tmp_path: Path, damage: str
    ) -> None:
        path = tmp_path / "damaged.sqlite"
        with databases.fresh("sqlite") as whole:
            keep(whole, story())
            stamped(whole)
            whole.close()
            path.write_bytes(DAMAGES[damage](Path(str(whole.url.database)).read_bytes()))
        content = path.read_bytes()
        place = make_place(sqlite_url(path))
        told = results(place)
        assert any("It is damaged." in one.value and "backup" in one.remedy for one in told.values()), told
        assert {told["database"].state, told["integrity"].state} != {State.OK}
        place.opening.close()
        assert path.read_bytes() == content

    def test_a_whole_file(self, lite: Place) -> None:
        assert found(checks.integrity, lite).state is State.OK

    def test_a_check_that_takes_too_long_is_broken_off(self, lite: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checks, "INTEGRITY_SECONDS", -1.0)
        monkeypatch.setattr(checks, "STEPS", 1)
        told = found(checks.integrity, lite)
        assert told == checks.UNFINISHED
        assert "verify" in told.remedy
        monkeypatch.undo()
        assert found(checks.integrity, lite).state is State.OK, "the connection is as it was"

    def test_the_check_is_given_more_time_than_it_takes(self) -> None:
        (entry,) = [entry for entry in CATALOGUE if entry.name == "integrity"]
        assert entry.seconds > checks.INTEGRITY_SECONDS
        assert entry.late == checks.UNFINISHED

    def test_a_server_looks_after_its_files(self, make_place: MakePlace, postgresql: Database) -> None:
        place = make_place(postgresql)
        assert found(checks.integrity, place).state is found(checks.journal, place).state is State.SKIPPED


class TestSchema:
    def test_the_newest(self, place: Place, database: Database) -> None:
        stamped(database)
        told = found(checks.schema, place)
        assert told.state is State.OK
        assert migrating.newest() in told.value

    def test_none_yet(self, place: Place) -> None:
        assert found(checks.schema, place).state is State.SKIPPED

    def test_an_older_one(self, place: Place, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        stamped(database)
        monkeypatch.setattr(migrating, "newest", lambda: "0999")
        told = found(checks.schema, place)
        assert told.state is State.ERROR
        assert "older than 0999" in told.value
        assert "db upgrade" in told.remedy

    @pytest.mark.case("B06")
    def test_a_newer_one(self, place: Place, database: Database) -> None:
        stamped(database, "9999")
        told = results(place)
        assert told["schema"].state is State.ERROR
        assert "9999" in told["schema"].value
        assert "newer version" in told["schema"].value
        assert "newer version" in told["schema"].remedy
        assert told["log"].state is State.SKIPPED
        assert told["database"].state is State.OK


class TestWriting:
    def test_a_write_can_begin_and_leaves_nothing(self, place: Place, database: Database) -> None:
        log_of(database).append([write("a")], origin())
        before = log_of(database).head()
        assert found(checks.takes_writes, place).state is State.OK
        assert log_of(database).head() == before
        assert log_of(database).append([write("a")], origin()).last == 2, "the lock was given back"

    @pytest.mark.case("B01")
    def test_a_locked_database(self, place: Place, database: Database) -> None:
        stamped(database)
        with database.write() as connection:
            locked_end(connection)
            told = results(place)
        assert told["database-write"].state is State.ERROR
        assert "locked" in told["database-write"].value
        assert told["database"].state is told["log"].state is State.OK
        assert results(place)["database-write"].state is State.OK

    @pytest.mark.case("B01")
    def test_who_locks_it_is_told(self, lite: Place) -> None:
        with Held(str(lite.opening.file)) as other:
            told = found(checks.takes_writes, lite)
            assert f"process {other.pid}" in told.value

    def test_one_that_is_locked_for_readers_too(self, databases: Databases, make_place: MakePlace) -> None:
        with databases.fresh("sqlite") as fresh:
            path = str(fresh.url.database)
            fresh.close()
            with closing(sqlite3.connect(path, isolation_level=None)) as holder:
                holder.execute("PRAGMA journal_mode=DELETE")
                holder.execute("BEGIN EXCLUSIVE")
                told = results(make_place(sqlite_url(Path(path))))
                assert told["database"].state is State.ERROR
                assert "locked" in told["database"].value
                assert told["schema"].state is State.SKIPPED
                holder.execute("ROLLBACK")

    @pytest.mark.case("K08")
    def test_a_file_that_is_read_only(self, lite: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        read_only = Database(f"sqlite:///file:{lite.opening.file}?mode=ro&uri=true")
        monkeypatch.setitem(vars(lite.opening), "database", read_only)
        told = found(checks.takes_writes, lite)
        read_only.close()
        assert told.state is State.ERROR
        assert "not be written" in told.value
        assert "read-only" in told.remedy

    @pytest.mark.case("G04")
    def test_a_server_that_is_read_only(self, make_place: MakePlace, postgresql: Database) -> None:
        with postgresql.engine.begin() as connection:
            name = postgresql.url.database
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        told = found(checks.takes_writes, make_place(postgresql))
        assert told.state is State.ERROR
        assert "not be written" in told.value


HOLDING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


class Held:
    """A database whose write lock another process has, while entered."""

    def __init__(self, path: str) -> None:
        self._command = [sys.executable, "-P", "-c", HOLDING, path]

    def __enter__(self) -> "subprocess.Popen[str]":
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        assert self._process.stdout.readline() == "locked\n"
        return self._process

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


class TestServer:
    """PostgreSQL, when it cannot be reached."""

    @pytest.mark.case("G10")
    @pytest.mark.parametrize(
        ("url", "meant"),
        [
            ("postgresql://user:geheim@127.0.0.1:1/name", "does not answer"),
            ("postgresql://user:geheim@/name?host=/no/such/folder", "does not answer"),
        ],
    )
    def test_one_that_is_not_there(self, make_place: MakePlace, url: str, meant: str) -> None:
        told = results(make_place(url))
        assert told["database"].state is State.ERROR
        assert meant in told["database"].value
        assert "PostgreSQL" in told["database"].remedy
        assert "geheim" not in str(told)
        assert {one.state for name, one in told.items() if name != "database"} == {State.SKIPPED}

    @pytest.mark.case("G10")
    @pytest.mark.parametrize(
        ("change", "meant"), [({"database": "nothing"}, "no such database"), ({"username": "nobody"}, "let us in")]
    )
    def test_one_that_refuses(
        self, make_place: MakePlace, postgresql: Database, change: dict[str, str], meant: str
    ) -> None:
        url = postgresql.url.set(**change).render_as_string(hide_password=False)  # type: ignore[arg-type]
        told = found(checks.answers, make_place(url))
        assert told.state is State.ERROR
        assert meant in told.value
        assert "DATABASE_URL" in told.remedy

    @pytest.mark.case("G09")
    def test_one_that_never_answers_does_not_keep_the_others_waiting(self, make_place: MakePlace) -> None:
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            place = make_place(f"postgresql://user@127.0.0.1:{silent.getsockname()[1]}/name")
            wanted = [evolve(one, seconds=0.1) for one in every_check(place) if one.name in {"database", "schema"}]
            database, schema = examine(wanted)
        assert database.state is State.ERROR
        assert "it hangs" in database.value
        assert schema.state is State.SKIPPED

    @pytest.mark.case("G09")
    def test_one_that_never_answers_is_given_up(self, make_place: MakePlace) -> None:
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            told = found(checks.answers, make_place(f"postgresql://user@127.0.0.1:{silent.getsockname()[1]}/name"))
        assert told.state is State.ERROR
        assert "does not answer" in told.value


class TestJournal:
    def test_a_small_one(self, lite: Place) -> None:
        assert found(checks.journal, lite).state is State.OK

    @pytest.mark.case("B03")
    def test_one_that_a_reader_keeps_from_being_cut(
        self, lite: Place, sqlite: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log = log_of(sqlite)
        log.append([write("a")], origin())
        with sqlite.read() as connection:
            connection.exec_driver_sql("SELECT * FROM events").all()
            log.append([write("a", 900)], origin())
            log.append([write("a", 900)], origin())
            monkeypatch.setattr(checks, "LARGE_JOURNAL", 300_000)
            told = found(checks.journal, lite)
        assert told.state is State.WARNING
        assert "a reader" in told.value
        assert "kB" in told.value
        assert told.remedy


class TestProtection:
    def test_every_trigger_is_there(self, place: Place) -> None:
        assert found(checks.protection, place).state is State.OK

    def test_one_is_missing(self, place: Place, database: Database) -> None:
        on = "" if database.is_sqlite else " ON events"
        with database.write() as connection:
            connection.exec_driver_sql(f"DROP TRIGGER events_no_update{on}")
        told = found(checks.protection, place)
        assert told.state is State.ERROR
        assert "events_no_update is missing" in told.value
        assert "verify" in told.remedy


def test_other_tables_than_ours_are_told(place: Place, database: Database) -> None:
    stamped(database)
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE papers RENAME TO something")
    told = results(place)["read-models"]
    assert told.state is State.ERROR
    assert "not those of this version" in told.value


STAYS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0)
try:
    connection.execute("PRAGMA journal_mode=DELETE").fetchone()
except sqlite3.OperationalError as error:
    print(error)
"""


def test_looking_does_not_take_the_locks_of_this_process_away(lite: Place, sqlite: Database) -> None:
    stamped(sqlite)
    with sqlite.read() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one()
    lite.library.mkdir()
    examine(readiness(lite))
    examine(every_check(lite))
    lite.opening.close()
    command = [sys.executable, "-P", "-c", STAYS, str(sqlite.url.database)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "locked" in said, "another process could have taken the write-ahead log away from us"


def test_looking_at_everything_changes_nothing(databases: Databases, make_place: MakePlace, tmp_path: Path) -> None:
    with databases.fresh("sqlite") as fresh:
        keep(fresh, story())
        stamped(fresh)
        fresh.close()
        (tmp_path / "data").mkdir()
        shutil.copyfile(str(fresh.url.database), tmp_path / "data" / "some.db")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    place = make_place(sqlite_url(tmp_path / "data" / "some.db"), clock=SystemClock())
    assert State.ERROR not in {one.state for one in examine(every_check(place))}
    place.opening.close()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_check_of_an_older_file_does_not_change_its_mode(databases: Databases, make_place: MakePlace) -> None:
    with databases.fresh("sqlite") as fresh:
        path = Path(str(fresh.url.database))
        fresh.close()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        place = make_place(sqlite_url(path))
        assert found(checks.answers, place).state is State.OK
        assert found(checks.takes_writes, place).state is State.OK
        place.opening.close()
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
