"""Where an SQLite database may lie, and when its file is missing or damaged."""

from pathlib import Path

import pytest

from infrastructure.filesystem import (
    MOUNTS,
    NETWORK,
    DatabaseDamaged,
    DatabaseMissing,
    NetworkFileSystem,
    check_file,
    check_place,
    kind_of,
)

TABLE = r"""/dev/sda1 / ext4 rw,relatime 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/me ext4 rw 0 0
//server/share /mnt/with\040blank cifs rw 0 0
broken line
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mounts"
    path.write_text(TABLE)
    return path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/data.db", "ext4"),
        ("/home/you/data.db", "nfs4"),
        ("/home/me/data.db", "ext4"),
        ("/homestead/data.db", "ext4"),
        ("/mnt/with blank/deep/data.db", "cifs"),
    ],
)
def test_the_deepest_mount_tells_the_file_system(mounts: Path, path: str, kind: str) -> None:
    assert kind_of(Path(path), mounts) == kind


@pytest.mark.case("K12")
@pytest.mark.parametrize("kind", sorted(NETWORK))
def test_a_network_file_system_is_refused_in_clear_words(tmp_path: Path, kind: str) -> None:
    table = tmp_path / "mounts"
    table.write_text(f"something / {kind} rw 0 0\n")
    with pytest.raises(NetworkFileSystem) as refusal:
        check_place(Path("/data/scipaperloader.db"), table)
    assert "/data/scipaperloader.db" in refusal.value.message
    assert kind in refusal.value.message
    assert "PostgreSQL" in refusal.value.remedy


def test_a_local_file_system_is_allowed(mounts: Path) -> None:
    check_place(Path("/home/me/data.db"), mounts)


def test_where_the_mounts_are_not_known_nothing_is_refused(tmp_path: Path) -> None:
    check_place(tmp_path / "data.db", tmp_path / "no such table")


@pytest.mark.skipif(not MOUNTS.exists(), reason="the system has no table of mounts")
def test_the_real_table_can_be_read(tmp_path: Path) -> None:
    assert kind_of(tmp_path)


def test_a_first_start_finds_nothing_and_is_allowed(tmp_path: Path) -> None:
    check_file(tmp_path / "data.db", tmp_path / "sign")


def test_a_start_that_was_killed_before_its_first_write_can_be_repeated(tmp_path: Path) -> None:
    (tmp_path / "data.db").touch()
    check_file(tmp_path / "data.db", tmp_path / "sign")


@pytest.mark.case("B04")
@pytest.mark.parametrize("there", [True, False])
def test_a_journal_without_its_database_is_not_written_over(tmp_path: Path, there: bool) -> None:
    database, journal = tmp_path / "data.db", tmp_path / "data.db-wal"
    journal.write_bytes(b"pages")
    if there:
        database.touch()
    with pytest.raises(DatabaseMissing, match="backup"):
        check_file(database, tmp_path / "sign")
    assert journal.read_bytes() == b"pages"


@pytest.mark.case("B05")
def test_a_database_that_is_gone_is_not_begun_anew(tmp_path: Path) -> None:
    sign = tmp_path / "sign"
    sign.write_text("there was a library")
    with pytest.raises(DatabaseMissing) as refusal:
        check_file(tmp_path / "data.db", sign)
    assert "db reset" in refusal.value.remedy
    assert not (tmp_path / "data.db").exists()


@pytest.mark.case("B05")
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    database = tmp_path / "data.db"
    database.write_bytes(b"something else entirely")
    with pytest.raises(DatabaseDamaged, match="backup"):
        check_file(database, tmp_path / "sign")
    assert database.read_bytes() == b"something else entirely"
