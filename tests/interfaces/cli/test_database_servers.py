"""A PostgreSQL that does not let us in: one clear line at the start, with what to do, and no secret in it."""

import pytest

from tests.interfaces.cli.conftest import Terminal
from tests.servers import Server

COMMANDS = (("status",), ("run",), ("work",), ("db", "current"))


@pytest.mark.case("G10")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_wrong_password_is_told_in_one_line(
    terminal: Terminal, server: Server, scratch: str, port: int, command: tuple[str, ...]
) -> None:
    server.run(f"CREATE ROLE {scratch} LOGIN PASSWORD 'another'")
    server.allow(f"host all {scratch} 127.0.0.1/32 scram-sha-256")
    terminal.variables |= {"DATABASE_URL": server.url(scratch, user=scratch), "PORT": str(port)}
    said = terminal.refusal(*command)
    assert f'password authentication failed for user "{scratch}"' in said
    assert "DATABASE_URL" in said
    assert "secret" not in said
    server.run(f"ALTER ROLE {scratch} PASSWORD 'secret'", f"ALTER DATABASE {scratch} OWNER TO {scratch}")
    terminal("db", "upgrade")
    server.run(f"ALTER DATABASE {scratch} OWNER TO postgres", f"REASSIGN OWNED BY {scratch} TO postgres", name=scratch)
    server.run(f"DROP OWNED BY {scratch}", f"DROP ROLE {scratch}", name=scratch)


@pytest.mark.case("G10")
@pytest.mark.parametrize(
    ("query", "name", "reason"),
    [
        ({"sslmode": "require"}, "postgres", "SSL"),
        ({}, "no_such_database", '"no_such_database" does not exist'),
        ({"sslmode": "nonsense"}, "postgres", "sslmode"),
    ],
)
def test_a_server_that_is_not_as_expected_is_told_in_one_line(
    terminal: Terminal, server: Server, query: dict[str, str], name: str, reason: str
) -> None:
    terminal.variables["DATABASE_URL"] = server.url(name, **query)
    said = terminal.refusal("status")
    assert reason in said
    assert "DATABASE_URL" in said
    assert "secret" not in said


@pytest.mark.case("G10")
def test_a_server_that_does_not_run_is_told_in_one_line(terminal: Terminal, server: Server, port: int) -> None:
    terminal.variables["DATABASE_URL"] = server.url("postgres", port=port)
    said = terminal.refusal("status")
    assert "Connection refused" in said or "connection refused" in said
    assert f"port {port}" in said
    assert "Look whether the server that DATABASE_URL names runs" in said
