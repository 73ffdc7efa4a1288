"""The table of settings."""

from attrs import fields

from interfaces.names import SUCCESSORS
from interfaces.settings import PREFIX, Settings
from tests.docs.pages import table

FILLED_IN = {
    "data_dir": "the user data folder of the system",
    "database_url": "`scipaperloader.db` in the data folder",
    "library_dir": "`library` in the data folder",
}
"""Defaults that depend on the machine."""


def settings_table() -> str:
    """Every setting with its default and its meaning."""
    rows = (
        (f"`{PREFIX}{one.name.upper()}`", _default(one.name, one.default), one.metadata["meaning"])
        for one in fields(Settings)
    )
    return table(("Variable", "Default", "Meaning"), rows)


def former_names() -> str:
    """The names of the former application's settings that have a successor."""
    return table(("Old name", "Now"), ((f"`{old}`", f"`{new}`") for old, new in SUCCESSORS.items()))


def _default(name: str, value: object) -> str:
    if name in FILLED_IN:
        return FILLED_IN[name]
    text = value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
    return f"`{text}`" if text else "empty"
