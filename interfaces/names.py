"""Names of settings that mean nothing: those of the Flask application before this one, and slips of the pen."""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from attrs import fields
from typed_settings.types import SecretStr

from interfaces.settings import PREFIX, Settings, read_dotenv

FORMER = "FLASK_"
"""How the names of the Flask application's settings began."""
SUCCESSORS: Mapping[str, str] = {
    "FLASK_SQLALCHEMY_DATABASE_URI": "SCIPAPERLOADER_DATABASE_URL",
    "FLASK_SECRET_KEY": "SCIPAPERLOADER_SECRET_KEY",
    "FLASK_RUN_HOST": "SCIPAPERLOADER_HOST",
    "FLASK_RUN_PORT": "SCIPAPERLOADER_PORT",
    "FLASK_SERVER_NAME": "SCIPAPERLOADER_BASE_URL",
    "FLASK_MAX_CONTENT_LENGTH": "SCIPAPERLOADER_MAX_UPLOAD_BYTES",
    "FLASK_DEBUG": "scipaperloader run --reload",
    "FLASK_RUN_RELOAD": "scipaperloader run --reload",
}
"""What takes the place of an old name. One that begins so and is not here has no successor."""
FOR_TESTS = frozenset({"TEST_SIZE", "TEST_BROWSER", "RECORDINGS", "REPLAY"})
"""Names, without the prefix, that only the project's own tests read."""


def in_use(environ: Mapping[str, str], folder: Path) -> frozenset[str]:
    """The names that are set in the environment, or in the files of a working folder that are read with it."""
    return frozenset(environ).union(*(read_dotenv(folder / name) for name in (".env", ".flaskenv")))


def former(names: Iterable[str]) -> dict[str, str]:
    """The old names among these, each with what takes its place, "" for nothing."""
    return {name: SUCCESSORS.get(name, "") for name in sorted(names) if name.startswith(FORMER)}


def former_in_words(names: Iterable[str]) -> str:
    """The old names among these in one sentence, "" for none."""
    found = former(names).items()
    told = [f"{name} ({f'now {successor}' if successor else 'no successor'})" for name, successor in found]
    return f"Settings of the former application have no effect: {', '.join(told)}." if told else ""


def unknown(names: Iterable[str]) -> dict[str, str]:
    """The names among these that look like ours and are not, each with the nearest one that is, "" for none."""
    known = _known()
    found = {name for name in names if name.upper().startswith(PREFIX)} - known
    nearest = {name: difflib.get_close_matches(name.upper(), sorted(known), n=1) for name in sorted(found)}
    return {name: next(iter(near), "") for name, near in nearest.items()}


def _known() -> frozenset[str]:
    """Every name that means something."""
    names = {attribute.name.upper() for attribute in fields(Settings)} | FOR_TESTS
    files = {f"{one.name.upper()}_FILE" for one in fields(Settings) if one.type is SecretStr}
    return frozenset(f"{PREFIX}{name}" for name in names | files)
