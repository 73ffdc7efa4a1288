"""`doctor`: the checks for people and programs, on installations in every state, and an exit code that tells."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from application.health import Check, State, ok
from domain.errors import SciPaperLoaderError
from infrastructure import migrating
from infrastructure.health.catalogue import CATALOGUE
from interfaces import bootstrap
from interfaces.bootstrap import tools
from interfaces.cli.main import main
from tests.databases import Databases, address
from tests.interfaces.cli.conftest import Terminal

STATES = {state.value for state in State}
OWN = ("program", "former-names", "unknown-names", "settings", "contact", "source-keys")


@pytest.fixture(autouse=True)
def _quiet(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings under which nothing is to be said, but that the server does not run, and that there is no backup."""
    for name in [name for name in os.environ if name.startswith("FLASK_") or name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    terminal.variables |= {"CONTACT_EMAIL": "reader@university.test", "DISK_RESERVE_BYTES": "1", "PORT": "1"}


def checks(terminal: Terminal, *options: str, code: int = 0) -> dict[str, dict[str, str]]:
    """What each check found, by name."""
    return {one["name"]: one for one in terminal.json("doctor", *options, code=code)["checks"]}


def states(found: dict[str, dict[str, str]], *wanted: str) -> dict[str, str]:
    """The names of the checks in these states."""
    return {name: one["state"] for name, one in found.items() if one["state"] in wanted}


class TestOutput:
    def test_every_check_is_there_with_its_parts(self, filled: Terminal) -> None:
        told = filled.json("doctor")
        assert [one["name"] for one in told["checks"]] == [*OWN, *(entry.name for entry in CATALOGUE)]
        assert set(told["counts"]) == STATES
        assert sum(told["counts"].values()) == len(told["checks"])
        for one in told["checks"]:
            assert list(one) == ["name", "state", "tested", "value", "remedy"]
            assert one["state"] in STATES
            assert one["tested"]
            assert one["value"].endswith(".")
            assert one["remedy"] or one["state"] in {"ok", "skipped"}

    def test_people_read_the_worst_first(self, filled: Terminal) -> None:
        with locked(filled):
            shown = filled("doctor", code=1).stdout.splitlines()
        assert shown[0].split() == ["State", "Check", "Found", "What", "to", "do"]
        order = [line.split()[0] for line in shown[1:-1]]
        rank = {"error": 0, "warning": 1, "ok": 2, "skipped": 3}
        assert order == sorted(order, key=rank.__getitem__)
        assert "database-write" in shown[1]
        assert "locked" in shown[1]
        assert "Wait and look again" in shown[1]
        assert shown[-1].startswith("1 wrong, 2 to look at, ")
        assert shown[-1].endswith(" not tested.")

    def test_the_exit_code_tells_errors_and_where_wanted_warnings(self, filled: Terminal) -> None:
        assert states(checks(filled), "error") == {}
        assert states(checks(filled, "--strict", code=1), "warning") == {"server": "warning", "backups": "warning"}
        with locked(filled):
            checks(filled, code=1)

    def test_without_warnings_strict_ends_with_zero(self, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
        good = Check(name="x", tested="Something", examine=lambda: ok("Yes."))

        @contextmanager
        def diagnosis(*_: object, **__: object) -> Iterator[tuple[Check, ...]]:
            yield (good,)

        monkeypatch.setattr(bootstrap, "diagnosis", diagnosis)
        assert "1 in order" in terminal("doctor", "--strict").stdout

    def test_the_network_is_asked_only_where_that_is_wanted(self, filled: Terminal) -> None:
        found = checks(filled)
        assert {found["names"]["state"], found["routes"]["state"]} == {"skipped"}
        assert "--online" in found["names"]["remedy"]
        filled.variables |= {"ALLOWED_NETWORKS": "127.0.0.0/8"}
        for source in ("UNPAYWALL", "CROSSREF", "ARXIV", "EUROPEPMC"):
            filled.variables[f"{source}_URL"] = "http://127.0.0.1:1"
        found = checks(filled, "--online", code=1)
        assert found["names"]["value"] == "Nothing is asked by a name."
        assert "127.0.0.1 is not reached" in found["routes"]["value"]

    def test_nothing_that_a_terminal_would_obey_is_printed(self, filled: Terminal) -> None:
        filled.variables["CONTACT_EMAIL"] = "a\x1b[31m@b.test"
        assert "\x1b" not in filled("doctor").stdout


@contextmanager
def locked(terminal: Terminal) -> Iterator[None]:
    """While somebody holds the write lock."""
    with closing(sqlite3.connect(terminal.data / "scipaperloader.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "LOOK_SECONDS", 0.02)


def damage(path: Path) -> None:
    path.write_bytes(b"\xff" * 100 + path.read_bytes()[100:])


def damage_inside(path: Path) -> None:
    """Damage a page of one table only: the list of the tables stays as it is."""
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'transitions'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = path.read_bytes()
    path.write_bytes(content[: (page - 1) * size] + b"\xff" * size + content[page * size :])


def lose(path: Path) -> None:
    path.with_name("library.marker").write_text("there was a library")
    path.unlink()


def of_revision(revision: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))

    return change


class TestStates:
    """Installations that are new, whole, or broken."""

    def test_a_new_one_is_left_as_it_is(self, terminal: Terminal) -> None:
        found = checks(terminal)
        assert states(found, "error") == {}
        assert found["database"]["state"] == found["log"]["state"] == found["backups"]["state"] == "skipped"
        assert not terminal.data.exists()

    def test_a_whole_one(self, filled: Terminal) -> None:
        filled("backup")
        found = checks(filled)
        assert states(found, "error", "warning") == {"server": "warning"}
        assert "6 events" in found["log"]["value"]
        assert "2 papers" in found["read-models"]["value"]
        assert found["backups"]["value"].startswith("1 backup, ")

    @pytest.mark.case("B05")
    @pytest.mark.parametrize(
        ("break_it", "name", "words"),
        [
            (damage, "database", "damaged"),
            (damage_inside, "integrity", "damaged"),
            (lose, "database", "missing"),
            (of_revision("9999"), "schema", "newer version"),
        ],
        ids=["damaged", "damaged inside", "missing", "newer"],
    )
    def test_a_broken_database_is_called_what_it_is(
        self, filled: Terminal, break_it: Callable[[Path], None], name: str, words: str
    ) -> None:
        path = filled.data / "scipaperloader.db"
        break_it(path)
        before = {one: one.read_bytes() for one in filled.data.rglob("*") if one.is_file()}
        found = checks(filled, code=1)
        assert found[name]["state"] == "error"
        assert words in found[name]["value"]
        assert found[name]["remedy"]
        assert {one: one.read_bytes() for one in filled.data.rglob("*") if one.is_file()} == before

    def test_an_older_one_is_not_migrated(self, filled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("infrastructure.migrating.newest", lambda: "0999")
        assert "older than 0999" in checks(filled, code=1)["schema"]["value"]
        monkeypatch.undo()
        assert checks(filled)["schema"]["state"] == "ok"

    def test_a_server_that_does_not_answer_is_told_without_its_password(self, terminal: Terminal) -> None:
        terminal.variables["DATABASE_URL"] = "postgresql://user:geheim@127.0.0.1:1/name"
        found = checks(terminal, code=1)
        assert "does not answer" in found["database"]["value"]
        assert "geheim" not in str(found)

    def test_on_postgresql(self, terminal: Terminal, databases: Databases) -> None:
        with databases.fresh("postgresql") as fresh:
            terminal.variables["DATABASE_URL"] = address(fresh)
            with fresh.write() as connection:
                connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
                connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{migrating.newest()}')")
            found = checks(terminal)
            assert "PostgreSQL" in found["database"]["value"]
            assert found["database-write"]["state"] == found["database-clock"]["state"] == "ok"
            assert found["integrity"]["state"] == found["journal"]["state"] == "skipped"

    @pytest.mark.case("K01")
    def test_a_full_disk(self, filled: Terminal) -> None:
        filled.variables["DISK_RESERVE_BYTES"] = str(10**18)
        assert set(states(checks(filled, code=1), "error")) == {"data-disk", "library-disk"}

    @pytest.mark.case("K11")
    def test_a_library_whose_disk_is_gone(self, filled: Terminal) -> None:
        filled("verify")
        (filled.data / "library").rename(filled.data / "elsewhere")
        (filled.data / "library").mkdir()
        found = checks(filled, code=1)["library-folder"]
        assert "no marker" in found["value"]
        assert "Mount its disk" in found["remedy"]

    @pytest.mark.case("K10")
    def test_a_data_folder_that_is_a_file(self, terminal: Terminal) -> None:
        terminal.data = Path(terminal.write("data", "in the way"))
        found = checks(terminal, code=1)["settings"]
        assert found["state"] == "error"
        assert str(terminal.data) in found["value"]

    def test_settings_that_cannot_be_read(self, terminal: Terminal) -> None:
        terminal.variables |= {"PORT": "many", "PROT": "1"}
        found = checks(terminal, code=1)
        assert list(found) == ["program", "former-names", "unknown-names", "settings"]
        assert "port" in found["settings"]["value"]
        assert "PORT" in found["unknown-names"]["value"]

    def test_a_program_of_several_places(self, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
        def mixed() -> None:
            raise bootstrap.MixedInstallation(["/one", "/other"])

        monkeypatch.setattr(tools, "check_layers", mixed)
        found = checks(terminal, code=1)["program"]
        assert "2 places" in found["value"]
        assert "pipx" in found["remedy"]


class TestSettings:
    def test_old_names_are_told_with_their_successors(
        self, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FLASK_SECRET_KEY", "geheim")
        terminal.write(".env", "FLASK_RUN_PORT=5001\n")
        found = checks(terminal)["former-names"]
        assert found["state"] == "warning"
        assert "FLASK_SECRET_KEY (now SCIPAPERLOADER_SECRET_KEY)" in found["value"]
        assert "FLASK_RUN_PORT (now SCIPAPERLOADER_PORT)" in found["value"]
        assert "geheim" not in terminal("doctor").stdout

    def test_unknown_names_are_told_wherever_they_are(self, terminal: Terminal) -> None:
        terminal.data.mkdir()
        (terminal.data / "scipaperloader.toml").write_text("prot = 5001\n")
        terminal.write(".env", "SCIPAPERLOADER_HANSD=2\n")
        terminal.variables["CONTACT_MAIL"] = "x"
        found = checks(terminal)["unknown-names"]
        assert found["state"] == "warning"
        for near in ("PORT", "HANDS", "CONTACT_EMAIL"):
            assert f"(perhaps SCIPAPERLOADER_{near})" in found["value"]

    def test_without_a_contact_address(self, terminal: Terminal) -> None:
        terminal.variables["CONTACT_EMAIL"] = ""
        found = checks(terminal)["contact"]
        assert found["state"] == "warning"
        assert "Unpaywall" in found["value"]

    def test_a_certificate_file_that_is_none(self, terminal: Terminal) -> None:
        terminal.variables["CA_BUNDLE"] = "/no/such/file"
        assert "/no/such/file" in checks(terminal, code=1)["authorities"]["value"]

    def test_the_old_names_are_told_once_when_the_server_starts(
        self, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def end(*_: Any) -> None:
            raise SciPaperLoaderError("Far enough.", remedy="")

        monkeypatch.setattr("interfaces.serving.check_port", end)
        monkeypatch.setenv("FLASK_SQLALCHEMY_DATABASE_URI", "sqlite:///old.db")
        monkeypatch.setenv("FLASK_APP", "scipaperloader")
        first, *rest = terminal("run", code=1).stderr.splitlines()
        assert first == (
            "Settings of the former application have no effect: FLASK_APP (no successor), "
            "FLASK_SQLALCHEMY_DATABASE_URI (now SCIPAPERLOADER_DATABASE_URL)."
        )
        assert rest == ["Error: Far enough."]


def test_the_command_is_there() -> None:
    assert {option for one in main.commands["doctor"].params for option in one.opts} >= {"--online", "--strict"}
