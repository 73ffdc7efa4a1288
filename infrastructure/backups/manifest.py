"""What a backup says of itself: `manifest.json`, written last and read first."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import msgspec
from attrs import frozen

from application.ports.maintenance import Files, RestoreNotPossible

NAME = "manifest.json"
PROGRAM = "SciPaperLoader"
FORMAT = 1
DATABASES: Mapping[str, str] = {"sqlite": "database.db", "postgresql": "database.dump"}
"""The file of each kind of database."""
SETTINGS = "scipaperloader.toml"
LIBRARY, UPLOADS = "library/", "uploads/"
"""Where the files are; without them a backup can be restored too."""
SHOWN = 5
"""Faults that a refusal names."""
_WHOLE = "Use another backup. Nothing was changed."


@frozen(kw_only=True)
class Content:
    """What is in a file."""

    sha256: str
    size: int


@frozen(kw_only=True)
class Manifest:
    """A backup: what made it and when, what its log is, and every file in it with its content."""

    program: str
    format: int
    version: str
    made_at: str
    database: str
    """sqlite or postgresql."""
    revision: str
    """Of the database's schema, as the migrations count."""
    anchor: str
    """POSITION:HASH of the log."""
    log: str
    """The hash of the first event, by which one log is told from another; "" where there is none."""
    files: Files
    secrets: bool
    tool: str
    """The version of pg_dump that wrote the database."""
    namespace: str
    """PostgreSQL's schema in which the tables were."""
    faults: tuple[str, ...]
    contents: dict[str, Content]

    @property
    def database_file(self) -> str:
        """The name of the file with the database."""
        return DATABASES[self.database]

    def below(self, folder: str) -> dict[str, Content]:
        """The contents of a folder, by their names in it."""
        return {name.removeprefix(folder): one for name, one in self.contents.items() if name.startswith(folder)}


def stamp(moment: datetime) -> str:
    """A moment as names of files and folders carry it."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"


def encoded(manifest: Manifest) -> bytes:
    """The manifest as it is written."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def of_ours(folder: Path) -> Manifest | None:
    """The manifest of a folder that is one of our backups."""
    try:
        return read(folder)
    except RestoreNotPossible:
        return None


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises RestoreNotPossible."""
    try:
        text = (folder / NAME).read_bytes()
        manifest = msgspec.json.decode(text, type=Manifest)
    except OSError as error:
        raise RestoreNotPossible(
            f"{folder} is no complete backup: its {NAME} cannot be read.",
            remedy="Name a folder that `scipaperloader backup` wrote.",
        ) from error
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise RestoreNotPossible(f"The {NAME} of {folder} is damaged: {error}.", remedy=_WHOLE) from error
    if manifest.program != PROGRAM or manifest.format != FORMAT or manifest.database not in DATABASES:
        raise RestoreNotPossible(
            f"{folder} is a backup of a form that is not known here.", remedy="Install a newer version of the program."
        )
    return manifest


def checked(folder: Path, *, files: bool, tell: Callable[[int, int], None]) -> Manifest:
    """The manifest of a backup whose every content is as it says; `files` tells whether those count.

    Raises RestoreNotPossible.
    """
    manifest = read(folder)
    names = [name for name in manifest.contents if files or not name.startswith((LIBRARY, UPLOADS))]
    faults: list[str] = []
    if manifest.database_file not in manifest.contents:
        faults.append(f"{manifest.database_file} is not among its contents")
    for number, name in enumerate(names, start=1):
        faults.extend(_fault(folder, name, manifest.contents[name]))
        tell(number, len(names))
    if faults:
        more = f", and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise RestoreNotPossible(
            f"The backup {folder} is not what it was: {'; '.join(faults[:SHOWN])}{more}.", remedy=_WHOLE
        )
    return manifest


def _fault(folder: Path, name: str, content: Content) -> list[str]:
    path = inside(folder, name)
    try:
        if path.is_symlink() or not path.is_file():
            return [f"{name} is missing"]
        return [] if path.stat().st_size == content.size and measured(path) == content else [f"{name} was altered"]
    except OSError as error:
        return [f"{name} cannot be read ({error.strerror or error})"]


def measured(path: Path) -> Content:
    """What is in a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Content(sha256=digest, size=file.tell())


def inside(folder: Path, name: str) -> Path:
    """A path in the folder. Raises RestoreNotPossible where the name leads out of it, by its steps or by links."""
    steps = PurePosixPath(name)
    plain = name and "\0" not in name and "\\" not in name and not steps.is_absolute() and ".." not in steps.parts
    if not plain or not (folder / steps).parent.resolve().is_relative_to(folder.resolve()):
        raise RestoreNotPossible(f"The backup names “{name}”, which leads out of its folder.", remedy=_WHOLE)
    return folder / steps
