"""Errors as answers."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen
from litestar.testing import TestClient

from application.ports.event_log import Head, Recorded, WrongVersion
from application.ports.library import LibraryFull
from application.ports.tabular import FileRefused
from application.ports.uploads import UploadTooLarge
from domain import errors
from domain.errors import SciPaperLoaderError
from infrastructure.database import Database, DatabaseBusy, DatabaseUnavailable
from interfaces.bootstrap import installation
from interfaces.container import Container
from interfaces.settings import Settings
from interfaces.web.problems import status_of
from tests.interfaces.web.serving import application, visitor

LIST = {"file": ("list.csv", b"doi\n10.5555/one\n10.5555/two\n")}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.DoesNotExist("x"), 404),
        (errors.AlreadyExists("x"), 409),
        (errors.NotAllowed("exclude", "the paper", "done"), 409),
        (errors.InvalidValue("x", 1, "2"), 422),
        (errors.CommandRefused("x"), 409),
        (WrongVersion("paper-1", 1, 2), 409),
        (FileRefused("x"), 422),
        (UploadTooLarge(5), 413),
        (LibraryFull("x"), 507),
        (DatabaseBusy("x"), 503),
        (DatabaseUnavailable("x"), 503),
        (SciPaperLoaderError("x"), 500),
    ],
)
def test_every_error_has_its_status(error: SciPaperLoaderError, status: int) -> None:
    assert status_of(error) == status


@frozen
class Failing:
    """A log that cannot be read."""

    error: Exception

    def head(self) -> Head:
        """Fails."""
        raise self.error

    def stream(self, name: str) -> Sequence[Recorded]:
        """Fails."""
        raise self.error


@pytest.fixture
def failing(container: Container, request: pytest.FixtureRequest) -> Iterator[TestClient[Any]]:
    """A browser on an application whose log fails with the parameter."""
    log: Any = Failing(request.param)
    with visitor(evolve(container, log=log)) as client:
        yield client


SECRET = RuntimeError("password=hunter2 in /home/somebody")


@pytest.mark.case("W22")
@pytest.mark.parametrize("failing", [SECRET], indirect=True)
def test_a_mistake_tells_nothing_but_where_to_look(failing: TestClient[Any]) -> None:
    for address in ("/papers", "/api/v1/status"):
        answer = failing.get(address)
        assert answer.status_code == 500
        assert "mistake" in answer.text
        assert "log tells more under" in answer.text
        for secret in ("hunter2", "somebody", "Traceback", "RuntimeError"):
            assert secret not in answer.text


@pytest.mark.parametrize("failing", [DatabaseBusy("The database is busy.")], indirect=True)
def test_a_busy_database_asks_for_patience(failing: TestClient[Any]) -> None:
    page = failing.get("/papers")
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert "The database is busy." in page.text
    assert page.text.startswith("<!doctype html>")
    program = failing.get("/api/v1/status")
    assert program.status_code == 503
    assert program.headers["content-type"] == "application/problem+json"
    part = failing.get("/papers", headers={"hx-request": "true"})
    assert part.headers["content-type"].startswith("text/plain")
    assert part.text == "The database is busy. Try again in a moment."


@pytest.fixture
def impatient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Container]:
    """An application that does not wait long for its database."""

    def database(settings: Settings) -> Database:
        return Database(settings.database_url, pool_size=1, busy_seconds=0.1)

    monkeypatch.setattr(installation, "database", database)
    tmp_path.mkdir(exist_ok=True)
    with application(tmp_path) as container:
        yield container


@pytest.mark.case("B01")
def test_pages_are_shown_while_another_process_writes(impatient: Container) -> None:
    other = Database(impatient.settings.database_url)
    with visitor(impatient) as browser:
        assert browser.post("/import", files=LIST).status_code == 303
        with other.write():
            for address in ("/", "/papers", "/imports", "/api/v1/papers", "/healthz"):
                assert browser.get(address).status_code == 200
            for address in ("/import", "/api/v1/imports"):
                answer = browser.post(address, files={"file": ("new.csv", b"doi\n10.5555/three\n")})
                assert answer.status_code == 503
                assert answer.headers["retry-after"]
        assert browser.post("/api/v1/imports", files={"file": ("new.csv", b"doi\n10.5555/three\n")}).status_code == 202
    other.close()


@pytest.mark.case("B08")
def test_without_a_free_connection_the_answer_comes_all_the_same(impatient: Container) -> None:
    engine = impatient.log._database.engine  # type: ignore[attr-defined]
    with visitor(impatient) as browser:
        with ExitStack() as held:
            for _ in range(engine.pool.size() + engine.pool._max_overflow):
                held.enter_context(engine.connect())
            answer = browser.get("/api/v1/papers")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            assert browser.get("/healthz").status_code == 200
        assert browser.get("/api/v1/papers").status_code == 200
