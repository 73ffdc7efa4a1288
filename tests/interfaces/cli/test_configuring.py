"""`config`: every setting, where it came from, and nothing secret."""

from pathlib import Path

import pytest
from attrs import fields

from interfaces.settings import Settings
from tests.interfaces.cli.conftest import Terminal


def test_every_setting_is_there_with_its_meaning(terminal: Terminal) -> None:
    told = terminal.json("config")
    assert set(told) == {attribute.name for attribute in fields(Settings)}
    shown = terminal("config").stdout
    for attribute in fields(Settings):
        assert f"SCIPAPERLOADER_{attribute.name.upper()} " in shown
        assert attribute.metadata["meaning"] in shown


def test_the_defaults(terminal: Terminal) -> None:
    told = terminal.json("config")
    assert told["port"] == {"value": "5000", "origin": "default"}
    assert told["host"] == {"value": "127.0.0.1", "origin": "default"}
    assert told["data_dir"] == {"value": str(terminal.data), "origin": "environment"}
    assert told["database_url"]["value"] == f"sqlite:///{terminal.data}/scipaperloader.db"
    assert told["library_dir"]["value"] == str(terminal.data / "library")


def test_without_a_data_folder_it_is_the_platforms(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: str(terminal.folder / "platform"))
    terminal.variables["DATA_DIR"] = ""
    assert terminal.json("config")["data_dir"]["value"] == str(terminal.folder / "platform")


def test_the_environment_precedes_the_dotenv_file_and_that_the_toml_file(terminal: Terminal) -> None:
    terminal.data.mkdir()
    toml = terminal.data / "scipaperloader.toml"
    toml.write_text('port = 5001\nhands = 2\nhost_gap = 2.5\nallowed_networks = ["10.0.0.0/8", "127.0.0.0/8"]\n')
    terminal.write(".env", "# a comment\nexport SCIPAPERLOADER_PORT='5002'\nSCIPAPERLOADER_HANDS=3 # three\n")
    terminal.variables["PORT"] = "5003"
    told = terminal.json("config")
    assert told["port"] == {"value": "5003", "origin": "environment"}
    assert told["hands"] == {"value": "3", "origin": ".env"}
    assert told["host_gap"] == {"value": "2.5", "origin": str(toml)}
    assert told["allowed_networks"]["value"] == "10.0.0.0/8,127.0.0.0/8"
    assert told["page_seconds"] == {"value": "60.0", "origin": "default"}


def test_the_data_folder_of_the_dotenv_file_counts(terminal: Terminal) -> None:
    elsewhere = terminal.folder / "elsewhere"
    terminal.variables["DATA_DIR"] = ""
    terminal.write(".env", f"SCIPAPERLOADER_DATA_DIR={elsewhere}\n")
    assert terminal.json("config")["data_dir"]["value"] == str(elsewhere)


@pytest.mark.parametrize("way", ["SECRET_KEY", "SECRET_KEY_FILE"])
def test_secrets_are_masked(terminal: Terminal, way: str) -> None:
    secret = "correct horse battery staple"
    terminal.variables[way] = secret if way == "SECRET_KEY" else terminal.write("secret", f"{secret}\n")
    told = terminal.json("config")["secret_key"]
    assert told["origin"] == "environment"
    assert told["value"]
    assert secret not in terminal("config").stdout
    assert secret not in terminal("config", "--json").stdout


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:geheim@host/name",
        "postgresql+psycopg://user:geheim%40x@host:5432/name",
        "postgresql://host/name?user=me&password=geheim&sslmode=require",
    ],
)
def test_passwords_in_addresses_are_masked(terminal: Terminal, url: str) -> None:
    terminal.variables["DATABASE_URL"] = url
    told = terminal.json("config")["database_url"]["value"]
    assert "geheim" not in told
    assert "***" in told
    assert "host" in told


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "abc", "port"),
        ("PORT", "70000", "PORT"),
        ("HANDS", "0", "HANDS"),
        ("HOST_GAP", "soon", "host_gap"),
        ("ALLOWED_NETWORKS", "everything", "everything"),
        ("SYNCHRONOUS", "OFF", "SYNCHRONOUS"),
        ("SECRET_KEY_FILE", "/no/such/file", "/no/such/file"),
        ("NAME_PATTERN", "{nonsense}", "nonsense"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
        ("DATABASE_URL", "mysql://host/name", "DATABASE_URL"),
        ("CA_BUNDLE", "/no/such/file", "/no/such/file"),
    ],
)
def test_a_value_that_cannot_be_is_told_in_a_sentence(terminal: Terminal, name: str, value: str, words: str) -> None:
    terminal.variables[name] = value
    said = terminal.refusal("status")
    assert words in said
    assert "ValueError" not in said


def test_a_toml_file_that_is_none_is_told(terminal: Terminal) -> None:
    terminal.data.mkdir()
    (terminal.data / "scipaperloader.toml").write_text("port: 5000")
    assert "scipaperloader.toml" in terminal.refusal("config")


def test_a_database_server_that_does_not_answer_is_told_without_its_password(terminal: Terminal) -> None:
    terminal.variables["DATABASE_URL"] = "postgresql://user:geheim@127.0.0.1:1/name"
    said = terminal.refusal("status")
    assert "database" in said
    assert "geheim" not in said


def test_settings_are_read_from_the_working_folder_only(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / ".env").write_text("SCIPAPERLOADER_PORT=5009\n")
    assert terminal.json("config")["port"]["value"] == "5000"


def test_the_data_folder_can_be_given_to_every_command(terminal: Terminal) -> None:
    elsewhere = terminal.folder / "elsewhere"
    told = terminal.json("--data-dir", str(elsewhere), "config")
    assert told["data_dir"] == {"value": str(elsewhere), "origin": "command line"}
    assert told["library_dir"]["value"] == str(elsewhere / "library")
    assert told["port"] == {"value": "5000", "origin": "default"}


def test_the_help_names_the_data_folder_and_its_variable(terminal: Terminal) -> None:
    for command in ((), ("run",)):
        told = " ".join(terminal(*command, "--help").stdout.split())
        assert "--data-dir FOLDER" in told
        assert "SCIPAPERLOADER_DATA_DIR" in told
