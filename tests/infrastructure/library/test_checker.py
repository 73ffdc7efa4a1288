"""The check in child processes: what kills them kills nobody else."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import psutil
import pytest

from application.ports.library import Checked, CheckerUnavailable, Verdict
from infrastructure.library.checker import WarmPdfChecker
from infrastructure.library.facts import Limits
from infrastructure.simulation.pdf import paper_pdf
from tests.infrastructure.library import bombs
from tests.infrastructure.library.papers import AUTHORS, DOI, wanted, written

LIMITS = Limits(wall_seconds=20.0, cpu_seconds=5)


@pytest.fixture(scope="module")
def checker() -> Iterator[WarmPdfChecker]:
    with WarmPdfChecker(workers=1, limits=LIMITS) as made:
        yield made


def check(checker: WarmPdfChecker, folder: Path, data: bytes) -> Checked:
    return checker.check(written(folder / "file.part", data), wanted())


def children() -> set[int]:
    """The ids of this process's children."""
    return {child.pid for child in psutil.Process().children()}


class TestDamagedFiles:
    @pytest.mark.case("P01")
    @pytest.mark.parametrize("percent", [50, 90, 99, 99.9])
    @pytest.mark.parametrize(
        "whole",
        [
            bombs.PAPER,
            bombs.saved(object_stream_mode=pikepdf.ObjectStreamMode.generate),
            bombs.saved(linearize=True),
            bombs.saved(linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        ],
        ids=["classic", "object streams", "linearised", "linearised object streams"],
    )
    def test_a_cut_file_is_truncated(
        self, checker: WarmPdfChecker, tmp_path: Path, whole: bytes, percent: float
    ) -> None:
        assert check(checker, tmp_path, whole).verdict is Verdict.RIGHT
        cut = check(checker, tmp_path, whole[: int(len(whole) * percent / 100)])
        assert (cut.verdict, cut.cause) == (Verdict.WRONG, "truncated")

    @pytest.mark.case("P03")
    def test_a_mere_header_is_truncated(self, checker: WarmPdfChecker, tmp_path: Path) -> None:
        assert check(checker, tmp_path, b"%PDF-1.7").cause == "truncated"

    @pytest.mark.case("P02")
    @pytest.mark.parametrize("junk", [3, 1000])
    def test_junk_before_the_header_is_accepted(self, checker: WarmPdfChecker, tmp_path: Path, junk: int) -> None:
        assert check(checker, tmp_path, b"\n" * junk + bombs.PAPER).verdict is Verdict.RIGHT

    @pytest.mark.case("P05")
    def test_a_page_after_the_end_is_told(self, checker: WarmPdfChecker, tmp_path: Path) -> None:
        checked = check(checker, tmp_path, bombs.PAPER + b"<html>x</html>\n")
        assert checked.verdict is Verdict.RIGHT
        assert "14 bytes follow its end" in checked.evidence

    @pytest.mark.case("P16")
    def test_a_polyglot_is_no_page_and_no_archive_but_the_pdf_that_it_opens_as(
        self, checker: WarmPdfChecker, tmp_path: Path
    ) -> None:
        assert check(checker, tmp_path, b"<html><!--" + bombs.PAPER + b"--></html>").cause == "html_instead_of_pdf"
        assert "2 bytes follow its end" in check(checker, tmp_path, b"PK\x03\x04" + bombs.PAPER + b"PK").evidence

    @pytest.mark.case("P08")
    @pytest.mark.case("P09")
    @pytest.mark.case("P10")
    @pytest.mark.case("P15")
    @pytest.mark.parametrize(
        "data",
        [
            bombs.saved(bombs.without_pages),
            bombs.saved(bombs.with_page_loop),
            bombs.deep(50_000),
            bombs.PAPER.replace(b"0000000", b"9999999"),
        ],
        ids=["no pages", "page loop", "deep arrays", "wrong offsets"],
    )
    def test_a_broken_structure_is_a_bad_pdf(self, checker: WarmPdfChecker, tmp_path: Path, data: bytes) -> None:
        checked = check(checker, tmp_path, data)
        assert (checked.verdict, checked.cause) == (Verdict.WRONG, "bad_pdf")

    @pytest.mark.case("P10")
    def test_pages_are_counted_not_believed(self, checker: WarmPdfChecker, tmp_path: Path) -> None:
        assert check(checker, tmp_path, bombs.saved(bombs.with_many_pages_promised)).pages in {0, 5}

    @pytest.mark.case("P17")
    def test_a_file_above_the_limit_is_not_opened(self, tmp_path: Path) -> None:
        before = children()
        with WarmPdfChecker(limits=Limits(file_bytes=1000)) as small:
            checked = check(small, tmp_path, bombs.PAPER)
            assert (checked.verdict, checked.cause) == (Verdict.WRONG, "too_large")
            assert children() == before

    @pytest.mark.case("P06")
    def test_a_password_is_asked_for(self, checker: WarmPdfChecker, tmp_path: Path) -> None:
        locked = bombs.saved(encryption=pikepdf.Encryption(user="secret", owner="secret"))
        assert check(checker, tmp_path, locked).cause == "needs_password"

    @pytest.mark.case("P07")
    def test_a_password_for_changes_is_no_hindrance(self, checker: WarmPdfChecker, tmp_path: Path) -> None:
        protected = bombs.saved(encryption=pikepdf.Encryption(user="", owner="secret"))
        assert check(checker, tmp_path, protected).verdict is Verdict.RIGHT

    @pytest.mark.case("P14")
    @pytest.mark.parametrize(
        ("change", "what"),
        [
            (bombs.with_script, "a script"),
            (bombs.with_launch, "a program"),
            (bombs.with_attachment, "an attached file"),
        ],
    )
    def test_what_acts_is_told(self, checker: WarmPdfChecker, tmp_path: Path, change, what: str) -> None:  # type: ignore[no-untyped-def]
        checked = check(checker, tmp_path, bombs.saved(change))
        assert checked.verdict is Verdict.RIGHT
        assert any(what in sentence for sentence in checked.evidence)


@pytest.mark.case("P13")
@pytest.mark.parametrize("entity", ["http://127.0.0.1:{port}/x", "file:///etc/hostname"])
def test_entities_in_xmp_are_not_resolved(checker: WarmPdfChecker, tmp_path: Path, entity: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        address = entity.format(port=listener.getsockname()[1])
        xmp = (
            f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]>'
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>&e;</dc:format>'
            "</rdf:Description></rdf:RDF></x:xmpmeta>"
        )
        assert check(checker, tmp_path, bombs.with_xmp(xmp)).verdict is Verdict.RIGHT
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.case("P11")
def test_a_bomb_ends_its_child_alone_and_the_next_file_is_checked(checker: WarmPdfChecker, tmp_path: Path) -> None:
    checked = check(checker, tmp_path, bombs.nested_deflate(1024**3))
    assert (checked.verdict, checked.cause) == (Verdict.WRONG, "unsafe_pdf")
    assert check(checker, tmp_path, bombs.PAPER).verdict is Verdict.RIGHT


@pytest.mark.case("P11")
@pytest.mark.parametrize("times", [3, 6, 50])
def test_a_chain_of_filters_ends_within_the_limits(checker: WarmPdfChecker, tmp_path: Path, times: int) -> None:
    checked = check(checker, tmp_path, bombs.chained_run_lengths(times))
    assert checked.pages == 5 or checked.cause in {"unsafe_pdf", "bad_pdf"}
    assert "the DOI is on the first page" not in checked.evidence
    assert all(child.memory_info().rss < LIMITS.memory_bytes for child in psutil.Process().children())


def acting(deed: str) -> list[str]:
    """A command for a child that does something else with its first file."""
    script = (
        "import os, signal, sys, threading, time\n"
        "from infrastructure.library import frames\n"
        "frames.write(sys.stdout.buffer, 'ready')\n"
        "frames.read(sys.stdin.buffer)\n"
        f"{deed}\n"
    )
    return [sys.executable, "-P", "-c", script]


class TestDyingChildren:
    @pytest.mark.case("P12")
    @pytest.mark.parametrize(
        "deed",
        [
            "os.kill(os.getpid(), signal.SIGSEGV)",
            "os._exit(0)",
            "sys.stdout.buffer.write(b'\\0\\0\\0\\x02{]'); sys.stdout.flush()",
            "frames.write(sys.stdout.buffer, {'facts': {'pages': 'many'}})",
            "frames.write(sys.stdout.buffer, {'facts': {'pages': 10**30}})",
            "frames.write(sys.stdout.buffer, {'facts': {'pages': 0}})",
            "frames.write(sys.stdout.buffer, {'unreadable': {'cause': 'of my own', 'detail': 'x'}})",
            "frames.write(sys.stdout.buffer, {})",
            "frames.write(sys.stdout.buffer, [])",
            "sys.stdout.buffer.write(b'\\xff' * 100); sys.stdout.flush()",
        ],
    )
    def test_a_file_that_kills_a_fresh_child_is_unsafe(self, tmp_path: Path, deed: str) -> None:
        with WarmPdfChecker(workers=1, command=acting(deed)) as doomed:
            checked = check(doomed, tmp_path, bombs.PAPER)
        assert (checked.verdict, checked.cause) == (Verdict.WRONG, "unsafe_pdf")
        assert checked.evidence

    @pytest.mark.case("P11")
    def test_a_child_that_hangs_is_killed(self, tmp_path: Path) -> None:
        before = children()
        with WarmPdfChecker(workers=1, limits=Limits(wall_seconds=0.2), command=acting("time.sleep(600)")) as hanging:
            checked = check(hanging, tmp_path, bombs.PAPER)
            assert (checked.cause, checked.evidence) == ("unsafe_pdf", ("reading it took more than 0.2 s",))
            assert children() == before

    def test_a_child_that_was_killed_while_it_waited_is_replaced(self, checker: WarmPdfChecker, tmp_path: Path) -> None:
        before = children()
        with WarmPdfChecker(workers=1) as second:
            assert check(second, tmp_path, bombs.PAPER).verdict is Verdict.RIGHT
            (victim,) = children() - before
            os.kill(victim, signal.SIGKILL)
            psutil.Process(victim).wait(10)
            assert check(second, tmp_path, bombs.PAPER).verdict is Verdict.RIGHT
            assert children() - before - {victim}

    def test_a_child_is_replaced_after_some_files(self, tmp_path: Path) -> None:
        before = children()
        with WarmPdfChecker(workers=1, files_per_child=2) as worn:
            seen = []
            for _ in range(3):
                check(worn, tmp_path, bombs.PAPER)
                seen.append(children() - before)
        assert seen[0] == seen[1] != seen[2]
        assert children() == before

    @pytest.mark.parametrize("command", [["/nonexistent/python"], [sys.executable, "-c", "print('hello')"]])
    def test_a_child_that_does_not_start_says_nothing_of_the_file(self, tmp_path: Path, command: list[str]) -> None:
        with WarmPdfChecker(command=command) as broken, pytest.raises(CheckerUnavailable):
            check(broken, tmp_path, bombs.PAPER)

    def test_the_last_words_of_a_child_that_does_not_start_are_told(self, tmp_path: Path) -> None:
        command = [sys.executable, "-c", "import sys; sys.exit('no such library')"]
        with WarmPdfChecker(command=command) as broken, pytest.raises(CheckerUnavailable, match="no such library"):
            check(broken, tmp_path, bombs.PAPER)

    def test_a_child_that_talks_much_does_not_stop(self, tmp_path: Path) -> None:
        answer = "frames.write(sys.stdout.buffer, {'unreadable': {'cause': 'bad_pdf', 'detail': 'x'}})"
        chatter = f"sys.stderr.write('word ' * 200_000); sys.stderr.flush(); {answer}"
        with WarmPdfChecker(command=acting(chatter)) as talking:
            assert check(talking, tmp_path, bombs.PAPER).cause == "bad_pdf"


def test_a_child_that_was_taken_over_cannot_write_into_the_log(tmp_path: Path) -> None:
    lie = "{'unreadable': {'cause': 'bad_pdf', 'detail': '\\x1b[2Jline\\n' + 'x' * 1000}}"
    with WarmPdfChecker(command=acting(f"frames.write(sys.stdout.buffer, {lie})")) as lying:
        (sentence,) = check(lying, tmp_path, bombs.PAPER).evidence
    assert sentence.startswith("[2Jlinexxx")
    assert len(sentence) == 300


class TestManyThreads:
    def test_files_are_read_side_by_side_and_each_gets_its_own_verdict(self, tmp_path: Path) -> None:
        right = written(tmp_path / "right", bombs.PAPER)
        other = written(tmp_path / "other", paper_pdf("A survey of lichens on old roofs", AUTHORS, "10.5555/other.1"))
        before = children()
        with WarmPdfChecker(workers=2) as pool, ThreadPoolExecutor(6) as threads:
            paths = [right, other] * 10
            verdicts = list(threads.map(lambda path: pool.check(path, wanted()).verdict, paths))
            assert verdicts == [Verdict.RIGHT, Verdict.WRONG] * 10
            assert 1 <= len(children() - before) <= 2
        assert children() == before

    def test_no_child_is_started_before_it_is_needed(self, tmp_path: Path) -> None:
        before = children()
        with WarmPdfChecker() as idle:
            check(idle, tmp_path, b"<html>")
            assert children() == before

    def test_a_closed_check_is_unavailable_and_may_be_closed_again(self, tmp_path: Path) -> None:
        closed = WarmPdfChecker()
        check(closed, tmp_path, bombs.PAPER)
        closed.close()
        closed.close()
        with pytest.raises(CheckerUnavailable):
            check(closed, tmp_path, bombs.PAPER)

    def test_closing_waits_for_the_file_that_is_being_read(self, tmp_path: Path) -> None:
        slow = "time.sleep(0.2); frames.write(sys.stdout.buffer, {'unreadable': {'cause': 'bad_pdf', 'detail': 'x'}})"
        pool, verdicts = WarmPdfChecker(workers=1, command=acting(slow)), []
        reading = threading.Thread(target=lambda: verdicts.append(check(pool, tmp_path, bombs.PAPER)))
        before = children()
        reading.start()
        while children() == before:
            pass
        pool.close()
        reading.join()
        assert [checked.cause for checked in verdicts] == ["bad_pdf"]


_PARENT = """
import os, sys
from pathlib import Path
from application.ports.library import Wanted
from domain.metadata import Metadata
from infrastructure.library.checker import WarmPdfChecker
import psutil
checker = WarmPdfChecker(workers=1)
checker.check(Path(sys.argv[1]), Wanted(identifiers=(), metadata=Metadata()))
print(psutil.Process().children()[0].pid, flush=True)
os._exit(1)
"""


def test_children_end_with_their_parent(tmp_path: Path) -> None:
    path = written(tmp_path / "file", bombs.PAPER)
    parent = subprocess.run([sys.executable, "-P", "-c", _PARENT, str(path)], stdout=subprocess.PIPE, check=False)
    child = int(parent.stdout)
    if psutil.pid_exists(child):
        psutil.wait_procs([psutil.Process(child)], timeout=10)
    assert not psutil.pid_exists(child)


def test_children_see_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIPAPERLOADER_SECRET_KEY", "do not tell")
    told = "frames.write(sys.stdout.buffer, {'unreadable': {'cause': 'bad_pdf', 'detail': ' '.join(os.environ)}})"
    with WarmPdfChecker(command=acting(told)) as curious:
        (names,) = check(curious, tmp_path, bombs.PAPER).evidence
    assert "PATH" in names
    assert "SECRET" not in names


def test_text_is_read_from_the_first_pages_and_the_last(checker: WarmPdfChecker, tmp_path: Path) -> None:
    body = f"https://doi.org/{DOI}"
    late = bombs.saved(lambda pdf: pdf.pages.reverse())
    assert "the DOI is on a later page" in check(checker, tmp_path, late).evidence
    assert "the DOI is on the first page" in check(checker, tmp_path, paper_pdf("Etwas", (), None, body=body)).evidence
