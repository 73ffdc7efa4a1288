"""The settings' file, changed line by line."""

import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interfaces import settings_file
from interfaces.settings import SettingsError

NAMES = ("contact_email", "host_gap", "hands", "name_pattern")
VALUES = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=20), st.integers(-(2**60), 2**60), st.floats(allow_nan=False)
)
WRITTEN = """# Mine
port = 5001          # since the other one is taken
Contact_Email = "old@example.org"
allowed_networks = [
  "10.0.0.0/8",
]

[notes]
contact_email = "of a table"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "scipaperloader.toml"


def test_a_file_is_made_where_there_is_none(path: Path) -> None:
    settings_file.change(path, {"contact_email": "me@example.org", "host_gap": 2.5, "hands": None})
    assert tomllib.loads(path.read_text()) == {"contact_email": "me@example.org", "host_gap": 2.5}


@pytest.mark.parametrize("value", ["new@example.org", None])
def test_what_a_person_wrote_beside_it_stays(path: Path, value: str | None) -> None:
    path.parent.mkdir()
    path.write_text(WRITTEN.partition("[notes]")[0])
    settings_file.change(path, {"contact_email": value, "hands": 8})
    text = path.read_text()
    assert "# Mine\nport = 5001          # since the other one is taken\n" in text
    assert tomllib.loads(text).get("contact_email") == value
    assert tomllib.loads(text)["hands"] == 8
    assert tomllib.loads(text)["allowed_networks"] == ["10.0.0.0/8"]


@pytest.mark.parametrize(
    "written",
    [
        WRITTEN,  # the name stands in a table too
        'contact_email = """\nof several\nlines"""\n',
        "notes = '''\ncontact_email = 1\n'''\n",
    ],
)
def test_a_file_that_it_does_not_understand_is_left_alone(path: Path, written: str) -> None:
    path.parent.mkdir()
    path.write_text(written)
    with pytest.raises(SettingsError):
        settings_file.change(path, {"contact_email": "new@example.org"})
    assert path.read_text() == written


def test_a_broken_file_is_told_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("this is no TOML")
    with pytest.raises(SettingsError, match="cannot be read"):
        settings_file.change(path, {"hands": 2})
    assert path.read_text() == "this is no TOML"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in the place of the folder")
    with pytest.raises(SettingsError, match="cannot be written") as told:
        settings_file.replace(tmp_path / "data" / "secret", "s3cret", settings_file.SECRET)
    assert "disk" in told.value.remedy


def test_a_secret_is_for_this_user_alone(path: Path) -> None:
    settings_file.replace(path, "s3cret\n", settings_file.SECRET)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@given(changes=st.lists(st.dictionaries(st.sampled_from(NAMES), st.none() | VALUES, min_size=1), max_size=5))
def test_the_file_says_what_it_was_told_last(
    tmp_path_factory: pytest.TempPathFactory, changes: list[dict[str, settings_file.Value | None]]
) -> None:
    path = tmp_path_factory.mktemp("settings") / "scipaperloader.toml"
    path.write_text("port = 5001\n")
    wanted: dict[str, object] = {"port": 5001}
    for values in changes:
        settings_file.change(path, values)
        wanted |= values
    found = tomllib.loads(path.read_text())
    assert found == {name: value for name, value in wanted.items() if value is not None}
