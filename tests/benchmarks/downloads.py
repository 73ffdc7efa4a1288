"""Downloads of many files from loopback with politeness off, beside a bare client that does the least."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp

import httpx2
from uuid_utils import uuid7

from application.ports.event_log import Origin, Write
from application.ports.library import Verdict, Wanted
from application.queries import PaperFilter
from domain.copies import Copy
from domain.identifiers import Identifier, Scheme
from domain.metadata import Metadata
from domain.paper_events import CopiesLocated, ProcessingStarted, Registered
from domain.pipeline import Status
from infrastructure.library.checker import WarmPdfChecker
from infrastructure.simulation.pdf import paper_pdf
from interfaces.bootstrap import container
from interfaces.container import Container
from interfaces.settings import load
from tests.benchmarks.figures import Figure, rates, seconds

SIZE = 1_000_000
HANDS = 4
HOSTS = [f"127.0.0.{n}" for n in range(11, 19)]
ORIGIN = Origin(command="bench", actor="bench", correlation="bench")


def wanted(number: int) -> Wanted:
    """The paper of a number."""
    return Wanted(
        identifiers=(Identifier(Scheme.DOI, f"10.5555/bench.{number}"),),
        metadata=Metadata(title=f"On the properties of sample {number} under varying conditions"),
    )


def _files(folder: Path, count: int) -> None:
    for number in range(count):
        paper = wanted(number)
        title, doi = paper.metadata.title or "", paper.identifiers[0].value
        (folder / f"{number}.pdf").write_bytes(paper_pdf(title, ("Doe, J.",), doi, pages=8, pad_to=SIZE))


@contextmanager
def _server(folder: Path) -> Iterator[int]:
    """A file server in a process of its own, on several loopback addresses; yields its port."""
    command = [sys.executable, "-m", "tests.benchmarks.file_server", str(folder), *HOSTS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdin
        yield int(json.loads(process.stdout.readline())["port"])
        process.stdin.close()


def _url(number: int, port: int) -> str:
    return f"http://{HOSTS[number % len(HOSTS)]}:{port}/{number}.pdf"


@contextmanager
def _application(base: Path, count: int, port: int) -> Iterator[Container]:
    """The application with every paper located."""
    names = {
        "DATA_DIR": mkdtemp(dir=base),
        "ALLOWED_NETWORKS": "127.0.0.0/8",
        "LOCAL_GAP": "0",
        "HANDS": str(HANDS),
        "DISK_RESERVE_BYTES": "1000000",
        "CONTACT_EMAIL": "bench@scipaperloader.invalid",
    }
    settings, origins = load({f"SCIPAPERLOADER_{name}": value for name, value in names.items()}, base)
    with container(settings, origins, {}) as app, app.at_work():
        app.log.append([_located(number, port) for number in range(count)], ORIGIN)
        yield app


def _located(number: int, port: int) -> Write:
    paper = wanted(number)
    copy = Copy(url=_url(number, port), source="bench")
    events = (
        Registered(identifiers=paper.identifiers, metadata=paper.metadata),
        ProcessingStarted(module="locate", worker="bench", attempt=str(uuid7())),
        CopiesLocated(copies=(copy,)),
    )
    return Write(stream=f"paper-{uuid7()}", expected=0, events=events)


def _bare(base: Path, count: int, port: int) -> float:
    """The same files by a bare client: stream, fsync, the same check in the same kind of warm child."""
    folder = Path(mkdtemp(dir=base))
    with ExitStack() as stack:
        client = stack.enter_context(httpx2.Client())
        checker = WarmPdfChecker(workers=HANDS)
        stack.callback(checker.close)
        pool = stack.enter_context(ThreadPoolExecutor(HANDS))

        def fetch(number: int) -> bool:
            path = folder / f"{number}.pdf"
            with client.stream("GET", _url(number, port)) as answer, path.open("wb") as file:
                for chunk in answer.iter_bytes():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            return checker.check(path, wanted(number)).verdict is Verdict.RIGHT

        fetch(0)
        return seconds(lambda: [result or 1 / 0 for result in pool.map(fetch, range(count))])


def downloads(base: Path, count: int) -> Figure:
    """Files a second."""
    folder = Path(mkdtemp(dir=base))
    _files(folder, count)
    with _server(folder) as port:

        def ours() -> float:
            with _application(base, count, port) as app:
                took = seconds(lambda: list(app.working.work()))
                done = app.papers.by_status(PaperFilter()).get(Status.DONE, 0)
                if done != count:
                    raise AssertionError(f"{done} of {count} files came")
                return took

        name = f"downloads of {count} files of {SIZE // 1_000_000} MB, {HANDS} at once"
        return rates(name, count, ours, lambda: _bare(base, count, port), bound=2, unit="files/s")
