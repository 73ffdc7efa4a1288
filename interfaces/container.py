"""What the interfaces work with: handlers and ports, put together by bootstrap.py."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from attrs import frozen

from application.importing import Importing
from application.ports.clock import Clock
from application.ports.event_log import EventLog
from application.ports.library import Library
from application.ports.uploads import Uploads
from application.queries import Imports, Papers
from application.recovering import Recovering
from application.working import Working
from interfaces.settings import Origins, Settings


class Background(Protocol):
    """Work outside of requests."""

    def start_import(self, import_id: str) -> None:
        """Work through an import in the background; one that is being worked on is left alone."""
        ...


class Maintenance(Protocol):
    """What administrators do with the database."""

    def verify(self, expect: str | None = None, progress: Callable[[str], None] | None = None) -> "VerifyReport":
        """Check chain, read models and files. Raises InvalidAnchor."""
        ...

    def rebuild(self, model: str | None = None, progress: Callable[[str, int, int], None] | None = None) -> list[str]:
        """Rebuild one read model, or all; returns their names. Raises InvalidValue."""
        ...


@frozen(kw_only=True)
class VerifyReport:
    """The outcome of a verification; everything is in order where `faults` is empty."""

    anchor: str
    events: int
    files: int
    faults: tuple[str, ...]


@frozen(kw_only=True)
class Container:
    """The application, ready to use."""

    settings: Settings
    origins: Origins
    clock: Clock
    log: EventLog
    papers: Papers
    imports: Imports
    importing: Importing
    working: Working
    recovering: Recovering
    library: Library
    uploads: Uploads
    background: Background
    maintenance: Maintenance
    at_work: Callable[[], AbstractContextManager[object]]
    """Enter it to be a living worker of this database: before `working` is used."""
    stop: Callable[[], None]
    """Ask everything that runs in this process to end soon."""
    close: Callable[[], None]
