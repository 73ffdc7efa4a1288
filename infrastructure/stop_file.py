"""The stop file: `emergency-stop` in the data folder."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from attrs import evolve

from application.ports.stop_file import StopOrder
from domain.errors import InvalidValue, SciPaperLoaderError
from infrastructure.library.disk import make_folders, sync_folder

NAME = "emergency-stop"
LARGEST = 65_536
"""Bytes of a file that this program may have written."""


class StopFileUnavailable(SciPaperLoaderError):
    """The stop file cannot be written or removed."""

    def __init__(self, path: Path, error: OSError) -> None:
        remedy = (
            f"Look at the rights of {path.parent}. Anybody who can write there can make or remove the file by hand."
        )
        super().__init__(f"The file {path} cannot be changed: {error.strerror or error}.", remedy=remedy)
        self.path = path


class FolderStopFile:
    """Adapter of application.ports.stop_file.StopFile. A file made by hand, with `touch` for example, holds as well."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def present(self) -> bool:
        """See the port."""
        try:
            self._path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True
        return True

    def order(self) -> StopOrder | None:
        """See the port."""
        if not self.present():
            return None
        try:
            told = msgspec.json.decode(self._content(), type=StopOrder)
            return evolve(told) if told.key else self._by_hand()  # evolve makes it storable, which decoding does not
        except (OSError, msgspec.MsgspecError, InvalidValue, RecursionError):
            return self._by_hand()

    def _content(self) -> bytes:
        if not self._path.is_file():  # a pipe would be waited for
            return b""
        with self._path.open("rb") as file:
            return file.read(LARGEST)

    def _by_hand(self) -> StopOrder:
        """What a file says that this program did not write."""
        changed = 0.0
        with suppress(OSError):
            changed = self._path.lstat().st_mtime
        at = datetime.fromtimestamp(changed, UTC)
        return StopOrder(
            key=f"stop file of {at.isoformat()}",
            actor="somebody",
            is_person=False,
            at=at,
            reason="the stop file was made",
        )

    def write(self, order: StopOrder) -> None:
        """See the port."""
        try:
            make_folders(self._path.parent)
            with self._path.open("xb") as file:
                file.write(msgspec.json.encode(order) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            sync_folder(self._path.parent)
        except OSError as error:
            if not self.present():  # half a file holds as well as a whole one
                raise StopFileUnavailable(self._path, error) from error

    def remove(self) -> None:
        """See the port."""
        try:
            self._path.unlink(missing_ok=True)
            sync_folder(self._path.parent)
        except OSError as error:
            raise StopFileUnavailable(self._path, error) from error
