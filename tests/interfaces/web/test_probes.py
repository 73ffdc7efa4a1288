"""The probes: whether the process answers, and whether work can be done; quickly, and without a word too many."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from litestar.testing import TestClient

from application.health import Check, Readiness, ok
from infrastructure import migrating
from interfaces.container import Container
from interfaces.web.api import status
from tests.interfaces.web.serving import application, visitor

Browser = TestClient[Any]


@pytest.fixture
def file(container: Container) -> Path:
    """The file of the database."""
    return Path(container.settings.database_url.removeprefix("sqlite:///"))


def refused(browser: Browser, *names: str) -> str:
    """What the probe says that finds these checks not in order."""
    answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"]
    detail: str = answer.json()["detail"]
    assert detail == f"Not ready: {', '.join(names)}. `scipaperloader doctor` tells why."
    assert browser.get("/healthz").json() == {"status": "ok"}
    return answer.text


def test_all_is_well(browser: Browser, container: Container) -> None:
    before = container.log.head()
    for _ in range(3):
        answer = browser.get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert browser.get("/healthz").json() == {"status": "ok"}
    assert container.log.head() == before


@pytest.mark.case("B01")
def test_a_locked_database_is_told_soon(browser: Browser, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        said = refused(browser, "database-write")
        assert time.monotonic() - began < 1.0
        assert str(file) not in said
        other.execute("ROLLBACK")
    assert browser.get("/readyz").status_code == 200


@pytest.mark.case("B06")
def test_another_schema_is_told(browser: Browser, file: Path) -> None:
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "9999" not in refused(browser, "schema", "database-write")


def test_an_older_schema_is_told(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "newest", lambda: "0999")
    refused(browser, "schema", "database-write")


@pytest.mark.case("K01")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    with application(tmp_path, disk_reserve_bytes=10**18) as full, visitor(full) as browser:
        said = refused(browser, "data-disk", "library-disk")
        assert str(tmp_path) not in said


@pytest.mark.case("G10")
def test_a_database_that_is_gone_is_told_without_a_secret(browser: Browser, container: Container, file: Path) -> None:
    container.settings.library.mkdir()
    (container.settings.data / "library.marker").write_text("there was a library")
    file.rename(file.with_name("elsewhere"))
    said = refused(browser, "database", "schema", "database-write")
    assert "elsewhere" not in said
    assert str(file) not in said


@pytest.fixture
def hanging(container: Container, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Browser, threading.Event]]:
    """A browser on an application whose database never answers, until the event; and the event."""
    monkeypatch.setattr(status, "PATIENCE", 0.05)
    event = threading.Event()
    stuck = Check(name="database", tested="The database", examine=lambda: ok(str(event.wait(30))))
    with visitor(evolve(container, readiness=Readiness([stuck]))) as client:
        yield client, event
        event.set()


@pytest.mark.case("G09")
def test_a_database_that_hangs_takes_no_thread_of_the_handlers(hanging: tuple[Browser, threading.Event]) -> None:
    browser, event = hanging
    before = threading.active_count()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(browser.get, ["/readyz"] * 40))
    assert {answer.status_code for answer in answers} == {503}
    assert "did not end in time" in answers[0].json()["detail"]
    assert sum(thread.name == "readiness" for thread in threading.enumerate()) == 1
    assert threading.active_count() <= before + 1 + 16
    assert browser.get("/healthz").status_code == browser.get("/papers").status_code == 200
    event.set()
    assert browser.get("/readyz").status_code == 200


def test_what_a_check_raises_is_not_told(container: Container) -> None:
    def fail() -> Any:
        raise RuntimeError("password=hunter2 in /home/somebody")

    broken = Readiness([Check(name="database", tested="The database", examine=fail)])
    with visitor(evolve(container, readiness=broken)) as browser:
        said = refused(browser, "database")
    assert "hunter2" not in said
    assert "somebody" not in said
