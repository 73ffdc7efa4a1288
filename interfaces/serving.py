"""The server: web, API and background work in one process."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import FrameType
from typing import Any

import uvicorn
from litestar import Litestar

from application.ports.processes import Role
from domain.errors import SciPaperLoaderError
from interfaces.bootstrap import container, processes_of, source_folders
from interfaces.container import Container
from interfaces.library_log import libraries_logged
from interfaces.settings import LOOPBACK, Settings, load
from interfaces.web.app import create_app

GRACE_SECONDS = 3


class NotLoopback(SciPaperLoaderError):
    """The server would be reachable by others, and there are no accounts yet."""

    remedy = "Set HOST to 127.0.0.1, and reach the server from elsewhere through an SSH tunnel."

    def __init__(self, host: str) -> None:
        super().__init__(f"Without accounts the server listens on loopback only, not on {host}.")
        self.host = host


class PortTaken(SciPaperLoaderError):
    """Another program listens on the port, or nobody may."""

    remedy = "Perhaps the server runs already. Else choose another port: the option --port, or the setting PORT."

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"The server cannot listen on {host}, port {port}: {reason}.")
        self.host, self.port = host, port


@contextmanager
def at_work(app: Container, during: Callable[[], None] | None = None) -> Iterator[None]:
    """Take up unfinished imports, keep the schedule, and run `during` in a thread, for as long as the server lives."""
    with libraries_logged(), app.at_work(), app.in_charge():
        for import_id in app.imports.unfinished():
            app.background.start_import(import_id)
        for import_id in app.imports.being_undone():
            app.background.start_undo(import_id)
        thread = threading.Thread(target=during, name="background", daemon=True) if during else None
        if thread:
            thread.start()
        try:
            yield
        finally:
            app.stop()
            if thread:
                thread.join(timeout=30)


def noted(settings: Settings, role: Role) -> AbstractContextManager[object]:
    """While entered, this process is noted in the data folder, so that it can be found when it hangs."""
    return processes_of(settings).noted(role, settings.port)


def serve(app: Container, during: Callable[[], None] | None = None) -> None:
    """Serve until interrupted. Raises NotLoopback."""
    check_host(app.settings)
    server = uvicorn.Server(uvicorn.Config(create_app(app), **_options(app.settings)))
    with _ending_in_order(server), at_work(app, during):
        server.run()


@contextmanager
def _ending_in_order(server: uvicorn.Server) -> Iterator[None]:
    """Let signals end the server, also those that come before it listens to them, and let our own end follow its.

    Work begins before the server listens; and the server raises the signal that ended it once more at its end.
    """

    def end(_: int, __: FrameType | None) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def serve_reloading(settings: Settings) -> None:
    """Serve for developers: the process is started anew when a source file changes. Raises NotLoopback."""
    check_host(settings)
    folders = [str(folder) for folder in source_folders()]
    with noted(settings, Role.RELOADER):
        uvicorn.run("interfaces.serving:reloaded", factory=True, reload=True, reload_dirs=folders, **_options(settings))


def reloaded() -> Litestar:
    """The application for a server that imports it by name; closed when the process ends."""
    settings, origins = load()
    stack = ExitStack()
    stack.enter_context(noted(settings, Role.RUN))
    app = stack.enter_context(container(settings, origins, dict(os.environ)))
    stack.enter_context(at_work(app))
    server = create_app(app, debug=True)
    server.on_shutdown.append(stack.close)
    return server


def check_host(settings: Settings) -> None:
    """Raises NotLoopback."""
    if settings.host not in LOOPBACK:
        raise NotLoopback(settings.host)


def check_port(settings: Settings) -> None:
    """Raises PortTaken."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind, protocol) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(address)
    except OSError as error:
        raise PortTaken(settings.host, settings.port, error.strerror or str(error)) from error


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "proxy_headers": False,
        "server_header": False,
        "access_log": False,
        "log_level": "warning",
        "timeout_graceful_shutdown": GRACE_SECONDS,
    }
