"""`verify`, `rebuild`, `backup`, `restore`: proofs and copies for people and programs, with exit codes that tell."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from application.ports.maintenance import Progress
from infrastructure.database import DatabaseBusy
from infrastructure.maintenance import DatabaseMaintenance
from tests.databases import KINDS, Databases, address, postgres_programs
from tests.interfaces.cli.conftest import LIST, Terminal


def alter(terminal: Terminal, statement: str) -> None:
    with closing(sqlite3.connect(terminal.data / "scipaperloader.db")) as connection, connection:
        connection.execute(statement)


def test_what_is_in_order_ends_with_zero(filled: Terminal) -> None:
    told = filled.json("verify")
    assert (told["events"], told["files"], told["faults"]) == (6, 0, [])
    assert told["anchor"].startswith("6:")
    shown = filled("verify").stdout
    assert "6 events and 0 files were checked: everything is in order." in shown
    assert f"Anchor: {told['anchor']}" in shown


def test_an_anchor_is_expected(filled: Terminal) -> None:
    anchor = filled.json("verify")["anchor"]
    filled("verify", "--expect", anchor)
    filled("import", filled.write("more.csv", "DOI\n10.5555/three\n"))
    filled("verify", "--expect", anchor)
    assert "the log was cut" in filled("verify", "--expect", "99" + anchor[1:], code=1).stdout
    assert "no anchor" in filled.refusal("verify", "--expect", "yesterday")


def test_a_fault_ends_with_one_and_is_mended(filled: Terminal) -> None:
    alter(filled, "UPDATE papers SET status = 'done'")
    (fault,) = filled.json("verify", code=1)["faults"]
    assert "papers" in fault
    assert f"FAULT: {fault}." in filled("verify", code=1).stdout
    assert "Rebuilt: papers." in filled("rebuild", "papers").stdout
    assert filled.json("rebuild") == {"rebuilt": ["identifiers", "papers", "imports", "jobs", "tallies"]}
    assert filled.json("verify")["faults"] == []


def test_a_rebuild_stands_among_the_tasks(filled: Terminal) -> None:
    filled("rebuild")
    filled.refusal("rebuild", "nonsense")
    tasks = filled.json("jobs", "list")["tasks"]
    assert [(one["kind"], one["title"], one["status"], one["done"], one["whole"]) for one in tasks] == [
        ("rebuild", name, "finished", 6, 6) for name in ("tallies", "jobs", "imports", "papers", "identifiers")
    ]


def test_a_rebuild_that_breaks_off_has_failed_where_it_was(filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object, model: str | None, progress: Progress) -> None:
        for step in (("papers", 1, 2), ("papers", 2, 2), ("jobs", 1, 2)):
            progress(*step)
        raise DatabaseBusy("The database is busy.")

    with monkeypatch.context() as patch:
        patch.setattr(DatabaseMaintenance, "rebuild", broken)
        filled.refusal("rebuild")
    tasks = filled.json("jobs", "list")["tasks"]
    assert [(one["title"], one["status"], one["done"]) for one in tasks] == [
        ("jobs", "failed", 1),
        ("papers", "finished", 2),
    ]
    assert "rebuild “jobs”: failed, 1 of 2: The database is busy." in filled("jobs", "list").stdout


def test_an_altered_log_cannot_be_mended(filled: Terminal) -> None:
    alter(filled, "DROP TRIGGER events_no_update")
    alter(filled, "UPDATE events SET actor = 'nobody' WHERE position = 1")
    filled("rebuild")
    assert any("position 1" in fault for fault in filled.json("verify", code=1)["faults"])


def test_a_model_that_does_not_exist_is_refused(filled: Terminal) -> None:
    assert "papers" in filled.refusal("rebuild", "nonsense")


def test_a_backup_is_restored_elsewhere(filled: Terminal, tmp_path: Path) -> None:
    told = filled.json("backup")
    assert Path(told["folder"]).parent == filled.data / "backups"
    assert (told["files"], told["faults"], told["removed"]) == (0, [], [])
    other = Terminal(tmp_path, tmp_path / "restored")
    done = other.json("restore", told["folder"], "--yes")
    assert done == {"made_at": done["made_at"], "kept": [], "anchor": told["anchor"], "events": 6} | {
        "files": 0,
        "faults": [],
    }
    assert other.json("verify", "--expect", told["anchor"])["faults"] == []
    assert other.json("papers")["count"] == 2


def test_a_backup_and_a_restore_tell_what_they_did(filled: Terminal, tmp_path: Path) -> None:
    shown = filled("backup", "--into", str(tmp_path / "kept"), "--files", "copy").stdout
    (folder,) = (path for path in (tmp_path / "kept").iterdir() if path.is_dir())
    assert f"Wrote {folder}: 0 files of papers" in shown
    anchor = shown.splitlines()[-1]
    assert anchor.startswith("Anchor: 6:")
    filled("import", filled.write("more.csv", "DOI\n10.5555/three\n"))
    restored = filled("restore", str(folder), answer="y\n").stdout
    assert "Go on?" in restored
    assert f"What was there before is kept in {filled.data / 'scipaperloader.db'}.before-" in restored
    assert "6 events and 0 files were checked: everything is in order." in restored
    assert restored.splitlines()[-1] == anchor
    assert filled.json("papers")["count"] == 2


def test_a_restore_asks_first(filled: Terminal) -> None:
    folder = filled.json("backup")["folder"]
    assert "Aborted" in filled("restore", folder, code=1, answer="n\n").stderr
    assert list(filled.data.glob("*.before-*")) == []


def test_a_restore_that_ends_with_faults_ends_with_one(filled: Terminal) -> None:
    folder = filled.json("backup")["folder"]
    stray = filled.data / "library" / "A title_0123abcd.pdf"
    filled("restore", folder, "--yes")
    stray.write_bytes(b"a stray file")
    told = filled.json("restore", folder, "--yes", "--without-files", code=1)
    assert told["faults"] == [f"the file {stray.name} belongs to no paper"]
    assert "FAULT: the file" in filled("restore", folder, "--yes", "--without-files", code=1).stdout


def test_older_backups_make_room(filled: Terminal) -> None:
    first = filled.json("backup")["folder"]
    told = filled.json("backup", "--keep", "1")
    assert told["removed"] == [first]
    assert f"Removed {told['folder']}." in filled("backup", "--keep", "1").stdout
    assert "--keep" in filled("backup", "--keep", "0", code=2).stderr


def test_a_backup_tells_of_a_file_that_is_missing(filled: Terminal) -> None:
    filled("verify")
    alter(filled, "UPDATE papers SET file_path = 'gone_0123abcd.pdf', file_sha256 = 'x' WHERE doi = '10.5555/one'")
    assert filled.json("backup")["faults"] == ["the file gone_0123abcd.pdf is missing"]
    assert "FAULT: the file gone_0123abcd.pdf is missing." in filled("backup").stderr


def test_the_settings_are_backed_up_without_their_secrets(filled: Terminal) -> None:
    settings = filled.data / "scipaperloader.toml"
    settings.write_text('hands = 2\nsecret_key = "hush"\n')
    without, with_them = filled.json("backup")["folder"], filled.json("backup", "--secrets")["folder"]
    assert "hush" not in (Path(without) / settings.name).read_text()
    assert "hands = 2" in (Path(without) / settings.name).read_text()
    assert (Path(with_them) / settings.name).read_bytes() == settings.read_bytes()


def test_what_is_no_backup_is_refused(filled: Terminal) -> None:
    assert "no complete backup" in filled.refusal("restore", str(filled.data), "--yes")
    assert "does not exist" in filled("restore", str(filled.data / "nothing"), "--yes", code=2).stderr


def test_a_backup_does_not_migrate(filled: Terminal) -> None:
    alter(filled, "UPDATE alembic_version SET version_num = '9999'")
    folder = filled.json("backup")["folder"]
    assert filled.json("db", "current")["current"] == "9999"
    assert "9999" in filled.refusal("restore", folder, "--yes")


@pytest.mark.case("B05")
@pytest.mark.parametrize("damage", ["gone", "overwritten"])
def test_a_lost_database_is_restored(filled: Terminal, damage: str) -> None:
    filled("verify")
    told = filled.json("backup")
    path = filled.data / "scipaperloader.db"
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"\xff" * 5_000)
    assert "backup" in filled.refusal("status")
    assert filled.json("restore", told["folder"], "--yes")["anchor"] == told["anchor"]
    assert filled.json("status")["position"] == 6


def test_backups_in_a_row_have_names_of_their_own(filled: Terminal) -> None:
    assert filled.json("backup")["folder"] != filled.json("backup")["folder"]


def test_there_is_nothing_to_back_up_before_anything_is_set_up(terminal: Terminal) -> None:
    assert "no database yet" in terminal.refusal("backup")
    assert not (terminal.data / "scipaperloader.db").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_both_databases_are_backed_up_and_restored(
    filled: Terminal, databases: Databases, tmp_path: Path, kind: str
) -> None:
    with databases.empty(kind) as one, databases.empty(kind) as other:
        here, there = Terminal(tmp_path, tmp_path / "here"), Terminal(tmp_path, tmp_path / "there")
        for terminal, database in ((here, one), (there, other)):
            database.close()
            terminal.variables |= {"DATABASE_URL": address(database), "PG_DUMP": str(postgres_programs() / "pg_dump")}
        here("import", filled.write("list.csv"))
        told = here.json("backup")
        assert there.json("restore", told["folder"], "--yes")["faults"] == []
        assert there.json("verify", "--expect", told["anchor"])["faults"] == []
        assert there.json("papers")["count"] == 2


@pytest.mark.case("B05")
@pytest.mark.parametrize("command", [("status",), ("import", "list.csv"), ("work",), ("verify",), ("run",)])
def test_a_damaged_database_is_refused_with_a_hint_and_left_as_it_is(
    filled: Terminal, command: tuple[str, ...], port: int
) -> None:
    filled.variables["PORT"] = str(port)
    path = filled.data / "scipaperloader.db"
    filled.write("list.csv", LIST)
    damaged = b"\xff" * 100 + path.read_bytes()[100:]
    path.write_bytes(damaged)
    assert "backup" in filled.refusal(*command)
    assert path.read_bytes() == damaged


@pytest.mark.case("B05")
def test_a_database_that_is_damaged_further_inside_is_refused_in_words(filled: Terminal) -> None:
    path = filled.data / "scipaperloader.db"
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * (4096 - 100)
    path.write_bytes(content)
    assert "backup" in filled.refusal("status")
    assert path.read_bytes() == content


@pytest.mark.case("B05")
@pytest.mark.parametrize("left", [None, b""])
def test_a_database_that_is_gone_is_not_begun_anew(filled: Terminal, left: bytes | None) -> None:
    filled("verify")  # the library is there from now on
    path = filled.data / "scipaperloader.db"
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    assert "backup" in filled.refusal("status")
    assert not path.exists() or path.read_bytes() == b""
    filled("db", "reset", "--yes")
    assert filled.json("status")["position"] == 0


@pytest.mark.case("B04")
def test_a_journal_whose_database_is_gone_is_kept(terminal: Terminal) -> None:
    terminal.data.mkdir()
    journal = terminal.data / "scipaperloader.db-wal"
    journal.write_bytes(b"pages of a lost database")
    assert "journal" in terminal.refusal("status") or "wal" in terminal.refusal("status")
    assert journal.read_bytes() == b"pages of a lost database"


@pytest.mark.case("K10")
def test_a_data_folder_that_is_a_file_is_told(terminal: Terminal) -> None:
    terminal.data = Path(terminal.write("data", "in the way"))
    assert str(terminal.data) in terminal.refusal("status")


@pytest.mark.case("K08")
@pytest.mark.case("K10")
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that nobody can write to")
def test_a_data_folder_that_cannot_be_made_is_told(terminal: Terminal) -> None:
    terminal.data = Path("/proc/self/data")
    said = terminal.refusal("status")
    assert "DATA_DIR" in said
    assert "/proc/self/data" in said


@pytest.mark.case("K12")
def test_a_network_file_system_is_refused(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infrastructure.filesystem.kind_of", lambda *_: "nfs4")
    assert "network file system (nfs4)" in terminal.refusal("status")
    assert not (terminal.data / "scipaperloader.db").exists()


@pytest.mark.case("K11")
def test_a_library_whose_disk_is_gone_is_told(filled: Terminal) -> None:
    filled("verify")
    library = filled.data / "library"
    library.rename(filled.data / "elsewhere")
    library.mkdir()
    (fault,) = filled.json("verify", code=1)["faults"]
    assert str(library) in fault
    filled.variables["CONTACT_EMAIL"] = "reader@university.test"
    assert str(library) in filled.refusal("work")
    assert filled.json("status")["papers"]["new"] == 2
