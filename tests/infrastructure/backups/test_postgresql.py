"""PostgreSQL's own programs: found, old enough, told nothing that others may not see; and what else lives there."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from attrs import evolve

from application.ports.maintenance import BackupNotPossible, RestoreNotPossible
from infrastructure.backups import postgresql
from infrastructure.backups.manifest import read
from infrastructure.database import Database
from tests.databases import postgres_programs
from tests.infrastructure.backups.conftest import House

OLDER = str(postgres_programs(older=True) / "pg_dump")


def script(folder: Path, name: str, *lines: str) -> str:
    """A program that does what the lines say."""
    path = folder / name
    path.write_text("\n".join(("#!/bin/sh", *lines)) + "\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return str(path)


def test_a_pg_dump_that_is_older_than_the_server_is_refused_by_name(postgres_house: House) -> None:
    with pytest.raises(BackupNotPossible) as refusal:
        evolve(postgres_house, pg_dump=OLDER).backup()
    assert OLDER in refusal.value.message
    assert "pg_dump 16." in refusal.value.message
    assert "PostgreSQL 18" in refusal.value.message
    assert "PG_DUMP" in refusal.value.remedy
    assert list((postgres_house.data / "backups").glob("s*")) == []


@pytest.mark.parametrize("path", ["/nowhere/pg_dump", "nonsense"])
def test_a_pg_dump_that_is_missing_is_told(postgres_house: House, path: str) -> None:
    with pytest.raises(BackupNotPossible, match="there is no pg_dump"):
        evolve(postgres_house, pg_dump=path).backup()


def test_a_program_that_is_no_pg_dump_is_none(postgres_house: House, tmp_path: Path) -> None:
    with pytest.raises(BackupNotPossible, match="there is no pg_dump"):
        evolve(postgres_house, pg_dump=script(tmp_path, "pg_dump", "echo hello")).backup()


def test_the_path_is_searched_where_nothing_is_said(postgres_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{postgres_programs()}{os.pathsep}{os.environ['PATH']}")
    assert read(evolve(postgres_house, pg_dump="").backup().folder).tool.startswith("18.")


def test_a_pg_restore_that_is_older_than_the_backup_is_refused_before_anything_is_touched(
    postgres_house: House,
) -> None:
    postgres_house.done()
    made = postgres_house.backup()
    head = postgres_house.log.head()
    with pytest.raises(RestoreNotPossible) as refusal:
        evolve(postgres_house, pg_dump=OLDER).restore(made.folder)
    assert "pg_restore 16." in refusal.value.message
    assert "version 18 or newer" in refusal.value.remedy
    assert postgres_house.log.head() == head


def test_what_pg_dump_complains_of_is_told(postgres_house: House, tmp_path: Path) -> None:
    lines = ("case $1 in --version) echo 'pg_dump (PostgreSQL) 18.4';;", "*) echo 'no luck' >&2; exit 1;; esac")
    with pytest.raises(BackupNotPossible, match="pg_dump failed: no luck"):
        evolve(postgres_house, pg_dump=script(tmp_path, "pg_dump", *lines)).backup()
    assert list((postgres_house.data / "backups").glob("s*")) == []


def test_the_old_tables_are_back_where_pg_restore_fails(postgres_house: House, tmp_path: Path) -> None:
    postgres_house.done()
    made = postgres_house.backup()
    postgres_house.done(b"came later")
    head = postgres_house.log.head()
    lines = ("case $1 in --version) echo 'pg_restore (PostgreSQL) 18.4';;", "*) exit 3;; esac")
    script(tmp_path, "pg_restore", *lines)
    with pytest.raises(RestoreNotPossible, match="it ended with 3") as refusal:
        evolve(postgres_house, pg_dump=str(tmp_path / "pg_dump")).restore(made.folder)
    assert "as they were" in refusal.value.remedy
    assert postgres_house.log.head() == head
    assert postgres_house.faults() == ()
    assert schemas(postgres_house.database) == ["public"]


def schemas(database: Database) -> list[str]:
    """The schemas of the database."""
    with database.read() as connection:
        return [name for name in sa.inspect(connection).get_schema_names() if not name.startswith("information")]


def test_a_password_is_passed_where_nobody_sees_it(
    postgres_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    lines = (
        "case $1 in --version) echo 'pg_dump (PostgreSQL) 18.4'; exit;; esac",
        f'echo "$@" > {seen}; echo "password: $PGPASSWORD" >> {seen}; exit 1',
    )
    tool = postgresql.program("pg_dump", script(tmp_path, "pg_dump", *lines))
    assert tool
    monkeypatch.delenv("PGPASSWORD", raising=False)
    for address in (
        "postgresql://me:hu%20sh@host/papers?sslmode=require",
        "postgresql://me@host/papers?password=hu+sh",
    ):
        database = Database(address)
        assert tool.run(database)
        told, secret = seen.read_text().splitlines()
        assert "hu sh" not in told
        assert "host=host" in told
        assert "dbname=papers" in told
        assert "--no-password" in told
        assert secret == "password: hu sh"


def test_a_password_that_the_server_asks_for_is_enough(postgres_house: House) -> None:
    with role(postgres_house.database, "it's %me", "p ä:@/?") as (name, password):
        url = postgres_house.database.url.set(username=name, password=password)
        house = evolve(postgres_house, database=Database(url.render_as_string(hide_password=False)))
        try:
            assert quote(password, safe="") not in str(postgresql._address(house.database))
            assert house.backup().anchor.startswith("0:")
        finally:
            house.database.close()


@contextmanager
def role(database: Database, name: str, password: str) -> Iterator[tuple[str, str]]:
    """A role that may read the database, and log in by password."""
    quoted = '"' + name + '"'
    with database.write() as connection:
        raw = connection.connection.driver_connection
        assert raw
        raw.execute(f"CREATE ROLE {quoted} LOGIN PASSWORD '{password}'")
        raw.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {quoted}")
        raw.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
    try:
        yield name, password
    finally:
        with database.write() as connection:
            raw = connection.connection.driver_connection
            assert raw
            raw.execute(f"DROP OWNED BY {quoted}")
            raw.execute(f"DROP ROLE {quoted}")


def test_a_role_that_may_not_set_tables_aside_is_told_what_it_needs(postgres_house: House) -> None:
    made = postgres_house.backup()
    with role(postgres_house.database, "guest", "guest") as (name, password):
        url = postgres_house.database.url.set(username=name, password=password)
        guest = evolve(postgres_house, database=Database(url.render_as_string(hide_password=False)))
        try:
            with pytest.raises(RestoreNotPossible, match="permission denied") as refusal:
                guest.restore(made.folder)
        finally:
            guest.database.close()
    assert "GRANT CREATE ON DATABASE" in refusal.value.remedy
    assert postgres_house.faults(made.anchor) == ()


def test_tables_of_another_program_stay_out_of_it(postgres_house: House) -> None:
    with postgres_house.database.write() as connection:
        connection.exec_driver_sql('CREATE TABLE "Somebody\'s *" (id INTEGER)')
        connection.exec_driver_sql("CREATE TABLE papers__0123456789ab (id INTEGER)")
    postgres_house.done()
    made = postgres_house.backup()
    with postgres_house.database.write() as connection:
        connection.exec_driver_sql('INSERT INTO "Somebody\'s *" VALUES (1)')
    assert postgres_house.restore(made.folder).report.faults == ()
    with postgres_house.database.read() as connection:
        assert connection.exec_driver_sql('SELECT count(*) FROM "Somebody\'s *"').scalar() == 1
        assert not sa.inspect(connection).has_table("papers__0123456789ab")


def test_a_backup_of_another_schema_is_refused(postgres_house: House) -> None:
    path = postgres_house.backup().folder / "manifest.json"
    path.write_text(path.read_text().replace('"namespace": "public"', '"namespace": "others"'))
    with pytest.raises(RestoreNotPossible, match="schema others") as refusal:
        postgres_house.restore(path.parent)
    assert "search_path" in refusal.value.remedy


def test_one_restore_after_the_other_keeps_every_old_one(postgres_house: House) -> None:
    postgres_house.done()
    made = postgres_house.backup()
    kept = [postgres_house.restore(made.folder).kept[0] for _ in range(2)]
    assert len({*kept, *schemas(postgres_house.database)}) == 2 + 3
    assert len(read(postgres_house.backup().folder).contents) == len(read(made.folder).contents)
    assert postgres_house.faults(made.anchor) == ()
