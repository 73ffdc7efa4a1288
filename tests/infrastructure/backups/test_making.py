"""Backups: consistent while others write, whole or not there, and no more of them than wanted."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from application.ports.library import LibraryUnavailable
from application.ports.maintenance import BackupNotPossible, Files
from infrastructure import migrating
from infrastructure.backups.locking import alone
from infrastructure.backups.manifest import Manifest, read
from infrastructure.log.verify import Anchor, verify_chain
from tests.contract.making import origin, write
from tests.databases import Databases
from tests.infrastructure.backups.conftest import SECRETS, SETTINGS, House, installed


def names(folder: Path) -> set[str]:
    """Every file in a folder, by its path in it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def left(folder: Path) -> list[str]:
    """What lies in a folder of backups."""
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def test_a_backup_is_a_folder_whose_manifest_tells_everything_in_it(house: House) -> None:
    stored, upload = house.done(), house.upload(b"a list")
    head = house.log.head()
    made = house.backup()
    manifest = read(made.folder)
    assert made.folder.parent == house.data / "backups"
    assert made.folder.name == "scipaperloader-20260301T120001000000Z"
    assert manifest.anchor == made.anchor == f"{head.position}:{head.hash}"
    assert (manifest.program, manifest.revision, manifest.files) == ("SciPaperLoader", migrating.newest(), Files.LINK)
    assert manifest.version
    assert manifest.made_at == "2026-03-01T12:00:01+00:00"
    assert names(made.folder) == {*manifest.contents, "manifest.json"}
    for name, content in manifest.contents.items():
        data = (made.folder / name).read_bytes()
        assert (content.sha256, content.size) == (sha256(data).hexdigest(), len(data))
    assert names(made.folder) == {
        *("manifest.json", "scipaperloader.toml", manifest.database_file),
        *(f"library/{stored.name}", f"uploads/{upload.name}"),
    }
    assert (made.files, made.size, made.faults) == (1, sum(one.size for one in manifest.contents.values()), ())


def test_only_its_owner_can_look_into_a_backup(house: House) -> None:
    folder = house.backup().folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in (read(folder).database_file, "scipaperloader.toml", "manifest.json"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_links_are_second_names_and_copies_are_not(sqlite_house: House) -> None:
    stored = sqlite_house.done()
    link = sqlite_house.backup(files=Files.LINK).folder / "library" / stored.name
    copy = sqlite_house.backup(files=Files.COPY).folder / "library" / stored.name
    assert link.stat().st_ino == stored.stat().st_ino != copy.stat().st_ino
    assert link.read_bytes() == copy.read_bytes() == stored.read_bytes()
    assert copy.stat().st_mtime_ns == stored.stat().st_mtime_ns
    assert names(sqlite_house.backup(files=Files.NONE).folder) == {
        *("database.db", "manifest.json", "scipaperloader.toml"),
    }


def test_files_in_folders_keep_their_places(sqlite_house: House, tmp_path: Path) -> None:
    sqlite_house.library._pattern = "{year}/{title}"
    stored = sqlite_house.done()
    assert stored.parent != sqlite_house.folder
    made = sqlite_house.backup(files=Files.COPY)
    assert f"library/{stored.relative_to(sqlite_house.folder).as_posix()}" in names(made.folder)


def test_links_to_another_disk_are_refused_in_words(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    sqlite_house.done()

    def elsewhere(*_: object, **__: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", elsewhere)
    with pytest.raises(BackupNotPossible, match="cross-device") as refusal:
        sqlite_house.backup(files=Files.LINK)
    assert "--files copy" in refusal.value.remedy
    assert left(sqlite_house.data / "backups") == []
    assert sqlite_house.backup(files=Files.COPY).files == 1


def test_secrets_are_left_out_unless_they_are_wanted(sqlite_house: House) -> None:
    without, with_them = sqlite_house.backup(), sqlite_house.backup(secrets=True)
    assert (without.folder / "scipaperloader.toml").read_bytes() == SETTINGS
    assert (with_them.folder / "scipaperloader.toml").read_bytes() == SECRETS
    assert (read(without.folder).secrets, read(with_them.folder).secrets) == (False, True)


def test_a_backup_goes_where_it_is_wanted(sqlite_house: House, tmp_path: Path) -> None:
    made = sqlite_house.backup(into=tmp_path / "deep" / "elsewhere")
    assert made.folder.parent == tmp_path / "deep" / "elsewhere"
    assert not (sqlite_house.data / "backups").exists()


def test_a_file_that_is_missing_or_was_altered_is_told_and_the_rest_is_kept(sqlite_house: House) -> None:
    whole, altered, missing = (sqlite_house.done(content) for content in (b"one", b"two", b"three"))
    altered.write_bytes(b"annotated")
    missing.unlink()
    made = sqlite_house.backup(files=Files.COPY)
    assert made.faults == (f"the file {altered.name} was altered", f"the file {missing.name} is missing")
    assert made.faults == read(made.folder).faults
    assert names(made.folder / "library") == {whole.name, altered.name}


def test_a_library_that_is_gone_is_not_taken_for_an_empty_one(sqlite_house: House) -> None:
    sqlite_house.done()
    sqlite_house.folder.rename(sqlite_house.folder.with_name("elsewhere"))
    sqlite_house.folder.mkdir()
    with pytest.raises(LibraryUnavailable):
        sqlite_house.backup()
    assert left(sqlite_house.data / "backups") == []
    assert sqlite_house.backup(files=Files.NONE).faults == ()


def test_files_that_no_paper_has_are_left_out(sqlite_house: House) -> None:
    stored = sqlite_house.done()
    stored.with_name("my notes.txt").write_text("mine")
    stored.with_name(stored.name.replace("title", "stray")).write_bytes(b"stray")
    assert names(sqlite_house.backup().folder / "library") == {stored.name}


def test_a_database_without_a_log_is_no_installation(databases: Databases, tmp_path: Path) -> None:
    for kind in ("sqlite", "postgresql"):
        with databases.empty(kind) as database:
            house = installed(tmp_path / kind, database)
            with pytest.raises(BackupNotPossible) as refusal:
                house.backup()
            assert "run" in refusal.value.remedy
            assert left(house.data / "backups") == []
            assert kind == "postgresql" or not Path(str(database.url.database)).exists()


def test_an_installation_without_events_is_backed_up(house: House) -> None:
    made = house.backup()
    assert made.anchor.startswith("0:")
    assert (read(made.folder).log, made.files) == ("", 0)


def test_only_so_many_of_the_own_backups_stay(sqlite_house: House, databases: Databases, tmp_path: Path) -> None:
    folder = sqlite_house.data / "backups"
    sqlite_house.done()
    old = [sqlite_house.backup().folder for _ in range(3)]
    with databases.migrated("sqlite") as other:
        neighbour = installed(tmp_path / "neighbour", other)
        neighbour.done()
        neighbour.desk.clock.advance(timedelta(days=1))
        theirs = neighbour.backup(into=folder).folder
    strange = folder / "scipaperloader-20200101T000000000000Z"
    strange.mkdir()
    (strange / "manifest.json").write_text('{"program": "another"}')
    (folder / "scipaperloader-20200101T000000000000Z.db").write_text("a copy before a reset")
    linked = folder / "scipaperloader-20190101T000000000000Z"
    linked.symlink_to(old[0])
    made = sqlite_house.backup(keep=2)
    assert made.removed == tuple(old[:2])
    assert left(folder) == sorted(
        one.name for one in (old[2], made.folder, theirs, strange, linked, strange.with_suffix(".db"))
    )


def test_a_name_that_is_taken_is_not_taken_again(sqlite_house: House) -> None:
    made = sqlite_house.backups.make()
    before = (made.folder / "manifest.json").read_bytes()
    with pytest.raises(BackupNotPossible):
        sqlite_house.backups.make()
    assert left(made.folder.parent) == [made.folder.name]
    assert (made.folder / "manifest.json").read_bytes() == before


def test_an_older_backup_that_cannot_be_removed_is_told(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    old = sqlite_house.backup().folder

    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as stubborn:
        stubborn.setattr("infrastructure.backups.making.shutil.rmtree", refuse)
        with pytest.raises(BackupNotPossible, match="is complete, but an older one"):
            sqlite_house.backup(keep=1)
    half, _ = left(old.parent)
    assert half == f"{old.name}.partial", "it is no backup any more"
    made = sqlite_house.backup(keep=1)
    assert left(old.parent) == [made.folder.name]


def test_backups_are_kept_where_nothing_is_said(sqlite_house: House) -> None:
    made = [sqlite_house.backup() for _ in range(3)]
    assert [one.removed for one in made] == [(), (), ()]
    assert left(sqlite_house.data / "backups") == [one.folder.name for one in made]


@pytest.mark.case("X15")
def test_half_backups_of_the_dead_are_swept_and_those_of_the_living_are_not(sqlite_house: House) -> None:
    folder = sqlite_house.data / "backups"
    half = folder / "scipaperloader-20260101T000000000000Z.partial"
    half.mkdir(parents=True)
    (half / "database.db").write_text("half a copy")
    with alone(folder), pytest.raises(BackupNotPossible, match="Another process"):
        sqlite_house.backup()
    assert left(folder) == [half.name]
    made = sqlite_house.backup()
    assert left(folder) == [made.folder.name]


def test_a_backup_is_consistent_while_others_write(house: House, empty: House) -> None:
    stop, wrote = threading.Event(), threading.Event()

    def append() -> None:
        while not stop.is_set():
            house.log.append((write("some stream", 20),), origin())

    def download() -> None:
        while not stop.is_set():
            house.done()
            wrote.set()

    writers = [threading.Thread(target=work) for work in (append, append, download)]
    for writer in writers:
        writer.start()
    try:
        made = []
        for _ in range(4):
            wrote.clear()
            assert wrote.wait(10)
            made.append(house.backup())
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    positions = [Anchor.parse(one.anchor).position for one in made]
    assert positions == sorted(set(positions))
    for one in made:
        assert one.faults == (), "every file that the copy names is there"
        assert not verify_chain(house.database, Anchor.parse(one.anchor)).faults, "the copy's end is a place in the log"
        done = empty.restore(one.folder)
        assert (done.report.anchor, done.report.faults) == (one.anchor, ())
        assert done.report.files == one.files


@pytest.mark.case("K05")
@pytest.mark.parametrize("fault", [sqlite3.OperationalError("database or disk is full"), PermissionError("no")])
def test_a_backup_that_fails_leaves_nothing_and_is_told(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail(source: Path, target: Path) -> None:
        target.write_bytes(b"half a copy")
        raise fault

    monkeypatch.setattr("infrastructure.backups.sqlite._copy", fail)
    with pytest.raises(BackupNotPossible) as refusal:
        sqlite_house.backup()
    assert str(fault) in refusal.value.message
    assert left(sqlite_house.data / "backups") == []


@pytest.mark.case("K05")
def test_files_on_a_full_disk_leave_nothing_and_the_last_backup_stays(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_house.done()
    before = sqlite_house.backup()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("infrastructure.backups.files.copied", full)
    with pytest.raises(BackupNotPossible, match="No space left"):
        sqlite_house.backup(files=Files.COPY, keep=1)
    assert left(sqlite_house.data / "backups") == [before.folder.name]


@pytest.mark.case("K10")
def test_a_backup_into_a_place_that_cannot_be_is_told(house: House, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(BackupNotPossible):
        house.backup(into=tmp_path / "a file" / "backups")


def test_progress_is_told(sqlite_house: House) -> None:
    sqlite_house.done()
    sqlite_house.done(b"another")
    sqlite_house.upload(b"a list")
    told: list[tuple[str, int, int]] = []
    sqlite_house.backup(progress=lambda *step: told.append(step))
    assert told == [("files", 1, 3), ("files", 2, 3), ("files", 3, 3)]


def test_the_copy_of_sqlite_is_one_file_that_nobody_wrote_to_since(sqlite_house: House) -> None:
    sqlite_house.done()
    folder = sqlite_house.backup().folder
    with closing(sqlite3.connect(f"file:{folder / 'database.db'}?mode=ro", uri=True)) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    manifest: Manifest = read(folder)
    assert sha256((folder / "database.db").read_bytes()).hexdigest() == manifest.contents["database.db"].sha256


def test_a_manifest_can_be_read_by_people_and_programs(sqlite_house: House) -> None:
    folder = sqlite_house.backup().folder
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(text)["database"] == "sqlite"
    assert len(text.splitlines()) > 10


_HOLDING = """
import sys
from pathlib import Path
from infrastructure.backups.locking import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.case("X15")
def test_another_process_that_writes_there_is_waited_for_and_its_death_frees_the_place(sqlite_house: House) -> None:
    folder = sqlite_house.data / "backups"
    folder.mkdir()
    other = subprocess.Popen(
        [sys.executable, "-P", "-c", _HOLDING, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(BackupNotPossible, match="Another process"):
            sqlite_house.backup()
        other.kill()
    assert sqlite_house.backup().folder.is_dir()


def test_a_backup_that_was_moved_is_still_one(sqlite_house: House, tmp_path: Path) -> None:
    sqlite_house.done()
    made = sqlite_house.backup(files=Files.LINK)
    moved = shutil.copytree(made.folder, tmp_path / "moved")
    assert read(moved) == read(made.folder)
