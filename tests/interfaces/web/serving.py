"""The web application over real adapters in a scratch folder, and clients that seem to sit on this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from attrs import evolve, frozen
from litestar.testing import TestClient

from application.importing import Importing
from application.undoing_imports import UndoingImports
from interfaces import bootstrap
from interfaces.container import Container
from interfaces.settings import load
from interfaces.web.app import create_app

BASE = "http://127.0.0.1:5000"
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


@frozen
class AtOnce:
    """Background work that is done before the request is answered."""

    importing: Importing
    undoing: UndoingImports

    def start_import(self, import_id: str) -> None:
        """Work through the import now."""
        self.importing.run(import_id)

    def start_undo(self, import_id: str) -> None:
        """Take the import back now."""
        self.undoing.run(import_id)


@contextmanager
def application(folder: Path, **changes: Any) -> Iterator[Container]:
    """A container over a fresh data folder; imports are done at once."""
    settings, origins = load({"SCIPAPERLOADER_DATA_DIR": str(folder)}, folder)
    given: dict[str, Any] = {"contact_email": "tests@example.org", "disk_reserve_bytes": 1}
    settings = evolve(settings, **(given | changes))
    with bootstrap.container(settings, origins, {}) as container:
        yield evolve(container, background=AtOnce(container.importing, container.undoing_imports))


@contextmanager
def visitor(
    container: Container, *, peer: str | None = "127.0.0.1", headers: dict[str, str] | None = None
) -> Iterator[TestClient[Any]]:
    """A client at the given address; by default with the headers of a browser on our own page."""
    app = create_app(container)

    async def seen_from(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope["client"] = (peer, 50_000) if peer else None
        await app(scope, receive, send)

    with TestClient(seen_from, base_url=BASE, raise_server_exceptions=False) as client:
        client.headers.update(SAME_ORIGIN if headers is None else headers)
        client.follow_redirects = False
        yield client


@contextmanager
def serving(container: Container) -> Iterator[str]:
    """A server over the container; its address."""
    app = create_app(container)
    config = uvicorn.Config(app, port=0, log_level="error", proxy_headers=False, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        app.state.tailer.close()
        server.should_exit = True
        thread.join(15)
