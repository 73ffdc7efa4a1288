"""Files that a person dropped, and that wait until it is settled which paper each of them is."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from attrs import frozen

from application.ports.uploads import Upload
from domain.identifiers import Identifier


@frozen(kw_only=True)
class Proposal:
    """A paper that a file may be. `sure` where the check found it right; `why` in short sentences."""

    paper: str
    sure: bool
    why: tuple[str, ...] = ()


@frozen(kw_only=True)
class Waiting:
    """A file that waits. `name` is that on the person's computer, fit to be shown; `size` in bytes."""

    sha256: str
    size: int
    name: str
    actor: str
    dropped_at: datetime
    looked: bool = False
    """Whether somebody has looked into it; what follows is known only then."""
    trouble: str = ""
    """Why it is no use, as a sentence."""
    pages: int = 0
    title: str = ""
    """What seems to be its title."""
    identifiers: tuple[Identifier, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    meant: str = ""
    """The paper that a person gave it to, where the check did not prove that it is that one."""
    said: str = ""
    """What the check said of that, in a sentence."""


class Dropped(Protocol):
    """Keeps the files under the hash of their content, for as long as nobody settles what becomes of them."""

    def keep(self, chunks: Iterable[bytes]) -> Upload:
        """Store a content, durable on return. Raises UploadTooLarge, UploadNotKept; a half one leaves nothing."""
        ...

    def remember(self, waiting: Waiting) -> None:
        """Let a kept file wait; what was known of it is replaced. Raises UploadNotKept."""
        ...

    def waiting(self) -> Sequence[Waiting]:
        """The files that wait, those dropped first at the front."""
        ...

    def find(self, sha256: str) -> Waiting | None:
        """One that waits."""
        ...

    def path(self, sha256: str) -> Path:
        """A kept file, to be looked into. Raises FileNotFoundError."""
        ...

    def lend(self, sha256: str) -> AbstractContextManager[Path]:
        """A kept file under a name of its own, from which it may be moved away; what is left there goes at the end.

        Raises FileNotFoundError, UploadNotKept.
        """
        ...

    def forget(self, sha256: str) -> None:
        """Let a file wait no more, and remove it."""
        ...

    def release(self, sha256: str) -> None:
        """Remove a kept file, unless it waits."""
        ...
