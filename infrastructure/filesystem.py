"""Whether an SQLite database may be opened where it lies: not on a network, and not a new one in place of a lost one.

SQLite's write-ahead log needs shared memory and locks that hold, which network file systems do not offer
(sqlite.org/wal.html, “Disadvantages”). A missing file, on the other hand, is silently created anew.
"""

import re
from pathlib import Path

from domain.errors import SciPaperLoaderError

NETWORK = frozenset({"afs", "cifs", "fuse.sshfs", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"})
"""Types of file systems, as the kernel names them, that are shared over a network."""
MOUNTS = Path("/proc/mounts")
"""The kernel's table of mounts (proc(5)); systems without it are not examined."""

_MAGIC = b"SQLite format 3\0"
_ESCAPE = re.compile(r"\\([0-7]{3})")


class NetworkFileSystem(SciPaperLoaderError):
    """The database lies on a network file system, where it would be damaged sooner or later."""

    remedy = "Set DATA_DIR to a folder on a local disk (LIBRARY_DIR may stay), or use PostgreSQL: set DATABASE_URL."

    def __init__(self, path: Path, kind: str) -> None:
        super().__init__(f"{path} lies on a network file system ({kind}), which SQLite cannot lock reliably.")
        self.path, self.kind = path, kind


class DatabaseMissing(SciPaperLoaderError):
    """There was a database, and it is not there any more."""

    remedy = "Mount its disk, or put a backup in its place. To begin anew with an empty one: scipaperloader db reset."

    def __init__(self, path: Path, sign: Path) -> None:
        super().__init__(f"The database {path} is missing or empty, but {sign} shows that there was one.")
        self.path, self.sign = path, sign


class DatabaseDamaged(SciPaperLoaderError):
    """The file is no database."""

    remedy = "Keep a copy of the file for examination, and put a backup in its place. Nothing was changed."

    def __init__(self, path: Path) -> None:
        super().__init__(f"The database {path} is damaged: it does not begin as an SQLite file does.")
        self.path = path


def check_place(path: Path, mounts: Path = MOUNTS) -> None:
    """Refuse a path on a network file system. Raises NetworkFileSystem."""
    kind = kind_of(path, mounts)
    if kind in NETWORK:
        raise NetworkFileSystem(path, kind)


def check_file(path: Path, sign: Path) -> None:
    """Refuse a damaged file, and to begin anew where one is missing although the file `sign` or its journal is there.

    Not while this process has the database open: to close the file here would take SQLite's locks away
    (sqlite.org/howtocorrupt.html, section 2.2). Raises DatabaseDamaged, DatabaseMissing.
    """
    if not has_content(path, sign):
        return
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise DatabaseDamaged(path)


def has_content(path: Path, sign: Path) -> bool:
    """Whether there is a file with something in it; it is not opened. Raises DatabaseMissing, as `check_file` does."""
    if _size(path):
        return True
    journal = path.with_name(path.name + "-wal")
    for trace in (journal, sign):
        if _size(trace):
            raise DatabaseMissing(path, trace)
    return False


def kind_of(path: Path, mounts: Path = MOUNTS) -> str:
    """The type of the file system that the path lies on, "" where it cannot be told."""
    real, found = path.resolve(), (Path(), "")
    for line in _lines(mounts):
        _, folder, kind, *_ = (*line.split(" "), "", "")
        mounted = Path(_ESCAPE.sub(lambda octal: chr(int(octal[1], 8)), folder))
        if real.is_relative_to(mounted) and len(mounted.parts) >= len(found[0].parts):
            found = mounted, kind
    return found[1]


def _lines(mounts: Path) -> list[str]:
    try:
        return mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
