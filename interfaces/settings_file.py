"""Changing the settings' file of the data folder: line by line, so that what a person wrote there stays."""

import json
import os
import re
import stat
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from interfaces.settings import SettingsError

Value = str | int | float
SECRET = 0o600
"""The mode of a file that may hold a secret; the settings' file may, because a person can write one into it."""


def change(path: Path, values: Mapping[str, Value | None]) -> None:
    """Set some settings of the file, None removes one. Durable on return. Raises SettingsError.

    What was not asked for is as before; a file in which that cannot be done is left alone.
    """
    before = _read(path)
    lines = [f"{line}\n" for line in before.removesuffix("\n").split("\n")] if before else []
    for name, value in values.items():
        lines = _changed(lines, name, value)
    after = "".join(lines)
    if _parsed(path, after) != _wanted(_parsed(path, before), values):
        raise SettingsError(f"{path} cannot be changed by the program.", remedy="Change it in an editor.")
    replace(path, after, _mode(path))


def replace(path: Path, content: str, mode: int) -> None:
    """Put the content in the place of the file, all of it or nothing, with these rights. Raises SettingsError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                os.fchmod(file.fileno(), mode)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        remedy = "See that the data folder can be written to, and that its disk is not full."
        raise SettingsError(f"{path} cannot be written: {reason}.", remedy=remedy) from error


def _mode(path: Path) -> int:
    """The rights that a file has; those of a secret where there is none."""
    return stat.S_IMODE(path.stat().st_mode) if path.exists() else SECRET


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from error


def _parsed(path: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from error


def _wanted(before: Mapping[str, object], values: Mapping[str, Value | None]) -> dict[str, object]:
    given = {name: value for name, value in values.items() if value is not None}
    return {name: value for name, value in before.items() if name.lower() not in values} | given


def _changed(lines: list[str], name: str, value: Value | None) -> list[str]:
    """The lines with the setting in the place where it was, or at the front: what follows a table belongs to it."""
    pattern = re.compile(rf"\s*[\"']?{name}[\"']?\s*=", re.IGNORECASE)
    places = [number for number, line in enumerate(lines) if pattern.match(line)]
    kept = [line for number, line in enumerate(lines) if number not in places]
    if value is None:
        return kept
    at = places[0] if places else 0
    return [*kept[:at], f"{name} = {_literal(value)}\n", *kept[at:]]


def _literal(value: Value) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
