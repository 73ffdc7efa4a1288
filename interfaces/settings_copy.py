"""The settings file as a backup keeps it."""

import json
import re
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

from attrs import fields
from typed_settings.types import SecretStr

from interfaces.settings import Settings

HEADING = "# The settings of the backup, without secrets and comments.\n"
_PASSWORD = re.compile(r"(?<=://)([^/@:]*):.*@")
_PARAMETER = re.compile(r"(?<=[?&])(?:ssl)?password=[^&]*&?")
_KNOWN = frozenset(one.name for one in fields(Settings) if not isinstance(one.default, SecretStr))


def settings_copy(path: Path, *, secrets: bool) -> bytes | None:
    """The file as it is with its secrets; without them, its known settings written anew. None where there is none.

    What is written anew has no secrets wherever they were: comments, unknown names and passwords in addresses go.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    if secrets:
        return data
    known = {name: value for name, value in tomllib.loads(data.decode()).items() if name.lower() in _KNOWN}
    lines = (f"{name} = {_literal(value)}\n" for name, value in known.items() if not isinstance(value, dict))
    return (HEADING + "".join(lines)).encode()


def without_password(text: str) -> str:
    """An address without what is secret in it; other text as it is."""
    return _PARAMETER.sub("", _PASSWORD.sub(r"\1@", text)).rstrip("?&") if "://" in text else text


def _literal(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(name)} = {_literal(one)}' for name, one in value.items())}}}"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(without_password(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower()
