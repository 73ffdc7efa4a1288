"""Archives as a stream, read back by the standard library and by Info-ZIP."""

import io
import os
import shutil
import subprocess
import tracemalloc
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.zipping import Altered, ZipStream, content_of

MOMENT = datetime(2026, 3, 1, 12, 30, 20, tzinfo=UTC)
LARGE = os.environ.get("SCIPAPERLOADER_TEST_SIZE") == "large"
ROOM = 4_000_000
"""Bytes that an archive may take, whatever its length."""
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


def archive_of(files: Iterable[tuple[str, bytes]]) -> bytes:
    stream = ZipStream(MOMENT, io.BytesIO())
    pieces = []
    for name, data in files:
        pieces += stream.add(name, io.BytesIO(data), content_of(io.BytesIO(data)))
    return b"".join([*pieces, *stream.end()])


def sparsely(target: Path, pieces: Iterable[bytes], start: int = 0) -> None:
    """Write the pieces without giving zeros any room on the disk."""
    with target.open("wb") as file:
        file.seek(start)
        for piece in pieces:
            if piece.strip(b"\0"):
                file.write(piece)
            else:
                file.seek(len(piece), os.SEEK_CUR)
        file.truncate()


@given(st.dictionaries(NAMES.filter(lambda name: name != "/"), st.binary(max_size=50), max_size=5))
def test_what_was_put_in_comes_out(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(archive_of(files.items()))) as found:
        assert found.testzip() is None
        assert {info.orig_filename: found.read(info) for info in found.infolist()} == files
        assert all(info.compress_type == zipfile.ZIP_STORED for info in found.infolist())
        assert all(info.date_time == (2026, 3, 1, 12, 30, 20) for info in found.infolist())


@pytest.mark.skipif(shutil.which("unzip") is None, reason="Info-ZIP is not here")
def test_another_program_finds_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(archive_of([("a/Bergström_2020.pdf", b"%PDF-1.7" * 9_999), ("empty.txt", b"")]))
    tested = subprocess.run(["unzip", "-t", str(path)], capture_output=True, check=False)
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_each_file_stands_behind_its_size_and_checksum() -> None:
    """Readers that begin at the front need no list: nothing is told only afterwards (flag 3)."""
    data = archive_of([("a.pdf", b"abc")])
    assert int.from_bytes(data[6:8], "little") & 0b1000 == 0
    assert int.from_bytes(data[18:22], "little") == 3


@pytest.mark.parametrize("now", [b"ab", b"abx"])
def test_a_file_that_changed_since_is_noticed(now: bytes) -> None:
    stream = ZipStream(MOMENT, io.BytesIO())
    with pytest.raises(Altered):
        list(stream.add("a.pdf", io.BytesIO(now), content_of(io.BytesIO(b"abc"))))


@pytest.mark.case("N06")
def test_an_archive_of_very_many_files_takes_no_memory_for_each(tmp_path: Path) -> None:
    """More files than a ZIP without extensions can have: 65,535."""
    path, source, content = tmp_path / "many.zip", io.BytesIO(b"%PDF"), content_of(io.BytesIO(b"%PDF"))
    with (tmp_path / "directory").open("w+b") as directory, path.open("wb") as file:
        stream = ZipStream(MOMENT, directory)
        tracemalloc.start()
        try:
            for number in range(66_000):
                file.writelines(stream.add(f"folder/{number}.pdf", source, content))
            file.writelines(stream.end())
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < ROOM
    with zipfile.ZipFile(path) as found:
        assert len(found.infolist()) == 66_000
        assert found.read("folder/65999.pdf") == b"%PDF"


@pytest.mark.case("N06")
def test_files_beyond_four_gigabytes_are_found(tmp_path: Path) -> None:
    """What stands before them is a hole in the file, so that this takes no disk."""
    path, before = tmp_path / "far.zip", 5_000_000_000
    stream = ZipStream(MOMENT, io.BytesIO(), offset=before)
    pieces = [*stream.add("a.pdf", io.BytesIO(b"%PDF"), content_of(io.BytesIO(b"%PDF"))), *stream.end()]
    sparsely(path, pieces, before)
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        assert found.getinfo("a.pdf").header_offset == before


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not LARGE, reason="the large size")
@pytest.mark.case("N06")
def test_an_archive_of_more_than_four_gigabytes_takes_no_memory(tmp_path: Path) -> None:
    source, path = tmp_path / "source", tmp_path / "large.zip"
    with source.open("w+b") as large, (tmp_path / "directory").open("w+b") as directory:
        large.truncate(4_400_000_000)
        content = content_of(large)
        stream = ZipStream(MOMENT, directory)
        tracemalloc.start()
        try:
            sparsely(path, (piece for name in ("a.pdf", "b.pdf") for piece in stream.add(name, large, content)))
            with path.open("ab") as file:
                file.writelines(stream.end())
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < ROOM
    with zipfile.ZipFile(path) as found:
        assert [info.file_size for info in found.infolist()] == [4_400_000_000] * 2
        assert found.testzip() is None
