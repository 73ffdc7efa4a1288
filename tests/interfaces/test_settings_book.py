"""Settings that are changed while the program runs."""

import stat
import tomllib
from pathlib import Path

import pytest

from application.wording import describe
from domain.errors import InvalidValues
from domain.settings import Changed
from infrastructure.library.naming import check_pattern
from interfaces.settings import Settings, SettingsError, load
from interfaces.settings_book import CHANGEABLE, SettingsBook, shown
from interfaces.settings_copy import settings_copy

PREFIX = "SCIPAPERLOADER_"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {f"{PREFIX}DATA_DIR": str(tmp_path / "data"), f"{PREFIX}HANDS": "3"}


@pytest.fixture
def book(environ: dict[str, str], tmp_path: Path) -> SettingsBook:
    return SettingsBook(*load(environ, tmp_path), check_pattern)


def test_a_change_counts_at_once_and_after_a_start(book: SettingsBook, environ: dict[str, str], tmp_path: Path) -> None:
    seen: list[Settings] = []
    book.adopted_by(seen.append)
    assert book.change({"contact_email": " me@example.org ", "host_gap": "2.5"}) == {
        "contact_email": "me@example.org",
        "host_gap": "2.5",
    }
    assert (book.settings.contact_email, book.settings.host_gap) == ("me@example.org", 2.5)
    assert seen == [book.settings]
    settings, origins = load(environ, tmp_path)
    assert (settings.contact_email, settings.host_gap) == ("me@example.org", 2.5)
    assert origins.by_name["host_gap"] == book.origins.by_name["host_gap"] == str(book.path)


def test_nothing_gives_the_default_again(book: SettingsBook) -> None:
    book.change({"host_gap": "2.5"})
    assert book.change({"host_gap": ""}) == {"host_gap": "1"}
    assert book.origins.by_name["host_gap"] == "default"
    assert "host_gap" not in book.path.read_text()


def test_what_is_the_same_is_no_change(book: SettingsBook) -> None:
    book.adopted_by(lambda _: pytest.fail("nothing has changed"))
    assert book.change({"host_gap": "1", "contact_email": ""}) == {}
    assert not book.path.exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("contact_email", "no address"),
        ("contact_email", "a@b.c, d@e.f"),
        ("contact_email", "a@b.c\r\nX-Evil: 1"),
        ("host_gap", "-1"),
        ("host_gap", "0"),
        ("host_gap", "nan"),
        ("host_gap", "inf"),
        ("host_gap", "often"),
        ("max_rows", "1.5"),
        ("max_rows", "0"),
        ("unpaywall_url", "javascript:alert(1)"),
        ("name_pattern", "../{title}"),
        ("name_pattern", "{password}"),
        ("name_pattern", "x" * 3_000),
        ("port", "80"),
        ("database_url", "sqlite:////etc/passwd"),
        ("allowed_networks", "0.0.0.0/0"),
        ("no_such_setting", "1"),
        ("hands", "5"),  # given by the environment
    ],
)
def test_a_wrong_value_is_refused_by_its_field_and_nothing_changes(book: SettingsBook, name: str, text: str) -> None:
    before = book.settings
    with pytest.raises(InvalidValues) as refused:
        book.change({"page_seconds": "30", name: text})
    assert [fault.field for fault in refused.value.faults] == [name]
    assert book.settings is before
    assert not book.path.exists()


def test_what_says_who_is_served_and_asked_cannot_be_changed() -> None:
    guarded = {"host", "port", "allowed_networks", "trusted_proxies", "base_url", "data_dir", "database_url"}
    assert not guarded & CHANGEABLE


def test_a_setting_from_outside_may_be_sent_along_as_it_is(book: SettingsBook) -> None:
    assert book.is_fixed("hands")
    assert book.change({"hands": "3", "host_gap": "2"}) == {"host_gap": "2"}


def test_a_secret_is_kept_apart_and_told_to_nobody(book: SettingsBook, environ: dict[str, str], tmp_path: Path) -> None:
    assert book.change({"secret_key": "s3cret"}) == {"secret_key": None}
    (path,) = (tmp_path / "data" / "secrets").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "s3cret" not in book.path.read_text()
    settings, _ = load(environ, tmp_path)
    assert str(settings.secret_key) == str(book.settings.secret_key) == "s3cret"
    assert book.change({"secret_key": ""}) == {"secret_key": None}
    assert not path.exists()
    assert not load(environ, tmp_path)[0].secret_key


def test_a_file_that_cannot_be_changed_changes_nothing(book: SettingsBook) -> None:
    book.path.parent.mkdir(exist_ok=True)
    book.path.write_text("[a table]\nhost_gap = 1\n")
    before = book.settings
    with pytest.raises(SettingsError):
        book.change({"host_gap": "2"})
    assert book.settings is before


def test_a_password_in_an_address_is_not_told_and_not_lost(book: SettingsBook) -> None:
    told = book.change({"unpaywall_url": "https://me:s3cret@gateway.example/unpaywall"})
    assert "s3cret" not in str(told)
    assert book.change({"unpaywall_url": shown(book.settings.unpaywall_url), "crossref_url": "https://c.example"}) == {
        "crossref_url": "https://c.example"
    }
    assert book.settings.unpaywall_url == "https://me:s3cret@gateway.example/unpaywall"


def test_what_the_page_shows_of_a_number_from_outside_may_be_sent_along(tmp_path: Path) -> None:
    given = {f"{PREFIX}DATA_DIR": str(tmp_path), f"{PREFIX}PAGE_SECONDS": "60", f"{PREFIX}HOST_GAP": "1234567.5"}
    book = SettingsBook(*load(given, tmp_path))
    fields = {name: shown(getattr(book.settings, name)) for name in ("page_seconds", "host_gap")}
    assert fields == {"page_seconds": "60", "host_gap": "1234567.5"}
    assert book.change({**fields, "file_seconds": "30"}) == {"file_seconds": "30"}


def test_a_secret_stays_where_the_file_cannot_be_changed(book: SettingsBook, environ: dict[str, str]) -> None:
    book.change({"secret_key": "s3cret"})
    book.path.write_text(book.path.read_text() + "[table]\nsecret_key_file = 1\n")
    with pytest.raises(SettingsError):
        book.change({"secret_key": ""})
    assert str(load(environ, book.path.parent)[0].secret_key) == "s3cret"


def test_a_file_keeps_its_rights_and_a_new_one_is_for_this_user_alone(book: SettingsBook) -> None:
    book.change({"host_gap": "2"})
    assert stat.S_IMODE(book.path.stat().st_mode) == 0o600
    book.path.chmod(0o640)
    book.change({"host_gap": "3"})
    assert stat.S_IMODE(book.path.stat().st_mode) == 0o640


@pytest.mark.parametrize("name", sorted(CHANGEABLE))
def test_what_can_be_changed_is_told_by_no_name_of_a_program(name: str) -> None:
    told = describe(Changed(name=name, value="7"))
    assert "_" not in told
    assert name.upper() not in told


class TestResolvers:
    """Sources that the user describes."""

    TEXT = '[{"name": "library", "url": "https://a.example/{doi}", "path": "files[*].url"}]'

    def test_they_are_set_and_come_back_from_the_file(
        self, book: SettingsBook, environ: dict[str, str], tmp_path: Path
    ) -> None:
        assert book.change({"resolvers": self.TEXT}) == {"resolvers": self.TEXT}
        assert load(environ, tmp_path)[0].resolvers == self.TEXT

    def test_what_is_wrong_with_them_is_told_beside_the_field(self, book: SettingsBook) -> None:
        with pytest.raises(InvalidValues) as refused:
            book.change({"resolvers": self.TEXT.replace("{doi}", "doi")})
        (fault,) = refused.value.faults
        assert fault.field == "resolvers"
        assert "entry 1 has a “url” with one of {doi}" in fault.expected
        assert book.settings.resolvers == ""

    def test_they_can_be_tables_of_the_file(self, book: SettingsBook, environ: dict[str, str], tmp_path: Path) -> None:
        book.path.parent.mkdir(parents=True)
        table = '[[resolvers]]\nname = "library"\nurl = "https://a.example/{doi}"\npath = "files[*].url"\n'
        book.path.write_text(f"host_gap = 2\n{table}")
        settings, _ = load(environ, tmp_path)
        assert settings.resolvers == self.TEXT
        assert tomllib.loads((settings_copy(book.path, secrets=False) or b"").decode())["resolvers"] == [
            {"name": "library", "url": "https://a.example/{doi}", "path": "files[*].url"}
        ]

    def test_wrong_ones_are_told_at_the_start_with_a_remedy(self, environ: dict[str, str], tmp_path: Path) -> None:
        with pytest.raises(SettingsError) as refused:
            load(environ | {f"{PREFIX}RESOLVERS": "[{}]"}, tmp_path)
        assert "RESOLVERS is not a list in which entry 1 has a “name”" in refused.value.message
        assert "scipaperloader.toml" in refused.value.remedy
