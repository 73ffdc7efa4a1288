"""The library's files and the uploads: taken into a backup, and brought back."""

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from attrs import define, field

from application.ports.library import Library, LibraryUnavailable
from application.ports.maintenance import BackupNotPossible, Files, RestoreNotPossible
from infrastructure.backups.manifest import LIBRARY, UPLOADS, Content, inside, measured
from infrastructure.backups.taking import copied, linked
from infrastructure.library.disk import make_folders, sync_folder

Tell = Callable[[int, int], None]
"""Called with how many files are done, and how many there are."""
_UPLOAD = re.compile("[0-9a-f]{64}")
_STAGED = ".restoring"


@define
class Taken:
    """What was taken into a backup, and what was wrong with it."""

    contents: dict[str, Content] = field(factory=dict)
    faults: list[str] = field(factory=list)


def take(
    library: Library, named: Iterable[tuple[str, str]], uploads: Path, into: Path, files: Files, tell: Tell
) -> Taken:
    """Take the files that the log names, and the uploads, into the folder of a backup. Raises BackupNotPossible.

    The database was copied before: a file is in its place before the log names it, so each is there by now, unless
    somebody removed it.
    """
    taken, named, lists = Taken(), tuple(named), _uploads(uploads)
    for number, (path, sha256) in enumerate(named, start=1):
        try:
            content = _one(library.open(path), into / LIBRARY / path, files)
        except (LibraryUnavailable, FileNotFoundError):
            taken.faults.append(f"the file {path} is missing")
        else:
            taken.contents[LIBRARY + path] = content
            if content.sha256 != sha256:
                taken.faults.append(f"the file {path} was altered")
        tell(number, len(named) + len(lists))
    if taken.faults:
        library.unsettled()  # says so if not a file but the library is missing
    for number, upload in enumerate(lists, start=len(named) + 1):
        taken.contents[UPLOADS + upload.name] = _one(upload, into / UPLOADS / upload.name, files)
        tell(number, len(named) + len(lists))
    return taken


def _uploads(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if _UPLOAD.fullmatch(path.name)) if folder.is_dir() else []


def _one(source: Path, target: Path, files: Files) -> Content:
    if files is Files.COPY:
        return copied(source, target)
    try:
        return linked(source, target)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise BackupNotPossible(
            f"{source} cannot be linked into {target.parent}: {error.strerror}.",
            remedy="Hard links need one disk for both: use --files copy, or keep the backup on the library's disk.",
        ) from error


def bring(source: Path, contents: dict[str, Content], root: Path, aside: Path, *, link: bool, tell: Tell) -> None:
    """Bring files from a folder into the root, under their names; those that are there already stay as they are.

    What has the name of one, and another content, goes into the folder `aside`. Each file is whole before it gets its
    name. Raises RestoreNotPossible.
    """
    staging = root / _STAGED
    shutil.rmtree(staging, ignore_errors=True)
    for number, (name, content) in enumerate(contents.items(), start=1):
        target = inside(root, name)
        if not _is_there(target, content):
            staged = staging / name
            if _brought(source / name, staged, link=link) != content:
                raise RestoreNotPossible(f"{source / name} changed while it was read.", remedy="Use another backup.")
            if target.exists() or target.is_symlink():
                set_aside(root, name, aside)
            make_folders(target.parent)
            staged.replace(target)
            sync_folder(target.parent)
        tell(number, len(contents))
    shutil.rmtree(staging, ignore_errors=True)


def set_aside(root: Path, name: str, aside: Path) -> None:
    """Move a file of the root to the same place in the folder `aside`."""
    place = aside / name
    make_folders(place.parent)
    (root / name).rename(place)
    sync_folder(place.parent)
    sync_folder((root / name).parent)


def _is_there(path: Path, content: Content) -> bool:
    if path.is_symlink() or not path.is_file() or path.stat().st_size != content.size:
        return False
    return measured(path) == content


def _brought(source: Path, staged: Path, *, link: bool) -> Content:
    if link:
        try:
            return linked(source, staged)
        except OSError:  # on another disk by now
            staged.unlink(missing_ok=True)
    return copied(source, staged)
