"""The settings file as a backup keeps it: everything that is no secret, and nothing that is one."""

import tomllib
from pathlib import Path

import pytest

from interfaces.settings_copy import settings_copy, without_password


def copied(folder: Path, text: str) -> str:
    """What a backup without secrets keeps of a settings file."""
    path = folder / "scipaperloader.toml"
    path.write_text(text, encoding="utf-8")
    data = settings_copy(path, secrets=False)
    assert data is not None
    return data.decode()


def test_where_there_is_no_file_there_is_no_copy(tmp_path: Path) -> None:
    assert settings_copy(tmp_path / "nothing.toml", secrets=False) is None
    assert settings_copy(tmp_path / "nothing.toml", secrets=True) is None


def test_with_secrets_it_is_the_file(tmp_path: Path) -> None:
    path = tmp_path / "scipaperloader.toml"
    path.write_bytes(b'secret_key = "hush" # a comment\r\n')
    assert settings_copy(path, secrets=True) == path.read_bytes()


@pytest.mark.parametrize(
    "line",
    [
        'secret_key = "hush"',
        'SECRET_KEY = "hush"',
        '# secret_key = "hush"',
        'secret_kee = "hush"',
        'contact_email = "me@here.test" # hush',
        'database_url = "postgresql://me:hush@host/papers"',
        'database_url = "postgresql://me@host/papers?password=hush&sslmode=require"',
        'database_url = "postgresql://me@host/papers?sslmode=require&sslpassword=hush"',
        'crossref_url = "https://me:hush@mirror.test/"',
        '[secrets]\nkey = "hush"',
    ],
)
def test_without_secrets_none_is_left_wherever_it_was(tmp_path: Path, line: str) -> None:
    text = copied(tmp_path, f"port = 5001\n{line}\n")
    assert "hush" not in text
    assert tomllib.loads(text)["port"] == 5001


def test_every_other_value_is_the_same_afterwards(tmp_path: Path) -> None:
    text = (
        'data_dir = "C:\\\\Users\\\\me\\\\ü \U0001f9d0 \\u007f \\t \\"quoted\\""\n'
        "host_gap = 1.5\nport = 5001\nhands = 2\n"
        'allowed_networks = ["10.0.0.0/8", "192.168.0.0/16"]\n'
        'database_url = "postgresql://me@host/papers?sslmode=require"\n'
        "base_url = ''\n"
    )
    assert tomllib.loads(copied(tmp_path, text)) == tomllib.loads(text)


def test_values_of_other_kinds_can_still_be_read(tmp_path: Path) -> None:
    text = "port = true\nhands = 2026-03-01\nhost_gap = inf\nmax_rows = 2026-03-01T12:00:00Z\n"
    assert tomllib.loads(copied(tmp_path, text)) == tomllib.loads(text)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql://me:p@host/db", "postgresql://me@host/db"),
        ("postgresql://me:p:@@host/db", "postgresql://me@host/db"),
        ("postgresql://me:p/w@host/db", "postgresql://me@host/db"),
        ("postgresql://me@host/db?password=p", "postgresql://me@host/db"),
        ("postgresql://me@host/db?a=1&password=p&b=2", "postgresql://me@host/db?a=1&b=2"),
        ("sqlite:////data/a:b@c.db", "sqlite:////data/a:b@c.db"),
        ("password=kept, it is no address", "password=kept, it is no address"),
    ],
)
def test_passwords_are_taken_out_of_addresses(address: str, expected: str) -> None:
    assert without_password(address) == expected
