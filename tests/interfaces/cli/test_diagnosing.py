"""The diagnostic commands on broken installations: one for every symptom of the guide, which says what they print."""

import re
import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from attrs import frozen
from click.testing import CliRunner

from application.handling import PROGRAM
from application.importing import Request
from application.ports.event_log import Origin, Write
from domain import paper, scraper
from domain.events import Event
from domain.importing import OnDuplicate
from domain.paper_events import ProcessingStarted
from domain.scraper import Action
from infrastructure.log.codec import stamp
from infrastructure.workers import SqlWorkers
from interfaces.cli.main import main
from interfaces.container import Container
from interfaces.settings import PREFIX
from tests.docs.pages import ROOT
from tests.infrastructure.test_processes import note, running
from tests.interfaces.cli.conftest import Terminal, opened
from tests.interfaces.planned import locate_all, plan

GUIDE = ROOT / "tools" / "DIAGNOSTIC_GUIDE.md"
_SECTION = re.compile(r"^## (.+?)$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^scipaperloader diagnose (.+)$", re.MULTILINE)
_QUOTE = re.compile(r"^> (.+)$", re.MULTILINE)
ORIGIN = Origin(command="test", actor="the tests", correlation="a broken installation")


@frozen
class Symptom:
    """A section of the guide: the first command that it names, and what that prints, with … for what differs."""

    name: str
    command: tuple[str, ...]
    prints: str

    def is_in(self, text: str) -> bool:
        """Whether the sentence stands in the text, however its lines are broken."""
        parts = [re.escape(part.strip()) for part in self.prints.split("…")]
        return re.search(r"\s*.*?\s*".join(parts).replace(r"\ ", r"\s+"), text, re.DOTALL) is not None


def symptoms() -> Iterator[Symptom]:
    """Every section that quotes a sentence."""
    for name, body in _SECTION.findall(GUIDE.read_text(encoding="utf-8")):
        command, quoted = _COMMAND.search(body), _QUOTE.search(body)
        assert command, name
        assert quoted, name
        yield Symptom(name, tuple(command[1].split()), quoted[1])


def run(terminal: Terminal, *arguments: str) -> str:
    """What a command prints, however it ends; never a traceback."""
    variables = {
        f"{PREFIX}{name}": value for name, value in {"DATA_DIR": str(terminal.data), **terminal.variables}.items()
    }
    result = CliRunner().invoke(main, ["diagnose", *arguments], env=variables, prog_name="scipaperloader")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "Traceback" not in result.output
    return result.stdout


def change(terminal: Terminal, *statements: str) -> None:
    """Break the tables by hand."""
    with closing(sqlite3.connect(terminal.data / "scipaperloader.db")) as connection, connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, statement


def happen(container: Container, stream: str, *events: Event) -> None:
    """Append events behind the handlers' backs."""
    container.log.append((Write(stream=stream, expected=None, events=events),), ORIGIN)


def one_job(terminal: Terminal) -> str:
    """An installation with one planned job; returns its paper."""
    with opened(terminal) as container:
        first, second = plan(container)
        container.running_jobs.revoke(second.id, PROGRAM)
        return first.paper


def claim(terminal: Terminal, name: str, worker: str) -> None:
    """Let a worker begin with a paper."""
    with opened(terminal) as container:
        happen(container, paper.stream_of(name), ProcessingStarted(module="download", worker=worker, attempt="a"))


def later(stack: ExitStack, pause: timedelta) -> None:
    """Let time pass."""
    stack.enter_context(time_machine.travel(datetime.now(UTC) + pause))


Make = Callable[[Terminal, ExitStack], object]


def nobody_serves(terminal: Terminal, _: ExitStack) -> None:
    with opened(terminal) as container:
        container.controlling.use(Action.START, "", PROGRAM)


def nobody_plans(terminal: Terminal, stack: ExitStack) -> None:
    with opened(terminal) as container:
        locate_all(container)
        container.controlling.use(Action.START, "", PROGRAM)
    later(stack, timedelta(minutes=10))


def jobs_failed(terminal: Terminal, _: ExitStack) -> None:
    one_job(terminal)
    change(
        terminal, f"UPDATE jobs SET status = 'failed', reason = 'not_found', ended_at = '{stamp(datetime.now(UTC))}'"
    )


def a_host_rests(terminal: Terminal, _: ExitStack) -> None:
    later = (datetime.now(UTC) + timedelta(hours=1)).timestamp()
    change(terminal, f"INSERT INTO hosts VALUES ('slow.example', 0, 0, '', 5, 1, {later}, 0)")


def stopped_with_a_job(terminal: Terminal, _: ExitStack) -> None:
    one_job(terminal)
    with opened(terminal) as container:
        happen(container, scraper.STREAM, scraper.Stopped())


def a_stop_file_alone(terminal: Terminal, _: ExitStack) -> None:
    (terminal.data / "emergency-stop").touch()


def an_hour_that_is_over(terminal: Terminal, _: ExitStack) -> None:
    one_job(terminal)
    change(terminal, """UPDATE hours SET "end" = '2001-01-01T00:00:00.000000+00:00'""")


def of_a_dead_process(terminal: Terminal, _: ExitStack) -> None:
    claim(terminal, one_job(terminal), "gone")


def a_job_that_hangs(terminal: Terminal, stack: ExitStack) -> None:
    name = one_job(terminal)
    container = stack.enter_context(opened(terminal))
    worker = stack.enter_context(SqlWorkers(container.maintenance._database))  # type: ignore[attr-defined]
    claim(terminal, name, worker.own)
    change(terminal, "UPDATE jobs SET started_at = '2001-01-01T00:00:00.000000+00:00' WHERE status = 'running'")


def a_paper_without_its_job(terminal: Terminal, _: ExitStack) -> None:
    one_job(terminal)
    change(terminal, "DELETE FROM jobs WHERE status = 'planned'", "DELETE FROM open_jobs")


def one_runs_and_one_is_planned(terminal: Terminal, _: ExitStack) -> None:
    with opened(terminal) as container:
        first, _second = plan(container)
    claim(terminal, first.paper, "somebody")


def a_list_that_was_not_taken_in(terminal: Terminal, stack: ExitStack) -> None:
    with opened(terminal) as container:
        upload = container.uploads.keep([b"DOI\n10.5555/three\n"])
        request = Request(filename="b.csv", collection="B", on_duplicate=OnDuplicate.SKIP, actor=PROGRAM)
        container.importing.accept(upload, request)
    later(stack, timedelta(hours=1))


def a_server_that_hangs(terminal: Terminal, stack: ExitStack) -> None:
    silent = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    terminal.variables["PORT"] = str(silent.getsockname()[1])


def an_old_server(terminal: Terminal, stack: ExitStack) -> None:
    note(terminal.data, stack.enter_context(running()).pid, version="0.0.1")


def two_servers(terminal: Terminal, stack: ExitStack) -> None:
    for port in (5000, 5001):
        note(terminal.data, stack.enter_context(running()).pid, port=port)


def a_lock(terminal: Terminal, stack: ExitStack) -> None:
    holder = stack.enter_context(closing(sqlite3.connect(terminal.data / "scipaperloader.db", isolation_level=None)))
    holder.execute("BEGIN EXCLUSIVE")


def damage(terminal: Terminal, _: ExitStack) -> None:
    path = terminal.data / "scipaperloader.db"
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * (4096 - 100)
    path.write_bytes(content)


def a_lost_database(terminal: Terminal, _: ExitStack) -> None:
    (terminal.data / "library.marker").write_text("a library was here")
    (terminal.data / "scipaperloader.db").unlink()


def a_newer_schema(terminal: Terminal, _: ExitStack) -> None:
    change(terminal, "UPDATE alembic_version SET version_num = '9999'")


def set_variable(name: str, value: str) -> Make:
    return lambda terminal, _: terminal.variables.__setitem__(name, value)


BROKEN: Mapping[str, Make] = {
    "Nothing is downloaded": lambda *_: None,
    "Nothing is downloaded, although the scraper runs": nobody_serves,
    "Nothing is planned in this hour": nobody_plans,
    "Every download fails": jobs_failed,
    "A host is not asked any more": a_host_rests,
    "It does not stop": stopped_with_a_job,
    "It does not start again after an emergency stop": a_stop_file_alone,
    "Will a stop lose anything?": lambda terminal, _: one_job(terminal),
    "Papers hang in pending": an_hour_that_is_over,
    "Papers hang in processing": of_a_dead_process,
    "A job runs for ever": a_job_that_hangs,
    "Papers are in transit, and no job is there": a_paper_without_its_job,
    "What is it doing?": one_runs_and_one_is_planned,
    "An import does not go on": a_list_that_was_not_taken_in,
    "No page opens": lambda *_: None,
    "The page does not answer": a_server_that_hangs,
    "It runs old code": an_old_server,
    "Two servers": two_servers,
    "The database is locked": a_lock,
    "The database is damaged": damage,
    "The database is missing": a_lost_database,
    "The database is of another version": a_newer_schema,
    "PostgreSQL does not answer": set_variable("DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none"),
    "The disk is full": set_variable("DISK_RESERVE_BYTES", str(10**18)),
}
"""How each symptom comes about."""


@pytest.fixture
def broken(filled: Terminal, port: int) -> Terminal:
    """An installation that will be broken; its server does not run."""
    filled.variables["PORT"] = str(port)
    return filled


def test_every_symptom_of_the_guide_is_brought_about() -> None:
    assert [symptom.name for symptom in symptoms()] == list(BROKEN)


@pytest.mark.parametrize("symptom", list(symptoms()), ids=lambda symptom: symptom.name)
def test_a_symptom_is_told_as_the_guide_says(broken: Terminal, symptom: Symptom) -> None:
    with ExitStack() as stack:
        BROKEN[symptom.name](broken, stack)
        told = run(broken, *symptom.command)
        assert symptom.is_in(told), told
        assert "secret" not in told


@pytest.mark.parametrize("make", [a_lock, damage, a_lost_database, a_newer_schema], ids=lambda make: make.__name__)
def test_an_emergency_stop_holds_whatever_the_database_says(broken: Terminal, make: Make) -> None:
    with ExitStack() as stack:
        make(broken, stack)
        before = contents(broken.data)
        told = run(broken, "emergency-stop", "--reason", "enough")
        assert "nothing leaves this machine any more" in told
        assert "The log could not be told" in told
        assert (broken.data / "emergency-stop").is_file()
        assert {name: content for name, content in contents(broken.data).items() if name in before} == before


def contents(folder: Path) -> dict[str, int]:
    """The files of the database with their sizes."""
    return {path.name: path.stat().st_size for path in folder.glob("scipaperloader.db")}


@contextmanager
def unchanged(terminal: Terminal) -> Iterator[None]:
    """The log is as long afterwards as it was before."""
    before = terminal.json("status")["position"]
    yield
    assert terminal.json("status")["position"] == before


def test_looking_changes_nothing(broken: Terminal) -> None:
    one_job(broken)
    with unchanged(broken):
        for command in ("check-state", "diagnose-scraper", "inspect-tasks", "test-reversion"):
            assert run(broken, command)
            assert run(broken, command, "--json").strip().startswith("{")
