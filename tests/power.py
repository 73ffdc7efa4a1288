"""Disks after a power cut: what was not put on the disk by fsync is lost, or half of it is."""

import os
from pathlib import Path
from random import Random

import pytest
from attrs import define, field

SECTOR = 512
"""Bytes that a disk writes whole."""


@define
class Disk:
    """Notes what each fsync puts on the disk: the content of a file, or the names in a folder."""

    root: Path
    contents: dict[int, bytes] = field(factory=dict)
    names: dict[int, dict[str, int]] = field(factory=dict)
    folders: set[int] = field(factory=set)

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is there now is on the disk; from here on only fsync puts anything there."""
        for path in self._everything():
            self._sync(path)
        real = os.fsync

        def fsync(handle: int) -> None:
            real(handle)
            for path in self._everything():
                if path.lstat().st_ino == os.fstat(handle).st_ino:
                    self._sync(path)

        monkeypatch.setattr(os, "fsync", fsync)

    def _everything(self) -> list[Path]:
        return [self.root, *self.root.rglob("*")]

    def _sync(self, path: Path) -> None:
        if path.is_dir():
            self.names[path.stat().st_ino] = {one.name: one.lstat().st_ino for one in path.iterdir()}
            self.folders |= {one.lstat().st_ino for one in path.iterdir() if one.is_dir()}
        else:
            self.contents[path.stat().st_ino] = path.read_bytes()

    def cut(self, into: Path) -> Path:
        """What is on the disk after the power was cut, in another folder; a file that was never synced is empty."""
        self._write(self.root.stat().st_ino, into)
        return into

    def _write(self, number: int, into: Path) -> None:
        into.mkdir(parents=True)
        for name, below in self.names.get(number, {}).items():
            if below in self.folders:
                self._write(below, into / name)
            else:
                (into / name).write_bytes(self.contents.get(below, b""))


def torn(before: bytes, after: bytes, random: Random) -> bytes:
    """A file between two states: each sector is written or not, and the file has grown, or not yet, or half."""
    length = random.choice((len(before), len(after), random.randint(*sorted((len(before), len(after))))))
    sides = [side.ljust(length, b"\0") for side in (before, after)]
    return b"".join(random.choice(sides)[start : start + SECTOR] for start in range(0, length, SECTOR))[:length]
