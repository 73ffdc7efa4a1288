"""The stop file: `emergency-stop` in the data folder."""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from attrs import asdict

from application.ports.stop_file import StopOrder
from domain.errors import SciPaperLoaderError
from infrastructure.library.disk import make_folders, sync_folder

NAME = "emergency-stop"


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
            told = json.loads(self._path.read_text(encoding="utf-8"))
            return StopOrder(**{**told, "at": datetime.fromisoformat(told["at"])})
        except (OSError, ValueError, TypeError, KeyError):
            return self._by_hand()

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
        told = asdict(order) | {"at": order.at.isoformat()}
        try:
            make_folders(self._path.parent)
            with self._path.open("x", encoding="utf-8") as file:
                file.write(json.dumps(told, ensure_ascii=False) + "\n")
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
