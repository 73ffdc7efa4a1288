"""Restoring: the same installation as before, never half of one, and nothing of the old one is lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from application.ports.library import LibraryUnavailable
from application.ports.maintenance import Files, InUse, RestoreNotPossible
from infrastructure import migrating
from infrastructure.backups.manifest import encoded, read
from infrastructure.database import Database, sqlite_url
from infrastructure.log.verify import verify_chain
from infrastructure.schema import READ_MODELS
from infrastructure.workers import SqlWorkers, workers
from tests.contract.making import origin, write
from tests.databases import Databases, address
from tests.infrastructure.backups.conftest import House, installed
from tests.infrastructure.read_models.keeping import contents

FILES = pytest.mark.parametrize("files", [Files.LINK, Files.COPY])


def tables(database: Database) -> dict[str, object]:
    """Every row of every read model."""
    with database.read() as connection:
        return {name: rows for model in READ_MODELS for name, rows in contents(connection, model).items()}


def beside(database: Database) -> list[Path]:
    """Databases that were set aside."""
    path = Path(str(database.url.database))
    return sorted(path.parent.glob(f"{path.name}.before-*"))


@FILES
def test_an_empty_installation_becomes_the_one_that_was_backed_up(house: House, empty: House, files: Files) -> None:
    house.done(b"one")
    house.done(b"two")
    house.upload(b"a list")
    made = house.backup(files=files)
    done = empty.restore(made.folder)
    assert done.report.faults == ()
    assert (done.anchor, done.report.anchor, done.report.files) == (made.anchor, made.anchor, 2)
    assert done.kept == ()
    assert tables(empty.database) == tables(house.database)
    assert empty.files() == house.files()
    assert [path.name for path in (empty.data / "uploads").iterdir() if path.is_file()] == [
        path.name for path in (house.data / "uploads").iterdir()
    ]
    empty.log.append((write("some", 3),), origin())
    assert empty.faults(made.anchor) == ()


def test_what_was_there_is_kept_and_can_be_had_back(house: House) -> None:
    stays = house.done(b"one")
    made = house.backup(files=Files.COPY)
    later = house.done(b"came later")
    after = house.log.head()
    own = house.folder / "my notes.txt"
    own.write_text("mine")
    done = house.restore(made.folder)
    assert done.report.faults == ()
    assert done.report.anchor == made.anchor
    assert house.files() == {stays.name: b"one"}
    assert own.read_text() == "mine"
    database, files = done.kept
    assert (Path(files) / later.name).read_bytes() == b"came later"
    assert Path(files).parent == house.folder
    if house.database.is_sqlite:
        with closing(Database(sqlite_url(Path(database)))) as old:
            assert verify_chain(old).anchor.hash == after.hash
    else:
        with house.database.read() as connection:
            schema = database.split()[2]
            assert connection.exec_driver_sql(f"SELECT hash FROM {schema}.event_head").scalar() == after.hash


def test_files_that_are_there_already_are_not_written_again(sqlite_house: House) -> None:
    stored = sqlite_house.done(b"one")
    made = sqlite_house.backup(files=Files.COPY)
    before = stored.stat()
    sqlite_house.restore(made.folder)
    assert (stored.stat().st_ino, stored.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_that_was_altered_since_is_set_aside(sqlite_house: House) -> None:
    stored = sqlite_house.done(b"one")
    made = sqlite_house.backup(files=Files.COPY)
    stored.write_bytes(b"annotated")
    done = sqlite_house.restore(made.folder)
    assert done.report.faults == ()
    assert stored.read_bytes() == b"one"
    assert any((Path(place) / stored.name).read_bytes() == b"annotated" for place in done.kept if Path(place).is_dir())


def test_links_are_linked_back_on_one_disk_and_copied_on_another(
    sqlite_house: House, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = sqlite_house.done(b"one")
    made = sqlite_house.backup(files=Files.LINK)
    with databases.empty("sqlite") as first, databases.empty("sqlite") as second:
        here, there = installed(tmp_path / "here", first), installed(tmp_path / "there", second)
        assert here.restore(made.folder).report.faults == ()
        assert (here.folder / stored.name).stat().st_ino == stored.stat().st_ino

        def elsewhere(*_: object, **__: object) -> None:
            raise OSError(18, "Invalid cross-device link")

        there.library.unsettled()
        monkeypatch.setattr(os, "link", elsewhere)
        assert there.restore(made.folder).report.faults == ()
        assert (there.folder / stored.name).stat().st_ino != stored.stat().st_ino


def test_the_database_alone_is_restored_where_that_is_wanted(house: House) -> None:
    stored = house.done(b"one")
    made = house.backup(files=Files.COPY)
    later = house.done(b"came later")
    (made.folder / "library" / stored.name).write_bytes(b"rotten")
    done = house.restore(made.folder, files=False)
    assert done.report.anchor == made.anchor
    assert done.report.faults == (f"the file {later.name} belongs to no paper",)
    assert house.files().keys() == {stored.name, later.name}


def test_a_backup_without_files_leaves_the_library_alone(sqlite_house: House) -> None:
    stored = sqlite_house.done(b"one")
    made = sqlite_house.backup(files=Files.NONE)
    stored.unlink()
    (fault,) = sqlite_house.restore(made.folder).report.faults
    assert "missing" in fault


def alter(folder: Path, how: str) -> None:
    """Do something to a backup."""
    (name,) = [path.name for path in (folder / "library").iterdir()]
    file = folder / "library" / name
    match how:
        case "altered":
            file.write_bytes(b"x" * file.stat().st_size)
        case "longer":
            file.write_bytes(file.read_bytes() + b"x")
        case "missing":
            file.unlink()
        case "a link":
            file.rename(folder / "elsewhere")
            file.symlink_to(folder / "elsewhere")
        case "database":
            database = folder / read(folder).database_file
            database.write_bytes(database.read_bytes()[:-1] + b"x")
        case "manifest":
            (folder / "manifest.json").write_bytes((folder / "manifest.json").read_bytes()[:-10])
        case "no manifest":
            (folder / "manifest.json").unlink()


@pytest.mark.parametrize("how", ["altered", "longer", "missing", "a link", "database", "manifest", "no manifest"])
def test_a_backup_that_was_altered_is_refused_before_anything_is_touched(house: House, how: str) -> None:
    house.done(b"one")
    made = house.backup(files=Files.COPY)
    house.done(b"came later")
    before, files = house.log.head(), house.files()
    alter(made.folder, how)
    with pytest.raises(RestoreNotPossible) as refusal:
        house.restore(made.folder)
    assert str(made.folder) in refusal.value.message
    assert (house.log.head(), house.files(), house.faults()) == (before, files, ())


@pytest.mark.parametrize("name", ["library/../../../outside", "/etc/outside", "library/a\\b", "library/x\0", "../x"])
def test_a_manifest_that_names_what_is_outside_is_refused(sqlite_house: House, name: str) -> None:
    sqlite_house.done(b"one")
    made = sqlite_house.backup(files=Files.COPY)
    manifest = read(made.folder)
    (content,) = manifest.below("library/").values()
    manifest.contents[name] = content
    (made.folder / "manifest.json").write_bytes(encoded(manifest))
    with pytest.raises(RestoreNotPossible, match="leads out of its folder"):
        sqlite_house.restore(made.folder)


def test_a_manifest_without_its_database_is_refused(sqlite_house: House) -> None:
    made = sqlite_house.backup()
    manifest = read(made.folder)
    del manifest.contents["database.db"]
    (made.folder / "manifest.json").write_bytes(encoded(manifest))
    with pytest.raises(RestoreNotPossible, match=r"database\.db"):
        sqlite_house.restore(made.folder)


def test_many_faults_are_summed_up(sqlite_house: House) -> None:
    for number in range(8):
        sqlite_house.done(b"%d" % number)
    made = sqlite_house.backup(files=Files.COPY)
    shutil.rmtree(made.folder / "library")
    with pytest.raises(RestoreNotPossible, match="and 3 more"):
        sqlite_house.restore(made.folder)


@pytest.mark.parametrize(("field", "value"), [('"format": 1', '"format": 2'), ("SciPaperLoader", "Another")])
def test_a_backup_of_another_form_is_refused(sqlite_house: House, field: str, value: str) -> None:
    path = sqlite_house.backup().folder / "manifest.json"
    path.write_text(path.read_text().replace(field, value))
    with pytest.raises(RestoreNotPossible, match="form that is not known"):
        sqlite_house.restore(path.parent)


def test_a_backup_of_a_newer_version_is_refused(sqlite_house: House) -> None:
    path = sqlite_house.backup().folder / "manifest.json"
    path.write_text(path.read_text().replace(f'"revision": "{migrating.newest()}"', '"revision": "9999"'))
    with pytest.raises(migrating.SchemaNewer, match="9999"):
        sqlite_house.restore(path.parent)


def test_a_backup_is_not_restored_into_another_kind_of_database(sqlite_house: House, postgres_house: House) -> None:
    for one, other in ((sqlite_house, postgres_house), (postgres_house, sqlite_house)):
        folder = one.backup(into=one.data / f"of-{id(one)}").folder
        with pytest.raises(RestoreNotPossible, match="uses") as refusal:
            other.restore(folder)
        assert "log export" in refusal.value.remedy
        assert "log import" in refusal.value.remedy


def test_a_database_of_a_newer_version_gives_way_to_a_backup(house: House) -> None:
    house.done(b"one")
    made = house.backup()
    with house.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.exec_driver_sql("CREATE TABLE of_the_newer_version (id INTEGER)")
    assert house.restore(made.folder).report.faults == ()
    with house.database.read() as connection:
        assert not sa.inspect(connection).has_table("of_the_newer_version")


def test_it_is_refused_while_somebody_is_at_work(house: House) -> None:
    house.done(b"one")
    made = house.backup()
    head = house.log.head()
    with SqlWorkers(house.database), pytest.raises(InUse) as refusal:
        house.restore(made.folder)
    assert "Stop the server" in refusal.value.remedy
    assert house.log.head() == head


def test_processes_that_were_at_work_when_the_backup_was_made_are_not_at_work_here(house: House, empty: House) -> None:
    with SqlWorkers(house.database):
        made = house.backup()
    assert empty.restore(made.folder).report.faults == ()
    with empty.database.read() as connection:
        assert connection.execute(sa.select(workers)).all() == []


_OPEN = """
import sys
from infrastructure.database import Database
with Database(sys.argv[1]).read() as connection:
    connection.exec_driver_sql("SELECT count(*) FROM events").scalar()
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there, a file that is open cannot be moved")
@pytest.mark.parametrize("damaged", [False, True])
def test_a_file_that_another_process_has_open_is_not_moved(sqlite_house: House, damaged: bool) -> None:
    made = sqlite_house.backup()
    sqlite_house.database.close()
    path = Path(str(sqlite_house.database.url.database))
    other = subprocess.Popen(
        [sys.executable, "-P", "-c", _OPEN, address(sqlite_house.database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with other:
        assert other.stdout
        assert other.stdout.readline() == b"open\n"
        if damaged:
            with path.open("r+b") as file:
                file.write(b"\xff" * 100)
        with pytest.raises(InUse):
            sqlite_house.restore(made.folder)
        assert beside(sqlite_house.database) == []
        other.kill()
    assert sqlite_house.restore(made.folder).report.faults == ()


@pytest.mark.case("B05")
def test_a_damaged_database_gives_way_to_a_backup(sqlite_house: House) -> None:
    sqlite_house.done(b"one")
    made = sqlite_house.backup()
    sqlite_house.database.close()
    path = Path(str(sqlite_house.database.url.database))
    damaged = b"\xff" * 100 + path.read_bytes()[100:]
    path.write_bytes(damaged)
    done = sqlite_house.restore(made.folder)
    assert done.report.faults == ()
    assert Path(done.kept[0]).read_bytes() == damaged


@pytest.mark.case("B04")
def test_a_journal_of_a_lost_database_is_not_left_beside_the_restored_one(sqlite_house: House) -> None:
    sqlite_house.done(b"one")
    made = sqlite_house.backup()
    sqlite_house.database.close()
    path = Path(str(sqlite_house.database.url.database))
    path.unlink()
    journal = path.with_name(path.name + "-wal")
    journal.write_bytes(b"pages of a lost database")
    assert sqlite_house.restore(made.folder).report.faults == ()
    (kept,) = beside(sqlite_house.database)
    assert kept.read_bytes() == b"pages of a lost database"


@pytest.mark.case("K11")
def test_a_library_whose_disk_is_not_there_is_not_restored_into_the_empty_place(sqlite_house: House) -> None:
    sqlite_house.done(b"one")
    made = sqlite_house.backup()
    sqlite_house.folder.rename(sqlite_house.folder.with_name("elsewhere"))
    sqlite_house.folder.mkdir()
    head = sqlite_house.log.head()
    with pytest.raises(LibraryUnavailable):
        sqlite_house.restore(made.folder)
    assert list(sqlite_house.folder.iterdir()) == []
    assert sqlite_house.log.head() == head


@pytest.mark.case("K05")
def test_a_restore_that_is_broken_off_is_done_again_and_loses_nothing(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = sqlite_house.done(b"one")
    made = sqlite_house.backup(files=Files.COPY)
    kept.unlink()
    later = sqlite_house.done(b"came later")
    head = sqlite_house.log.head()
    with monkeypatch.context() as full:
        full.setattr("infrastructure.backups.files.copied", _full)
        with pytest.raises(RestoreNotPossible, match="No space left") as refusal:
            sqlite_house.restore(made.folder)
        assert "once more" in refusal.value.remedy
    assert sqlite_house.log.head() == head
    assert sqlite_house.files() == {later.name: b"came later"}
    assert sqlite_house.restore(made.folder).report.faults == ()
    assert sqlite_house.files() == {kept.name: b"one"}


def _full(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"hal")
    raise OSError(28, "No space left on device")


@pytest.mark.case("K05")
def test_a_database_that_does_not_fit_on_the_disk_leaves_the_old_one(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_house.done(b"one")
    made = sqlite_house.backup()
    sqlite_house.done(b"two")
    head = sqlite_house.log.head()
    monkeypatch.setattr("infrastructure.backups.sqlite.copied", _full)
    with pytest.raises(RestoreNotPossible, match="No space left"):
        sqlite_house.restore(made.folder)
    assert sqlite_house.log.head() == head
    assert sqlite_house.faults() == ()


def test_a_forged_log_in_a_backup_is_found_by_its_anchor(sqlite_house: House) -> None:
    sqlite_house.done(b"one")
    made = sqlite_house.backup()
    path = made.folder / "database.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER events_no_update")
        connection.execute("UPDATE events SET actor = 'nobody' WHERE position = 2")
    manifest = read(made.folder)
    forged = path.read_bytes()
    from infrastructure.backups.manifest import measured

    manifest.contents["database.db"] = measured(path)
    (made.folder / "manifest.json").write_bytes(encoded(manifest))
    faults = sqlite_house.restore(made.folder).report.faults
    assert any(fault.startswith("position 2:") for fault in faults)
    assert path.read_bytes() == forged


def test_progress_is_told(sqlite_house: House) -> None:
    sqlite_house.done(b"one")
    sqlite_house.upload(b"a list")
    made = sqlite_house.backup()
    told: list[tuple[str, int, int]] = []
    sqlite_house.restore(made.folder, progress=lambda *step: told.append(step))
    assert told[:4] == [("checks", number, 4) for number in range(1, 5)]
    assert {name for name, _, _ in told} >= {"checks", "library", "uploads", "papers"}
