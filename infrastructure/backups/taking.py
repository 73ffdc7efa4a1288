"""Files that are copied or linked, measured on the way, and on the disk afterwards."""

import hashlib
import os
from pathlib import Path

from infrastructure.backups.manifest import Content, measured
from infrastructure.library.disk import sync_folder

BLOCK = 1 << 20


def linked(source: Path, target: Path) -> Content:
    """Give a file another name on its disk. Raises OSError where that cannot be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.hardlink_to(source)
    return measured(target)


def copied(source: Path, target: Path) -> Content:
    """Copy a file with its times; the bytes are on the disk on return."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reading, target.open("xb") as writing:
        while block := reading.read(BLOCK):
            digest.update(block)
            size += writing.write(block)
        writing.flush()
        os.fsync(writing.fileno())
        times = os.fstat(reading.fileno())
    os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))
    return Content(sha256=digest.hexdigest(), size=size)


def written(path: Path, data: bytes) -> Content:
    """Write a new file that only its owner can read; it is on the disk on return."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return Content(sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def sync_folders(folder: Path) -> None:
    """Put the names in a folder and in those below it on the disk."""
    for path, _, _ in os.walk(folder):
        sync_folder(Path(path))
