"""Pictures of first pages: drawn in a process that may die, and kept where there is room."""

import os
import struct
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports.library import CheckerUnavailable
from infrastructure.library import pictures as keeping
from infrastructure.library.checker import WarmPdfChecker
from infrastructure.library.facts import Limits
from infrastructure.library.pictures import KeptPictures
from infrastructure.library.pixels import HEIGHT, WIDTH, Pixels, png
from tests.infrastructure.library import bombs
from tests.infrastructure.library.papers import written
from tests.infrastructure.library.test_checker import acting

SHA, OTHER = "ab" * 32, "cd" * 32
DOT = Pixels(width=1, height=2, data=b"\xff\0\0\0\0\xff")


def pixels_of(picture: bytes) -> Pixels:
    """A PNG, read by its specification. Raises AssertionError for what is none."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, rest = {}, picture[8:]
    while rest:
        (length,) = struct.unpack(">I", rest[:4])
        kind, data, check = rest[4:8], rest[8 : 8 + length], rest[8 + length : 12 + length]
        assert struct.pack(">I", zlib.crc32(kind + data)) == check
        chunks[kind], rest = data, rest[12 + length :]
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height, *form = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert form == [8, 2, 0, 0, 0]
    lines = zlib.decompress(chunks[b"IDAT"])
    size = width * 3 + 1
    assert len(lines) == size * height
    assert all(lines[start] == 0 for start in range(0, len(lines), size))
    data = b"".join(lines[start + 1 : start + size] for start in range(0, len(lines), size))
    return Pixels(width=width, height=height, data=data)


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_pixels_become_a_picture_and_stay_what_they_are(width: int, height: int, data: st.DataObject) -> None:
    size = width * height * 3
    drawn = Pixels(width=width, height=height, data=data.draw(st.binary(min_size=size, max_size=size)))
    assert pixels_of(png(drawn)) == drawn


@pytest.fixture(scope="module")
def checker() -> Iterator[WarmPdfChecker]:
    with WarmPdfChecker(workers=1, drawing=Limits(cpu_seconds=5, wall_seconds=20.0)) as made:
        yield made


class TestDrawing:
    """In the child process."""

    def test_a_page_is_drawn_as_large_as_a_picture_may_be(self, checker: WarmPdfChecker, tmp_path: Path) -> None:
        drawn = checker.draw(written(tmp_path / "a.pdf"))
        assert drawn
        assert drawn.possible
        assert drawn.width > WIDTH - 5 or drawn.height > HEIGHT - 5
        assert drawn.data[:3] == b"\xff\xff\xff"  # paper is white
        assert min(drawn.data) < 128  # and ink is dark

    @pytest.mark.parametrize("box", [(3, 3), (10, 14_400), (14_400, 10), (1, 1_000_000), (0.001, 5)])
    def test_pages_of_any_size_are_bounded(
        self, checker: WarmPdfChecker, tmp_path: Path, box: tuple[float, float]
    ) -> None:
        def resize(pdf: pikepdf.Pdf) -> None:
            pdf.pages[0].obj.MediaBox = pikepdf.Array([0, 0, *box])

        drawn = checker.draw(written(tmp_path / "a.pdf", bombs.saved(resize)))
        assert drawn is None or drawn.possible

    @pytest.mark.parametrize(
        "data",
        [b"%PDF-1.7", b"<html>", bombs.saved(bombs.without_pages), bombs.deep(50_000)[:5_000],
         bombs.saved(encryption=pikepdf.Encryption(user="secret", owner="secret"))],
        ids=["header", "page", "no pages", "cut", "locked"],
    )  # fmt: skip
    def test_what_cannot_be_drawn_has_no_picture(self, checker: WarmPdfChecker, tmp_path: Path, data: bytes) -> None:
        assert checker.draw(written(tmp_path / "a.pdf", data)) is None

    @pytest.mark.case("P11")
    def test_a_bomb_ends_its_child_alone(self, checker: WarmPdfChecker, tmp_path: Path) -> None:
        bomb = written(tmp_path / "bomb.pdf", bombs.nested_deflate(1024**3))
        drawn = checker.draw(bomb)
        assert drawn is None or drawn.possible
        assert checker.draw(written(tmp_path / "a.pdf")) is not None

    @pytest.mark.parametrize(
        "deed",
        [
            "os.kill(os.getpid(), signal.SIGSEGV)",
            "frames.write(sys.stdout.buffer, {'pixels': {'width': 1, 'height': 1, 'data': ''}})",
            "frames.write(sys.stdout.buffer, {'pixels': {'width': 10**6, 'height': 1, 'data': 'AAAA'}})",
            "frames.write(sys.stdout.buffer, {'pixels': {'width': -1, 'height': -1, 'data': 'AAAA'}})",
            "frames.write(sys.stdout.buffer, {'pixels': {'width': 1, 'height': 1, 'data': '<svg/>'}})",
            "frames.write(sys.stdout.buffer, {'facts': {'pages': 1}})",
        ],
    )
    def test_a_child_that_was_taken_over_can_send_nothing_but_pixels(self, tmp_path: Path, deed: str) -> None:
        with WarmPdfChecker(workers=1, command=acting(deed)) as doomed:
            assert doomed.draw(written(tmp_path / "a.pdf")) is None

    def test_a_page_that_takes_too_long_is_given_up(self, tmp_path: Path) -> None:
        with WarmPdfChecker(workers=1, drawing=Limits(wall_seconds=0.2), command=acting("time.sleep(600)")) as slow:
            assert slow.draw(written(tmp_path / "a.pdf")) is None

    def test_a_check_that_does_not_start_says_nothing_of_the_file(self, tmp_path: Path) -> None:
        with WarmPdfChecker(command=[sys.executable, "-c", "1"]) as broken, pytest.raises(CheckerUnavailable):
            broken.draw(written(tmp_path / "a.pdf"))


class Drawer:
    """Draws what it is told, and counts."""

    def __init__(self, *answers: Pixels | Exception | None) -> None:
        self.answers, self.drawn = list(answers), 0

    def __call__(self, path: Path) -> Pixels | None:
        """The next answer; the last one again and again."""
        self.drawn += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


def files(folder: Path) -> list[str]:
    """What is in the folder."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


class TestKeeping:
    """In the data folder."""

    def test_a_picture_is_drawn_once(self, folder: Path) -> None:
        drawer = Drawer(DOT)
        pictures = KeptPictures(folder, drawer)
        assert pictures.kept(SHA) is None
        assert pictures.possible(SHA)
        picture = pictures.drawn(Path("a.pdf"), SHA)
        assert picture
        assert pixels_of(picture) == DOT
        assert pictures.drawn(Path("gone.pdf"), SHA) == KeptPictures(folder, drawer).kept(SHA) == picture
        assert drawer.drawn == 1
        assert files(folder) == [f"{SHA}.png"]

    def test_a_file_that_cannot_be_drawn_is_tried_once(self, folder: Path) -> None:
        drawer = Drawer(None)
        pictures = KeptPictures(folder, drawer)
        assert pictures.drawn(Path("a.pdf"), SHA) is None
        assert not pictures.possible(SHA)
        assert pictures.drawn(Path("a.pdf"), SHA) is None
        assert pictures.kept(SHA) is None
        assert drawer.drawn == 1

    def test_a_fault_of_ours_is_not_held_against_the_file(self, folder: Path) -> None:
        pictures = KeptPictures(folder, Drawer(CheckerUnavailable("closed"), DOT))
        assert pictures.drawn(Path("a.pdf"), SHA) is None
        assert pictures.possible(SHA)
        assert pictures.drawn(Path("a.pdf"), SHA)

    def test_a_file_that_is_not_there_is_told(self, folder: Path) -> None:
        with pytest.raises(FileNotFoundError):
            KeptPictures(folder, Drawer(FileNotFoundError())).drawn(Path("a.pdf"), SHA)
        assert files(folder) == []

    def test_a_picture_that_cannot_be_kept_is_drawn_again(self, folder: Path) -> None:
        folder.write_text("in the way")
        drawer = Drawer(DOT)
        pictures = KeptPictures(folder, drawer)
        assert pictures.drawn(Path("a.pdf"), SHA)
        assert pictures.drawn(Path("a.pdf"), SHA)
        assert drawer.drawn == 2
        assert pictures.possible(SHA)

    @pytest.mark.parametrize("name", ["", "../../etc/passwd", "AB" * 32, "ab", "a" * 64 + "\n"])
    def test_what_is_no_hash_is_no_name_of_a_file(self, tmp_path: Path, folder: Path, name: str) -> None:
        pictures = KeptPictures(folder, Drawer(DOT))
        assert pictures.drawn(Path("a.pdf"), name)
        assert pictures.kept(name) is None
        assert files(tmp_path) == []

    def test_the_oldest_pictures_make_room(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(keeping, "LOOK_EVERY", 2)
        size = len(png(DOT))
        pictures = KeptPictures(folder, Drawer(DOT), kept_bytes=size * 2)
        names = [f"{number:064x}" for number in range(5)]
        for age, name in enumerate(names):
            pictures.drawn(Path("a.pdf"), name)
            _age(folder / name[:2] / f"{name}.png", age)
        assert files(folder) == [f"{name}.png" for name in names[-2:]]

    def test_only_a_few_are_drawn_at_a_time(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(keeping, "PATIENCE", 0.01)
        held, both = threading.Event(), threading.Barrier(keeping.AT_ONCE + 1)

        def slow(_: Path) -> Pixels:
            both.wait(10)
            held.wait(10)
            return DOT

        pictures = KeptPictures(folder, slow)
        asked = [(Path("a.pdf"), f"{number:064x}") for number in range(keeping.AT_ONCE)]
        drawing = [threading.Thread(target=pictures.drawn, args=each) for each in asked]
        for thread in drawing:
            thread.start()
        both.wait(10)
        assert pictures.drawn(Path("a.pdf"), SHA) is None
        assert pictures.possible(SHA)
        held.set()
        for thread in drawing:
            thread.join()


def _age(path: Path, seconds: int) -> None:
    os.utime(path, (seconds, seconds))
