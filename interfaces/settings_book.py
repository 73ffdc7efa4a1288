"""The settings in use, and changing some of them while the program runs."""

import math
import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any

from attrs import evolve, fields
from typed_settings.types import SecretStr

from domain.errors import InvalidValue, InvalidValues, SciPaperLoaderError
from domain.resolvers import resolvers_of
from interfaces import settings_file
from interfaces.settings import COMMAND_LINE, TOML, Origins, Settings, parsed
from interfaces.settings_copy import without_password

_DEFAULTS = {attribute.name: attribute.default for attribute in fields(Settings)}
KEYS = (
    *("openalex_key", "semanticscholar_key", "core_key"),
    *("elsevier_key", "elsevier_token", "wiley_token", "springer_key"),
)
"""The keys of sources."""
AT_ONCE = (
    *("contact_email", "max_file_bytes", "page_seconds", "file_seconds", "host_gap", "name_pattern", "resolvers"),
    *KEYS,
)
"""What takes effect when it is changed."""
AT_THE_NEXT_START = (
    *("hands", "check_seconds", "disk_reserve_bytes", "max_upload_bytes", "max_rows"),
    *(name for name in _DEFAULTS if name.endswith("_url") and name not in ("base_url", "database_url")),
    "secret_key",
)
CHANGEABLE = frozenset((*AT_ONCE, *AT_THE_NEXT_START))
"""What may be changed from a page: nothing that says who is served, what may be asked, or where things are kept."""
FROM_OUTSIDE = (COMMAND_LINE, "environment", ".env")
"""Origins that stand above the settings' file: a change there would have no effect."""
SECRETS = "secrets"
"""Folder of the files that hold a secret each, in the data folder."""
MAX_VALUE = 2_000

_ADDRESS = re.compile(r"[^\s@,;<>()\"]+@[^\s@,;<>()\"]+\.[^\s@,;<>()\"]+|")
_URL = re.compile(r"https?://[^\s\"<>]+")

Adopt = Callable[[Settings], object]
Check = Callable[[str], object]
"""Raises SciPaperLoaderError where a value cannot be used."""
Changes = Mapping[str, str | None]
"""New values by name; None for a secret, which is told to nobody."""


class SettingsBook:
    """The settings and where they came from. Thread-safe; `settings` is whole at any moment.

    `check_pattern` judges the pattern of files' names, `check_resolvers` the user's own resolvers.
    """

    def __init__(
        self,
        settings: Settings,
        origins: Origins,
        check_pattern: Check = lambda _: None,
        check_resolvers: Check = resolvers_of,
    ) -> None:
        self._settings, self._origins = settings, origins
        self._check_pattern, self._check_resolvers = check_pattern, check_resolvers
        self._lock, self._adopting = threading.Lock(), list[Adopt]()

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._settings

    @property
    def origins(self) -> Origins:
        """Where each came from."""
        return self._origins

    @property
    def path(self) -> Path:
        """The settings' file."""
        return self._settings.data / TOML

    def adopted_by(self, adopt: Adopt) -> None:
        """Call something with the settings whenever they change."""
        self._adopting.append(adopt)

    def is_fixed(self, name: str) -> bool:
        """Whether a setting cannot be changed here, because it is given from outside."""
        return self._origins.by_name[name] in FROM_OUTSIDE

    def change(self, wanted: Mapping[str, str]) -> Changes:
        """Set some settings as they were written in a form, "" for the default; returns what has changed.

        Raises InvalidValues with every fault, SettingsError where the file cannot be written; nothing changes then.
        """
        with self._lock:
            values = self._checked(wanted)
            news = {name: value for name, value in values.items() if value != getattr(self._settings, name)}
            if news:
                self._write(news, wanted)
                self._adopt(news)
            return {name: None if isinstance(value, SecretStr) else shown(value) for name, value in news.items()}

    def _checked(self, wanted: Mapping[str, str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        faults: list[InvalidValue] = []
        for name, text in wanted.items():
            if name in CHANGEABLE and not is_secret(name) and text.strip() == shown(getattr(self._settings, name)):
                continue  # as the page showed it: without a password, for one, which stays
            try:
                values[name] = self._value(name, text.strip())
            except InvalidValue as fault:
                faults.append(fault)
        if faults:
            raise InvalidValues(tuple(faults))
        return values

    def _value(self, name: str, text: str) -> Any:
        if name not in CHANGEABLE:
            raise InvalidValue(name[:40], text[:40], "a setting that can be changed here")
        if self.is_fixed(name):
            raise InvalidValue(name, text[:40], f"what the {self._origins.by_name[name]} says: change it there")
        if not text:
            return _DEFAULTS[name]
        typed = "" if is_secret(name) else text[:100]
        if len(text) > MAX_VALUE or not text.isprintable() or not _fits(name, text):
            raise InvalidValue(name, typed, _expected(name))
        if name == "resolvers":
            self._check_resolvers(text)
        try:
            value = getattr(parsed({name: text}), name)
            if name == "name_pattern":
                self._check_pattern(text)
        except SciPaperLoaderError as error:
            raise InvalidValue(name, typed, _expected(name)) from error
        if isinstance(value, int | float) and not 0 < value < math.inf:
            raise InvalidValue(name, typed, _expected(name))
        return value

    def _write(self, news: Mapping[str, Any], wanted: Mapping[str, str]) -> None:
        """Write the file. A secret is in a file of its own before its path is told, and goes when it is told no more.

        So the settings never name a file that is not there.
        """
        lines: dict[str, settings_file.Value | None] = {}
        for name, value in news.items():
            if isinstance(value, SecretStr):
                lines |= {name: None, f"{name}_file": self._keep_secret(name, wanted[name].strip())}
            else:
                lines[name] = None if value == _DEFAULTS[name] else value
        settings_file.change(self.path, lines)
        for name in filter(is_secret, news):
            self._forget_others(name, lines[f"{name}_file"])

    def _keep_secret(self, name: str, secret: str) -> str | None:
        """Put a secret into a new file that nobody else may read; its path, None where there is none now."""
        if not secret:
            return None
        folder = self._settings.data / SECRETS
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{name}-{token_hex(4)}"
        settings_file.replace(path, secret + "\n", settings_file.SECRET)
        return str(path)

    def _forget_others(self, name: str, kept: settings_file.Value | None) -> None:
        for path in (self._settings.data / SECRETS).glob(f"{name}-*"):
            if str(path) != kept:
                path.unlink(missing_ok=True)

    def _adopt(self, news: Mapping[str, Any]) -> None:
        file = str(self.path)
        origins = {name: "default" if value == _DEFAULTS[name] else file for name, value in news.items()}
        self._settings = evolve(self._settings, **news)
        self._origins = Origins(by_name={**self._origins.by_name, **origins})
        for adopt in self._adopting:
            adopt(self._settings)


def shown(value: object) -> str:
    """A value as pages and the log show it: without passwords in addresses."""
    text = str(value)
    return without_password(text.removesuffix(".0") if isinstance(value, float) else text)


def is_secret(name: str) -> bool:
    """Whether a setting is one that nobody is shown."""
    return isinstance(_DEFAULTS[name], SecretStr)


def _fits(name: str, text: str) -> bool:
    """Whether the text is of the setting's kind, beyond its type."""
    if name == "contact_email":
        return bool(_ADDRESS.fullmatch(text))
    return bool(_URL.fullmatch(text)) if name.endswith("_url") else True


def _expected(name: str) -> str:
    kind = type(_DEFAULTS[name])
    if name == "contact_email":
        return "one e-mail address, or nothing"
    if name.endswith("_url"):
        return "an address that begins with https:// or http://"
    if name == "hands":
        return "a whole number from 1 to 32"
    if kind is int:
        return "a whole number above 0"
    if kind is float:
        return "a number of seconds above 0"
    if name == "name_pattern":
        return "text with fields in braces, {author}_{year}_{title} for one, and folders with “/” between them"
    return f"at most {MAX_VALUE} characters"
